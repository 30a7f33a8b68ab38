/// jsonl<T>(path): one JSON record a line. Lines of nothing but blanks are skipped and not counted; a truncated last line is a failure like any other line
/// that is not the record asked for, and the next line is read as if nothing had happened (simdjson's iterate_many would end there).
#pragma once
#include <penstock/io/lines.hpp>
#include <penstock/record/json.hpp>

namespace penstock::io {
namespace detail {
template <class T, json::policy P> struct jsonl_reader {
    using value = T;
    line_splitter rows;
    void read(std::optional<result<T>>& out) {
        auto const* row = rows.next(blank_lines::skipped);
        if (!row) return;
        if (row->fault.empty()) {
            out.emplace(json::decode_padded<T, P>(row->data, row->size));
            if (*out) [[likely]] return;
            out->error() = rows.placed(std::move(out->error()), "jsonl");
        } else out.emplace(std::unexpected(rows.placed({errc::parse, row->fault}, "jsonl")));
    }
};
}

/// An empty file has no rows.
template <class T, json::policy P = json::policy{}> auto jsonl(feed in, reading how = {}) {
    return rows_view(detail::jsonl_reader<T, P>{line_splitter(std::move(in), how.row_limit)});
}
template <class T, json::policy P = json::policy{}> auto jsonl(input in, reading how = {}) { return jsonl<T, P>(feed(std::move(in), how.block), how); }

} // namespace penstock::io
