/// One row as its bytes and where they lie: what every splitter gives out and every failure of a source is made from.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <penstock/core/result.hpp>

namespace penstock::io {

struct raw_row {
    char const* data = nullptr;     ///< into the reader's buffer: until the next row is read
    std::size_t size = 0;           ///< bytes held
    std::uint64_t whole = 0;        ///< bytes the row has in the input: more than `size` when it passed the limit
    std::uint64_t number = 0;       ///< from 1: the rows handed out, bad ones included, so that row n is position n - 1 of its source
    std::uint64_t byte = 0;         ///< of its first byte, in the uncompressed stream
    std::string fault = {};         ///< why it cannot be read as a row; empty when it can
    std::string_view text() const { return {data, size}; }
};

/// How much of a bad row its failure keeps; the rest is a note of its size.
inline constexpr std::size_t kept_of_a_bad_row = std::size_t{64} << 10;

/// The failure with its place ("essays.csv: row 3, byte 812") and the row's bytes.
failure placed(failure f, std::string_view stage, std::string const& source, raw_row const& row);
/// Text for a message: in quotes, safe to show (text/printable.hpp), at most n bytes of it.
std::string in_quotes(std::string_view text, std::size_t n = 60);

} // namespace penstock::io
