/// What a finished run says on standard output.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <penstock/core/ledger.hpp>
#include <penstock/dataset/cost.hpp>
#include <penstock/dataset/lint.hpp>
#include <penstock/dataset/split.hpp>
#include "tallies.hpp"

namespace ielts {

struct facts {
    penstock::ledger::rows rows;
    tallies const& counted;
    penstock::dataset::split_result const& parts;
    low_band low;
    penstock::dataset::lint_report const& files;
    penstock::dataset::cost_estimate const& cost;
    std::string_view folder;
    std::uint64_t rejects = 0;
    std::string_view example;       ///< one of them for people
    std::string_view check;         ///< the command that checks the files again
    std::string_view model;         ///< lines about what was asked; may be empty
};
std::string summary(facts const& f);

} // namespace ielts
