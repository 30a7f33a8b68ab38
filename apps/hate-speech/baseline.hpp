/// baseline: what a prompt gets right before anything is trained. Replies are held to the targets' form, so a strategy that asks for another one is aligned first.
#pragma once
#include <string>
#include <vector>
#include <penstock/core/fatal.hpp>
#include <penstock/run/model_flags.hpp>

namespace penstock::run { struct job; }

namespace hate {

struct baseline_choices {
    std::vector<std::string> strategies = {};
    std::string prompt_template = {}, input = {}, split = {}, unified_dir = {}, output_dir = "./baseline";
    unsigned in_flight = 10;
    penstock::run::model_flags model = {};
};
/// predictions_STRATEGY.jsonl (predictions_offline.jsonl where no model is asked: no strategy makes a difference), rejects.jsonl, metadata.json and journal/ in the output directory; a table on standard output.
penstock::exit_code baseline(baseline_choices const& c, penstock::run::job& job);

} // namespace hate
