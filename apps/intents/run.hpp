/// What the program does: makes a data set, checks one, joins several, cuts one into train, validation and test.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include <penstock/run/main.hpp>
#include <penstock/run/model_flags.hpp>

namespace intents {

struct choices {
    std::uint64_t examples_per_intent = 1000, edge_cases = 2000, seed = 42, batch_size = 10;
    std::string output = "training_data.json";
    bool yes = false;
    double input_price = 0.15, output_price = 0.60;         ///< US dollars a million tokens: gpt-4o-mini's, April 2026 (pecollective.com/tools/gpt-4o-mini-pricing, second-hand)
    penstock::run::model_flags model = {.temperature = 0.8};
    std::string tokenizer = {};                             ///< counts what requests cost; empty: estimated
};
/// Writes the data set, <output>.validation_report.txt, and data_generation.log beside it.
penstock::exit_code make(choices const& c, penstock::run::job& job);
/// Prints the report; fatal(input) where the file cannot be read, exit code 3 where it has errors.
penstock::exit_code check(std::string const& path);
/// One file of several: a text that is equal or near to an earlier one is left out and counted.
penstock::exit_code combine(std::vector<std::string> const& paths, std::string const& output);
/// <name>.train.json, .validation.json and .test.json in the folder, or beside the file if it is empty: shares by intent as near as frames and near-duplicates, which never stand on two sides, allow.
/// Rows made of frames of different sides are in none of them, and counted.
penstock::exit_code split(std::string const& path, std::string const& folder, double validation, double test, std::uint64_t seed);

} // namespace intents
