// Qwen2's split into words, by hand: a regex engine spends more time on it than all the merging. The pattern, alternative by alternative, is
//   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
#pragma once
#include "unicode.hpp"

namespace penstock::train::detail {

inline constexpr std::string_view qwen2_pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

class splitter {
    characters const& table_ = characters::table();
    struct character { kind what; std::size_t length; };

    character at(char const* p, char const* end) const {
        auto const byte = static_cast<unsigned char>(*p);
        if (byte < 0x80) return {table_.ascii(byte), 1};
        char32_t c = 0;
        auto const n = utf8_sequence({p, static_cast<std::size_t>(end - p)}, c);
        if (n == 0) return {kind::other, 1};        // a byte that is not UTF-8: no letter
        return {table_.of(c), n};
    }
    /// The end of the run of what `is` that begins at p.
    template <class Is> char const* run(char const* p, char const* end, Is is) const {
        while (p != end) {
            auto const c = at(p, end);
            if (!is(c.what)) break;
            p += c.length;
        }
        return p;
    }
    char const* letters(char const* p, char const* end) const { return run(p, end, [](kind k) { return k == kind::letter; }); }
    char const* others(char const* p, char const* end) const {
        p = run(p, end, [](kind k) { return k == kind::other; });
        while (p != end && (*p == '\r' || *p == '\n')) ++p;
        return p;
    }
    /// Length of 's, 't, 're, 've, 'm, 'll, 'd in any case, or 0. Without case the long s (U+017F) is an s.
    static std::size_t contraction(char const* p, char const* end) {
        auto const lower = [&](std::size_t i) { return static_cast<std::size_t>(end - p) > i ? p[i] | 0x20 : 0; };
        switch (lower(1)) {
            case 's': case 't': case 'm': case 'd': return 2;
            case 'r': case 'v': return lower(2) == 'e' ? 3 : 0;
            case 'l': return lower(2) == 'l' ? 3 : 0;
            default: return end - p >= 3 && p[1] == '\xC5' && p[2] == '\xBF' ? 3 : 0;
        }
    }
    char const* white_space(char const* p, char const* end) const {
        char const *q = p, *last = p, *behind_line_end = nullptr;
        while (q != end) {
            auto const c = at(q, end);
            if (c.what < kind::space) break;
            last = q;
            q += c.length;
            if (c.what == kind::line_end) behind_line_end = q;
        }
        if (behind_line_end) return behind_line_end;
        return q == end || last == p ? q : last;        // the last one goes with the word behind it
    }
public:
    /// The end of the word that begins at p; p is not end.
    char const* word(char const* p, char const* end) const {
        auto const first = at(p, end);
        auto const* const q = p + first.length;
        if (first.what == kind::letter) return letters(q, end);
        if (first.what == kind::number) return q;
        if (*p == '\'') if (auto const n = contraction(p, end)) return p + n;
        if (first.what == kind::line_end) return white_space(p, end);
        auto const next = q == end ? character{kind::space, 0} : at(q, end);
        if (next.what == kind::letter) return letters(q + next.length, end);
        if (first.what == kind::other || (*p == ' ' && next.what == kind::other)) return others(q, end);
        return white_space(p, end);
    }
};

} // namespace penstock::train::detail
