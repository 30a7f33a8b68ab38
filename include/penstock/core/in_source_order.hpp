/// in_source_order(bound): puts records back into source order, once, at the end of a recipe. It asks the stages for the oldest position still
/// under way, so rows that were filtered hold nobody up; at the bound the source is asked to wait (nothing is spilled, dropped or out of order).
#pragma once
#include <algorithm>
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
template <puller Up, class Run> class ordering_puller {
public:
    using stream = typename Up::stream;
    ordering_puller(Up up, std::size_t bound, Run& run) : up_(std::move(up)), bound_(bound), run_(&run), books_(&run.books.open("in_source_order", stream::depth, stream::depth)) {}
    ordering_puller(ordering_puller&&) = default;
    ~ordering_puller() { for (auto const& e : early_) ++(seats_[e.seat]->value ? books_->left : books_->failed_left); }

    template <class Sink> flow pull(Sink&& sink) {
        for (unsigned steps = 0; steps != patience; ++steps) {
            while (!early_.empty() && due()) if (!sink(next())) return flow::enough;
            auto const why = up_.pull([this](typename stream::item&& it) {
                keep(std::move(it));
                hold(early_.size() >= bound_);
                return false;                   // what is due may have changed
            });
            if (why != flow::enough && (early_.empty() || !due())) return why;     // even a pull without an item can move the oldest on
        }
        return flow::again;
    }
    position oldest() const {
        auto const above = up_.oldest();
        return !early_.empty() && position(early_.front().where) < above ? position(early_.front().where) : above;
    }
private:
    /// A record that waits, as the heap moves it.
    struct early {
        typename stream::kin::place where;
        std::uint32_t seat;
        static bool later(early const& a, early const& b) { return a.where > b.where; }
    };
    void keep(typename stream::item it) {
        if (free_.empty()) { free_.push_back(static_cast<std::uint32_t>(seats_.size())); seats_.emplace_back(); }
        auto const seat = free_.back();
        early_.push_back({it.where, seat});
        std::ranges::push_heap(early_, early::later);
        seats_[seat].emplace(std::move(it));
        free_.pop_back();
    }
    bool due() {
        position const first = early_.front().where;
        if (first < oldest_above_) return true;     // it only grows: ask again no sooner than needed
        oldest_above_ = up_.oldest();
        return first < oldest_above_;
    }
    typename stream::item next() {
        std::ranges::pop_heap(early_, early::later);
        auto const seat = early_.back().seat;
        early_.pop_back();
        typename stream::item out = *std::move(seats_[seat]);
        seats_[seat].reset();
        free_.push_back(seat);
        hold(early_.size() >= bound_);
        ++(out.value ? books_->out : books_->failed_out);
        return out;
    }
    void hold(bool wanted) { if (std::exchange(holding_, wanted) != wanted) wanted ? ++run_->holds : --run_->holds; }

    Up up_;     // first, so that it dies last
    std::size_t bound_; Run* run_; account* books_;
    std::vector<early> early_;          // a heap, the first in source order in front
    std::vector<std::optional<typename stream::item>> seats_;
    std::vector<std::uint32_t> free_;
    position oldest_above_ = {};
    bool holding_ = false;
};
struct ordering_stage : stage_base {
    std::size_t bound;
    constexpr explicit ordering_stage(std::size_t b) : bound(b) {}
    template <class Stream> requires (Stream::families == 0) using reshape = Stream;
    template <class Stream> static consteval void explain() {
        static_assert(Stream::families == 0, "penstock::in_source_order: inside a family, between fan_out and gather, it could wait for a child whose parent waits for it; gather puts children in order by itself");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const { return ordering_puller<Up, Run>{std::move(up), bound, run}; }
};
} // namespace detail

/// Holds back at most `bound` records, and those that the windows before it had already begun when the bound was reached.
inline constexpr auto in_source_order = [](std::size_t bound = 4096) { return detail::ordering_stage{bound}; };

} // namespace penstock
