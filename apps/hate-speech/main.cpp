// hate-speech: a fine-tuning set from posts that are labelled as hate speech or not.
#include <string>
#include <vector>
#include <penstock/run/main.hpp>
#include "baseline.hpp"
#include "counting.hpp"
#include "generate.hpp"

namespace {

using penstock::exit_code;
namespace run = penstock::run;

struct options {
    bool generate_data = false;
    std::string unified_dir = hate::choices{}.unified_dir, data_output_dir = hate::choices{}.data_output_dir;
    bool include_test = false, simple_only = false;
    std::string prompt_template = hate::choices{}.prompt_template, strategy = hate::choices{}.strategy;
    bool align_labels = false, drop_duplicates = false;
    hate::reasoning reasoning = hate::reasoning::given;
    std::uint64_t max_tokens = hate::choices{}.max_tokens;
    std::string tokenizer;

    static constexpr run::option flags[] = {
        {.member = "generate_data", .help = "what this program does; it may be left out"},
        {.member = "unified_dir", .help = "where unified_train.json, unified_val.json and unified_test.json are", .value = "DIR"},
        {.member = "data_output_dir", .help = "where the files go", .value = "DIR"},
        {.member = "include_test", .help = "also test.jsonl"},
        {.member = "simple_only", .help = "without the optimized form"},
        {.member = "prompt_template", .help = "strategies of prompts, JSON; the default comes with the program", .value = "FILE"},
        {.member = "strategy", .help = "which of them", .value = "NAME"},
        {.member = "align_labels", .help = "the prompt gets the labels and keys of the answers"},
        {.member = "drop_duplicates", .help = "of equal texts the first stays, none where the labels differ, and none that is in a later part"},
        {.member = "reasoning", .help = "what the answer says where the data gives no rationale: null, or a placeholder"},
        {.member = "max_tokens", .help = "rows of more tokens are counted and named; 0: no limit"},
        tool::tokenizer_flag,
    };
};

exit_code generate(options const& o, run::job& job) {
    return hate::generate({.unified_dir = o.unified_dir, .data_output_dir = o.data_output_dir, .include_test = o.include_test, .simple_only = o.simple_only,
                           .prompt_template = o.prompt_template, .strategy = o.strategy, .align_labels = o.align_labels, .drop_duplicates = o.drop_duplicates,
                           .reasoning = o.reasoning, .max_tokens = o.max_tokens, .tokenizer = o.tokenizer}, job);
}

struct baseline_options {
    std::vector<std::string> strategy;
    std::string prompt_template = hate::choices{}.prompt_template;
    std::string input, split, unified_dir = hate::choices{}.unified_dir, output_dir = hate::baseline_choices{}.output_dir;
    unsigned batch_size = hate::baseline_choices{}.in_flight;
    run::model_flags model = {.temperature = 0.1};

    static constexpr run::option flags[] = {
        {.member = "strategy", .help = "a strategy of the template, or simple: the simple form's prompt; given several times, they are compared", .value = "NAME", .required = true},
        {.member = "prompt_template", .help = "strategies of prompts, JSON; the default comes with the program", .value = "FILE"},
        {.member = "input", .help = "labelled posts; unified_test.json in the unified directory if empty", .value = "FILE"},
        {.member = "split", .help = "only rows of this split; all if empty", .value = "NAME"},
        {.member = "unified_dir", .help = "where the files are; offline answers learn from unified_train.json there", .value = "DIR"},
        {.member = "output_dir", .help = "where predictions and the report go", .value = "DIR"},
        {.member = "batch_size", .help = "requests in flight", .at_least = 1, .at_most = 100000},
    };
};

exit_code baseline(baseline_options const& o, run::job& job) {
    return hate::baseline({.strategies = o.strategy, .prompt_template = o.prompt_template, .input = o.input, .split = o.split, .unified_dir = o.unified_dir, .output_dir = o.output_dir,
                           .in_flight = o.batch_size, .model = o.model}, job);
}

} // namespace

int main(int argc, char** argv) {
    return run::main(argc, argv,
        {.name = "hate-speech", .about = "Makes a fine-tuning set of labelled posts, and measures how well prompts do on them.",
         .more = "Example: hate-speech --unified-dir data/unified --data-output-dir prepared --include-test\n         hate-speech baseline --strategy combined_optimized --strategy simple --unified-dir data/unified --provider openai\n"},
        run::command<options>("", "", generate),
        run::command<baseline_options>("baseline", "asks a model, by one strategy or several, and compares its answers with the labels", baseline));
}
