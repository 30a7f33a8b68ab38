/// How a gather learns what became of a parent's children: each child carries a ticket, and a ticket that is destroyed anywhere (in gather,
/// in a filter, in a stage we never heard of) tells its parent. So no stage has to announce a drop, and no tombstone travels.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>
#include <penstock/core/ledger.hpp>
#include <penstock/core/position.hpp>

namespace penstock {

/// The open parents of one fan_out, at most as many as it has cradles. One thread, so plain counters.
struct nursery_base {
    struct cradle { std::uint32_t born = 0, living = 0; bool cut = false; };
    std::vector<cradle> cradles;
    std::vector<std::uint32_t> free;
    std::deque<std::uint32_t> complete;     ///< parents whose children are all accounted for

    explicit nursery_base(std::uint32_t capacity) : cradles(capacity) {
        for (auto i = capacity; i-- != 0;) free.push_back(i);
    }
    void leave(std::uint32_t slot) { if (--cradles[slot].living == 0) complete.push_back(slot); }
};

/// A child's membership in its parent's family. Lives inside the chain only; the nursery, furthest upstream, dies last.
class ticket {
public:
    using place = position;
private:
    nursery_base* home_ = nullptr;
    std::uint32_t slot_ = 0;
public:
    ticket() = default;
    ticket(nursery_base& home, std::uint32_t slot) : home_(&home), slot_(slot) { ++home.cradles[slot].living; }
    ticket(ticket&& t) noexcept : home_(std::exchange(t.home_, nullptr)), slot_(t.slot_) {}
    ticket& operator=(ticket&& t) noexcept { std::swap(home_, t.home_); std::swap(slot_, t.slot_); return *this; }
    ~ticket() { if (home_) home_->leave(slot_); }
    nursery_base const* home() const { return home_; }
    std::uint32_t slot() const { return slot_; }
    /// The child was lost to a stop request: its parent must not be joined from the rest.
    void cut() const { if (home_) home_->cradles[slot_].cut = true; }
};
/// The membership of a record outside any family: nothing, in no bytes.
struct alone {
    using place = origin;
    static constexpr void cut() {}
};
/// Of a child that belongs to no open family (flat_map makes them): only its position remembers the fan-outs, Depth of them.
template <unsigned Depth> struct grown {
    using place = position;
    static constexpr void cut() {}
};

template <class ParentItem> struct nursery : nursery_base {
    std::vector<std::optional<ParentItem>> parents;     // never grows: children may be views into their parent
    account& books;                                     // of the fan_out

    nursery(std::uint32_t capacity, account& a) : nursery_base(capacity), parents(capacity), books(a) {}
    nursery(nursery&&) = delete;
    ~nursery() { for (auto const& p : parents) books.left += p.has_value(); }
};

} // namespace penstock
