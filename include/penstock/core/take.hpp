/// take(n): the first n values to arrive, then the end: the stages before it are not pulled again, so `take(10)` before a call pays for ten. Failures
/// pass and do not count, as n good records are what was asked for. What the stages before it have in flight by then is left.
#pragma once
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
template <puller Up> struct take_puller {
    using stream = typename Up::stream;
    Up up; std::uint64_t wanted; account& books;

    template <class Sink> flow pull(Sink&& sink) {
        if (wanted == 0) return flow::done;
        counting counted(books);
        bool more = true;
        auto const why = up.pull([&](typename stream::item&& it) {
            if (it.value) --wanted, ++counted.out;
            else ++counted.failed_out;
            more = sink(std::move(it));
            return more && wanted != 0;
        });
        return wanted == 0 && more ? flow::done : why;
    }
    position oldest() const { return wanted == 0 ? position::end() : up.oldest(); }
};
struct take_stage : stage_base {
    std::string_view name; std::uint64_t n;
    constexpr take_stage(std::string_view s, std::uint64_t wanted) : name(s), n(wanted) {}
    template <class Stream> requires (Stream::families == 0) using reshape = Stream;
    template <class Stream> static consteval void explain() {
        static_assert(Stream::families == 0, "penstock::take: inside a family, between fan_out and gather, it would cut a parent's children off; put it before the fan_out or after the gather");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const {
        auto& books = run.books.open(name, Up::stream::depth, Up::stream::depth);
        return take_puller<Up>{std::move(up), n, books};
    }
};
struct take_fn {
    constexpr auto operator()(std::string_view name, std::uint64_t n) const { return take_stage(name, n); }
    constexpr auto operator()(std::uint64_t n) const { return take_stage("take", n); }
};
} // namespace detail

inline constexpr detail::take_fn take;

} // namespace penstock
