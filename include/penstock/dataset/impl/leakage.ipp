#pragma once
#include <penstock/dataset/leakage.hpp>
#include <penstock/dataset/fold.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/text/ngrams.hpp>
#include <penstock/text/printable.hpp>
#include <algorithm>
#include <cstdio>

namespace penstock::dataset {

void leakage::begin(std::string name) {
    for (std::size_t i = 0; i != files_.size(); ++i) pairs_.push_back({files_.size(), i});
    files_.push_back({.name = std::move(name), .index = near_index(options_.near)});
}

void leakage::add(std::string_view text, std::uint64_t row) {
    auto const file = files_.size() - 1;
    auto& here = files_[file];
    ++here.rows;
    auto const folded = fold(text);
    auto const plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };        // decides nearly every text at its first character
    if (std::ranges::none_of(folded, plain) && words(folded).empty()) return;
    auto const hit = [&](std::size_t of_file, std::uint64_t of_row, double jaccard, bool exact) {
        auto& p = *std::ranges::find_if(pairs_, [&](pair const& x) { return x.file == file && x.of_file == of_file; });
        if (p.exact + p.near < options_.shown) leaks_.push_back({file, of_file, row, of_row, jaccard, exact});
        ++(exact ? p.exact : p.near);
    };
    auto& same = seen_[fingerprint_of(folded)];
    for (auto const& s : same) if (s.file != file) hit(s.file, s.row, 1, true);
    if (options_.near_duplicates) for (std::size_t other = 0; other != file; ++other) {
        if (std::ranges::any_of(same, [&](place const& s) { return s.file == other; })) continue;
        if (auto const found = files_[other].index.find(folded)) hit(other, files_[other].numbers[found->number], found->jaccard, false);
    }
    if (!std::ranges::any_of(same, [&](place const& s) { return s.file == file; })) {
        same.push_back({file, row});
        if (options_.near_duplicates) {
            here.index.add(folded);
            here.numbers.push_back(row);
        }
    }
}

std::uint64_t leakage::total() const {
    std::uint64_t n = 0;
    for (auto const& p : pairs_) n += p.exact + p.near;
    return n;
}

std::string leakage::text() const {
    std::string out;
    auto const name = [&](std::size_t i) { return printable(files_[i].name, 300); };
    for (auto const& p : pairs_) {
        auto const with_rows = [&](std::size_t i) { return name(i) + " (" + counted(files_[i].rows, "row", "rows") + ')'; };
        out += with_rows(p.file) + " in " + with_rows(p.of_file) + ": " + with_commas(p.exact) + " equal";
        if (options_.near_duplicates) {
            char threshold[16];
            std::snprintf(threshold, sizeof threshold, "%g", options_.near.threshold);
            out += ", " + with_commas(p.near) + " near (Jaccard of character " + std::to_string(options_.near.characters) + "-grams at least " + threshold + ")";
        }
        out += '\n';
        for (auto const& l : leaks_) if (l.file == p.file && l.of_file == p.of_file) {
            char index[16];
            std::snprintf(index, sizeof index, "%.2f", l.jaccard);
            out += "  row " + std::to_string(l.row) + (l.exact ? " says what row " : " is like row ") + std::to_string(l.of_row) + (l.exact ? " says\n" : std::string(": ") + index + '\n');
        }
        if (p.exact + p.near > options_.shown) out += "  and " + with_commas(p.exact + p.near - options_.shown) + " more\n";
    }
    return out;
}

} // namespace penstock::dataset
