/// metadata.json: the original's fields, then what was counted.
#pragma once
#include <string_view>
#include <penstock/dataset/cost.hpp>
#include <penstock/dataset/lint.hpp>
#include <penstock/dataset/split.hpp>
#include <penstock/run/metadata.hpp>
#include "tallies.hpp"

namespace ielts {

struct choices;

/// linted: train.jsonl, and validation.jsonl if there is one.
void describe(penstock::run::metadata& to, std::string_view source, choices const& c, penstock::dataset::split_result const& parts, penstock::dataset::lint_report const& linted,
              penstock::dataset::cost_estimate const& cost, tallies const& counted);

} // namespace ielts
