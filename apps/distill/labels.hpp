// A labelled article as an oracle left it: the scores under "NAME_analysis", as numbers, under "dimensions", or as {"score", "reasoning"}.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>
#include <penstock/core/result.hpp>
#include <penstock/record/json_raw.hpp>
#include "filter.hpp"

namespace distill {

using object = std::map<std::string, penstock::json::raw>;

struct article {
    std::string id, title, content;
    std::vector<double> labels;                     // in the order of the filter's dimensions
    std::vector<std::string> said_to_be;            // its content type and the flags that were raised
};

/// From rows to articles. It remembers what it saw, so that a dimension which no row has is told from one that a row lacks.
class label_reader {
    filter const& of_;
    std::string analysis_;                          // the member that holds the scores
    std::vector<std::string> key_of_;               // of each dimension
    std::vector<std::uint64_t> seen_;
    std::set<std::string> label_keys_ = {}, analyses_ = {};
    std::uint64_t rows_ = 0, analysed_ = 0, without_id_ = 0;
    penstock::result<double> score(object const& scores, std::string const& key) const;
public:
    /// mapped: DIMENSION=LABEL each. fatal(usage) where one is not, or names no dimension.
    label_reader(filter const& of, std::vector<std::string> const& mapped, std::string analysis);
    penstock::result<article> read(object const& row);
    /// fatal(input) where no row has the analysis, or some dimension: with the nearest name that the rows have.
    void check() const;
    std::uint64_t without_id() const { return without_id_; }
};

} // namespace distill
