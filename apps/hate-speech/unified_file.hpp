/// One reading of a unified file, before anything is written. A row that is none in the middle is a reject of the later reading; a broken end says that the file
/// was cut, or that nothing behind the row can be told apart: then an unknown number of rows is missing, and there is no reject to count them.
#pragma once
#include <functional>
#include <string>
#include <penstock/core/result.hpp>
#include "posts.hpp"

namespace hate {

/// Calls each with every row, in order. fatal(input) where the file cannot be read, or where the last row is no JSON or the array is not closed.
void each_row(std::string const& path, std::function<void(penstock::result<unified_row>)> const& each);

} // namespace hate
