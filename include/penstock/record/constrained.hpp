/// Values with a rule in their type: a number of a range and step, a text or a list of a size range, one of these strings. One declaration gives the
/// decoder's check, the encoder and the schema. Sizes of texts are Unicode code points, as JSON Schema counts.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#include <penstock/core/result.hpp>
#include <penstock/record/fixed_string.hpp>
#include <penstock/record/static_text.hpp>

namespace penstock {

/// As the step of a number: any real number of the range.
inline constexpr struct any_step_t { friend constexpr bool operator==(any_step_t, any_step_t) = default; } any_step;
/// As the upper end of a size.
inline constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

/// Unicode code points of UTF-8 text: bytes that continue none.
constexpr std::size_t code_points(std::string_view s) {
    std::size_t n = 0;
    for (char c : s) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return n;
}

namespace detail {
/// What a text is compared with as it stands, without the check of a conversion.
template <class S> concept words = std::is_same_v<S, std::string> || std::is_same_v<S, std::string_view> || std::is_convertible_v<S const&, char const*>;
template <auto V> inline constexpr bool is_int = std::is_integral_v<std::remove_cv_t<decltype(V)>>;
template <auto V> inline constexpr bool is_any_step = std::is_same_v<std::remove_cv_t<decltype(V)>, any_step_t>;
/// A whole number of steps from 0, as multipleOf in JSON Schema, up to 4 units in the last place: 0.3 is three steps of 0.1.
constexpr bool on_step(double value, double step) {
    double q = value / step;
    if (q < 0) q = -q;
    if (q >= 9e15) return true;
    auto const whole = static_cast<double>(static_cast<std::uint64_t>(q + 0.5));
    double const off = q < whole ? whole - q : q - whole;
    return off <= 4 * std::numeric_limits<double>::epsilon() * whole;
}
constexpr void put_size(text_out& out, std::size_t min, std::size_t max, std::string_view one, std::string_view many) {
    if (max == unbounded) { out.number(min); out.put(" or more "); out.put(many); return; }
    out.number(min);
    if (min != max) { out.put(" to "); out.number(max); }
    out.put(' ');
    out.put(max == 1 ? one : many);
}
}

/// number<0.0, 9.0, 0.5>: 0, 0.5, … 9 as double. number<1, 5>: 1 … 5 as std::int64_t, in steps of 1. number<0.0, 1.0>: any real number between. Starts as Min.
template <auto Min, auto Max, auto Step = any_step> class number {
    static constexpr bool whole = detail::is_int<Min> && detail::is_int<Max> && (detail::is_int<Step> || detail::is_any_step<Step>);
    static_assert(Min <= Max, "penstock::number: the least value is greater than the greatest");
    static consteval bool good_step() { if constexpr (detail::is_any_step<Step>) return true; else return Step > 0; }
    static_assert(good_step(), "penstock::number: the step must be greater than 0; leave it out for any value of the range");
public:
    using value_type = std::conditional_t<whole, std::int64_t, double>;
    static constexpr value_type min = static_cast<value_type>(Min), max = static_cast<value_type>(Max);
    static constexpr std::optional<value_type> step = [] -> std::optional<value_type> { if constexpr (detail::is_any_step<Step>) return std::nullopt; else return static_cast<value_type>(Step); }();
private:
    static consteval bool on_grid(value_type v) { if constexpr (whole) return !step || v % *step == 0; else return !step || detail::on_step(v, *step); }
    static_assert(on_grid(min) && on_grid(max), "penstock::number: the least and the greatest value must be whole multiples of the step (counted from 0, as JSON Schema does)");
    static_assert(whole || (detail::text_out::decimals(static_cast<double>(min)) >= 0 && detail::text_out::decimals(static_cast<double>(max)) >= 0),
                  "penstock::number: a bound has more digits than a schema can state (15)");
    static_assert(whole || !step || detail::text_out::decimals(static_cast<double>(*step)) >= 0, "penstock::number: the step has more digits than a schema can state (15)");
    value_type value_ = min;
public:
    static constexpr bool holds(value_type v) {
        if (!(v >= min && v <= max)) return false;      // NaN neither
        if constexpr (whole) return !step || v % *step == 0; else return !step || detail::on_step(v, *step);
    }
    struct rule_source {
        static constexpr void write(detail::text_out& out) {
            out.put(whole ? "an integer from " : "a number from "); out.number(min); out.put(" to "); out.number(max);
            if (step) { out.put(" in steps of "); out.number(*step); }
        }
    };
    static constexpr std::string_view rule() { return detail::static_text<rule_source>; }

    constexpr number() = default;
    /// Throws std::out_of_range; in a constant it does not compile.
    constexpr number(value_type v) : value_(v) { if (!holds(v)) throw std::out_of_range("penstock::number: expected " + std::string(rule()) + ", got " + std::to_string(v)); }
    static result<number> make(value_type v) {
        if (!holds(v)) return std::unexpected(failure(errc::schema, "expected " + std::string(rule()) + ", got " + std::to_string(v)));
        return number(v);
    }
    constexpr value_type value() const { return value_; }
    constexpr operator value_type() const { return value_; }
    // Compared as its value, by the conversion above: operators of our own would be ambiguous with the built-in ones.
};

/// text<1, 1000>: a string of 1 to 1,000 code points. Starts empty, which counts as "not set yet" where Min > 0: the encoder refuses it.
template <std::size_t Min, std::size_t Max = unbounded> class text {
    static_assert(Min <= Max, "penstock::text: the least length is greater than the greatest");
    std::string value_;
public:
    using value_type = std::string;
    static constexpr std::size_t min = Min, max = Max;
    static constexpr bool holds(std::string_view s) {
        if (s.size() < Min) return false;                                       // a code point has a byte at least
        if (s.size() <= Max && (s.size() + 3) / 4 >= Min) return true;          // and four at most
        auto const n = code_points(s);
        return n >= Min && n <= Max;
    }
    struct rule_source { static constexpr void write(detail::text_out& out) { out.put("a string of "); detail::put_size(out, Min, Max, "character", "characters"); } };
    static constexpr std::string_view rule() { return detail::static_text<rule_source>; }

    text() = default;
    /// Throws std::out_of_range.
    text(std::string s) : value_(std::move(s)) { if (!holds(value_)) throw std::out_of_range(refusal(value_)); }
    text(std::string_view s) : text(std::string(s)) {}
    text(char const* s) : text(std::string(s)) {}
    static result<text> make(std::string s) {
        if (!holds(s)) return std::unexpected(failure(errc::schema, refusal(s)));
        return text(std::move(s));
    }
    std::string const& value() const { return value_; }
    operator std::string const&() const { return value_; }
    operator std::string_view() const { return value_; }
    bool empty() const { return value_.empty(); }
    friend bool operator==(text const&, text const&) = default;
    friend auto operator<=>(text const&, text const&) = default;
    template <detail::words S> friend bool operator==(text const& a, S const& b) { return a.value_ == std::string_view(b); }
private:
    static std::string refusal(std::string_view s) { return "expected " + std::string(rule()) + ", got " + std::to_string(code_points(s)); }
};

/// list<quote, 1, 3>: one to three elements. Starts empty, which counts as "not set yet" where Min > 0: the encoder refuses it.
template <class T, std::size_t Min, std::size_t Max = unbounded> class list {
    static_assert(Min <= Max, "penstock::list: the least size is greater than the greatest");
    std::vector<T> value_;
public:
    using value_type = std::vector<T>;
    using element = T;
    static constexpr std::size_t min = Min, max = Max;
    static bool holds(std::vector<T> const& v) { return v.size() >= Min && v.size() <= Max; }
    struct rule_source { static constexpr void write(detail::text_out& out) { out.put("an array of "); detail::put_size(out, Min, Max, "element", "elements"); } };
    static constexpr std::string_view rule() { return detail::static_text<rule_source>; }

    list() = default;
    /// Throws std::out_of_range.
    list(std::vector<T> v) : value_(std::move(v)) { if (!holds(value_)) throw std::out_of_range(refusal(value_.size())); }
    list(std::initializer_list<T> v) : list(std::vector<T>(v)) {}
    static result<list> make(std::vector<T> v) {
        if (!holds(v)) return std::unexpected(failure(errc::schema, refusal(v.size())));
        return list(std::move(v));
    }
    /// Builds a list up; throws std::out_of_range beyond Max.
    void push_back(T t) { if (value_.size() == Max) throw std::out_of_range(refusal(Max + 1)); value_.push_back(std::move(t)); }
    std::vector<T> const& value() const { return value_; }
    operator std::vector<T> const&() const { return value_; }
    auto begin() const { return value_.begin(); }
    auto end() const { return value_.end(); }
    std::size_t size() const { return value_.size(); }
    bool empty() const { return value_.empty(); }
    T const& operator[](std::size_t i) const { return value_[i]; }
    T& operator[](std::size_t i) { return value_[i]; }
    friend bool operator==(list const&, list const&) = default;
private:
    static std::string refusal(std::size_t n) { return "expected " + std::string(rule()) + ", got " + std::to_string(n); }
};

/// one_of<"high", "low">: one of these strings, kept as its number. Starts as the first.
template <fixed_string... Choice> class one_of {
public:
    static constexpr std::size_t count = sizeof...(Choice);
    static constexpr std::array<std::string_view, count> choices{Choice.view()...};
private:
    static consteval bool distinct() {
        for (std::size_t i = 0; i < count; ++i) for (std::size_t j = 0; j < i; ++j) if (choices[i] == choices[j]) return false;
        return true;
    }
    static_assert(count != 0, "penstock::one_of: there is nothing to choose from");
    static_assert(distinct(), "penstock::one_of: the same string stands there twice");
    std::uint16_t index_ = 0;
public:
    struct rule_source {
        static constexpr void write(detail::text_out& out) {
            out.put(count == 1 ? "" : "one of ");
            for (std::size_t i = 0; i != count; ++i) { if (i != 0) out.put(", "); out.quoted(choices[i]); }
        }
    };
    static constexpr std::string_view rule() { return detail::static_text<rule_source>; }
    static constexpr std::optional<one_of> find(std::string_view s) {
        for (std::size_t i = 0; i != count; ++i) if (choices[i] == s) { one_of out; out.index_ = static_cast<std::uint16_t>(i); return out; }
        return std::nullopt;
    }
    constexpr one_of() = default;
    /// Throws std::out_of_range; in a constant it does not compile.
    constexpr one_of(std::string_view s) {
        auto const found = find(s);
        if (!found) throw std::out_of_range("penstock::one_of: expected " + std::string(rule()) + ", got \"" + std::string(s) + '"');
        *this = *found;
    }
    constexpr one_of(char const* s) : one_of(std::string_view(s)) {}
    one_of(std::string const& s) : one_of(std::string_view(s)) {}
    static result<one_of> make(std::string_view s) {
        if (auto found = find(s)) return *found;
        return std::unexpected(failure(errc::schema, "expected " + std::string(rule()) + ", got \"" + std::string(s) + '"'));
    }
    constexpr std::string_view value() const { return choices[index_]; }
    constexpr operator std::string_view() const { return value(); }
    constexpr std::size_t index() const { return index_; }
    friend constexpr bool operator==(one_of, one_of) = default;
    template <detail::words S> friend constexpr bool operator==(one_of a, S const& b) { return a.value() == std::string_view(b); }
};

namespace detail {
template <class T> inline constexpr bool is_number = false;
template <auto A, auto B, auto C> inline constexpr bool is_number<number<A, B, C>> = true;
template <class T> inline constexpr bool is_text = false;
template <std::size_t A, std::size_t B> inline constexpr bool is_text<text<A, B>> = true;
template <class T> inline constexpr bool is_list = false;
template <class T, std::size_t A, std::size_t B> inline constexpr bool is_list<list<T, A, B>> = true;
template <class T> inline constexpr bool is_one_of = false;
template <fixed_string... C> inline constexpr bool is_one_of<one_of<C...>> = true;
}

} // namespace penstock
