/// JSON into records, in one pass over simdjson's On-Demand values in document order: every key is looked at once and nothing points into the parser
/// afterwards. A failure carries the path of what is wrong (`$.per_criterion[2].band: expected a number, got a string ("7.5")`); paths are put together
/// while unwinding, so that good records pay nothing for them.
#pragma once
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
#ifndef SIMDJSON_DEVELOPMENT_CHECKS
#define SIMDJSON_DEVELOPMENT_CHECKS 0
#endif
#include <simdjson.h>
#if SIMDJSON_DEVELOPMENT_CHECKS
#error "penstock: simdjson's parser has another layout in units that are not optimised; define SIMDJSON_DEVELOPMENT_CHECKS=0 for the whole program"
#endif
#include <penstock/core/result.hpp>
#include <penstock/record/constrained.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/record/fields.hpp>
#include <penstock/record/json_policy.hpp>
#include <penstock/record/json_raw.hpp>
#include <penstock/record/json_text.hpp>

namespace penstock::json {

namespace detail {
namespace od = simdjson::ondemand;
using namespace penstock::detail;

/// What went wrong, once something has: kept apart from the values, which are read by functions that answer true or false. Bodies in impl/json_decode.ipp.
struct reading {
    errc code = errc::schema;
    std::string what = {};              // empty: simdjson stopped, the text itself must say why
    std::string path = {};
    unsigned depth = 0;

    [[gnu::cold]] bool fail(std::string message);
    [[gnu::cold]] bool broken() { return false; }
    [[gnu::cold]] bool too_deep();
    [[gnu::cold]] bool mistyped(std::string_view expected, std::string_view token);         ///< "expected X, got a string ("…")"
    [[gnu::cold]] bool missing(std::string_view name);
    [[gnu::cold]] bool duplicate(std::string_view key);
    [[gnu::cold]] bool unknown(std::string_view key, std::string_view const* names, std::size_t count);
    [[gnu::cold]] bool under(std::string_view key);                                         ///< an error below: puts `.key` before its path
    [[gnu::cold]] bool under(std::size_t index);
    [[gnu::cold]] bool wrong_size(std::size_t expected, std::size_t got);
    failure finish(std::string_view text);                                                  ///< errc::parse where the text is ill-formed anywhere
};

std::string_view trimmed(std::string_view token);                                           ///< without white space behind
/// The inside of a string token; in `scratch` where it has escapes.
bool string_of(reading&, std::string_view token, std::string& scratch, std::string_view& out);
bool read_string(reading&, std::string_view token, std::string& out);
/// A member's name and colon are past; raw points after the opening quote. The key as text, in scratch where it has escapes.
bool key_of(reading&, char const* raw, std::string& scratch, std::string_view& out);
/// What the quick readers refused: whole numbers written as 7.0, texts where the policy coerces, else the message.
bool slow_double(reading&, std::string_view token, bool coerce, std::string_view expected, double& out);
bool slow_float(reading&, std::string_view token, bool coerce, float& out);
bool slow_integer(reading&, std::string_view token, bool coerce, std::string_view expected, std::int64_t& out);
bool slow_integer(reading&, std::string_view token, bool coerce, std::string_view expected, std::uint64_t& out);
bool slow_bool(reading&, std::string_view token, bool coerce, bool& out);
bool slow_string(reading&, std::string_view token, bool coerce, std::string_view expected, std::string& out);
bool checked_raw(reading&, std::string_view text, raw& out);
bool checked_skip(reading&, std::string_view text);

/// One parser a thread. A template, because the parser's layout depends on how the unit is compiled (-O0 has simdjson's development checks): units that
/// differ must not share one, and no simdjson type goes into a compiled body.
template <std::size_t Layout = sizeof(od::parser)> od::parser& this_threads_parser() {
    thread_local od::parser parser;
    return parser;
}

/// A key as the compiler knows it: its first eight bytes as one word, the closing quote among them if there is room.
struct key_word {
    std::uint64_t word = 0, mask = 0;
    std::string_view name = {};
    static consteval key_word of(std::string_view name) {
        std::array<char, 8> bytes{}, mask{};
        for (std::size_t i = 0; i != 8; ++i) if (i <= name.size()) { bytes[i] = i < name.size() ? name[i] : '"'; mask[i] = static_cast<char>(0xFF); }
        return {std::bit_cast<std::uint64_t>(bytes), std::bit_cast<std::uint64_t>(mask), name};
    }
    /// raw: after the opening quote. Reads at most 64 bytes at once, which simdjson's padding allows.
    bool matches(char const* raw) const {
        std::uint64_t w;
        std::memcpy(&w, raw, 8);
        if ((w & mask) != word) return false;
        auto const n = name.size();
        if (n < 8) return true;
        if (n < simdjson::SIMDJSON_PADDING) return std::memcmp(raw + 8, name.data() + 8, n - 8) == 0 && raw[n] == '"';
        for (std::size_t i = 8; i != n; ++i) if (raw[i] != name[i]) return false;       // the key's own closing quote stops this
        return raw[n] == '"';
    }
};
template <class T> inline constexpr auto key_words = []<std::size_t... I>(std::index_sequence<I...>) consteval {
    return std::array<key_word, sizeof...(I)>{key_word::of(field_names<T>[I])...};
}(std::make_index_sequence<field_names<T>.size()>{});

/// The place of the key among the words, or count. Keys with escapes are resolved first.
bool find_key(reading&, key_word const* words, std::size_t count, char const* raw, std::size_t& at);

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_vector = false;
template <class T, class A> inline constexpr bool is_vector<std::vector<T, A>> = true;
template <class T> inline constexpr bool is_array = false;
template <class T, std::size_t N> inline constexpr bool is_array<std::array<T, N>> = true;
template <class T> concept string_map = requires { typename T::mapped_type; requires std::same_as<typename T::key_type, std::string>; };
template <class T> inline constexpr bool is_constrained = is_number<T> || is_text<T> || is_list<T>;
template <class T> concept letters = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> || std::same_as<T, char16_t> || std::same_as<T, char32_t>;
template <class T> inline constexpr bool never = false;

template <policy P, class T> bool read(reading& in, od::value v, T& out);

inline bool skip(reading& in, od::value v) {
    auto const token = v.raw_json_token();
    std::string_view text = token;
    switch (token.front()) {
        case '{': { od::object o; if (v.get_object().get(o) || o.raw_json().get(text)) return in.broken(); break; }
        case '[': { od::array a; if (v.get_array().get(a) || a.raw_json().get(text)) return in.broken(); break; }
        case '"': { od::raw_json_string s; if (v.get_raw_json_string().get(s)) return in.broken(); break; }
        default: break;         // a scalar that nobody took is passed over by the object's or array's iterator
    }
    return checked_skip(in, text);
}

template <policy P, class Parts, std::size_t... I>
bool read_member(reading& in, od::value v, Parts& parts, std::size_t at, bool again, std::index_sequence<I...>) {
    bool good = true;
    auto const one = [&]<class M>(M& member) {
        if (again) member = M{};
        if constexpr (P.missing == missing_keys::keep && !is_optional<M> && !std::same_as<M, raw>) {
            bool null = false;
            if (v.raw_json_token().front() == 'n' && !v.is_null().get(null) && null) return;
        }
        good = read<P>(in, v, member);
    };
    (void)((at == I ? (one(std::get<I>(parts)), true) : false) || ...);
    return good;
}
template <class T> inline constexpr std::uint64_t required = []<std::size_t... I>(std::index_sequence<I...>) consteval {
    using parts = decltype(fields(std::declval<T&>()));
    return ((is_optional<std::remove_reference_t<std::tuple_element_t<I, parts>>> ? 0 : std::uint64_t{1} << I) | ... | 0);
}(std::make_index_sequence<field_names<T>.size()>{});

template <policy P, class T> bool read_record(reading& in, od::value v, T& out) {
    constexpr auto& words = key_words<T>;
    constexpr std::size_t count = words.size();
    static_assert(count <= 64, "penstock::json: a record with keys<...> may name at most 64 members");
    od::object object;
    if (auto e = v.get_object().get(object)) return e == simdjson::INCORRECT_TYPE ? in.mistyped("an object", v.raw_json_token()) : in.broken();
    if (++in.depth > depth_limit) return in.too_deep();
    auto parts = fields(out);
    std::uint64_t seen = 0;
    std::size_t next = 0;
    for (auto f : object) {
        od::field field;
        if (std::move(f).get(field)) return in.broken();
        char const* const raw = field.key().raw();
        std::size_t at = next;
        if (at >= count || !words[at].matches(raw)) if (!find_key(in, words.data(), count, raw, at)) return false;
        if (at == count) {
            if constexpr (P.unknown == unknown_keys::fail) {
                std::string scratch;
                std::string_view key;
                return key_of(in, raw, scratch, key) && in.unknown(key, field_names<T>.data(), count);
            } else if (!skip(in, field.value())) {
                std::string scratch;
                std::string_view key;
                return key_of(in, raw, scratch, key) && in.under(key);
            }
            continue;
        }
        next = at + 1;
        bool const again = seen >> at & 1;
        if constexpr (P.duplicate == duplicate_keys::fail) if (again) return in.duplicate(words[at].name);
        seen |= std::uint64_t{1} << at;
        if (!read_member<P>(in, field.value(), parts, at, again, std::make_index_sequence<count>{})) return in.under(words[at].name);
    }
    --in.depth;
    if constexpr (P.missing == missing_keys::fail)
        if (auto const lacking = required<T> & ~seen) return in.missing(words[static_cast<std::size_t>(std::countr_zero(lacking))].name);
    return true;
}

template <policy P, class T> bool read_list(reading& in, od::value v, T& out, std::string_view expected) {
    od::array array;
    if (auto e = v.get_array().get(array)) return e == simdjson::INCORRECT_TYPE ? in.mistyped(expected, v.raw_json_token()) : in.broken();
    if (++in.depth > depth_limit) return in.too_deep();
    std::size_t i = 0;
    if constexpr (!is_array<T>) out.clear();
    for (auto e : array) {
        od::value element;
        if (std::move(e).get(element)) return in.broken();
        if constexpr (is_array<T>) {
            if (i < out.size()) { if (!read<P>(in, element, out[i])) return in.under(i); }
            else if (!skip(in, element)) return in.under(i);
        } else if constexpr (std::same_as<typename T::value_type, bool>) {      // std::vector<bool> has no bool& to give
            bool flag = false;
            if (!read<P>(in, element, flag)) return in.under(i);
            out.push_back(flag);
        } else if (!read<P>(in, element, out.emplace_back())) return in.under(i);
        ++i;
    }
    --in.depth;
    if constexpr (is_array<T>) if (i != out.size()) return in.wrong_size(out.size(), i);
    return true;
}

template <policy P, class T> bool read_map(reading& in, od::value v, T& out) {
    od::object object;
    if (auto e = v.get_object().get(object)) return e == simdjson::INCORRECT_TYPE ? in.mistyped("an object", v.raw_json_token()) : in.broken();
    if (++in.depth > depth_limit) return in.too_deep();
    out.clear();
    std::string scratch;
    for (auto f : object) {
        od::field field;
        std::string_view key;
        if (std::move(f).get(field) || !key_of(in, field.key().raw(), scratch, key)) return in.broken();
        auto const [at, fresh] = out.try_emplace(std::string(key));
        if (!fresh) {
            if constexpr (P.duplicate == duplicate_keys::fail) return in.duplicate(key);
            else at->second = typename T::mapped_type{};
        }
        if (!read<P>(in, field.value(), at->second)) return in.under(at->first);
    }
    --in.depth;
    return true;
}

template <policy P, class T> bool read_number(reading& in, od::value v, T& out, std::string_view expected) {
    constexpr bool coerce = P.mistyped == mistyped::coerce;
    auto const pass = [&] { if (v.raw_json_token().front() == '"') { od::raw_json_string s; if (v.get_raw_json_string().get(s)) {} } };
    if constexpr (std::same_as<T, float>) {         // read as float: by way of double it would be rounded twice
        float f = 0;
        if (!slow_float(in, v.raw_json_token(), coerce, f)) return false;
        pass();
        out = f;
        return true;
    } else if constexpr (std::floating_point<T>) {
        // simdjson 3.0.1 misreads 0.10000000000000000555: past 19 digits it counts the wrong ones. Long numbers go another way.
        double d = 0;
        if (v.raw_json_token().size() > 20 || v.get_double().get(d)) { if (!slow_double(in, v.raw_json_token(), coerce, expected, d)) return false; pass(); }
        out = static_cast<T>(d);
        return true;
    } else {
        std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t> n = 0;
        simdjson::error_code e;
        if constexpr (std::is_signed_v<T>) e = v.get_int64().get(n); else e = v.get_uint64().get(n);
        if (e) { if (!slow_integer(in, v.raw_json_token(), coerce, expected, n)) return false; pass(); }
        if (!std::in_range<T>(n)) return in.mistyped(expected, v.raw_json_token());
        out = static_cast<T>(n);
        return true;
    }
}
template <std::integral T> struct integer_rule {
    static constexpr void write(text_out& out) { out.put("an integer from "); out.number(std::numeric_limits<T>::min()); out.put(" to "); out.number(std::numeric_limits<T>::max()); }
};

template <policy P> bool read_text(reading& in, od::value v, std::string& out, std::string_view expected) {
    auto const token = v.raw_json_token();
    od::raw_json_string past;
    if (v.get_raw_json_string().get(past)) return slow_string(in, token, P.mistyped == mistyped::coerce, expected, out);
    return read_string(in, token, out);
}
/// A string that names one of a few things: not copied.
inline bool read_name(reading& in, od::value v, std::string& scratch, std::string_view& out, std::string_view expected) {
    auto const token = v.raw_json_token();
    od::raw_json_string past;
    if (v.get_raw_json_string().get(past)) return in.mistyped(expected, token);
    return string_of(in, token, scratch, out);
}
template <class E> struct enum_rule {
    static constexpr void write(text_out& out) {
        out.put("one of ");
        for (std::size_t i = 0; i != enum_names<E>.size(); ++i) { if (i != 0) out.put(", "); out.quoted(enum_names<E>[i]); }
    }
};

template <policy P, class T> bool read(reading& in, od::value v, T& out) {
    if constexpr (std::same_as<T, bool>) {
        if (!v.get_bool().get(out)) return true;
        if (!slow_bool(in, v.raw_json_token(), P.mistyped == mistyped::coerce, out)) return false;
        od::raw_json_string past;
        return !v.get_raw_json_string().get(past) || in.broken();
    } else if constexpr (letters<T>) {
        static_assert(never<T>, "penstock::json: a single character is neither a JSON number nor a text; use std::string or an integer");
    } else if constexpr (std::integral<T>) {
        return read_number<P>(in, v, out, static_text<integer_rule<T>>);
    } else if constexpr (std::floating_point<T>) {
        return read_number<P>(in, v, out, "a number");
    } else if constexpr (std::same_as<T, std::string>) {
        return read_text<P>(in, v, out, "a string");
    } else if constexpr (std::same_as<T, std::string_view>) {
        static_assert(never<T>, "penstock::json: a std::string_view would point into the parser, which is gone; use std::string");
    } else if constexpr (is_optional<T>) {
        bool null = false;
        if (v.raw_json_token().front() == 'n' && !v.is_null().get(null) && null) { out.reset(); return true; }
        return read<P>(in, v, out.emplace());
    } else if constexpr (is_number<T>) {
        typename T::value_type value{};
        if (!read_number<P>(in, v, value, T::rule())) return false;
        if (!T::holds(value)) return in.mistyped(T::rule(), v.raw_json_token());
        out = value;
        return true;
    } else if constexpr (is_text<T>) {
        std::string value;
        auto const token = v.raw_json_token();
        if (!read_text<P>(in, v, value, T::rule())) return false;
        if (!T::holds(value)) return in.fail("expected " + std::string(T::rule()) + ", got " + std::to_string(code_points(value)) + " (" + excerpt(trimmed(token)) + ")");
        out = std::move(value);
        return true;
    } else if constexpr (is_list<T>) {
        typename T::value_type value;
        if (!read_list<P>(in, v, value, T::rule())) return false;
        if (!T::holds(value)) return in.fail("expected " + std::string(T::rule()) + ", got " + std::to_string(value.size()));
        out = std::move(value);
        return true;
    } else if constexpr (is_one_of<T>) {
        std::string scratch;
        std::string_view name;
        if (!read_name(in, v, scratch, name, T::rule())) return false;
        auto const found = T::find(name);
        if (!found) return in.mistyped(T::rule(), v.raw_json_token());
        out = *found;
        return true;
    } else if constexpr (std::is_enum_v<T>) {
        static_assert(named_enum<T>, "penstock::json: this enum must state its type (enum kind : int) or be an enum class, so that its names can be found");
        std::string scratch;
        std::string_view name;
        if (!read_name(in, v, scratch, name, static_text<enum_rule<T>>)) return false;
        auto const found = enum_value<T>(name);
        if (!found) return in.mistyped(static_text<enum_rule<T>>, v.raw_json_token());
        out = *found;
        return true;
    } else if constexpr (std::same_as<T, raw>) {
        std::string_view text = v.raw_json_token();
        switch (text.front()) {
            case '{': { od::object o; if (v.get_object().get(o) || o.raw_json().get(text)) return in.broken(); break; }
            case '[': { od::array a; if (v.get_array().get(a) || a.raw_json().get(text)) return in.broken(); break; }
            case '"': { od::raw_json_string s; if (v.get_raw_json_string().get(s)) return in.broken(); break; }
            default: break;
        }
        return checked_raw(in, text, out);
    } else if constexpr (is_vector<T> || is_array<T>) {
        return read_list<P>(in, v, out, "an array");
    } else if constexpr (string_map<T>) {
        return read_map<P>(in, v, out);
    } else if constexpr (record<T>) {
        return read_record<P>(in, v, out);
    } else static_assert(never<T>, "penstock::json: no way to read this type; known are bool, numbers, std::string, std::optional, std::vector, std::array, maps from std::string, "
                                   "enums, the constrained types, json::raw, and records of them");
}

/// Nothing follows but white space.
inline bool after_document(od::document& document) { return document.current_location().error() == simdjson::OUT_OF_BOUNDS; }
/// A document that is no object or array: as the only element of an array, because simdjson reads scalar documents by other rules (and 3.0.1 takes nullx for null).
std::string as_array(std::string_view text);

/// Types read from an object or an array. The others never meet a whole document: simdjson's values assume that they stand inside one.
template <class T> inline constexpr bool from_container = is_vector<T> || is_array<T> || is_list<T> || string_map<T> || std::same_as<T, raw> ||
    (record<T> && !is_number<T> && !is_text<T> && !is_one_of<T>);
template <class T> inline constexpr bool from_container<std::optional<T>> = from_container<T>;

template <policy P, class T> bool read_document(reading& in, od::document& document, T& out) {
    od::value v;
    if (document.get_value().get(v)) return in.broken();
    return read<P>(in, v, out) && after_document(document);
}
template <policy P, class T> bool read_scalar_document(reading& in, std::string_view text, T& out) {
    auto const wrapped = as_array(text);
    od::document document;
    od::value v;
    od::array array;
    if (this_threads_parser().iterate(wrapped.data(), text.size() + 2, wrapped.size()).get(document)) return in.broken();
    if (document.get_value().get(v) || v.get_array().get(array)) return in.broken();
    std::size_t n = 0;
    for (auto e : array) {
        od::value element;
        if (n++ != 0 || std::move(e).get(element)) return in.broken();
        if (!read<P>(in, element, out)) return false;
    }
    return n == 1 && after_document(document);
}
/// The first and the last character that are no white space, if they open and close an object or an array.
bool is_container(std::string_view text);
std::string const& padded_copy(std::string_view text);
/// Buffers that one huge record has made huge are given back.
inline constexpr std::size_t large = 16u << 20;
void drop_copy();
}

/// A record from text[0 … size), readable up to size + simdjson::SIMDJSON_PADDING bytes, whatever stands there: nothing is copied first.
template <class T, policy P = policy{}> result<T> decode_padded(char const* text, std::size_t size) {
    detail::reading in;
    result<T> out{std::in_place};
    bool good = false, whole = false;
    if constexpr (detail::from_container<T>) if ((whole = detail::is_container({text, size}))) {
        detail::od::document document;
        if (!detail::this_threads_parser().iterate(text, size, size + simdjson::SIMDJSON_PADDING).get(document)) good = detail::read_document<P>(in, document, *out);
    }
    if (!whole) good = detail::read_scalar_document<P>(in, {text, size}, *out);
    if (!good) [[unlikely]] out = std::unexpected(in.finish({text, size}));
    if (size > detail::large) { detail::drop_copy(); detail::this_threads_parser() = detail::od::parser(); }
    return out;
}

/// A record from JSON text: errc::parse where the text is ill-formed (with the byte), errc::schema where it is not the record (with the path).
/// A path is written as in JavaScript: `$` is the document, `.name` a member, `["odd name"]` one that is no identifier, `[2]` the third element.
template <class T, policy P = policy{}> result<T> decode(std::string_view text) {
    auto const& padded = detail::padded_copy(text);
    return decode_padded<T, P>(padded.data(), text.size());
}

namespace detail {
template <class T, policy P> struct parse_fn {
    /// As a stage: map(json::parse<row>). The failure carries the text for rejects.jsonl.
    result<T> operator()(std::string_view text) const {
        auto out = decode<T, P>(text);
        if (!out) return std::unexpected(std::move(out.error()).of(std::string(text)));
        return out;
    }
};
}
template <class T, policy P = policy{}> inline constexpr detail::parse_fn<T, P> parse{};

} // namespace penstock::json
