#pragma once
#include <penstock/text/ngrams.hpp>
#include <penstock/text/utf8.hpp>
#include <algorithm>
#include <array>
#include <utf8proc.h>
#include <xxhash.h>

namespace penstock {

namespace detail::ngrams {
/// A finaliser of 64 bits (splitmix64): every bit of the input reaches every bit of the output, and no two inputs meet.
constexpr std::uint64_t mixed(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}
inline constexpr auto mixed_ascii = [] {
    std::array<std::uint64_t, 128> all{};
    for (std::uint64_t c = 0; c != 128; ++c) all[c] = mixed(c);
    return all;
}();
/// Of a window x0 … x(n-1): x0 * factor^(n-1) + … + x(n-1), modulo 2^64; odd, so that no power of it vanishes.
inline constexpr std::uint64_t factor = 0x9fb21c651e98df25;

/// Calls each(code point) of a text; a byte that is not UTF-8 is a code point behind the last.
template <class Each> void each_code(std::string_view text, Each each) {
    for (std::size_t at = 0; at != text.size();) {
        auto const byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80) { each(static_cast<char32_t>(byte)); ++at; continue; }
        char32_t c = 0;
        auto const length = utf8_sequence(text.substr(at), c);
        each(length == 0 ? char32_t{0x110000} + byte : c);
        at += length == 0 ? 1 : length;
    }
}
/// Slides a window of n values over what is put in; give(hash) for each full one.
class window {
    std::vector<std::uint64_t> ring_;
    std::size_t at_ = 0, seen_ = 0;
    std::uint64_t leaving_ = 1, sum_ = 0;       // factor^n
public:
    explicit window(std::size_t n) : ring_(n) { for (std::size_t i = 0; i != n; ++i) leaving_ *= factor; }
    template <class Give> void put(std::uint64_t x, Give give) {
        sum_ = sum_ * factor + x - ring_[at_] * leaving_;
        ring_[at_] = x;
        at_ = at_ + 1 == ring_.size() ? 0 : at_ + 1;
        if (++seen_ >= ring_.size()) give(mixed(sum_));
    }
    bool filled() const { return seen_ >= ring_.size(); }
    bool empty() const { return seen_ == 0; }
    std::uint64_t sum() const { return mixed(sum_); }
};

inline bool in_word(char32_t c) {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (c > 0x10FFFF) return false;
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
        case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT: case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_MC: case UTF8PROC_CATEGORY_ME:
        case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_NL: case UTF8PROC_CATEGORY_NO: case UTF8PROC_CATEGORY_PC: return true;
        default: return c == 0x200C || c == 0x200D;     // joiners stand inside words
    }
}
inline void append_folded(std::string& to, char32_t c) {
    if (c < 0x80) { to += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); return; }
    utf8proc_int32_t folded[8];
    int boundary = 0;
    auto const n = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), folded, 8, UTF8PROC_CASEFOLD, &boundary);
    for (utf8proc_ssize_t i = 0; i < n && i != 8; ++i) {
        utf8proc_uint8_t bytes[4];
        to.append(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(folded[i], bytes)));
    }
}
/// Calls each(word), folded; the view lives until the next one.
template <class Each> void each_word(std::string_view text, Each each) {
    std::string word;
    each_code(text, [&](char32_t c) {
        if (in_word(c)) append_folded(word, c);
        else if (!word.empty()) { each(std::string_view(word)); word.clear(); }
    });
    if (!word.empty()) each(std::string_view(word));
}
template <class Each> void each_word_ngram(std::string_view text, std::size_t n, Each each) {
    if (n == 0) return;
    window w(n);
    each_word(text, [&](std::string_view word) { w.put(XXH3_64bits(word.data(), word.size()), each); });
}
} // namespace detail::ngrams

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> all;
    detail::ngrams::each_word(text, [&](std::string_view word) { all.emplace_back(word); });
    return all;
}
std::vector<std::uint64_t> word_ngrams(std::string_view text, std::size_t n) {
    std::vector<std::uint64_t> all;
    detail::ngrams::each_word_ngram(text, n, [&](std::uint64_t h) { all.push_back(h); });
    return all;
}
std::vector<std::uint64_t> character_ngrams(std::string_view text, std::size_t n) {
    std::vector<std::uint64_t> all;
    if (n == 0) return all;
    all.reserve(text.size());
    detail::ngrams::window w(n);
    detail::ngrams::each_code(text, [&](char32_t c) { w.put(c < 0x80 ? detail::ngrams::mixed_ascii[c] : detail::ngrams::mixed(c), [&](std::uint64_t h) { all.push_back(h); }); });
    if (!w.filled() && !w.empty()) all.push_back(w.sum());
    return all;
}

void distinct_ngrams::add(std::string_view text) {
    detail::ngrams::each_word_ngram(text, n_, [&](std::uint64_t h) { hashes_.push_back(h); ++total_; });
    if (hashes_.size() > 2 * settled_ + 65536) settle();
}
void distinct_ngrams::settle() {
    if (settled_ == hashes_.size()) return;
    std::ranges::sort(hashes_);
    hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
    settled_ = hashes_.size();
}

} // namespace penstock
