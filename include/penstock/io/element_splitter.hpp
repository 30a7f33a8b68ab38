/// The elements of one top-level JSON array, cut apart without holding the array. Only strings and brackets are looked at; whether an element is well-formed
/// is for whoever decodes it, so an ill-formed one costs itself alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <penstock/io/feed.hpp>
#include <penstock/io/raw_row.hpp>
#include <penstock/io/reading.hpp>

namespace penstock::io {

/// Rules for arrays that are broken:
/// - an element goes up to the next comma or ']' that is outside its strings and brackets; one with nothing in it is a failure;
/// - an element whose brackets do not match, with a line break inside a string, over the limit, or still open at the end of the file is one failure, and
///   reading goes on at the next line that begins as an element does: with the same bracket, and the same indentation where the element began its line;
/// - an array that is not closed, and text behind it, are one failure at the end.
class element_splitter {
    feed feed_;
    std::size_t limit_;
    enum class stage : unsigned char { before, first, next, after, over } at_ = stage::before;
    std::string closers_ = {};      // of the open brackets, innermost last
    std::string indentation_ = {};  // of the element, when it began its line
    bool began_line_ = false;
    std::string kept_ = {};
    raw_row here_ = {};
    std::uint64_t reread_ = 0;      // bytes looked at twice on behalf of broken elements

    enum class ending : unsigned char { comma, bracket, file, broken };
    struct cut { ending how; std::size_t size; char const* why = ""; };     // bytes of the element; its separator follows
    bool skip_blanks();
    cut scan();
    void recover(cut broken);
    bool begins_element(std::size_t at, char opening);
    raw_row const* row(std::size_t size, std::string fault = {});
public:
    element_splitter(feed f, std::size_t limit) : feed_(std::move(f)), limit_(limit) {}
    element_splitter(input in, reading how) : element_splitter(feed(std::move(in), how.block), how.row_limit) {}
    /// The next element; nullptr: no more. Text that does not begin with '[' throws fatal(exit_code::input).
    raw_row const* next();
    failure placed(failure f) const { return io::placed(std::move(f), "json_array", feed_.name(), here_); }
};

} // namespace penstock::io
