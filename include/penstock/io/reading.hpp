/// How sources read: one aggregate for every format, passed by value. The defaults suit files of any size.
#pragma once
#include <cstddef>

namespace penstock::io {

enum class extra_columns : unsigned char {
    ignored,    ///< columns of a CSV file that the record does not have are skipped
    fatal,      ///< such a column ends the run with its name, before the first row
};

struct reading {
    std::size_t row_limit = std::size_t{64} << 20;  ///< bytes; a longer row is one failure and is not held in memory
    std::size_t block = std::size_t{256} << 10;     ///< bytes asked for at a time: it stays in the second-level cache
    char delimiter = ',';                           ///< of CSV
    extra_columns extra = extra_columns::ignored;   ///< of CSV
};

} // namespace penstock::io
