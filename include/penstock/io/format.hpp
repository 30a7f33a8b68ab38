/// Which format a file has. The name decides (.csv, .tsv, .jsonl, .ndjson; .gz or .zst behind them is looked past); a .json file, any other name and stdin are
/// told by their first character: '[' is a JSON array, '{' is JSON lines, anything else CSV.
#pragma once
#include <string_view>
#include <utility>
#include <penstock/io/feed.hpp>

namespace penstock::io {

enum class format : unsigned char { unknown, csv, tsv, jsonl, json_array };

constexpr std::string_view name(format f) {
    constexpr std::string_view names[] = {"unknown", "CSV", "TSV", "JSON lines", "JSON array"};
    return names[std::to_underlying(f)];
}

/// What the name says.
format format_of(std::string_view name);
/// What the first character that is no blank says; reads up to it, drops nothing but a byte order mark. Unknown: there is none.
format format_of(feed& content);

} // namespace penstock::io
