#pragma once
#include <penstock/io/raw_row.hpp>
#include <algorithm>
#include <utility>
#include <penstock/text/printable.hpp>

namespace penstock::io {

failure placed(failure f, std::string_view stage, std::string const& source, raw_row const& row) {
    f.made_by(stage);
    auto const kept = std::min(row.size, kept_of_a_bad_row);
    std::string raw(row.data, kept);
    if (row.whole > kept) raw += " ... [" + std::to_string(row.whole) + " bytes in all]";
    return std::move(f).at(source + ": row " + std::to_string(row.number) + ", byte " + std::to_string(row.byte)).of(std::move(raw));
}

std::string in_quotes(std::string_view text, std::size_t n) { return '\'' + printable(text, n) + '\''; }

} // namespace penstock::io
