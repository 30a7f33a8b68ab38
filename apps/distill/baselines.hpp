// What a model has to beat: the mean of the training labels, their median, and words alone (TF-IDF and ridge regression).
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "evaluation.hpp"

namespace distill {

/// Rows of equal predictions: each dimension's mean, or its median.
scores predict_mean(scores const& train, std::size_t rows);
scores predict_median(scores const& train, std::size_t rows);

struct ridge_options {
    double alpha = 1;               // of the squared weights
    unsigned at_least = 2;          // texts that a word stands in
};
/// Words of two letters and more, folded; 1 + ln(count) times ln((1 + n) / (1 + df)) + 1, rows of length one; least squares with a penalty on the weights and none on the mean.
/// As scikit-learn's TfidfVectorizer (sublinear_tf, min_df 2) and Ridge count it. Solved by conjugate gradients in a fixed order: the same bytes everywhere.
scores predict_ridge(std::vector<std::string_view> const& train_texts, scores const& train, std::vector<std::string_view> const& test_texts, ridge_options = {});

/// All three on the test rows: "mean", "median", "tf-idf ridge".
std::vector<baseline> baselines(std::vector<std::string_view> const& train_texts, scores const& train, std::vector<std::string_view> const& test_texts, scores const& test);

} // namespace distill
