// The training set: labelled articles divided into train, val and test, and the files of it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>
#include <penstock/dataset/split.hpp>
#include "filter.hpp"
#include "labels.hpp"

namespace distill {

/// One line of train.jsonl, val.jsonl and test.jsonl.
struct training_row {
    std::string id, title, content;
    std::vector<double> labels;
    std::vector<std::string> dimension_names;
};

struct duplicates {
    std::uint64_t equal_groups = 0;                 // contents that stand there twice and more, after folding
    std::uint64_t equal_rows = 0;                   // rows in them
    std::uint64_t conflicting_groups = 0;           // of them: groups whose labels differ
    std::uint64_t near_groups = 0, near_rows = 0;   // the same with near-equal contents: equal ones are in them too
    std::uint64_t ids_twice = 0;                    // rows whose id stood there before
};

struct division {
    std::vector<std::string> tiers;                 // of each row
    penstock::dataset::three_way_result parts;
    duplicates same;
};

struct division_options {
    double validation = 0.1, test = 0.1;
    std::uint64_t seed = 42;
    double near = 0.8;                              // Jaccard index of character 5-grams from which contents are near-equal; above 1: only equal ones count
};

/// Stratified by tier; contents that are equal or near-equal, also through others, on one side. No label is changed and no row left out: two copies of an article with
/// different labels stay as they are, side by side, and training sees the mean of the two.
division divide(filter const& f, std::vector<article> const& articles, division_options o);

} // namespace distill
