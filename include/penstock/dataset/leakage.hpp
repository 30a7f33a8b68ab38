/// Texts of one file that stand in another: a validation score on them measures memory. Equal texts after folding (fold.hpp) by fingerprint, and near-duplicates
/// (text/minhash.hpp) compared exactly. One pass over each file, the one that the others must not repeat first; keeps the folded texts and about 0.8 KB for each.
#pragma once
#include <penstock/dataset/fingerprint.hpp>
#include <penstock/text/minhash.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penstock::dataset {

struct leakage_options {
    near_options near = {};
    bool near_duplicates = true;            ///< false: equal texts alone
    unsigned shown = 20;                    ///< leaks kept of each pair of files; counts are whole
};

/// A row that says what a row of an earlier file says; rows count from 1.
struct leak {
    std::size_t file = 0, of_file = 0;
    std::uint64_t row = 0, of_row = 0;
    double jaccard = 1;                     ///< 1 and `exact`: equal after folding
    bool exact = false;
};

class leakage {
    struct place { std::size_t file; std::uint64_t row; };
    struct source { std::string name; std::uint64_t rows = 0; near_index index; std::vector<std::uint64_t> numbers = {}; };
    leakage_options options_;
    std::vector<source> files_ = {};
    std::unordered_map<fingerprint, std::vector<place>> seen_ = {};    // the first row of each file
public:
    /// Of a file and an earlier one.
    struct pair { std::size_t file, of_file; std::uint64_t exact = 0, near = 0; };
private:
    std::vector<pair> pairs_ = {};
    std::vector<leak> leaks_ = {};
public:
    explicit leakage(leakage_options options = {}) : options_(options) {}

    /// What is added from now on is of this file.
    void begin(std::string name);
    /// The next row of the file. A text without letters or digits leaks nothing: "?" is in every file.
    void add(std::string_view text) { add(text, files_.back().rows + 1); }
    void add(std::string_view text, std::uint64_t row);

    std::vector<pair> const& pairs() const { return pairs_; }       ///< every pair of files, by file and earlier file
    std::vector<leak> const& leaks() const { return leaks_; }       ///< in the order in which they came; at most `shown` a pair
    std::uint64_t total() const;
    /// A line for each pair, and one for each leak that was kept.
    std::string text() const;
};

} // namespace penstock::dataset
