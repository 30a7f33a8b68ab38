#pragma once
#include <penstock/io/write_jsonl.hpp>

namespace penstock::io::detail {

void not_in_source_order(std::string const& path, position const& before, position const& after) {
    throw fatal(exit_code::internal, path + ": record " + after.text() + " came after " + before.text() + ": a recipe that finishes out of order must end with in_source_order()");
}

} // namespace penstock::io::detail
