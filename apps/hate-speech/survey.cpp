#include "survey.hpp"
#include <filesystem>
#include <utility>
#include "unified_file.hpp"

namespace hate {

using penstock::dataset::folded_fingerprint_of;

survey::survey(std::string const& folder, bool include_test) {
    std::array<std::vector<row>, part_count> all;
    for (std::size_t p = 0; p != part_count; ++p) {
        auto const path = folder + '/' + std::string(parts[p].file);
        std::error_code unknown;
        if (p == 2 && !include_test && !std::filesystem::exists(path, unknown)) continue;
        auto& f = files_[p];
        f.read = true;
        std::uint64_t matches = 0;
        each_row(path, [&](penstock::result<unified_row> r) {
            ++f.rows;
            if (!r) return;             // the second reading rejects it
            auto const split = r->split.value_or("");
            ++penstock::count(f.by_split, split);
            matches += split == parts[p].split;
            all[p].push_back({.text = folded_fingerprint_of(r->text), .split = split, .hate = r->label_binary == "hate", .number = f.rows});
        });
        f.whole = matches == 0 && f.rows != 0;
    }
    for (bool const whole : {false, true})          // parts with rows of their own come first; then those that take what is left, test before val before train
        for (std::size_t p = part_count; p-- != 0;) {
            if (!files_[p].read || files_[p].whole != whole) continue;
            for (auto const& r : all[p]) {
                bool elsewhere = false;
                if (whole) for (std::size_t other = 0; other != part_count; ++other) elsewhere |= other != p && keeps_[other].contains(r.text);
                if (elsewhere) { ++files_[p].kept_elsewhere; continue; }
                if (!whole && r.split != parts[p].split) continue;
                keeps_[p].emplace(r.text, true);
                ++files_[p].kept;
                if (p == 2 && !include_test) continue;
                auto& t = texts_[r.text];
                (r.hate ? t.hate : t.normal) = true;
                if (t.rows[p]++ == 0) t.first[p] = r.number;
            }
        }
    for (std::size_t p = 0; p != part_count; ++p) for (auto const& r : all[p]) {        // in the order of the files: the table has none
        auto const found = texts_.find(r.text);
        if (found == texts_.end() || found->second.first[p] != r.number) continue;
        auto const& t = found->second;
        std::size_t first = 0, in = 0;
        for (std::size_t q = part_count; q-- != 0;) if (t.rows[q] != 0) { first = q; ++in; }
        if (first != p) continue;
        std::uint64_t copies = 0;
        for (auto const n : t.rows) copies += n == 0 ? 0 : n - 1;
        if (copies == 0 && in == 1) continue;
        repeated_.within += copies;
        repeated_.between += in - 1;
        repeated_.conflicting += t.conflicting();
        std::string line;
        for (std::size_t q = 0; q != part_count; ++q) if (t.rows[q] != 0)
            line += (line.empty() ? "" : ", ") + std::string(parts[q].file) + " row " + std::to_string(t.first[q]) + (t.rows[q] > 1 ? " (" + std::to_string(t.rows[q]) + " times)" : "");
        repeated_.shown.push_back(line + (t.conflicting() ? ": with both labels" : ""));
    }
}

std::string survey::left_out(std::size_t p, unified_row const& row) const {
    auto const& f = files_[p];
    if (!f.whole) return row.split == parts[p].split ? std::string() : "split is " + row.split.value_or("missing");
    for (std::size_t other = 0; other != part_count; ++other)
        if (other != p && keeps_[other].contains(folded_fingerprint_of(row.text))) return "kept by " + std::string(parts[other].split);
    return {};
}

} // namespace hate
