/// map(f): f of every record; f may return U or result<U>. An exception of f becomes a failure of its record: one bad row must not end a run.
#pragma once
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
template <class F> struct map_step {
    std::string_view name; F f;
    template <class In> using output = payload_t<call_t<F, In>>;

    template <class Item, class Sink> bool operator()(account& books, counts& counted, Item&& it, Sink& sink) const {
        using out = typename Item::template of<output<typename Item::record>>;
        if (!it.value) [[unlikely]] {
            ++counted.failed_out;
            return sink(out{it.where, std::unexpected(std::move(it.value).error()), std::move(it.kin)});
        }
        out made{it.where, attempt(name, books, f, *std::move(it.value)), std::move(it.kin)};
        enter(books, counted, made.value);
        return sink(std::move(made));
    }
};
template <class F> struct map_stage : stage_base {
    std::string_view name; F f;
    constexpr map_stage(std::string_view n, F g) : name(n), f(std::move(g)) {}
    template <class In> requires callable<F, In> using output = payload_t<call_t<F, In>>;
    template <class Stream> static consteval void explain() { speak<typename Stream::record>(); }
    template <class In> static consteval void speak() {
        static_assert(callable<F, In>, "penstock::map: the function cannot be called, as a const object, with the record type produced by the stage before it");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const { return synchronously(std::move(up), map_step<F>{name, f}, run); }
};
struct map_fn {
    template <class F> constexpr auto operator()(std::string_view name, F f) const { return map_stage<F>(name, std::move(f)); }
    template <class F> constexpr auto operator()(F f) const { return map_stage<F>("map", std::move(f)); }
};
} // namespace detail

inline constexpr detail::map_fn map;

} // namespace penstock
