/// Laws that hold for any bytes: however they are handed out, the rows are the same; and rows, bad ones included, lie one behind the other with nothing
/// between them but what the format says.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/core/fatal.hpp>
#include <penstock/io/raw_row.hpp>
#include <penstock/io/reading.hpp>
#include <penstock/io/input.hpp>

namespace fuzz {
namespace io = penstock::io;

inline void require(bool law, char const* what) {
    if (law) return;
    std::fprintf(stderr, "broken law: %s\n", what);
    std::abort();
}
struct sample {
    io::reading how;
    std::string_view bytes;
    /// The first byte sets the limit: small ones, so that short inputs pass it.
    sample(std::uint8_t const* data, std::size_t size) {
        how.row_limit = size == 0 || data[0] >= 128 ? 1 << 20 : data[0];
        if (size != 0) bytes = {reinterpret_cast<char const*>(data) + 1, size - 1};
    }
};
/// Compressed bytes: zlib's and zstd's own ground. Where damage shows depends on how the bytes come, so the laws below do not hold for them.
inline bool compressed(std::string_view bytes) { return bytes.starts_with("\x1f\x8b") || bytes.starts_with("\x28\xb5\x2f\xfd"); }

/// f(input, reading) gives the rows as strings; fatal errors are part of the answer.
template <class F> std::vector<std::string> same_for_all_pieces(sample const& s, F f) {
    std::vector<std::string> first;
    struct { std::size_t piece, block; } const ways[] = {{65536, 65536}, {1, 1}, {7, 16}, {7, 100}, {64, 1}};
    for (auto const& way : ways) {
        std::vector<std::string> rows;
        auto how = s.how;
        how.block = way.block;
        try { f(io::input::of_memory(s.bytes, "fuzz", way.piece), how, rows); } catch (penstock::fatal const& e) { rows.push_back(std::string("fatal ") + e.what()); }
        if (way.piece == 65536) first = std::move(rows);
        else require(rows == first, "rows do not depend on how the bytes are handed out");
    }
    return first;
}
inline std::string shown(io::raw_row const& r) {
    return std::to_string(r.number) + ' ' + std::to_string(r.byte) + ' ' + std::to_string(r.whole) + ' ' + r.fault + ' ' + std::string(r.text());
}
/// Rows cover the bytes: `between(gap, at_end)` says what may stand behind a row.
struct cover {
    std::string_view bytes;
    std::uint64_t at = 0;
    bool any = false;
    explicit cover(std::string_view b) : bytes(b) {}
    template <class Between> void row(io::raw_row const& r, Between between) {
        require(r.byte >= at && r.byte + r.whole <= bytes.size(), "rows follow each other");
        require(between(bytes.substr(at, r.byte - at), !any, false), "nothing is lost between rows");
        require(r.size <= r.whole && (r.text() == bytes.substr(r.byte, r.size)), "a row is its bytes");
        at = r.byte + r.whole;
        any = true;
    }
    template <class Between> void end(Between between) { require(between(bytes.substr(at), !any, true), "nothing is lost behind the last row"); }
};

} // namespace fuzz
