/// How varied a data set is, counted over all of its rows, edge cases included. No number here is a guess or a constant.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include "data_file.hpp"
#include "example.hpp"

namespace intents {

using counts = std::map<std::string, std::uint64_t>;

struct length_facts { std::uint64_t least = 0, median = 0, p95 = 0, most = 0; double mean = 0; };

/// diversity_metrics of the file.
struct diversity {
    counts audience_distribution, complexity_distribution;
    counts length_distribution;             ///< short: below 20 words, medium: below 50, long
    length_facts words_per_text;
    double uniqueness_score = 0;            ///< distinct / all word trigrams: \w+, case-folded, within a text (text/ngrams.hpp); rounded to four digits, as all shares here
    std::map<std::string, double> uniqueness_by_intent;
    double distinct_texts = 0;              ///< share of texts that differ after folding case and spaces
    double near_duplicate_rate = 0;         ///< share of rows that are near an earlier one: Jaccard index of character 5-grams 0.8 and more
    double topic_coverage = 0;              ///< share of the ten intents that have rows
    double style_variety = 0;               ///< share of the six styles that have rows
    counts style_distribution;
};
diversity metrics_of(std::span<example const> rows);

/// statistics of the file: total_generated, edge_cases_generated, intent_…, audience_…, complexity_…, edge_….
counts statistics_of(std::span<example const> rows);

/// A row that was read, with what the metrics need of it; nothing where its labels are none of ours.
std::optional<example> as_example(file_row const& row);

/// A few lines for a person.
std::string text_of(diversity const& d, std::uint64_t rows);

} // namespace intents
