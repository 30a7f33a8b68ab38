/// CSV text cut into rows and cells (RFC 4180). A quote that is never closed must not swallow the file: its row is one failure and reading goes on at the line
/// after the one on which it opened.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/io/feed.hpp>
#include <penstock/io/raw_row.hpp>
#include <penstock/io/reading.hpp>

namespace penstock::io {

/// One cell, into the reader's buffer. `doubled`: a quoted cell that holds quotes written twice.
struct cell {
    char const* data;
    std::size_t size;
    bool doubled;
    /// The text it stands for.
    void text(std::string& out) const;
    std::string text() const { std::string s; text(s); return s; }
};

/// Rules where the RFC is silent or real files break it:
/// - LF ends a row as CR LF does; a CR elsewhere belongs to its cell, quoted or not; a quote inside an unquoted cell is text;
/// - text after a closing quote makes the row a failure, which ends with that line;
/// - a quote still open at the end of the file, or when the row passes the limit, makes a failure of the row up to the end of the line on which the quote
///   opened; the next row begins on the next line;
/// - a row that passes the limit outside quotes ends with its line.
class csv_splitter {
    feed feed_;
    std::size_t limit_;
    char delimiter_;
    std::vector<cell> cells_ = {};
    std::size_t count_ = 0;
    std::string kept_ = {};     // the beginning of a row that was too long to hold
    raw_row here_ = {};

    struct bounds { std::size_t from, to; bool doubled; };
    std::vector<bounds> bounds_ = {};   // cells as offsets: the window moves while a row is read
    void add(std::size_t from, std::size_t to, bool doubled) {
        if (count_ == bounds_.size()) bounds_.resize(2 * count_ + 16);
        bounds_[count_++] = {from, to, doubled};
    }
    /// Where the row ends (behind its newline) and its last cell; sets here_.fault. npos: there is no row.
    std::size_t scan();
    std::size_t end_of_line(std::size_t from);
public:
    static constexpr std::size_t npos = std::size_t(-1);
    csv_splitter(feed f, reading how) : feed_(std::move(f)), limit_(how.row_limit), delimiter_(how.delimiter) {}
    csv_splitter(input in, reading how) : csv_splitter(feed(std::move(in), how.block), how) {}
    /// The next row; nullptr: no more. Its cells are valid until the next call; of a row with a fault there are none.
    raw_row const* next();
    cell const* cells() const { return cells_.data(); }
    std::size_t size() const { return count_; }
    /// An empty line: no row, unless the file has a single column.
    bool blank() const { return count_ == 1 && here_.size == 0; }
    void forget() { --here_.number; }       ///< the row just read does not count: the header, a blank line
    /// Of a row without a fault.
    bool utf8() { return here_.fault.empty() && feed_.utf8(here_.data, here_.size); }
    std::string const& name() const { return feed_.name(); }
    failure placed(failure f) const { return io::placed(std::move(f), "csv", feed_.name(), here_); }
};

} // namespace penstock::io
