/// tap(look): sees each value by const reference and changes nothing: counters, progress, a log line. look returns nothing; an exception of it is the
/// record's failure, as in map, because a record that could not be looked at has not been checked.
#pragma once
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
template <class F, class In> concept looks = requires(F const& f, In const& r) { { f(r) } -> std::same_as<void>; };

template <class F> struct tap_step {
    std::string_view name; F look;
    template <class In> using output = In;

    template <class Item, class Sink> bool operator()(account& books, counts& counted, Item&& it, Sink& sink) const {
        if (!it.value) { ++counted.failed_out; return sink(std::move(it)); }
        if (auto seen = attempt(name, books, look, std::as_const(*it.value)); !seen) it.value = std::unexpected(std::move(seen).error());
        enter(books, counted, it.value);
        return sink(std::move(it));
    }
};
template <class F> struct tap_stage : stage_base {
    std::string_view name; F look;
    constexpr tap_stage(std::string_view n, F f) : name(n), look(std::move(f)) {}
    template <class In> requires looks<F, In> using output = In;
    template <class Stream> static consteval void explain() {
        static_assert(looks<F, typename Stream::record>, "penstock::tap: the function must take a const reference to the record type of the stage before it and return nothing (map changes a record, filter drops it)");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const { return synchronously(std::move(up), tap_step<F>{name, look}, run); }
};
struct tap_fn {
    template <class F> constexpr auto operator()(std::string_view name, F look) const { return tap_stage<F>(name, std::move(look)); }
    template <class F> constexpr auto operator()(F look) const { return tap_stage<F>("tap", std::move(look)); }
};
} // namespace detail

inline constexpr detail::tap_fn tap;

} // namespace penstock
