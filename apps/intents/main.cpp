// intents: examples of what people want from an assistant, for training a classifier.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>
#include <penstock/run/log.hpp>
#include <penstock/run/main.hpp>
#include "counting.hpp"
#include "run.hpp"

namespace {

using penstock::exit_code;
using penstock::fatal;
namespace run = penstock::run;

struct options {
    std::uint64_t examples_per_intent = intents::choices{}.examples_per_intent, edge_cases = intents::choices{}.edge_cases;
    std::string output = intents::choices{}.output;
    bool use_openai = false;
    run::secret api_key;
    std::uint64_t batch_size = intents::choices{}.batch_size;
    bool test = false, yes = false;
    std::string validate_only;
    std::uint64_t seed = intents::choices{}.seed;
    std::string log_level;
    double input_price = intents::choices{}.input_price, output_price = intents::choices{}.output_price;
    run::model_flags model = intents::choices{}.model;
    std::string tokenizer;

    static constexpr run::option flags[] = {
        {.member = "examples_per_intent", .help = "rows of each of the ten intents", .at_most = 1e6},
        {.member = "edge_cases", .help = "rows that are hard to read: mixed, vague, misspelt, very short or long, in other languages, full of feelings", .at_most = 1e6},
        {.member = "output", .help = "the data set; its report and data_generation.log go beside it", .value = "FILE"},
        {.member = "use_openai", .help = "a model writes the intents' rows: --provider openai"},
        {.member = "api_key", .help = "better in OPENAI_API_KEY; @FILE reads it from a file", .value = "KEY"},
        {.member = "batch_size", .help = "texts that a model is asked for at a time", .at_least = 1, .at_most = 50},
        {.member = "test", .help = "a small set: ten rows of each intent and twelve edge cases"},
        {.member = "yes", .help = "sends the requests without asking whether their cost is all right"},
        {.member = "validate_only", .help = "checks this data set and makes none; exit code 3 if it has errors", .value = "FILE"},
        {.member = "seed", .help = "the same seed gives the same bytes"},
        {.member = "log_level", .help = "what is told on the way and in the log: DEBUG, INFO, WARNING, ERROR; LOG_LEVEL if empty", .value = "LEVEL"},
        {.member = "input_price", .help = "US dollars a million input tokens of the model, for the estimate", .at_least = 0},
        {.member = "output_price", .help = "the same of output tokens", .at_least = 0},
        tool::tokenizer_flag,
    };
};

exit_code make(options const& o, run::job& job) {
    if (!o.log_level.empty()) {
        auto const level = run::log::level_of(o.log_level);
        if (!level) throw fatal(exit_code::usage, "--log-level: '" + o.log_level + "' is not DEBUG, INFO, WARNING or ERROR");
        run::log::set(*level);
    }
    options const as_they_are;
    auto const alone = [](bool given, char const* flag, char const* why) { if (given) throw fatal(exit_code::usage, std::string(flag) + ": " + why); };
    if (!o.validate_only.empty()) {
        for (auto const& [given, flag] : {std::pair{o.use_openai || o.model.provider != as_they_are.model.provider, "a model"}, {o.test, "--test"}, {o.output != as_they_are.output, "--output"},
                                          {o.examples_per_intent != as_they_are.examples_per_intent, "--examples-per-intent"}, {o.edge_cases != as_they_are.edge_cases, "--edge-cases"}, {o.seed != as_they_are.seed, "--seed"}})
            alone(given, flag, "--validate-only makes no data set");
        return intents::check(o.validate_only);
    }
    if (!o.use_openai && o.model.provider == run::provider::offline)
        for (auto const& [given, flag] : {std::pair{!o.api_key.empty(), "--api-key"}, {o.model.replay, "--replay"}, {o.model.finish_partial, "--finish-partial"}, {o.model.retry_rejected, "--retry-rejected"},
                                          {!o.model.model.empty(), "--model"}, {!o.model.base_url.empty(), "--base-url"}, {!o.model.journal.empty(), "--journal"}, {!o.tokenizer.empty(), "--tokenizer"}})
            alone(given, flag, "no model is asked; --provider says which one");
    alone(o.test && (o.examples_per_intent != as_they_are.examples_per_intent || o.edge_cases != as_they_are.edge_cases), "--test", "the size of the set is its own: leave out --examples-per-intent and --edge-cases");
    intents::choices c{.examples_per_intent = o.examples_per_intent, .edge_cases = o.edge_cases, .seed = o.seed, .batch_size = o.batch_size, .output = o.output, .yes = o.yes,
                       .input_price = o.input_price, .output_price = o.output_price, .model = o.model, .tokenizer = o.tokenizer};
    if (o.test) { c.examples_per_intent = 10; c.edge_cases = 12; }
    if (o.use_openai && c.model.provider == run::provider::offline) c.model.provider = run::provider::openai;
    if (!o.api_key.empty()) c.model.openai_api_key = o.api_key;
    if (c.examples_per_intent == 0 && c.edge_cases == 0) throw fatal(exit_code::usage, "--examples-per-intent 0 and --edge-cases 0 leave nothing to write");
    return intents::make(c, job);
}

struct combine_options {
    std::vector<std::string> files;
    std::string output = "combined.json";
    static constexpr run::option flags[] = {
        {.member = "files", .help = "data sets; of texts that are equal or near the first is kept", .value = "FILE", .required = true, .positional = true},
        {.member = "output", .help = "the data set of all", .value = "FILE"},
    };
};
struct split_options {
    std::string file, output_dir;
    double validation = 0.1, test = 0.1;
    std::uint64_t seed = 42;
    static constexpr run::option flags[] = {
        {.member = "file", .help = "the data set", .value = "FILE", .required = true, .positional = true},
        {.member = "output_dir", .help = "where the three files go; beside the data set if empty", .value = "DIR"},
        {.member = "validation", .help = "share of rows", .value = "RATIO", .at_least = 0, .at_most = 1},
        {.member = "test", .help = "share of rows", .value = "RATIO", .at_least = 0, .at_most = 1},
        {.member = "seed", .help = "of the split"},
    };
};

} // namespace

int main(int argc, char** argv) {
    return run::main(argc, argv,
        {.name = "intents", .about = "Makes a data set of what people want from an assistant: ten intents, five audiences, three complexities, six kinds of edge cases.",
         .more = "Example: intents                                  12,000 rows from the built-in grammar, in seconds, without a key\n"
                 "         intents --use-openai --yes               the intents' rows by a model   (OPENAI_API_KEY)\n"
                 "         intents --validate-only FILE\n"
                 "         intents combine a.json b.json --output all.json\n"
                 "         intents split training_data.json\n"},
        run::command<options>("", "", make),
        run::command<combine_options>("combine", "joins data sets; texts that are equal or near are kept once", [](combine_options const& o, run::job&) { return intents::combine(o.files, o.output); }),
        run::command<split_options>("split", "train, validation and test, frames and near-duplicates never on two sides", [](split_options const& o, run::job&) {
            if (o.validation + o.test >= 1) throw fatal(exit_code::usage, "--validation and --test leave nothing to train on: together they must be less than 1");
            return intents::split(o.file, o.output_dir, o.validation, o.test, o.seed);
        }));
}
