// ielts: a fine-tuning set from graded IELTS essays.
#include <cstdint>
#include <optional>
#include <string>
#include <penstock/run/main.hpp>
#include "counting.hpp"
#include "prepare.hpp"

namespace {

using penstock::exit_code;
using penstock::fatal;
namespace run = penstock::run;

struct options {
    std::string input;
    std::string output_dir = ielts::choices{}.output_dir;
    std::string dataset = ielts::choices{}.dataset;
    std::string dataset_split = ielts::choices{}.dataset_split;
    std::optional<std::uint64_t> num_samples;
    double validation_ratio = ielts::choices{}.validation_ratio;
    unsigned batch_size = ielts::choices{}.batch_size;
    std::uint64_t seed = ielts::choices{}.seed;
    bool disable_azure = false;
    std::string low_band = "3.5";
    ielts::response response = ielts::response::full;
    std::string training_model = "gpt-4o-mini";
    std::string prices;
    unsigned preview = 0;
    std::string tokenizer;
    std::string azure_openai_deployment_scorer;
    run::model_flags model = {.provider = run::provider::azure};

    static constexpr run::option flags[] = {
        {.member = "input", .help = "rows with prompt, essay, evaluation, band: CSV, JSONL or a JSON array, .gz and .zst too; - is standard input", .value = "FILE"},
        {.member = "output_dir", .help = "where the files go", .value = "DIR"},
        {.member = "dataset", .help = "data set on the Hugging Face hub, when there is no --input", .value = "NAME"},
        {.member = "dataset_split", .help = "which split of it", .value = "NAME"},
        {.member = "num_samples", .help = "how many rows, drawn with the seed", .absent = "all", .at_least = 1},
        {.member = "validation_ratio", .help = "share of rows for validation, less than 1; 0: no validation file", .value = "RATIO", .at_least = 0, .at_most = 1},
        {.member = "batch_size", .help = "requests in flight", .at_least = 1, .at_most = 100000},
        {.member = "seed", .help = "of the sample and the split"},
        {.member = "disable_azure", .help = "evidence, errors and suggestions by the offline writer instead of a model"},
        {.member = "low_band", .help = "what a band of \"<4\" becomes: that number, or a reject", .choices = "3.5|reject"},
        {.member = "response", .help = "full: the whole of score_response.v1.json; compact: per_criterion and overall"},
        {.member = "training_model", .help = "the model whose training price the cost estimate takes", .value = "MODEL"},
        {.member = "prices", .help = "prices as a JSON file instead of the built-in table", .value = "FILE"},
        {.member = "preview", .help = "so many rows, drawn with the seed: prompts, replies and verdicts on the terminal, no files; 0: the whole run"},
        tool::tokenizer_flag,
        {.member = "azure_openai_deployment_scorer", .help = "the deployment, before AZURE_OPENAI_DEPLOYMENT", .value = "NAME", .env = "AZURE_OPENAI_DEPLOYMENT_SCORER"},
    };
};

exit_code prepare(options const& o, run::job& job) {
    if (o.input.empty())
        throw fatal(exit_code::usage, "reading " + o.dataset + " from the hub is not built in yet: give its rows with --input FILE (CSV, JSONL or JSON)");
    if (o.validation_ratio >= 1) throw fatal(exit_code::usage, "--validation-ratio 1 leaves no row to train on: give less than 1");
    ielts::choices chosen{
        .input = o.input, .output_dir = o.output_dir, .dataset = o.dataset, .dataset_split = o.dataset_split, .num_samples = o.num_samples,
        .validation_ratio = o.validation_ratio, .seed = o.seed, .batch_size = o.batch_size,
        .low = o.low_band == "reject" ? ielts::low_band::reject : ielts::low_band::three_and_a_half,
        .form = o.response, .training_model = o.training_model, .prices = o.prices,
        .model = o.model, .preview = o.preview, .tokenizer = o.tokenizer,
    };
    if (o.disable_azure && o.model.provider == run::provider::azure) chosen.model.provider = run::provider::offline;
    if (!o.azure_openai_deployment_scorer.empty()) chosen.model.azure_openai_deployment = o.azure_openai_deployment_scorer;
    return o.preview ? ielts::preview(chosen, job) : ielts::prepare(chosen, job);
}

struct demo_options {
    ielts::response response = ielts::response::full;
    static constexpr run::option flags[] = {{.member = "response", .help = "full or compact, as in a run"}};
};

} // namespace

int main(int argc, char** argv) {
    return run::main(argc, argv,
        {.name = "ielts", .about = "Makes a fine-tuning set of graded IELTS essays.",
         .more = "Example: ielts --input essays.csv --disable-azure --output-dir finetuning_data\n         ielts --input essays.csv --provider openai --model gpt-4o-mini   (OPENAI_API_KEY)\nLOG_LEVEL (debug, info, warning, error) says how much is told on the way.\n"},
        run::command<options>("", "", prepare),
        run::command<demo_options>("demo", "three built-in essays through the recipe, shown on the terminal", [](demo_options const& o, run::job&) { return ielts::demonstrate(o.response); }));
}
