/// json_array<T>(path): the elements of one JSON array, such as `json.dump` of a list writes it, streamed: an element at a time is in memory, never the file.
#pragma once
#include <optional>
#include <utility>
#include <penstock/io/element_splitter.hpp>
#include <penstock/io/rows_view.hpp>
#include <penstock/record/json.hpp>

namespace penstock::io {
namespace detail {
template <class T, json::policy P> struct json_array_reader {
    using value = T;
    element_splitter rows;
    void read(std::optional<result<T>>& out) {
        auto const* row = rows.next();
        if (!row) return;
        if (row->fault.empty()) {
            out.emplace(json::decode_padded<T, P>(row->data, row->size));
            if (*out) [[likely]] return;
            out->error() = rows.placed(std::move(out->error()));
        } else out.emplace(std::unexpected(rows.placed({errc::parse, row->fault})));
    }
};
}

/// Throws fatal(exit_code::input) at the first row when the text is no array; an empty file is none. A broken element is a failure (element_splitter.hpp).
template <class T, json::policy P = json::policy{}> auto json_array(feed in, reading how = {}) {
    return rows_view(detail::json_array_reader<T, P>{element_splitter(std::move(in), how.row_limit)});
}
template <class T, json::policy P = json::policy{}> auto json_array(input in, reading how = {}) { return json_array<T, P>(feed(std::move(in), how.block), how); }

} // namespace penstock::io
