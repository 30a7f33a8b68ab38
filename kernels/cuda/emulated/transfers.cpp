// Slots whose copies happen as late as they may: when they are waited for, or when their slot's next is queued behind them. Who reads a slot before finds NaN.
#include "../transfers.hpp"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace penstock::train::cuda {

struct transfers::body {
    struct {
        std::vector<std::byte> memory;
        std::byte* to = nullptr;
        std::byte const* from = nullptr;
        std::size_t bytes = 0;
    } slots[transfers::slots];
};

transfers::transfers(stream&) : body_(std::make_unique<body>()) {
    for (auto& slot : body_->slots) slot.memory.assign(slot_bytes, std::byte{0xff});
}
transfers::~transfers() {
    for (int slot = 0; slot != slots; ++slot) wait(slot);
}
std::byte* transfers::memory(int slot) const { return body_->slots[slot].memory.data(); }
void transfers::fetch(int slot, std::byte const* from, std::size_t bytes) {
    auto& s = body_->slots[slot];
    if (s.bytes > 0) std::fprintf(stderr, "emulated transfers: a slot is filled whose copy nobody has waited for\n"), std::abort();
    std::memset(s.memory.data(), 0xff, slot_bytes);
    s.to = s.memory.data(), s.from = from, s.bytes = bytes;
}
// On a GPU the stream's order makes what is stored be there for whatever is queued after it, so here it has to be there at once.
void transfers::store(int slot, std::byte* to, std::size_t bytes) { std::memcpy(to, memory(slot), bytes); }
void transfers::wait(int slot) {
    auto& s = body_->slots[slot];
    if (s.bytes > 0) std::memcpy(s.to, s.from, s.bytes);
    s.bytes = 0;
}

} // namespace penstock::train::cuda
