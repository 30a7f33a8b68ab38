// How good scores are: errors, ranks and tiers on a test set, beside what no model at all would reach, and the verdict that follows.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "filter.hpp"

namespace distill {

/// Rows of one number a dimension: labels, or what a model says.
struct scores {
    std::size_t dimensions = 0;
    std::vector<double> values = {};
    std::size_t rows() const { return dimensions == 0 ? 0 : values.size() / dimensions; }
    std::span<double const> row(std::size_t i) const { return std::span(values).subspan(i * dimensions, dimensions); }
    void add(std::span<double const> r) { values.insert(values.end(), r.begin(), r.end()); }
};

struct metrics {
    double mae = 0, rmse = 0;                       // over all rows and dimensions
    double spearman = 0;                            // mean of the dimensions'
    std::vector<double> mae_of = {}, rmse_of = {}, spearman_of = {};
    std::uint64_t examples = 0;
};
metrics measure(scores const& predicted, scores const& labels);

/// Rank correlation; equal values share the mean of their ranks. 0 where either side does not vary.
double spearman(std::span<double const> a, std::span<double const> b);

/// counts[i][j]: rows whose labels are in tier i and whose predictions are in tier j, in the filter's order. Gatekeepers count, caps by content do not: a model does not say
/// what an article is.
std::vector<std::vector<std::uint64_t>> tier_confusion(filter const&, scores const& predicted, scores const& labels);

/// One epoch, as training_history.json holds it.
struct epoch_metrics { unsigned epoch = 0; metrics train, val; };

/// The seed's gate at the end of a training: validation MAE below 1.0, to 1.5, above.
std::string validation_gate(double best_val_mae);

enum class decision : unsigned char { deploy, review, fail };
std::string_view name(decision);
struct verdict {
    decision what = decision::deploy;
    std::vector<std::string> reasons = {};          // one line for each check, passed or not
};
/// Test MAE (below 1.0, to 1.2, above), dimensions (five of eight below 1.1; none above 2.0), overfitting (train and validation apart by 0.1, by 0.2; validation and test by 0.05),
/// convergence (validation MAE falls in two thirds of the epochs, and ends no higher than it began). Without a history only the first two.
verdict judge(metrics const& test, std::span<std::string const> dimensions, std::span<epoch_metrics const> history = {});

struct baseline { std::string name; metrics of; };

/// test_evaluation.json and model_evaluation.md.
struct evaluation {
    std::string filter_name, filter_version, model;
    std::vector<std::string> dimensions, tiers;
    metrics test;
    std::vector<std::vector<std::uint64_t>> confusion = {};
    std::vector<baseline> baselines = {};
    std::vector<epoch_metrics> history = {};
    distill::verdict verdict;
};
std::string evaluation_json(evaluation const&);
std::string evaluation_markdown(evaluation const&);
/// training_history.json, ours or the original's. fatal(input) with the path where the text is no such history.
std::vector<epoch_metrics> parse_history(std::string_view json, std::span<std::string const> dimensions, std::string const& shown);

} // namespace distill
