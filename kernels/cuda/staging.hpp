/// Uploads that return before they are done. The source may change at once, so its bytes go through pinned memory, a ring of slots: many small uploads share one, a large one goes through all of them in pieces, and only who
/// comes round to a slot that is still being read waits. The ring knows no CUDA: `Queue` copies, marks and waits (runtime.cpp; a slow one in tests/kernels/staging.cpp).
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>

namespace penstock::train::cuda {

/// Queue: memory(slot), its pinned bytes · copy(to, from, bytes), queued · close(slot), after the last copy out of it · wait(slot), until all copies out of it, as of its last close, are done.
class staging {
public:
    static constexpr int slots = 4;
    static constexpr std::size_t slot_bytes = std::size_t{2} << 20;       // takes far longer to copy than to queue

    template<class Queue> void upload(Queue& q, std::byte* to, std::byte const* from, std::size_t bytes) {
        while (bytes > 0) {
            if (at_ == slot_bytes) {
                q.close(slot_);
                slot_ = (slot_ + 1) % slots, at_ = 0;
                q.wait(slot_);
            }
            auto const n = std::min(bytes, slot_bytes - at_);
            auto* const here = q.memory(slot_) + at_;
            std::memcpy(here, from, n);
            q.copy(to, here, n);
            to += n, from += n, bytes -= n;
            at_ = std::min(slot_bytes, (at_ + n + 63) / 64 * 64);
        }
    }

private:
    int slot_ = 0;
    std::size_t at_ = 0;
};

} // namespace penstock::train::cuda
