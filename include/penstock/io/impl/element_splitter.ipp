#pragma once
#include <penstock/io/element_splitter.hpp>
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#include <penstock/core/fatal.hpp>

namespace penstock::io {
namespace detail {
inline constexpr auto json_structure = [] {
    std::array<bool, 256> t{};
    for (char c : {'"', '{', '}', '[', ']', ','}) t[static_cast<unsigned char>(c)] = true;
    return t;
}();
/// The first quote, backslash or newline in [at, size): most of a chat file is inside strings.
inline std::size_t string_mark(char const* p, std::size_t at, std::size_t size) {
#if defined(__SSE2__)
    auto const quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), newline = _mm_set1_epi8('\n');
    for (; at < size; at += 16) {       // reads behind the last byte: into the padding
        auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(p + at));
        auto const hits = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)), _mm_cmpeq_epi8(bytes, newline));
        if (auto const bits = unsigned(_mm_movemask_epi8(hits))) return std::min(size, at + std::size_t(std::countr_zero(bits)));
    }
    return size;
#else
    while (at < size && p[at] != '"' && p[at] != '\\' && p[at] != '\n') ++at;
    return at;
#endif
}
constexpr bool json_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
}

bool element_splitter::skip_blanks() {
    for (;;) {
        std::size_t i = 0;
        auto const n = feed_.size();
        auto const* const window = n == 0 ? nullptr : feed_.data();
        for (; i != n && detail::json_blank(window[i]); ++i) {
            if (window[i] == '\n') {
                began_line_ = true;
                indentation_.clear();
            } else if (indentation_.size() < 1024) indentation_ += window[i];
        }
        feed_.drop(i);
        if (feed_.size() != 0) return true;
        if (!feed_.more()) return false;
    }
}

element_splitter::cut element_splitter::scan() {
    closers_.clear();
    bool in_string = false;
    for (std::size_t i = 0;;) {
        auto const size = feed_.size();
        auto const* const window = feed_.data();
        if (in_string) i = detail::string_mark(window, i, size);
        else while (i != size && !detail::json_structure[static_cast<unsigned char>(window[i])]) ++i;
        if (i > limit_) return {ending::broken, limit_, "is over the limit"};
        if (i == size) {
            if (feed_.more()) continue;
            if (in_string || !closers_.empty()) return {ending::broken, i, "is not closed before the end of the file"};
            return {ending::file, i};
        }
        auto const c = window[i];
        if (in_string) {
            if (c == '\n') return {ending::broken, i, "has a line break inside a string"};
            if (c == '\\') {
                if (i + 1 == size && !feed_.more()) { ++i; continue; }
                i += 2;
                continue;
            }
            in_string = false;
        } else if (c == '"') in_string = true;
        else if (c == '{') closers_ += '}';
        else if (c == '[') closers_ += ']';
        else if (closers_.empty()) {
            if (c == ',') return {ending::comma, i};
            if (c == ']') return {ending::bracket, i};
            return {ending::broken, i, "closes a bracket that was not opened"};
        } else if (c != ',') {
            if (c != closers_.back()) return {ending::broken, i, "has brackets that do not match"};
            closers_.pop_back();
        }
        ++i;
    }
}

/// Whether the line at `at` begins as the broken element did.
bool element_splitter::begins_element(std::size_t at, char opening) {
    for (std::size_t i = at;; ++i) {
        if (i == feed_.size() && !feed_.more()) return false;
        auto const c = feed_.data()[i];
        if (c == opening) return !began_line_ || std::string_view(feed_.data() + at, i - at) == indentation_;
        if (c != ' ' && c != '\t') return false;
        if (i - at > 1024) return false;
    }
}

void element_splitter::recover(cut broken) {
    auto const opening = feed_.data()[0];
    std::string what = std::string("the element ") + broken.why;
    std::uint64_t dropped = 0;
    here_.byte = feed_.offset();
    bool const patient = reread_ <= 4 * std::uint64_t{limit_} + (1 << 20);
    std::size_t i = 1;
    for (;;) {
        auto const n = feed_.size();
        auto const* const newline = i < n ? static_cast<char const*>(std::memchr(feed_.data() + i, '\n', n - i)) : nullptr;
        i = newline ? std::size_t(newline - feed_.data()) : n;
        if (newline && patient && begins_element(i + 1, opening)) {
            here_.whole = dropped + i;
            if (here_.whole < broken.size) reread_ += broken.size - here_.whole;
            what += "; reading goes on at the next line that begins as an element does";
            break;
        }
        if (newline) { ++i; continue; }
        if (n > limit_) {
            if (dropped == 0) kept_.assign(feed_.data(), std::min({n, limit_, kept_of_a_bad_row}));
            feed_.drop(n);
            dropped += n;
            i = 0;
        }
        if (feed_.more()) continue;
        i = feed_.size();
        here_.whole = dropped + i;
        what += "; nothing behind it can be told apart";
        at_ = stage::over;
        break;
    }
    here_.data = dropped != 0 ? kept_.data() : feed_.data();
    here_.size = std::size_t(std::min<std::uint64_t>({here_.whole, limit_, kept_of_a_bad_row}));
    here_.fault = std::move(what);
    ++here_.number;
    feed_.drop(i);
}

raw_row const* element_splitter::row(std::size_t size, std::string fault) {
    auto const* const data = feed_.data();
    while (size != 0 && detail::json_blank(data[size - 1])) --size;
    here_.byte = feed_.offset();
    here_.data = data;
    here_.whole = here_.size = size;
    here_.fault = std::move(fault);
    ++here_.number;
    return &here_;
}

raw_row const* element_splitter::next() {
    constexpr char const* not_closed = "the array is not closed: the file is truncated";
    if (at_ == stage::before) {
        if (!skip_blanks()) throw fatal(exit_code::input, feed_.name() + ": is empty: a JSON array was expected");
        if (feed_.data()[0] != '[') throw fatal(exit_code::input, feed_.name() + ": is not a JSON array: it begins with " + in_quotes({feed_.data(), 1}) + " at byte " + std::to_string(feed_.offset()));
        feed_.drop(1);
        at_ = stage::first;
        began_line_ = false;
        indentation_.clear();
    }
    if (at_ == stage::first || at_ == stage::next) {
        if (!skip_blanks()) { at_ = stage::over; return row(0, not_closed); }
        bool const first = at_ == stage::first;
        at_ = stage::next;
        auto const element = scan();
        if (element.how == ending::broken) { recover(element); return &here_; }
        if (element.how == ending::bracket && element.size == 0 && first) {
            feed_.drop(1);
            at_ = stage::after;
        } else if (element.how == ending::file) {
            row(element.size);
            auto const last = here_.size == 0 ? '\0' : here_.data[here_.size - 1];
            // a number may lack digits, so it is not taken; an element that ends itself is, and the array's failure comes after it
            bool const whole = last == '}' || last == ']' || last == '"';
            if (!whole) { here_.fault = not_closed; at_ = stage::over; }
            feed_.drop(element.size);
            return &here_;
        } else {
            row(element.size, element.size == 0 ? "there is nothing between the commas" : "");
            feed_.drop(element.size + 1);
            began_line_ = false;
            indentation_.clear();
            if (element.how == ending::bracket) at_ = stage::after;
            return &here_;
        }
    }
    if (at_ == stage::after) {
        at_ = stage::over;
        if (!skip_blanks()) return nullptr;
        constexpr std::size_t shown = 200;
        while (feed_.size() < shown && feed_.more()) {}
        return row(std::min(feed_.size(), shown), "there is text after the end of the array; it is not read");
    }
    return nullptr;
}

} // namespace penstock::io
