/// A whole run: from unified_{train,val,test}.json to the two forms of each part, with what was left out and what a trainer should know.
#pragma once
#include <cstdint>
#include <string>
#include <penstock/core/fatal.hpp>
#include "posts.hpp"

namespace penstock::run { struct job; }

namespace hate {

/// What --help lists; the flags stand in main.cpp. Defaults are the seed's.
struct choices {
    std::string unified_dir = "./data/processed/unified", data_output_dir = "./finetuning/data/prepared";
    bool include_test = false, simple_only = false;
    std::string prompt_template = "combined/combined_gptoss_v1.json", strategy = "combined_optimized";
    bool align_labels = false, drop_duplicates = false;
    hate::reasoning reasoning = hate::reasoning::given;
    std::uint64_t max_tokens = 512;
    std::string tokenizer = {};             ///< empty: tokens are estimated
};
penstock::exit_code generate(choices const& c, penstock::run::job& job);

} // namespace hate
