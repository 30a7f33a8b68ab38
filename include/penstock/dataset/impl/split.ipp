#pragma once
#include <penstock/dataset/split.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/core/union_find.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

namespace penstock::dataset {

namespace detail {

constexpr std::uint64_t splitmix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

struct component {
    fingerprint smallest;
    std::uint64_t rank = 0, size = 0;
    std::vector<std::pair<std::size_t, std::uint64_t>> of_stratum = {};     // stratum, rows
    bool in_validation = false;
};

/// Without grouping: floor of each share, and one more for the largest remainders until the total is round(ratio x rows). Ties by name.
inline std::uint64_t wanted_rows(std::vector<stratum_share>& strata, double ratio, std::uint64_t rows) {
    auto const total = static_cast<std::uint64_t>(std::floor(ratio * static_cast<double>(rows) + 0.5));
    std::uint64_t given = 0;
    std::vector<std::pair<double, std::size_t>> remainders;
    for (std::size_t i = 0; i != strata.size(); ++i) {
        auto const share = ratio * static_cast<double>(strata[i].rows), whole = std::floor(share);
        strata[i].wanted = static_cast<std::uint64_t>(whole);
        given += strata[i].wanted;
        remainders.emplace_back(whole - share, i);      // negative: the largest comes first
    }
    std::ranges::sort(remainders);
    for (auto const& [remainder, i] : remainders) if (given < total && strata[i].wanted < strata[i].rows) { ++strata[i].wanted; ++given; }
    return given;
}
inline std::string percent(std::uint64_t part, std::uint64_t whole) {
    char text[16];
    std::snprintf(text, sizeof text, "%5.1f%%", whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
    return text;
}
}

split_result split(std::span<split_row const> rows, split_options options) {
    if (!(options.ratio >= 0 && options.ratio <= 1)) throw fatal(exit_code::usage, "the validation ratio is not between 0 and 1");
    split_result result;
    result.sides.assign(rows.size(), side::train);

    std::map<std::string_view, std::size_t> stratum_of;
    for (auto const& r : rows) stratum_of.emplace(r.stratum, 0);
    for (auto& [name, index] : stratum_of) { index = result.strata.size(); result.strata.push_back({.name = std::string(name)}); }

    // Rows that share a key are neighbours once all keys are sorted.
    std::vector<std::pair<fingerprint, std::size_t>> keys;
    auto const alone = [](std::uint64_t position) { return fingerprint{~std::uint64_t{0}, detail::splitmix(position)}; };      // splitmix is a bijection: no two positions meet
    for (std::size_t i = 0; i != rows.size(); ++i) {
        for (auto const& k : rows[i].keys) keys.emplace_back(k, i);
        if (rows[i].keys.empty()) keys.emplace_back(alone(rows[i].position), i);
    }
    std::ranges::sort(keys);
    union_find sets(rows.size());
    for (std::size_t k = 1; k < keys.size(); ++k) if (keys[k].first == keys[k - 1].first) sets.join(keys[k].second, keys[k - 1].second);

    std::vector<detail::component> components;
    std::vector<std::size_t> component_of(rows.size(), rows.size());
    for (auto const& [key, row] : keys) if (auto& at = component_of[sets.root(row)]; at == rows.size()) {   // in order of keys: the first one is the smallest
        at = components.size();
        components.push_back({.smallest = key});
    }
    for (std::size_t i = 0; i != rows.size(); ++i) {
        auto& c = components[component_of[i] = component_of[sets.root(i)]];
        auto const s = stratum_of.find(rows[i].stratum)->second;
        ++c.size;
        ++result.strata[s].rows;
        auto at = std::ranges::find(c.of_stratum, s, &std::pair<std::size_t, std::uint64_t>::first);
        if (at == c.of_stratum.end()) c.of_stratum.emplace_back(s, 1); else ++at->second;
    }
    result.components = components.size();
    for (auto& c : components) {
        c.rank = detail::splitmix(detail::splitmix(detail::splitmix(options.seed) ^ c.smallest.high) ^ c.smallest.low);
        result.largest = std::max(result.largest, c.size);
        if (c.size > 1) result.grouped += c.size;
    }
    result.wanted = detail::wanted_rows(result.strata, options.ratio, rows.size());

    std::vector<std::size_t> order(components.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return std::pair(components[a].rank, components[a].smallest) < std::pair(components[b].rank, components[b].smallest); });

    auto const distance = [](std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(a > b ? a - b : b - a); };
    auto const gain = [&](detail::component const& c) {         // how much nearer to what is wanted a change of sides brings the strata
        std::int64_t nearer = 0;
        for (auto const& [s, n] : c.of_stratum) {
            auto const& share = result.strata[s];
            nearer += distance(share.validation, share.wanted) - distance(c.in_validation ? share.validation - n : share.validation + n, share.wanted);
        }
        return nearer;
    };
    for (bool changed = true; changed;) {       // ends: each change lowers a sum of whole numbers
        changed = false;
        for (auto const i : order) if (auto& c = components[i]; gain(c) > 0) {
            for (auto const& [s, n] : c.of_stratum) result.strata[s].validation = c.in_validation ? result.strata[s].validation - n : result.strata[s].validation + n;
            c.in_validation = !c.in_validation;
            changed = true;
        }
    }
    for (std::size_t i = 0; i != rows.size(); ++i) if (components[component_of[i]].in_validation) { result.sides[i] = side::validation; ++result.validation; }
    return result;
}

three_way_result split_in_three(std::span<split_row const> rows, three_way_options options) {
    if (!(options.validation >= 0 && options.test >= 0 && options.validation + options.test <= 1)) throw fatal(exit_code::usage, "the shares of validation and test are not between 0 and 1 together");
    three_way_result result{.sides = {}, .test = split(rows, {.ratio = options.test, .seed = options.seed}), .validation = {}};
    result.sides = result.test.sides;
    std::vector<split_row> left;
    for (std::size_t i = 0; i != rows.size(); ++i)
        if (result.sides[i] == side::validation) result.sides[i] = side::test;
        else left.push_back(rows[i]);
    auto const ratio = options.test >= 1 ? 0 : std::min(1.0, options.validation / (1 - options.test));
    result.validation = split(left, {.ratio = ratio, .seed = options.seed + 1});
    std::size_t next = 0;
    for (auto& s : result.sides) if (s != side::test) s = result.validation.sides[next++];
    return result;
}
std::uint64_t three_way_result::count(side s) const { return static_cast<std::uint64_t>(std::ranges::count(sides, s)); }

std::uint64_t split_result::cost() const {
    std::uint64_t n = 0;
    for (auto const& s : strata) n += s.validation > s.wanted ? s.validation - s.wanted : s.wanted - s.validation;
    return n;
}

std::string split_result::text() const {
    auto const rows = sides.size(), train = rows - validation;
    std::size_t widest = 7;
    for (auto const& s : strata) widest = std::max(widest, s.name.size());
    auto const left = [&](std::string_view t) { return "  " + std::string(t) + std::string(widest - t.size(), ' '); };
    auto const right = [](std::uint64_t n, std::size_t width) { auto t = std::to_string(n); return std::string(width > t.size() ? width - t.size() : 0, ' ') + t; };
    std::string out = left("stratum") + "    rows   train  of train  validation  of validation  wanted\n";
    for (auto const& s : strata)
        out += left(s.name) + right(s.rows, 8) + right(s.rows - s.validation, 8) + "    " + detail::percent(s.rows - s.validation, train) + right(s.validation, 12) + "         " + detail::percent(s.validation, validation) + right(s.wanted, 8) + '\n';
    out += left("all") + right(rows, 8) + right(train, 8) + "    " + detail::percent(train, rows) + right(validation, 12) + "         " + detail::percent(validation, rows) + right(wanted, 8) + '\n';
    out += "  " + std::to_string(grouped) + " rows share something with another row; " + std::to_string(components) + " groups, the largest has " + std::to_string(largest)
        + (largest == 1 ? " row" : " rows") + "; keeping groups together moved " + std::to_string(cost()) + " rows from where the shares wanted them\n";
    return out;
}

} // namespace penstock::dataset
