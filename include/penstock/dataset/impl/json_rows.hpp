/// The rows of a JSON file cut apart and not yet parsed, whether it is JSON lines or one array. An empty line is a row: whoever asked says whether that is wrong.
#pragma once
#include <penstock/core/fatal.hpp>
#include <penstock/io/rows.hpp>
#include <stop_token>
#include <string>
#include <utility>

namespace penstock::dataset::detail {

/// Between two rows: whoever looks through a file has nothing to finish.
inline void check_stop(std::stop_token const& stop, std::string const& name) {
    if (stop.stop_requested()) throw fatal(exit_code::incomplete, name + ": the run was stopped while it was read");
}
template <class Begin, class Each> void each_json_row(std::string const& path, std::stop_token const& stop, Begin begin, Each look) {
    io::feed content{io::input(path, stop), io::reading{}.block};
    auto const name = content.name();
    begin(name);
    auto const each = [&](io::raw_row const& r) { check_stop(stop, name); look(r); };
    if (io::format_of(content) == io::format::json_array) {
        io::element_splitter elements(std::move(content), io::reading{}.row_limit);
        while (auto const* r = elements.next()) each(*r);
    } else {
        io::line_splitter lines(std::move(content), io::reading{}.row_limit);
        while (auto const* r = lines.next(io::blank_lines::are_rows)) each(*r);
    }
}

} // namespace penstock::dataset::detail
