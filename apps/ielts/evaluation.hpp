/// The four criterion bands that an evaluation states, in all the spellings of the data: "## Task Achievement:" with "- Suggested Band Score: 6" below it,
/// "**Task Achievement: 6**", "**Task Achievement (6.5)**", "[Band 7]", "4/9", "Suggested Band Score (Task Achievement): 3", "<4", "Below 4.0".
/// A label wins over the section it stands in: a score "(Grammatical Range and Accuracy)" under "Lexical Resource" is a band of the grammar, and the lexical one is not stated.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <penstock/core/result.hpp>
#include "bands.hpp"
#include "criteria.hpp"

namespace ielts {

/// What was found for each criterion; the first statement counts.
using stated_bands = std::array<std::optional<band_reading>, criterion_count>;
stated_bands read_evaluation(std::string_view evaluation);

/// The band of a criterion in the output, and where it comes from.
struct criterion_band {
    double band = 0;
    bool low = false;       ///< stated as "<4"
    bool by_rule = false;   ///< not stated: it is the essay's own band
};
using criterion_bands = std::array<criterion_band, criterion_count>;

/// Stated bands, and the essay's band where a criterion is not stated (it is the least wrong of the simple rules: it needs no invented spread).
/// Failure (rejected): a "<4" under low_band::reject.
penstock::result<criterion_bands> complete(stated_bands const& stated, double overall, low_band rule);

/// True when the mean of the four and the essay's band are at least 1 apart.
bool far_apart(criterion_bands const& bands, double overall);

} // namespace ielts
