/// The rows of a JSON file cut apart and not yet parsed, whether it is JSON lines or one array. An empty line is a row: whoever asked says whether that is wrong.
#pragma once
#include <penstock/io/rows.hpp>
#include <string>
#include <utility>

namespace penstock::dataset::detail {

template <class Begin, class Each> void each_json_row(std::string const& path, Begin begin, Each each) {
    io::feed content{io::input(path), io::reading{}.block};
    begin(content.name());
    if (io::format_of(content) == io::format::json_array) {
        io::element_splitter elements(std::move(content), io::reading{}.row_limit);
        while (auto const* r = elements.next()) each(*r);
    } else {
        io::line_splitter lines(std::move(content), io::reading{}.row_limit);
        while (auto const* r = lines.next(io::blank_lines::are_rows)) each(*r);
    }
}

} // namespace penstock::dataset::detail
