/// Work that is queued again and again with the same sizes, as a graph. The first time with a key it runs as it is: that grows the scratch memory and chooses the products' algorithms. The second time it is recorded, from then
/// on the record is played: one call instead of hundreds. What the work takes by value is part of the record, so all of it must follow from the key. The rule alone; what a record is, the machine knows.
#pragma once
#include "stream.hpp"
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace penstock::train::cuda {

using shape_key = std::vector<std::int64_t>;

/// By the stream's recordings. Off for streams made with PENSTOCK_GRAPHS=off in the environment: to see what they are worth.
void captured(shape_key const&, stream&, std::function<void()> const& work);
inline bool graphs_are_wanted() {
    auto const* const word = std::getenv("PENSTOCK_GRAPHS");
    return !word || std::string_view(word) != "off";
}
inline std::atomic<std::int64_t> graphs_played = 0;     ///< by all streams

template<class Record> class recordings {
public:
    static constexpr std::size_t most = 16;             ///< records at a time: each keeps memory of the driver; who has not been played for the longest goes
    static constexpr std::size_t most_keys = 4096;      ///< remembered as seen

    /// record(work): what work queues, not yet run, or nothing where it cannot be recorded (then it runs as it is, for good) · play(record).
    template<class Capture, class Play> void run(shape_key const& key, std::function<void()> const& work, Capture const& capture, Play const& play) {
        if (all_.size() >= most_keys && !all_.contains(key)) all_.clear();
        auto& e = all_[key];
        e.used = ++clock_;
        if (e.times < 2) ++e.times;
        if (e.times < 2 || e.refused) return work();
        if (!e.record) {
            make_room();
            e.record = capture(work);
            if (!e.record) {
                e.refused = true;
                return work();
            }
        }
        play(*e.record);
    }
    /// The addresses in them no longer hold.
    void forget() {
        for (auto& [key, e] : all_) e.record.reset();
    }

private:
    struct entry {
        int times = 0;
        bool refused = false;
        std::uint64_t used = 0;
        std::optional<Record> record = {};
    };
    void make_room() {
        std::size_t count = 0;
        entry* oldest = nullptr;
        for (auto& [key, e] : all_)
            if (e.record) {
                ++count;
                if (!oldest || e.used < oldest->used) oldest = &e;
            }
        if (count >= most) oldest->record.reset();
    }
    std::map<shape_key, entry> all_ = {};
    std::uint64_t clock_ = 0;
};

} // namespace penstock::train::cuda
