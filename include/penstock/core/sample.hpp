/// sample(n, seed): n of the values, each set of n as likely as any other, of a total that nobody knows beforehand: those whose positions have the n
/// smallest hashes under the seed. So the choice does not depend on the order of arrival, and n records are held instead of all.
#pragma once
#include <algorithm>
#include <vector>
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
template <puller Up, class Run> class sample_puller {
public:
    using stream = typename Up::stream;

    sample_puller(Up up, std::size_t n, std::uint64_t seed, account& books, Run& run)
        : up_(std::move(up)), n_(n), salt_(mix(seed)), books_(&books), lost_(&count(books.filtered, "not sampled")), run_(&run) {}
    sample_puller(sample_puller&&) = default;
    ~sample_puller() { books_->left += kept_.size(); }

    template <class Sink> flow pull(Sink&& sink) {
        if (!complete_) {
            auto const why = up_.pull([&](typename stream::item&& it) {
                if (!it.value) { ++books_->failed_out; return sink(std::move(it)); }
                consider(std::move(it));
                return true;
            });
            if (why != flow::done || run_->closing) return why;     // a sample of what a stopped run has read is none: what is kept is left
            complete_ = true;
            std::ranges::sort(kept_, [](auto const& a, auto const& b) { return a.it.where > b.it.where; });
        }
        while (!kept_.empty()) {
            typename stream::item out = std::move(kept_.back().it);
            kept_.pop_back();
            ++books_->out;
            if (!sink(std::move(out))) return flow::enough;
        }
        return flow::done;
    }
    position oldest() const {
        auto const above = up_.oldest();
        position const own = kept_.empty() ? position::end() : complete_ ? position(kept_.back().it.where) : lowest_;
        return own < above ? own : above;
    }
private:
    struct candidate { std::uint64_t draw; typename stream::item it; };
    /// Equal draws, of two in 2^64, go by position.
    static bool sooner(candidate const& a, candidate const& b) { return a.draw != b.draw ? a.draw < b.draw : a.it.where < b.it.where; }

    void consider(typename stream::item it) {
        position const where = it.where;
        if (kept_.empty() || where < lowest_) lowest_ = where;
        kept_.push_back({mix(where.hash() ^ salt_), std::move(it)});
        std::ranges::push_heap(kept_, sooner);
        if (kept_.size() <= n_) return;
        std::ranges::pop_heap(kept_, sooner);
        kept_.pop_back();
        ++*lost_;
    }
    Up up_;     // first, so that it dies last
    std::size_t n_; std::uint64_t salt_; account* books_; std::uint64_t* lost_; Run* run_;
    std::vector<candidate> kept_;       // a heap, the next to go in front; when complete, the first in source order at the back
    position lowest_ = {};              // no kept record is before it
    bool complete_ = false;
};
struct sample_stage : stage_base {
    std::string_view name; std::size_t n; std::uint64_t seed;
    constexpr sample_stage(std::string_view s, std::size_t wanted, std::uint64_t x) : name(s), n(wanted), seed(x) {}
    template <class Stream> requires (Stream::families == 0) using reshape = Stream;
    template <class Stream> static consteval void explain() {
        static_assert(Stream::families == 0, "penstock::sample: inside a family, between fan_out and gather, it would wait for children whose parents wait for it; put it before the fan_out or after the gather");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const {
        auto& books = run.books.open(name, Up::stream::depth, Up::stream::depth);
        return sample_puller<Up, Run>{std::move(up), n, seed, books, run};
    }
};
struct sample_fn {
    constexpr auto operator()(std::string_view name, std::size_t n, std::uint64_t seed) const { return sample_stage(name, n, seed); }
    constexpr auto operator()(std::size_t n, std::uint64_t seed) const { return sample_stage("sample", n, seed); }
};
} // namespace detail

/// Gives the sample out in source order, when everything before it is done; the other values are filtered as "not sampled". Failures pass at once and
/// are not drawn from. Fewer than n values: all of them. Holds at most n + 1.
inline constexpr detail::sample_fn sample;

} // namespace penstock
