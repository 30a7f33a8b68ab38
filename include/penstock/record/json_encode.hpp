/// Records as JSON: compact, one line, UTF-8 as it is, control characters escaped, numbers as short as they read back the same (7.0 is 7). NaN, infinity,
/// invalid UTF-8 and constrained values that were never set are failures with the path. UTF-8 is checked once, over the whole line.
#pragma once
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <penstock/core/result.hpp>
#include <penstock/record/constrained.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/record/fields.hpp>
#include <penstock/record/json_policy.hpp>
#include <penstock/record/json_raw.hpp>
#include <penstock/record/json_text.hpp>

namespace penstock::json {

namespace detail {
using namespace penstock::detail;

struct writing {
    appender out;
    std::string what = {}, path = {};
    explicit writing(std::string& s) : out(s) {}

    [[gnu::cold]] bool fail(std::string message);
    [[gnu::cold]] bool under(std::string_view key);
    [[gnu::cold]] bool under(std::size_t index);
    [[gnu::cold]] bool invalid_text(std::string_view text);
    failure finish();
};

template <class T> inline constexpr bool writes_optional = false;
template <class T> inline constexpr bool writes_optional<std::optional<T>> = true;
template <class T> concept writes_map = requires { typename T::mapped_type; requires std::convertible_to<typename T::key_type const&, std::string_view>; };
template <class T> concept writes_range = requires(T const& t) { t.begin(); t.end(); };
template <class T> inline constexpr bool unwritable = false;

/// `{"name":` or `,"name":` as it stands before a member.
template <class T, std::size_t I> struct member_prefix {
    static constexpr void write(text_out& out) { out.put(I == 0 ? '{' : ','); out.quoted(field_names<T>[I]); out.put(':'); }
};

template <policy P, class T> bool write(writing& w, T const& x);

template <policy P, class T, std::size_t... I> bool write_record(writing& w, T const& x, std::index_sequence<I...>) {
    auto const parts = fields(x);
    bool first = true;
    auto const one = [&]<std::size_t J>(std::integral_constant<std::size_t, J>) {
        constexpr auto prefix = static_text<member_prefix<T, J>>;
        auto const& member = std::get<J>(parts);
        using M = std::remove_cvref_t<decltype(member)>;
        if constexpr (P.empty == absent::omit) {
            if constexpr (writes_optional<M>) if (!member) return true;
            w.out.put(first ? '{' : ',');
            first = false;
            w.out.put(prefix.substr(1));
        } else w.out.put(prefix);
        return write<P>(w, member) || w.under(field_names<T>[J]);
    };
    if (!(one(std::integral_constant<std::size_t, I>{}) && ...)) return false;
    if constexpr (P.empty == absent::omit) if (first) w.out.put('{');
    w.out.put('}');
    return true;
}

template <policy P, class T> bool write(writing& w, T const& x) {
    if constexpr (std::same_as<T, bool>) { w.out.put(x ? std::string_view("true") : std::string_view("false")); return true; }
    else if constexpr (std::same_as<T, char>) { static_assert(unwritable<T>, "penstock::json: a single character is neither a JSON number nor a text; use std::string or an integer"); }
    else if constexpr (std::signed_integral<T>) { w.out.number(static_cast<std::int64_t>(x)); return true; }
    else if constexpr (std::unsigned_integral<T>) { w.out.number(static_cast<std::uint64_t>(x)); return true; }
    else if constexpr (std::floating_point<T>) {
        if (!(x <= std::numeric_limits<T>::max() && x >= std::numeric_limits<T>::lowest())) return w.fail(x != x ? "NaN is no JSON number" : "infinity is no JSON number");
        if constexpr (std::same_as<T, float>) w.out.number(x); else w.out.number(static_cast<double>(x));
        return true;
    }
    else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view> || is_one_of<T>) {
        std::string_view const text = x;
        return w.out.text(text) || w.invalid_text(text);
    }
    else if constexpr (is_text<T>) {
        if (T::min != 0 && x.empty()) return w.fail("not set; expected " + std::string(T::rule()));
        return w.out.text(x.value()) || w.invalid_text(x.value());
    }
    else if constexpr (is_number<T>) return write<P>(w, x.value());
    else if constexpr (writes_optional<T>) {
        if (x) return write<P>(w, *x);
        w.out.put(std::string_view("null"));
        return true;
    }
    else if constexpr (std::is_enum_v<T>) {
        static_assert(named_enum<T>, "penstock::json: this enum must state its type (enum kind : int) or be an enum class, so that its names can be found");
        auto const name = enum_name(x);
        if (name.empty()) return w.fail("the value " + std::to_string(static_cast<long long>(x)) + " has no name in its enum");
        return w.out.text(name);
    }
    else if constexpr (std::same_as<T, raw>) { w.out.put(x.text()); return true; }
    else if constexpr (writes_map<T>) {
        char before = '{';
        for (auto const& [key, value] : x) {
            w.out.put(before);
            before = ',';
            if (!w.out.text(key)) return w.invalid_text(key);
            w.out.put(':');
            if (!write<P>(w, value)) return w.under(key);
        }
        if (before == '{') w.out.put('{');
        w.out.put('}');
        return true;
    }
    else if constexpr (writes_range<T>) {
        if constexpr (is_list<T>) if (T::min != 0 && x.size() < T::min) return w.fail("got " + std::to_string(x.size()) + "; expected " + std::string(T::rule()));
        char before = '[';
        std::size_t i = 0;
        for (auto const& element : x) {
            w.out.put(before);
            before = ',';
            if (!write<P, std::remove_cvref_t<typename std::iterator_traits<decltype(x.begin())>::value_type>>(w, element)) return w.under(i);
            ++i;
        }
        if (before == '[') w.out.put('[');
        w.out.put(']');
        return true;
    }
    else if constexpr (record<T>) return write_record<P>(w, x, std::make_index_sequence<field_names<T>.size()>{});
    else static_assert(unwritable<T>, "penstock::json: no way to write this type; known are bool, numbers, strings, std::optional, ranges, maps from strings, enums, "
                                      "the constrained types, json::raw, and records of them");
}

template <policy P, class T> [[gnu::cold, gnu::noinline]] result<void> why_not(std::string& out, T const& x) {
    writing w(out);
    w.out.check_each = true;
    write<P>(w, x);
    return std::unexpected(w.finish());
}
}

/// Appends x to out; where that fails, out is as before and the failure (errc::schema) says where and why.
template <policy P = policy{}, class T> result<void> encode_to(std::string& out, T const& x) {
    {
        detail::writing w(out);
        if (detail::write<P>(w, x) && w.out.finish()) return {};
    }
    return detail::why_not<P>(out, x);
}

template <policy P = policy{}, class T> result<std::string> encode(T const& x) {
    std::string out;
    if (auto done = encode_to<P>(out, x); !done) return std::unexpected(std::move(done).error());
    return out;
}

} // namespace penstock::json
