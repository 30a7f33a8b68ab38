#pragma once
#include <penstock/io/lines.hpp>
#include <algorithm>
#include <cstring>

namespace penstock::io {

bool line_splitter::cut() {
    std::size_t seen = 0;           // bytes of the window without a newline
    std::uint64_t passed = 0;       // bytes of this line that are no longer held
    for (;;) {
        auto const n = feed_.size();
        auto const* const newline = n == seen ? nullptr : static_cast<char const*>(std::memchr(feed_.data() + seen, '\n', n - seen));
        if (!newline && n + passed > limit_) {
            if (passed == 0) kept_.assign(feed_.data(), std::min({n, limit_, kept_of_a_bad_row}));
            feed_.drop(n);
            passed += n;
            seen = 0;
        } else seen = n;
        if (!newline && feed_.more()) continue;
        if (!newline && feed_.size() == 0 && passed == 0) return false;

        auto const* const line = feed_.data();
        auto const size = newline ? std::size_t(newline - line) : feed_.size();
        auto const whole = passed + size;
        here_.byte = feed_.offset() - passed;
        here_.data = line;
        here_.size = size;
        here_.whole = whole;
        here_.fault.clear();
        if (whole > limit_) {
            if (passed != 0) here_.data = kept_.data();
            here_.size = std::min(limit_, kept_of_a_bad_row);
            here_.fault = "the row has " + std::to_string(whole) + " bytes, over the limit of " + std::to_string(limit_);
        } else if (size != 0 && line[size - 1] == '\r') here_.whole = --here_.size;
        feed_.drop(size + (newline ? 1 : 0));
        return true;
    }
}
bool line_splitter::blank() const {
    return here_.fault.empty() && std::all_of(here_.data, here_.data + here_.size, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}
raw_row const* line_splitter::next(blank_lines blanks) {
    do {
        if (!cut()) return nullptr;
    } while (blanks == blank_lines::skipped && blank());
    ++here_.number;
    return &here_;
}

void detail::lines_reader::read(std::optional<result<std::string>>& out) {
    auto const* row = rows.next(blank_lines::are_rows);
    if (!row) return;
    if (!row->fault.empty()) out.emplace(std::unexpected(rows.placed({errc::parse, row->fault}, "lines")));
    else if (!rows.utf8()) out.emplace(std::unexpected(rows.placed({errc::parse, "the line is not UTF-8"}, "lines")));
    else out.emplace(std::in_place, row->data, row->size);
}

} // namespace penstock::io
