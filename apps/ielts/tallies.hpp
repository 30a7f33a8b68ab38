/// What a run counts beside its ledger: how bands were stated, and which rows rest on a rule. Written to metadata.json as it stands here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include <penstock/core/position.hpp>
#include "recipe.hpp"

namespace ielts {

struct tallies {
    struct band_counts {
        std::uint64_t numbers = 0;          ///< rows whose band is a number
        std::uint64_t low = 0;              ///< rows whose band is "<4"
    };
    struct by_rule {
        std::uint64_t row = 0;              ///< of the input, from 1
        std::vector<std::string> criteria;
    };
    struct criterion_counts {
        std::uint64_t rows_with_all = 0;    ///< all four stated in the evaluation
        std::uint64_t rows_with_numbers = 0;///< all four stated as numbers
        std::uint64_t low = 0;              ///< criteria stated as "<4"
        std::uint64_t by_rule = 0;          ///< criteria not stated: they got the essay's band
        std::vector<ielts::tallies::by_rule> rows_by_rule;
    };
    struct far {
        std::uint64_t row = 0;              ///< of the input, from 1
        double overall = 0, mean = 0;
    };
    struct disagreement {
        std::uint64_t rows = 0;             ///< where the essay's band and the mean of its criteria are at least 1 apart
        std::vector<far> listed;
    };
    struct written_by {
        std::uint64_t model = 0, offline = 0;
        std::uint64_t fallback = 0;         ///< by the offline writer although a model was to be asked
        std::uint64_t mapped_error_types = 0;   ///< a model's own words for an error, put into the five types
        std::uint64_t repeated_quotes = 0;      ///< dropped
    };
    band_counts bands;
    criterion_counts criteria;
    disagreement far_apart;
    written_by criteria_written;            ///< four a row

    void add(penstock::position const& where, example const& e);
};

} // namespace ielts
