#pragma once
#include <penstock/run/nearest.hpp>
#include <algorithm>
#include <vector>

namespace penstock::run {

namespace detail {
/// Damerau-Levenshtein distance with neighbouring swaps (optimal string alignment), three rows of memory.
inline std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}
}

std::string_view nearest(std::string_view given, std::span<std::string_view const> names) {
    std::string_view best;
    if (given.empty() || given.size() > 200) return best;
    auto least = std::max<std::size_t>(1, given.size() / 3) + 1;
    for (auto name : names) if (auto const n = detail::edits(given, name); n < least) { least = n; best = name; }
    if (best.empty() && given.size() >= 2) for (auto name : names) if (name.starts_with(given)) return name;
    return best;
}

} // namespace penstock::run
