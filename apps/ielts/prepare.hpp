/// A whole run: from the input file to train.jsonl, validation.jsonl, rejects.jsonl and metadata.json, and what it tells the user.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <penstock/core/fatal.hpp>
#include <penstock/run/model_flags.hpp>
#include "manner.hpp"

namespace penstock::run { struct job; }

namespace ielts {

/// How to go on without a key, as the error line says it.
constexpr std::string_view without_model(penstock::run::provider p) {
    return p == penstock::run::provider::azure ? "--disable-azure writes without a model" : "--provider offline writes without a model";
}

/// What --help lists; the flags stand in main.cpp.
struct choices {
    std::string input;
    std::string output_dir = "./finetuning_data";
    std::string dataset = "chillies/IELTS-writing-task-2-evaluation", dataset_split = "train";
    std::optional<std::uint64_t> num_samples;
    double validation_ratio = 0.2;
    std::uint64_t seed = 42;
    unsigned batch_size = 10;               ///< requests in flight
    low_band low = low_band::three_and_a_half;
    response form = response::full;
    std::string training_model, prices;
    penstock::run::model_flags model;
    unsigned preview = 0;
    std::string tokenizer = {};             ///< empty: tokens are estimated
};

/// Errors as fatal: input (3), output (4). Stopped: leaves .partial files and returns incomplete.
penstock::exit_code prepare(choices const& c, penstock::run::job& job);

/// --preview: rows through the whole recipe, and what was asked and answered on the terminal. Their replies are in the journal: the whole run pays for none of them again.
penstock::exit_code preview(choices const& c, penstock::run::job& job);

/// The seed's demonstration: three essays of ours through the same recipe, to standard output.
penstock::exit_code demonstrate(response form);

} // namespace ielts
