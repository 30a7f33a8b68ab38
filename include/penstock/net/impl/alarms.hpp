/// Deadlines of many things in one heap: moved and taken out in place, because nearly every deadline is taken out before it is due.
#pragma once
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace penstock::net::detail {

using clock = std::chrono::steady_clock;

/// What stands in the heap derives from this.
struct alarm {
    static constexpr std::size_t nowhere = ~std::size_t{};
    clock::time_point due = clock::time_point::max();
    std::size_t place = nowhere;
};

class alarms {
    std::vector<alarm*> heap_;

    void put(std::size_t i, alarm* a) { heap_[i] = a; a->place = i; }
    void settle(std::size_t i) {
        auto* const a = heap_[i];
        for (; i != 0 && a->due < heap_[(i - 1) / 2]->due; i = (i - 1) / 2) put(i, heap_[(i - 1) / 2]);
        for (std::size_t child; (child = 2 * i + 1) < heap_.size(); i = child) {
            if (child + 1 < heap_.size() && heap_[child + 1]->due < heap_[child]->due) ++child;
            if (a->due <= heap_[child]->due) break;
            put(i, heap_[child]);
        }
        put(i, a);
    }
public:
    bool empty() const { return heap_.empty(); }
    alarm* first() const { return heap_.front(); }
    /// time_point::max() is no alarm.
    void set(alarm& a, clock::time_point due) {
        if (due == clock::time_point::max()) return remove(a);
        a.due = due;
        if (a.place == alarm::nowhere) { heap_.push_back(&a); a.place = heap_.size() - 1; }
        settle(a.place);
    }
    void remove(alarm& a) {
        if (a.place == alarm::nowhere) return;
        auto const i = std::exchange(a.place, alarm::nowhere);
        auto* const last = heap_.back();
        heap_.pop_back();
        if (last != &a) { put(i, last); settle(i); }
    }
};

} // namespace penstock::net::detail
