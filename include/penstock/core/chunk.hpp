/// chunk<N>(): N records in the order they arrive become one std::vector of them, under the position of the first; the last one may be shorter. Failures
/// pass by themselves and take no place in a chunk. In the ledger the records are merged and the vectors made.
#pragma once
#include <vector>
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
template <std::size_t N, puller Up, class Run> class chunk_puller {
    using record = typename Up::stream::record;
public:
    using stream = typename Up::stream::template of<std::vector<record>>;

    chunk_puller(Up up, account& books, Run& run) : up_(std::move(up)), books_(&books), run_(&run) {}
    chunk_puller(chunk_puller&&) = default;
    ~chunk_puller() { books_->left += held_.size(); }

    template <class Sink> flow pull(Sink&& sink) {
        auto const why = up_.pull([&](typename Up::stream::item&& it) {
            if (!it.value) {
                ++books_->failed_out;
                return sink(typename stream::item{it.where, std::unexpected(std::move(it.value).error())});
            }
            if (held_.empty()) { first_ = it.where; held_.reserve(N); }
            held_.push_back(*std::move(it.value));
            return held_.size() != N || sink(give());
        });
        if (why != flow::done || held_.empty() || run_->closing) return why;     // after a stop request a part is left, not given: it would not come out so again
        return sink(give()) ? flow::done : flow::enough;
    }
    position oldest() const {
        auto const above = up_.oldest();
        return !held_.empty() && position(first_) < above ? position(first_) : above;
    }
private:
    typename stream::item give() {
        books_->merged += held_.size();
        ++books_->made, ++books_->out;
        return {first_, std::exchange(held_, {})};
    }
    Up up_;     // first, so that it dies last
    account* books_; Run* run_;
    std::vector<record> held_;
    typename stream::kin::place first_ = {};
};
template <std::size_t N> struct chunk_stage : stage_base {
    static_assert(N != 0, "penstock::chunk: a chunk holds at least one record");
    std::string_view name;
    constexpr explicit chunk_stage(std::string_view n) : name(n) {}
    template <class S> struct chunked { using type = typename S::template of<std::vector<typename S::record>>; };
    template <class Stream> requires (Stream::families == 0) using reshape = typename chunked<Stream>::type;
    template <class Stream> static consteval void explain() {
        static_assert(Stream::families == 0, "penstock::chunk: inside a family, between fan_out and gather, it would mix the children of several parents; gather them, or make them with flat_map");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const {
        auto& books = run.books.open(name, Up::stream::depth, Up::stream::depth);
        return chunk_puller<N, Up, Run>{std::move(up), books, run};
    }
};
} // namespace detail

/// Which records share a chunk depends on their arrival: after a concurrent stage put in_source_order before it, if it matters.
template <std::size_t N> constexpr auto chunk(std::string_view name = "chunk") { return detail::chunk_stage<N>{name}; }

} // namespace penstock
