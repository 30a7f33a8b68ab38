/// lines(path): the lines of a text file. Every line is a row, an empty one too; CR LF ends a line as LF does, and the last line needs neither.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <penstock/io/feed.hpp>
#include <penstock/io/raw_row.hpp>
#include <penstock/io/reading.hpp>
#include <penstock/io/rows_view.hpp>

namespace penstock::io {

enum class blank_lines : unsigned char { are_rows, skipped };

/// Cuts at '\n'. A line over the limit is read past without being held.
class line_splitter {
    feed feed_;
    std::size_t limit_;
    std::string kept_ = {};         // the beginning of a line that was too long to hold
    raw_row here_ = {};
    bool cut();
    bool blank() const;
public:
    line_splitter(feed f, std::size_t limit) : feed_(std::move(f)), limit_(limit) {}
    line_splitter(input in, reading how) : line_splitter(feed(std::move(in), how.block), how.row_limit) {}
    /// The next line without its end; nullptr: no more. A skipped line is not counted.
    raw_row const* next(blank_lines blanks);
    /// Of a row without a fault.
    bool utf8() { return here_.fault.empty() && feed_.utf8(here_.data, here_.size); }
    failure placed(failure f, std::string_view stage) const { return io::placed(std::move(f), stage, feed_.name(), here_); }
};

namespace detail {
struct lines_reader {
    using value = std::string;
    line_splitter rows;
    void read(std::optional<result<std::string>>& out);
};
}

/// A line that is not UTF-8 or over the limit is a failure. An empty file has no lines.
inline auto lines(input in, reading how = {}) { return rows_view(detail::lines_reader{line_splitter(std::move(in), how)}); }

} // namespace penstock::io
