/// The five numbers people ask of a column: smallest, median, 95th percentile, largest, mean.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::dataset {

struct summary {
    std::uint64_t count = 0, total = 0, least = 0, median = 0, p95 = 0, most = 0;
    double mean = 0;

    /// "least 210 · median 1,402 · p95 1,893 · most 2,214"
    std::string text() const;
};

/// Percentiles by nearest rank: the value that at least that share of the values does not exceed. All 0 without values.
summary summarise(std::vector<std::uint64_t> values);

/// 1234567 as 1,234,567.
std::string with_commas(std::uint64_t);
/// "1 row", "1,200 rows".
std::string counted(std::uint64_t n, std::string_view one, std::string_view many);

} // namespace penstock::dataset
