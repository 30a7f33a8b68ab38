#pragma once
#include <penstock/io/csv.hpp>
#include <algorithm>
#include <charconv>
#include <system_error>
#include <penstock/core/fatal.hpp>

namespace penstock::io::detail {

static std::string_view trimmed_cell(cell const& c) {
    std::string_view text(c.data, c.size);
    auto const blank = [](char x) { return x == ' ' || x == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}
template <class N> static bool parse_whole(std::string_view text, N& out) {
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}
bool read_number(cell const& c, double& out) {
    auto const text = trimmed_cell(c);
    // from_chars knows "inf" and "nan"; here they are words
    return !text.empty() && text.find_first_of("nN") == text.npos && parse_whole(text, out);
}
bool read_number(cell const& c, std::int64_t& out) { return parse_whole(trimmed_cell(c), out); }
bool read_number(cell const& c, std::uint64_t& out) { return parse_whole(trimmed_cell(c), out); }
bool read_bool(cell const& c, bool& out) {
    auto const text = trimmed_cell(c);
    out = text == "true" || text == "True" || text == "TRUE" || text == "1";
    return out || text == "false" || text == "False" || text == "FALSE" || text == "0";
}

void bind_columns(csv_splitter& rows, reading how, std::span<std::string_view const> names, std::span<bool const> required, std::size_t* columns) {
    auto const fail = [&](std::string const& what) { throw fatal(exit_code::input, rows.name() + ": " + what); };
    raw_row const* header;
    while ((header = rows.next()) && rows.blank()) rows.forget();
    if (!header) fail("is empty: a CSV file begins with a header");
    rows.forget();
    if (!header->fault.empty()) fail("the header cannot be read: " + header->fault);
    if (!rows.utf8()) fail("the header is not UTF-8: " + in_quotes(header->text(), 200));
    std::vector<std::string> found(rows.size());
    for (std::size_t i = 0; i != found.size(); ++i) rows.cells()[i].text(found[i]);
    auto const shown = [&] { return "; the header is " + in_quotes(header->text(), 200); };
    for (std::size_t i = 0; i != found.size(); ++i) {
        if (std::find(found.begin(), found.begin() + std::ptrdiff_t(i), found[i]) != found.begin() + std::ptrdiff_t(i)) fail("two columns are named " + in_quotes(found[i]) + shown());
        if (how.extra == extra_columns::fatal && std::find(names.begin(), names.end(), found[i]) == names.end()) fail("column " + in_quotes(found[i]) + " is not one of the record's" + shown());
    }
    for (std::size_t i = 0; i != names.size(); ++i) {
        auto const at = std::find(found.begin(), found.end(), names[i]);
        columns[i] = at == found.end() ? csv_splitter::npos : std::size_t(at - found.begin());
        if (at == found.end() && required[i]) fail("column " + in_quotes(names[i]) + " is missing" + shown());
    }
}

} // namespace penstock::io::detail
