#include "about.hpp"
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <penstock/record/json_encode.hpp>
#include "prepare.hpp"

namespace ielts {

namespace {
/// metadata.json, the original's part.
struct cost_estimation {
    std::uint64_t total_tokens = 0;
    double estimated_training_cost_usd = 0;
    std::uint64_t examples = 0, avg_tokens_per_example = 0;
    bool tokens_are_estimated = true;
    std::string model;
    double usd_per_million_tokens = 0;
    std::string price_as_of, price_source;
};
struct format_validation {
    bool train_valid = false;
    std::optional<bool> validation_valid;
};
struct share {
    std::string band;
    std::uint64_t rows = 0, validation = 0, wanted = 0;
};
struct split_facts {
    std::uint64_t seed = 0, components = 0, grouped_rows = 0, largest_component = 0, wanted_validation = 0, cost_of_grouping = 0;
    std::vector<share> bands;
};
struct original_fields {
    std::string dataset, dataset_split;
    std::uint64_t total_examples = 0, train_examples = 0, validation_examples = 0;
    double validation_ratio = 0;
    bool mock_mode = true;
    cost_estimation cost;
    ielts::format_validation format_validation;
    using json = penstock::keys<penstock::key<"dataset", &original_fields::dataset>, penstock::key<"dataset_split", &original_fields::dataset_split>,
                                penstock::key<"total_examples", &original_fields::total_examples>, penstock::key<"train_examples", &original_fields::train_examples>,
                                penstock::key<"validation_examples", &original_fields::validation_examples>, penstock::key<"validation_ratio", &original_fields::validation_ratio>,
                                penstock::key<"mock_mode", &original_fields::mock_mode>, penstock::key<"cost_estimation", &original_fields::cost>,
                                penstock::key<"format_validation", &original_fields::format_validation>>;
};

/// No error was found in that file; what is wrong with another does not count.
bool valid(penstock::dataset::lint_report const& linted, penstock::dataset::linted_file const& file) {
    return std::ranges::none_of(linted.findings, [&](auto const& f) { return f.grade == penstock::dataset::severity::error && f.file == file.path; });
}
} // namespace

void describe(penstock::run::metadata& to, std::string_view source, choices const& c, penstock::dataset::split_result const& parts, penstock::dataset::lint_report const& linted,
              penstock::dataset::cost_estimate const& cost, tallies const& counted) {
    auto const rows = parts.sides.size();
    split_facts facts{.seed = c.seed, .components = parts.components, .grouped_rows = parts.grouped, .largest_component = parts.largest,
                      .wanted_validation = parts.wanted, .cost_of_grouping = parts.cost(), .bands = {}};
    for (auto const& s : parts.strata) facts.bands.push_back({s.name, s.rows, s.validation, s.wanted});
    to.set_members(penstock::json::encode(original_fields{
        .dataset = std::string(source), .dataset_split = c.dataset_split, .total_examples = rows, .train_examples = rows - parts.validation,
        .validation_examples = parts.validation, .validation_ratio = c.validation_ratio, .mock_mode = counted.criteria_written.model == 0,
        .cost = {.total_tokens = cost.tokens, .estimated_training_cost_usd = cost.usd, .examples = cost.examples, .avg_tokens_per_example = cost.tokens_per_example(), .tokens_are_estimated = linted.tokens_estimated,
                 .model = cost.model, .usd_per_million_tokens = cost.usd_per_million, .price_as_of = cost.as_of, .price_source = cost.source},
        .format_validation = {.train_valid = valid(linted, linted.files[0]), .validation_valid = linted.files.size() > 1 ? std::optional(valid(linted, linted.files[1])) : std::nullopt},
    }));
    to.set("seed", c.seed);
    to.set_members(penstock::json::encode(counted));
    to.set_json("split", penstock::json::encode(facts));
    to.set_json("lint", linted.json());
}

} // namespace ielts
