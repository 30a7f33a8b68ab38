/// dedup(key): of the records with one key, the first to arrive goes on; the others are filtered as "duplicate". The keys themselves are stored, one for
/// each different record until the run ends, so that it never errs; return a hash of 64 or 128 bits from `key` to store that instead.
#pragma once
#include <functional>   // std::hash
#include <optional>
#include <string>
#include <unordered_set>
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
/// What is stored: a view into the record, which goes on without us, is stored as a string.
template <class K> using stored_key_t = std::conditional_t<std::same_as<std::remove_cvref_t<K>, std::string_view>, std::string, std::remove_cvref_t<K>>;
template <class F, class In> using key_t = stored_key_t<payload_t<call_t<F, In const&>>>;
template <class K> inline constexpr bool points = std::is_pointer_v<K> || std::ranges::view<K>;
template <class K> inline constexpr bool points<std::optional<K>> = points<K>;
template <class K> concept hashable = std::equality_comparable<K> && requires(K const& k) { { std::hash<K>{}(k) } -> std::convertible_to<std::size_t>; };
template <class F, class In> concept has_key = callable<F, In const&> && hashable<key_t<F, In>> && !points<key_t<F, In>>;

template <class F, class Key> struct dedup_step {
    std::string_view name; F key; std::unordered_set<Key> seen = {};
    template <class In> using output = In;

    template <class Item, class Sink> bool operator()(account& books, counts& counted, Item&& it, Sink& sink) {
        if (!it.value) { ++counted.failed_out; return sink(std::move(it)); }
        auto k = attempt(name, books, key, std::as_const(*it.value));
        if (k && !seen.emplace(*std::move(k)).second) { ++count(books.filtered, "duplicate"); return true; }
        if (!k) it.value = std::unexpected(std::move(k).error());
        enter(books, counted, it.value);
        return sink(std::move(it));
    }
};
template <class F> struct dedup_stage : stage_base {
    std::string_view name; F key;
    constexpr dedup_stage(std::string_view n, F f) : name(n), key(std::move(f)) {}
    template <class In> requires has_key<F, In> using output = In;
    template <class Stream> static consteval void explain() { speak<typename Stream::record>(); }
    template <class In> static consteval void speak() {
        static_assert(callable<F, In const&>, "penstock::dedup: the key function cannot be called with a const reference to the record type of the stage before it");
        if constexpr (callable<F, In const&>) {
            static_assert(hashable<key_t<F, In>>, "penstock::dedup: the key must be comparable with == and have a std::hash, for example a std::string or an integer");
            static_assert(!points<key_t<F, In>>, "penstock::dedup: the key points into a record that goes on without it; return what it points to (a std::string_view is stored as a string)");
        }
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const { return synchronously(std::move(up), dedup_step<F, key_t<F, typename Up::stream::record>>{name, key}, run); }
};
struct dedup_fn {
    template <class F> constexpr auto operator()(std::string_view name, F key) const { return dedup_stage<F>(name, std::move(key)); }
    template <class F> constexpr auto operator()(F key) const { return dedup_stage<F>("dedup", std::move(key)); }
};
} // namespace detail

/// After a concurrent stage, which of two equal records arrives first is chance: put dedup before it, which pays for one of them only.
inline constexpr detail::dedup_fn dedup;

} // namespace penstock
