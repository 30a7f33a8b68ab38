#pragma once
#include <penstock/io/format.hpp>

namespace penstock::io {

format format_of(std::string_view name) {
    auto const ends = [&](std::string_view end) {
        if (name.size() < end.size()) return false;
        for (std::size_t i = 0; i != end.size(); ++i) if ((name[name.size() - end.size() + i] | 0x20) != (end[i] | 0x20)) return false;
        return true;
    };
    if (ends(".gz")) name.remove_suffix(3);
    else if (ends(".zst")) name.remove_suffix(4);
    if (ends(".csv")) return format::csv;
    if (ends(".tsv")) return format::tsv;
    if (ends(".jsonl") || ends(".ndjson")) return format::jsonl;
    return format::unknown;
}

format format_of(feed& content) {
    for (std::size_t i = 0; i < content.size() || content.more(); ++i) {
        auto const c = content.data()[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        return c == '[' ? format::json_array : c == '{' ? format::jsonl : format::csv;
    }
    return format::unknown;
}

} // namespace penstock::io
