#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>              // sixteen bytes at a time on any x86-64
#endif
#include <simdjson.h>
#include <penstock/record/json_text.hpp>
#include <penstock/text/printable.hpp>

namespace penstock::json {

namespace detail {

/// A stretch of text, looked at as a whole: which of its bytes are a backslash, which may not stand in a JSON string as they are (below 0x20, quote, backslash).
#ifdef __SSE2__
struct stretch {
    static constexpr std::ptrdiff_t size = 16;
    __m128i bytes;
    explicit stretch(char const* p) : bytes(_mm_loadu_si128(reinterpret_cast<__m128i const*>(p))) {}
    void store(char* p) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes); }
    unsigned slashes() const { return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')))); }
    unsigned specials() const {
        auto const low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes), quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, quote))) | slashes();
    }
    static unsigned first(unsigned found) { return static_cast<unsigned>(__builtin_ctz(found)); }
};
#else
struct stretch {
    static constexpr std::ptrdiff_t size = 8;
    static constexpr std::uint64_t each = 0x0101010101010101u;
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "penstock::json: written for little-endian machines");
    std::uint64_t bytes;
    explicit stretch(char const* p) { std::memcpy(&bytes, p, 8); }
    void store(char* p) const { std::memcpy(p, &bytes, 8); }
    // The high bit of each such byte; the lowest one set is exact, those above it may be wrong.
    std::uint64_t slashes() const { auto const s = bytes ^ each * '\\'; return (s - each) & ~s & each * 0x80; }
    std::uint64_t specials() const {
        auto const quote = bytes ^ each * '"';
        return ((((bytes - each * 0x20) & ~bytes) | ((quote - each) & ~quote)) & each * 0x80) | slashes();
    }
    static unsigned first(std::uint64_t found) { return static_cast<unsigned>(__builtin_ctzll(found)) / 8; }
};
#endif

/// What a one-letter escape says; 0 for the others.
inline constexpr auto simple_escapes = [] {
    std::array<char, 256> t{};
    t['"'] = '"'; t['\\'] = '\\'; t['/'] = '/'; t['b'] = '\b'; t['f'] = '\f'; t['n'] = '\n'; t['r'] = '\r'; t['t'] = '\t';
    return t;
}();

/// Four hexadecimal digits, or -1.
inline int hex4(char const* p, char const* end) {
    if (end - p < 4) return -1;
    int v = 0;
    for (int i = 0; i != 4; ++i) {
        int const c = static_cast<unsigned char>(p[i]), low = c | 0x20;
        int const digit = c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
        if (digit < 0) return -1;
        v = v * 16 + digit;
    }
    return v;
}
/// One escape at p (after the backslash): its end and its code point; nullptr where it is none, or a lone surrogate.
inline char const* escape(char const* p, char const* end, std::uint32_t& c) {
    if (p == end) return nullptr;
    if (char const simple = simple_escapes[static_cast<unsigned char>(*p)]) { c = static_cast<unsigned char>(simple); return p + 1; }
    if (*p != 'u') return nullptr;
    int const high = hex4(p + 1, end);
    if (high < 0 || (high & 0xFC00) == 0xDC00) return nullptr;
    p += 5;
    c = static_cast<std::uint32_t>(high);
    if ((high & 0xFC00) != 0xD800) return p;
    if (end - p < 6 || p[0] != '\\' || p[1] != 'u') return nullptr;
    int const low = hex4(p + 2, end);
    if (low < 0 || (low & 0xFC00) != 0xDC00) return nullptr;
    c = 0x10000 + ((c & 0x3FF) << 10) + (static_cast<std::uint32_t>(low) & 0x3FF);
    return p + 6;
}
inline char* put_utf8(char* out, std::uint32_t c) {
    if (c < 0x80) { *out++ = static_cast<char>(c); return out; }
    if (c < 0x800) { *out++ = static_cast<char>(0xC0 | c >> 6); }
    else {
        if (c < 0x10000) *out++ = static_cast<char>(0xE0 | c >> 12);
        else { *out++ = static_cast<char>(0xF0 | c >> 18); *out++ = static_cast<char>(0x80 | (c >> 12 & 0x3F)); }
        *out++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    }
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
    return out;
}

bool append_unescaped(std::string& out, std::string_view inside) {
    auto const before = out.size();
    bool good = true;
    out.resize_and_overwrite(before + inside.size(), [&](char* buffer, std::size_t) {      // an escape is never shorter than what it says
        char const* p = inside.data();
        char const* const end = p + inside.size();
        char* to = buffer + before;
        while (p != end) {
            if (end - p >= stretch::size) {
                stretch const s(p);
                s.store(to);
                auto const found = s.slashes();
                if (!found) { p += stretch::size; to += stretch::size; continue; }
                p += stretch::first(found); to += stretch::first(found);
            } else if (*p != '\\') { *to++ = *p++; continue; }
            if (char simple; end - p >= 2 && (simple = simple_escapes[static_cast<unsigned char>(p[1])]) != 0) { *to++ = simple; p += 2; continue; }
            std::uint32_t c = 0;
            p = escape(p + 1, end, c);
            if (!p) { good = false; break; }
            to = put_utf8(to, c);
        }
        return good ? static_cast<std::size_t>(to - buffer) : before;
    });
    return good;
}

template <class T> void append_shortest(std::string& out, T v) {
    char text[32];
    auto const end = std::to_chars(text, text + sizeof text, v).ptr;
    out.append(text, static_cast<std::size_t>(end - text));
}
void append_number(std::string& out, double v) { append_shortest(out, v); }
void append_number(std::string& out, float v) { append_shortest(out, v); }
void append_number(std::string& out, std::int64_t v) { append_shortest(out, v); }
void append_number(std::string& out, std::uint64_t v) { append_shortest(out, v); }

std::string path_of(std::string_view key) {
    bool plain = !key.empty() && !(key[0] >= '0' && key[0] <= '9');
    for (char c : key) plain &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    return plain ? '.' + std::string(key) : "[\"" + excerpt(key) + "\"]";
}

/// Bytes of the character at p, 0 where it is no UTF-8.
inline unsigned utf8_length(char const* p, char const* end) {
    auto const at = [&](unsigned i) -> unsigned { return p + i < end ? static_cast<unsigned char>(p[i]) : 0u; };
    auto const next = [&](unsigned i, unsigned low = 0x80, unsigned high = 0xBF) { return at(i) >= low && at(i) <= high; };
    unsigned const c = at(0);
    if (c < 0x80) return 1;
    if (c >= 0xC2 && c <= 0xDF) return next(1) ? 2 : 0;
    if (c >= 0xE0 && c <= 0xEF) return next(1, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF) && next(2) ? 3 : 0;
    if (c >= 0xF0 && c <= 0xF4) return next(1, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF) && next(2) && next(3) ? 4 : 0;
    return 0;
}
std::string excerpt(std::string_view text) { return printable(text, 60); }

// --- appender ---

void appender::grow(std::size_t n) {
    auto const used = static_cast<std::size_t>(at_ - out_.data());
    auto const wanted = used + n < out_.capacity() ? out_.capacity() : used + n + used / 2 + 256;
    out_.resize_and_overwrite(wanted, [](char*, std::size_t size) { return size; });
    at_ = out_.data() + used;
    end_ = out_.data() + out_.size();
}
appender::~appender() { out_.resize(start_); }
bool appender::finish() {
    auto const used = static_cast<std::size_t>(at_ - out_.data());
    if (!check_each && !simdjson::validate_utf8(out_.data() + start_, used - start_)) return false;
    out_.resize(used);
    start_ = used;
    return true;
}
bool appender::text(std::string_view s) {
    constexpr char digits[] = "0123456789abcdef";
    if (check_each && !simdjson::validate_utf8(s.data(), s.size())) return false;
    char const* p = s.data();
    char const* const end = p + s.size();
    room(s.size() + 24);
    *at_++ = '"';
    while (p != end) {
        if (end - p >= stretch::size) {
            stretch const some(p);
            some.store(at_);
            auto const found = some.specials();
            if (!found) { p += stretch::size; at_ += stretch::size; continue; }
            p += stretch::first(found); at_ += stretch::first(found);
        } else if (static_cast<unsigned char>(*p) >= 0x20 && *p != '"' && *p != '\\') { *at_++ = *p++; continue; }
        auto const c = static_cast<unsigned char>(*p++);
        char const letter = c == '"' || c == '\\' ? static_cast<char>(c) : c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c == '\b' ? 'b' : c == '\f' ? 'f' : 'u';
        room(static_cast<std::size_t>(end - p) + 24);
        *at_++ = '\\'; *at_++ = letter;
        if (letter == 'u') { *at_++ = '0'; *at_++ = '0'; *at_++ = digits[c / 16]; *at_++ = digits[c % 16]; }
    }
    *at_++ = '"';
    return true;
}
void appender::number(double v) { room(32); at_ = std::to_chars(at_, at_ + 32, v).ptr; }
void appender::number(float v) { room(32); at_ = std::to_chars(at_, at_ + 32, v).ptr; }
void appender::number(std::int64_t v) { room(32); at_ = std::to_chars(at_, at_ + 32, v).ptr; }
void appender::number(std::uint64_t v) { room(32); at_ = std::to_chars(at_, at_ + 32, v).ptr; }
std::string compact(std::string_view checked) {
    std::string out;
    out.reserve(checked.size());
    bool inside = false;
    for (std::size_t i = 0; i != checked.size(); ++i) {
        char const c = checked[i];
        if (!inside && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
        out += c;
        if (c == '"') inside = !inside;
        else if (inside && c == '\\') out += checked[++i];
    }
    return out;
}

// --- flaw_of ---

/// Walks one JSON text without recursion: a bit for each open bracket.
class walker {
    char const* const begin_;
    char const* p_;
    char const* const end_;
    std::uint64_t objects_[depth_limit / 64]{};
    unsigned depth_ = 0;

    flaw no(char const* at, std::string what) const { return {static_cast<std::size_t>(at - begin_), std::move(what)}; }
    flaw expected(std::string_view what) const {
        auto const got = p_ == end_ ? std::string("the end") : "'" + excerpt({p_, std::min<std::size_t>(static_cast<std::size_t>(end_ - p_), std::max(1u, utf8_length(p_, end_)))}) + "'";
        return no(p_, "expected " + std::string(what) + ", got " + got);
    }
    void space() { while (p_ != end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\r' || *p_ == '\t')) ++p_; }
    bool at(char c) const { return p_ != end_ && *p_ == c; }
    bool digits() { auto const from = p_; while (p_ != end_ && *p_ >= '0' && *p_ <= '9') ++p_; return p_ != from; }
    flaw string() {
        auto const open = p_++;
        for (;;) {
            while (end_ - p_ >= stretch::size) {
                auto const found = stretch(p_).specials();
                if (found) { p_ += stretch::first(found); break; }
                p_ += stretch::size;
            }
            while (p_ != end_ && static_cast<unsigned char>(*p_) >= 0x20 && *p_ != '"' && *p_ != '\\') ++p_;
            if (p_ == end_) return no(open, "a string that does not end");
            if (*p_ == '"') { ++p_; return {}; }
            if (*p_ != '\\') return no(p_, "a control character in a string, which must be escaped");
            std::uint32_t c = 0;
            auto const next = escape(p_ + 1, end_, c);
            if (!next) {
                int const high = p_ + 1 != end_ && p_[1] == 'u' ? hex4(p_ + 2, end_) : -1;
                auto const n = std::min<std::size_t>(high < 0 ? 2 : 6, static_cast<std::size_t>(end_ - p_));
                return no(p_, (high >= 0 ? "half a surrogate pair (" : "no escape that JSON knows (") + excerpt({p_, n}) + ")");
            }
            p_ = next;
        }
    }
    flaw number() {
        auto const from = p_;
        if (at('-')) ++p_;
        auto const first = p_;
        if (!digits()) return expected("a digit");
        if (*first == '0' && p_ - first > 1) return no(from, "a number with a leading zero");
        if (at('.')) { ++p_; if (!digits()) return expected("a digit"); }
        if (at('e') || at('E')) {
            ++p_;
            if (at('+') || at('-')) ++p_;
            if (!digits()) return expected("a digit");
        }
        return {};
    }
    flaw word(std::string_view w) {
        if (std::string_view(p_, static_cast<std::size_t>(end_ - p_)).substr(0, w.size()) != w) return expected("a value");
        p_ += w.size();
        return {};
    }
    bool in_object() const { return objects_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64) & 1; }
    flaw open(bool object) {
        if (depth_ == depth_limit) return no(p_, "nested deeper than " + std::to_string(depth_limit));
        auto const bit = std::uint64_t{1} << (depth_ % 64);
        if (object) objects_[depth_ / 64] |= bit; else objects_[depth_ / 64] &= ~bit;
        ++depth_; ++p_;
        return {};
    }
    flaw key() {
        space();
        if (!at('"')) return expected("a key in quotes");
        if (auto f = string()) return f;
        space();
        if (!at(':')) return expected("':'");
        ++p_;
        return {};
    }
public:
    explicit walker(std::string_view s) : begin_(s.data()), p_(s.data()), end_(s.data() + s.size()) {}
    flaw walk() {
        for (;;) {                                  // a value begins here
            space();
            if (p_ == end_) return depth_ == 0 ? no(p_, "no value") : expected("a value");
            bool ended = true;
            flaw f;
            switch (*p_) {
                case '{':
                    if ((f = open(true))) return f;
                    space();
                    if (at('}')) { ++p_; --depth_; } else { if ((f = key())) return f; ended = false; }
                    break;
                case '[':
                    if ((f = open(false))) return f;
                    space();
                    if (at(']')) { ++p_; --depth_; } else ended = false;
                    break;
                case '"': f = string(); break;
                case 't': f = word("true"); break;
                case 'f': f = word("false"); break;
                case 'n': f = word("null"); break;
                case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9': f = number(); break;
                default: return expected("a value");
            }
            if (f) return f;
            while (ended) {                         // a value ended here
                space();
                if (depth_ == 0) return p_ == end_ ? flaw{} : no(p_, "something after the value: '" + excerpt({p_, static_cast<std::size_t>(end_ - p_)}) + "'");
                bool const object = in_object();
                if (at(',')) {
                    ++p_;
                    if (object) if ((f = key())) return f;
                    ended = false;
                } else if (at(object ? '}' : ']')) { ++p_; --depth_; }
                else return expected(object ? "',' or '}'" : "',' or ']'");
            }
        }
    }
};

}

flaw invalid_utf8(std::string_view text) {
    if (simdjson::validate_utf8(text.data(), text.size())) return {};
    char const* p = text.data();
    char const* const end = p + text.size();
    for (unsigned n; p != end && (n = detail::utf8_length(p, end)) != 0;) p += n;
    return {static_cast<std::size_t>(p - text.data()), "invalid UTF-8 (" + detail::excerpt({p, 1}) + ")"};
}
flaw flaw_of(std::string_view text) {
    if (auto f = invalid_utf8(text)) return f;
    return detail::walker(text).walk();
}

} // namespace penstock::json
