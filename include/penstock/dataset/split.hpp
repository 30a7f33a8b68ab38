/// Train and validation, or train, validation and test: seeded, stratified, and rows that share anything (the same essay, the same prompt) always on one side. Each component of such rows is
/// ranked by a hash of its smallest key, so the result depends on the set of rows alone: not on their order, nor on how shards were cut and merged.
#pragma once
#include <penstock/dataset/fingerprint.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace penstock::dataset {

enum class side : std::uint8_t { train, validation, test };      ///< split() gives the first two, split_in_three() all

struct split_row {
    std::uint64_t position = 0;             ///< identifies a row that has no keys; of no influence otherwise
    std::string stratum = {};               ///< "6.5": each gets its share of both sides, as near as the components allow
    std::vector<fingerprint> keys = {};     ///< rows that share one are never on two sides
};

struct split_options {
    double ratio = 0.2;                     ///< share of validation, 0 to 1; 0: all train
    std::uint64_t seed = 42;
};

struct stratum_share {
    std::string name;
    std::uint64_t rows = 0, validation = 0;
    std::uint64_t wanted = 0;               ///< validation rows without grouping: largest remainders of ratio x rows
};

struct split_result {
    std::vector<side> sides;                ///< of each row, in the order they were given
    std::vector<stratum_share> strata;      ///< by name
    std::uint64_t validation = 0;
    std::uint64_t wanted = 0;               ///< validation rows without grouping
    std::uint64_t components = 0;           ///< sets of rows that hang together; rows alone count as one each
    std::uint64_t grouped = 0;              ///< rows in components of two and more
    std::uint64_t largest = 0;              ///< rows of the largest component

    /// What grouping cost: rows that are on the other side than the strata's shares ask for, |validation - wanted| over all strata.
    std::uint64_t cost() const;
    /// A table for people: stratum, rows, share of train, share of validation, what was wanted.
    std::string text() const;
};

/// 1. Rows that share a key form a component (union-find). 2. A component's rank is mix(mix(mix(seed) ^ high) ^ low) of its smallest key, mix = splitmix64;
/// ties by the key itself. 3. In rank order a component goes to validation where that brings the strata's validation rows nearer to what is wanted (sum of absolute
/// differences). 4. In rank order again, a component changes sides where that does; until none does. fatal(usage) if ratio is not within 0 and 1.
split_result split(std::span<split_row const> rows, split_options = {});

/// Train, validation and test: split() draws the test rows from all, and then, with the next seed, the validation rows from what is left. The laws of split() hold for each.
struct three_way_options {
    double validation = 0.1, test = 0.1;    ///< shares of all rows; together at most 1
    std::uint64_t seed = 42;
};
struct three_way_result {
    std::vector<side> sides;                ///< of each row, in the order they were given
    split_result test;                      ///< its `validation` is the test set
    split_result validation;                ///< of the rows that are not in the test set, in their order
    std::uint64_t count(side s) const;
};
three_way_result split_in_three(std::span<split_row const> rows, three_way_options = {});

} // namespace penstock::dataset
