#pragma once
#include <penstock/io/csv_splitter.hpp>
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace penstock::io {
namespace detail {
/// Walks over the delimiters and newlines of the window, 64 bytes at a time: cells are short, and a memchr each would cost more than they do.
class csv_marks {
    char delimiter_;
    std::size_t block_ = 0;         // where the bits below start
    std::uint64_t bits_ = 0;
    std::uint64_t look(char const* p) const {
#if defined(__SSE2__)
        auto const delimiter = _mm_set1_epi8(delimiter_), newline = _mm_set1_epi8('\n');
        std::uint64_t bits = 0;
        for (unsigned i = 0; i != 4; ++i) {
            auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(p + 16 * i));
            auto const hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter), _mm_cmpeq_epi8(bytes, newline));
            bits |= std::uint64_t(std::uint32_t(_mm_movemask_epi8(hits))) << (16 * i);
        }
        return bits;
#else
        std::uint64_t bits = 0;
        for (unsigned i = 0; i != 64; ++i) bits |= std::uint64_t(p[i] == delimiter_ || p[i] == '\n') << i;
        return bits;
#endif
    }
public:
    explicit csv_marks(char delimiter) : delimiter_(delimiter) {}
    /// To byte `at` of the window, which may have moved or grown.
    void seek(char const* window, std::size_t at) {
        block_ = at;
        bits_ = look(window + at);      // reads behind the last byte: into the padding
    }
    /// The next mark, at least `size` when there is none in the window.
    std::size_t next(char const* window, std::size_t size) {
        while (bits_ == 0) {
            block_ += 64;
            if (block_ >= size) return size;
            bits_ = look(window + block_);
        }
        auto const found = block_ + std::size_t(std::countr_zero(bits_));
        bits_ &= bits_ - 1;
        return found;
    }
};
}

void cell::text(std::string& out) const {
    if (!doubled) { out.assign(data, size); return; }
    out.clear();
    out.reserve(size);
    for (auto const *p = data, *end = data + size; p != end;) {
        auto const* const quote = static_cast<char const*>(std::memchr(p, '"', std::size_t(end - p)));
        if (!quote) { out.append(p, end); return; }
        out.append(p, quote + 1);
        p = quote + 2;
    }
}

/// Behind the newline at or after `from`, or the end of the file; drops what the limit does not let it hold.
std::size_t csv_splitter::end_of_line(std::size_t from) {
    for (auto at = from;;) {
        auto const n = feed_.size();
        if (at < n) if (auto const* newline = static_cast<char const*>(std::memchr(feed_.data() + at, '\n', n - at))) return std::size_t(newline - feed_.data()) + 1;
        at = n;
        if (n > limit_) {
            if (here_.whole == 0) kept_.assign(feed_.data(), std::min({n, limit_, kept_of_a_bad_row}));
            here_.whole += n;
            feed_.drop(n);
            at = 0;
        }
        if (!feed_.more()) return feed_.size();
    }
}

std::size_t csv_splitter::scan() {
    count_ = 0;
    std::size_t at = 0;             // where the cell begins
    if (feed_.size() == 0 && !feed_.more()) return npos;
    auto const* window = feed_.data();
    auto size = feed_.size();
    bool fresh = true;              // the marks are not at `at`
    auto const more = [&] {
        bool const got = feed_.more();
        window = feed_.data();
        size = feed_.size();
        fresh = true;
        return got;
    };
    auto const too_long = [&] {
        here_.fault = "the row is over the limit of " + std::to_string(limit_) + " bytes";
        return end_of_line(at);
    };
    detail::csv_marks marks(delimiter_);
    for (;;) {
        if (at > limit_) return too_long();
        if (at == size && !more()) { add(at, at, false); return at; }
        if (window[at] != '"') [[likely]] {
            if (fresh) marks.seek(window, at);
            fresh = false;
            auto end = marks.next(window, size);
            while (end >= size && size <= limit_) {
                auto const had = size;
                if (!more()) {
                    add(at, size - (size != at && window[size - 1] == '\r'), false);
                    return size;
                }
                marks.seek(window, had);
                fresh = false;
                end = marks.next(window, size);
            }
            if (end > limit_) return too_long();    // whatever the input hands out at a time: the rule is about bytes alone
            add(at, end - (window[end] == '\n' && end != at && window[end - 1] == '\r'), false);
            at = end + 1;
            if (window[end] == '\n') return at;
            continue;
        }
        fresh = true;
        auto const opening = at;
        auto const from = at + 1;
        bool doubled = false;
        auto const unclosed = [&](std::string const& until) {
            here_.fault = "the quote that opens at byte " + std::to_string(feed_.offset() + opening) + " is not closed " + until + "; reading goes on at the next line";
            return end_of_line(opening);
        };
        auto close = from;
        for (;;) {
            auto const* const quote = close < size ? static_cast<char const*>(std::memchr(window + close, '"', size - close)) : nullptr;
            close = quote ? std::size_t(quote - window) : size;
            if (close > limit_) return unclosed("within the limit of " + std::to_string(limit_) + " bytes");
            if (!quote) {
                if (!more()) return unclosed("before the end of the file");
                continue;
            }
            if (close + 1 == size && !more()) break;
            if (window[close + 1] != '"') break;
            doubled = true;
            close += 2;
        }
        add(from, close, doubled);
        at = close + 1;
        if (at == size) return at;
        if (window[at] == delimiter_) { ++at; continue; }
        if (window[at] == '\r') {
            if (at + 1 == size && !more()) return at + 1;
            if (window[at + 1] == '\n') ++at;
        }
        if (window[at] != '\n') {
            here_.fault = "there is text after the closing quote at byte " + std::to_string(feed_.offset() + close);
            return end_of_line(at);
        }
        return at + 1;
    }
}

raw_row const* csv_splitter::next() {
    here_.fault.clear();
    here_.whole = 0;
    auto const end = scan();
    if (end == npos) return nullptr;
    auto const* const window = feed_.data();
    ++here_.number;
    here_.byte = feed_.offset() - here_.whole;
    auto const size = end - (end != 0 && window[end - 1] == '\n');
    bool const held = here_.whole == 0;
    here_.whole += size;
    here_.data = held ? window : kept_.data();
    if (here_.whole > limit_) here_.size = std::min(limit_, kept_of_a_bad_row);
    else here_.whole = here_.size = size - (size != 0 && window[size - 1] == '\r');
    if (here_.whole > limit_ && here_.fault.empty()) here_.fault = "the row is over the limit of " + std::to_string(limit_) + " bytes";
    if (!here_.fault.empty()) count_ = 0;
    if (cells_.size() < count_) cells_.resize(bounds_.size(), cell{nullptr, 0, false});
    for (std::size_t i = 0; i != count_; ++i) cells_[i] = {window + bounds_[i].from, bounds_[i].to - bounds_[i].from, bounds_[i].doubled};
    feed_.drop(end);
    return &here_;
}

} // namespace penstock::io
