#pragma once
#include <charconv>
#include <limits>
#include <penstock/record/json_decode.hpp>

namespace penstock::json {

namespace detail {

bool reading::fail(std::string message) { what = std::move(message); return false; }
bool reading::too_deep() { return fail("nested deeper than " + std::to_string(depth_limit)); }
bool reading::missing(std::string_view name) { fail("missing"); return under(name); }
bool reading::duplicate(std::string_view key) { fail("stands there twice"); return under(key); }
bool reading::wrong_size(std::size_t expected, std::size_t got) { return fail("expected an array of " + std::to_string(expected) + (expected == 1 ? " element" : " elements") + ", got " + std::to_string(got)); }
bool reading::unknown(std::string_view key, std::string_view const* names, std::size_t count) {
    what = "unknown key; known are ";
    for (std::size_t i = 0; i != count; ++i) { if (i != 0) what += ", "; what += names[i]; }
    return under(key);
}
bool reading::under(std::string_view key) { path.insert(0, path_of(key)); return false; }
bool reading::under(std::size_t index) { path.insert(0, '[' + std::to_string(index) + ']'); return false; }

/// The kind of value a token begins, for people; empty where it begins none.
inline std::string_view kind_of(std::string_view token) {
    switch (token.empty() ? '\0' : token.front()) {
        case '{': return "an object";
        case '[': return "an array";
        case '"': return "a string";
        case 't': case 'f': return "a boolean";
        case 'n': return "null";
        case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9': return "a number";
        default: return {};
    }
}
bool reading::mistyped(std::string_view expected, std::string_view token) {
    token = trimmed(token);
    auto const kind = kind_of(token);
    if (kind.empty()) return broken();
    what = "expected " + std::string(expected) + ", got ";
    switch (token.front()) {
        case '{': case '[': case 'n': what += kind; break;
        case 't': case 'f': what += excerpt(token); break;
        case '"': what += kind; what += " (" + excerpt(token) + ')'; break;
        default: what += expected.find("number") != expected.npos || expected.find("integer") != expected.npos ? excerpt(token) : "a number (" + excerpt(token) + ')';
    }
    return false;
}
failure reading::finish(std::string_view text) {
    if (auto const f = flaw_of(text)) return failure(errc::parse, "byte " + std::to_string(f.at) + ": " + f.what);
    if (what.empty()) return failure(errc::parse, "the parser gave up on this text (too large, or out of memory)");
    return failure(code, '$' + path + ": " + what);
}

std::string_view trimmed(std::string_view token) {
    while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) token.remove_suffix(1);
    return token;
}
/// Between the quotes of a string token; where it does not end in one, something follows that is no JSON.
inline bool inside_of(std::string_view token, std::string_view& out) {
    token = trimmed(token);
    if (token.size() < 2 || token.back() != '"') return false;
    out = token.substr(1, token.size() - 2);
    return true;
}
bool string_of(reading& in, std::string_view token, std::string& scratch, std::string_view& out) {
    if (!inside_of(token, out)) return in.broken();
    if (!out.empty() && std::memchr(out.data(), '\\', out.size())) {
        scratch.clear();
        if (!append_unescaped(scratch, out)) return in.broken();
        out = scratch;
    }
    return true;
}
bool read_string(reading& in, std::string_view token, std::string& out) {
    std::string_view inside;
    if (!inside_of(token, inside)) return in.broken();
    out.clear();
    if (inside.empty()) return true;
    if (!std::memchr(inside.data(), '\\', inside.size())) { out.assign(inside); return true; }
    return append_unescaped(out, inside) || in.broken();
}
bool key_of(reading& in, char const* raw, std::string& scratch, std::string_view& out) {
    std::size_t n = 0;
    bool escaped = false;
    for (; raw[n] != '"'; ++n) if (raw[n] == '\\') { escaped = true; ++n; }       // stage 1 has seen the closing quote
    out = {raw, n};
    if (!escaped) return true;
    scratch.clear();
    if (!append_unescaped(scratch, out)) return in.broken();
    out = scratch;
    return true;
}
bool find_key(reading& in, key_word const* words, std::size_t count, char const* raw, std::size_t& at) {
    for (at = 0; at != count; ++at) if (words[at].matches(raw)) return true;
    std::string scratch;
    std::string_view key;
    if (!key_of(in, raw, scratch, key)) return false;
    if (key.data() == scratch.data()) for (at = 0; at != count; ++at) if (words[at].name == key) return true;
    return true;
}

/// A number as JSON writes it, the whole of text.
inline bool is_number_text(std::string_view text) { return !text.empty() && (text.front() == '-' || (text.front() >= '0' && text.front() <= '9')) && !flaw_of(text); }
/// Where the policy coerces, the text of a string that holds a number.
inline bool coerced(std::string_view& token, bool coerce, std::string& scratch) {
    token = trimmed(token);
    if (!coerce || token.empty() || token.front() != '"') return false;
    std::string_view inside;
    reading unused;
    if (!string_of(unused, token, scratch, inside)) return false;
    while (!inside.empty() && (inside.front() == ' ' || inside.front() == '\n' || inside.front() == '\r' || inside.front() == '\t')) inside.remove_prefix(1);
    inside = trimmed(inside);
    if (!is_number_text(inside)) return false;
    token = inside;
    return true;
}
template <class T> bool slow_real(reading& in, std::string_view token, bool coerce, std::string_view expected, T& out) {
    std::string scratch;
    auto number = token;
    if (!coerced(number, coerce, scratch)) {
        if (kind_of(number) != "a number") return in.mistyped(expected, token);
        if (!is_number_text(number)) return in.broken();           // 01, 1., 1e: from_chars would take their beginnings
    }
    auto const [end, e] = std::from_chars(number.data(), number.data() + number.size(), out);
    if (e == std::errc{} && end == number.data() + number.size()) return true;
    if (e == std::errc::result_out_of_range) {
        double d = 0;
        if constexpr (!std::same_as<T, double>) if (slow_real(in, token, coerce, expected, d) && d > -1 && d < 1) { out = static_cast<T>(d); return true; }
        auto const exponent = number.find_first_of("eE");
        if (exponent != number.npos && number.substr(exponent + 1, 1) == "-") { out = 0; return true; }          // too small to tell from 0
        return in.fail("expected a number that fits (" + std::string(std::same_as<T, float> ? "up to 3.4e38" : "up to 1.8e308") + "), got " + excerpt(number));
    }
    return in.broken();
}
bool slow_double(reading& in, std::string_view token, bool coerce, std::string_view expected, double& out) { return slow_real(in, token, coerce, expected, out); }
bool slow_float(reading& in, std::string_view token, bool coerce, float& out) { return slow_real(in, token, coerce, "a number", out); }
template <class T> bool slow_whole(reading& in, std::string_view token, bool coerce, std::string_view expected, T& out) {
    std::string scratch;
    auto number = token;
    if (!coerced(number, coerce, scratch)) {
        if (kind_of(number) != "a number") return in.mistyped(expected, token);
        if (!is_number_text(number)) return in.broken();           // 01, 1., 1e: from_chars would take their beginnings
    }
    auto const all = number.data() + number.size();
    if (auto const [end, e] = std::from_chars(number.data(), all, out); e == std::errc{} && end == all) return true;
    double d = 0;                       // 7.0 and 1e2 are integers too, as JSON Schema has it; exact up to 2^53
    if (auto const [end, e] = std::from_chars(number.data(), all, d); e == std::errc{} && end == all && d >= -9007199254740992.0 && d <= 9007199254740992.0) {
        auto const whole = static_cast<std::int64_t>(d);
        if (static_cast<double>(whole) == d && std::in_range<T>(whole)) { out = static_cast<T>(whole); return true; }
    }
    return in.mistyped(expected, token);
}
bool slow_integer(reading& in, std::string_view token, bool coerce, std::string_view expected, std::int64_t& out) { return slow_whole(in, token, coerce, expected, out); }
bool slow_integer(reading& in, std::string_view token, bool coerce, std::string_view expected, std::uint64_t& out) { return slow_whole(in, token, coerce, expected, out); }
bool slow_bool(reading& in, std::string_view token, bool coerce, bool& out) {
    auto const t = trimmed(token);
    if (coerce && (t == "\"true\"" || t == "\"false\"")) { out = t[1] == 't'; return true; }
    return in.mistyped("a boolean", token);
}
bool slow_string(reading& in, std::string_view token, bool coerce, std::string_view expected, std::string& out) {
    auto const t = trimmed(token);
    auto const kind = kind_of(t);
    if (!coerce || (kind != "a number" && kind != "a boolean")) return in.mistyped(expected, token);
    if (flaw_of(t)) return in.broken();
    out = t;
    return true;
}

bool checked_skip(reading& in, std::string_view text) { return !flaw_of(trimmed(text)) || in.broken(); }

bool is_container(std::string_view text) {
    auto const space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    while (!text.empty() && space(text.front())) text.remove_prefix(1);
    while (!text.empty() && space(text.back())) text.remove_suffix(1);
    return text.size() >= 2 && ((text.front() == '{' && text.back() == '}') || (text.front() == '[' && text.back() == ']'));
}
std::string as_array(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
    out += '[';
    out += text;
    out += ']';
    out.append(simdjson::SIMDJSON_PADDING, '\0');
    return out;
}

inline std::string& copy_buffer() {
    thread_local std::string buffer;
    return buffer;
}
std::string const& padded_copy(std::string_view text) {
    auto& buffer = copy_buffer();
    buffer.resize_and_overwrite(text.size() + simdjson::SIMDJSON_PADDING, [&](char* p, std::size_t n) {
        if (!text.empty()) std::memcpy(p, text.data(), text.size());
        std::memset(p + text.size(), 0, simdjson::SIMDJSON_PADDING);        // never a bracket: what follows a text must not complete it (simdjson #1834)
        return n;
    });
    return buffer;
}
void drop_copy() { copy_buffer() = {}; }

}

/// Fills a raw with text that has been checked.
struct raw_door { static void fill(raw& r, std::string_view checked) { r.text_ = detail::compact(checked); } };
namespace detail {
bool checked_raw(reading& in, std::string_view text, raw& out) {
    text = trimmed(text);       // what simdjson hands out may end behind the value
    if (flaw_of(text)) return in.broken();
    raw_door::fill(out, text);
    return true;
}
}
result<raw> raw::of(std::string_view text) {
    if (auto const f = flaw_of(text)) return std::unexpected(failure(errc::parse, "byte " + std::to_string(f.at) + ": " + f.what));
    raw out;
    raw_door::fill(out, text);
    return out;
}

} // namespace penstock::json
