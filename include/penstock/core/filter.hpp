/// filter(keep): drops the records for which keep says no; failures pass. keep returns bool, or the reason for dropping (empty: keep it),
/// because the ledger owes an answer for every row that did not come out.
#pragma once
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
template <class F, class In> concept decides = requires(F const& f, In const& r) { { f(r) } -> std::same_as<bool>; };
template <class F, class In> concept says_why = callable<F, In const&> && std::convertible_to<call_t<F, In const&>, std::string_view>;

template <class F> struct filter_step {
    std::string_view name; F keep;
    template <class In> using output = In;

    template <class Item, class Sink> bool operator()(account& books, counts& counted, Item&& it, Sink& sink) const {
        if (!it.value) { ++counted.failed_out; return sink(std::move(it)); }
        auto verdict = attempt(name, books, keep, std::as_const(*it.value));
        if (!verdict) it.value = std::unexpected(std::move(verdict).error());
        else if constexpr (says_why<F, typename Item::record>) {
            if (std::string_view const why = *verdict; !why.empty()) { ++count(books.filtered, why); return true; }
        } else if (!*verdict) { ++counted.dropped; return true; }
        enter(books, counted, it.value);
        return sink(std::move(it));
    }
};
template <class F> struct filter_stage : stage_base {
    std::string_view name; F keep;
    constexpr filter_stage(std::string_view n, F f) : name(n), keep(std::move(f)) {}
    template <class In> requires decides<F, In> || says_why<F, In> using output = In;
    template <class Stream> static consteval void explain() { speak<typename Stream::record>(); }
    template <class In> static consteval void speak() {
        static_assert(callable<F, In const&>, "penstock::filter: the predicate cannot be called, as a const object, with a const reference to the record type of the stage before it");
        if constexpr (callable<F, In const&>)
            static_assert(decides<F, In> || says_why<F, In>, "penstock::filter: the predicate must return bool, or the reason for dropping the record as text (empty: keep it)");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const { return synchronously(std::move(up), filter_step<F>{name, keep}, run); }
};
struct filter_fn {
    template <class F> constexpr auto operator()(std::string_view name, F f) const { return filter_stage<F>(name, std::move(f)); }
    template <class F> constexpr auto operator()(F f) const { return filter_stage<F>("filter", std::move(f)); }
};
} // namespace detail

inline constexpr detail::filter_fn filter;

} // namespace penstock
