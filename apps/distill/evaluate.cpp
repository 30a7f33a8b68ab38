// distill evaluate: test.jsonl against what the model says, beside what would be reached without one, and the verdict.
#include <cstdio>
#include <filesystem>
#include <optional>
#include <penstock/io/atomic_file.hpp>
#include <penstock/io/input.hpp>
#include <penstock/record/json.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/printable.hpp>
#include "baselines.hpp"
#include "commands.hpp"
#include "learning.hpp"
#include "place.hpp"
#include "training.hpp"

namespace distill {
namespace {

using penstock::exit_code;
using penstock::fatal;
namespace run = penstock::run;
namespace train = penstock::train;
namespace io = penstock::io;

struct options {
    std::string filter, data_dir, output_dir;
    std::optional<unsigned> max_length = {};
    distill::device device = device::automatic;
    static constexpr run::option flags[] = {
        {.member = "filter", .help = "the filter: a folder with config.yaml", .value = "DIR", .required = true},
        {.member = "data_dir", .help = "what distill prepare wrote: train.jsonl and test.jsonl", .value = "DIR", .required = true},
        {.member = "output_dir", .help = "where distill train wrote model/, and where the two reports go; the filter's folder if empty", .value = "DIR"},
        {.member = "max_length", .help = "tokens of an article; as many as distill train had, by its training_metadata.json", .absent = "default", .at_least = 1},
        {.member = "device", .help = "automatic: cuda where it is built in and present"},
    };
};

scores labels_of(std::vector<training_row> const& rows, std::size_t dimensions) {
    scores s{.dimensions = dimensions};
    for (auto const& r : rows) s.add(r.labels);
    return s;
}

struct trained { unsigned max_length = 0; };
std::string whole(std::string const& path, std::stop_token stop) {
    std::string text;
    auto in = io::input(path, std::move(stop));
    char piece[4096];
    while (auto const n = in.read(piece, sizeof piece)) text.append(piece, n);
    return text;
}

exit_code work(options const& o, run::job& job) {
    auto const on = place_of(o.device);
    auto const of = read_filter(o.filter);
    auto const beside = std::filesystem::is_directory(o.filter) ? std::filesystem::path(o.filter) : std::filesystem::path(o.filter).parent_path();
    run::output_directory const folder(!o.output_dir.empty() ? o.output_dir : beside.empty() ? "." : beside.string());
    auto const model_folder = folder / "model";
    auto const config = train::read_config(model_folder);
    std::vector<std::string> names, tiers, train_texts, test_texts;
    for (auto const& d : of.dimensions) names.push_back(d.name);
    for (auto const& t : of.tiers) tiers.push_back(t.name);
    if (config.labels != names) throw fatal(exit_code::input, model_folder + ": its dimensions are not those of the filter " + of.name);

    auto const train_rows = read_rows(o.data_dir + "/train.jsonl", of, job.stop.get_token()), test_rows = read_rows(o.data_dir + "/test.jsonl", of, job.stop.get_token());
    if (job.stopped()) return exit_code::interrupted;
    unsigned trained_at = 512;
    if (auto const about = folder / "training_metadata.json"; !o.max_length && std::filesystem::exists(about)) {
        auto const before = penstock::json::decode<trained>(whole(about, job.stop.get_token()));
        if (!before) throw fatal(exit_code::input, about + ": " + before.error().what());
        trained_at = before->max_length;
    }
    auto const longest = std::min(o.max_length.value_or(trained_at), config.max_position_embeddings);
    auto const model = train::trainer::make(config, {.precision = config.stored_type == "bfloat16" ? train::precision::bf16 : train::precision::f32, .place = on.where, .device_index = on.index, .tokens = std::max<std::int64_t>(4096, longest), .longest = longest, .learns = false});
    if (auto const missing = model->load(train::safetensors::open(model_folder)); !missing.empty()) throw fatal(exit_code::input, model_folder + ": lacks " + missing.front());
    auto const samples = as_samples(test_rows, train::tokenizer::open(model_folder), longest, config);
    scores predicted{.dimensions = names.size()};
    for (float x : score_all(*model, pointers(samples), names.size())) predicted.values.push_back(static_cast<double>(x));

    auto const labels = labels_of(test_rows, names.size());
    for (auto const& r : train_rows) train_texts.push_back(article_text(r.title, r.content));
    for (auto const& r : test_rows) test_texts.push_back(article_text(r.title, r.content));
    evaluation e{.filter_name = of.name, .filter_version = of.version, .model = model_folder, .dimensions = names, .tiers = tiers, .test = measure(predicted, labels), .confusion = tier_confusion(of, predicted, labels), .verdict = {}};
    e.baselines = baselines({train_texts.begin(), train_texts.end()}, labels_of(train_rows, names.size()), {test_texts.begin(), test_texts.end()}, labels);
    if (auto const history = folder / "training_history.json"; std::filesystem::exists(history)) {
        e.history = parse_history(whole(history, job.stop.get_token()), names, history);
    }
    e.verdict = judge(e.test, names, e.history);

    for (auto const& [name, text] : {std::pair("test_evaluation.json", evaluation_json(e)), std::pair("model_evaluation.md", evaluation_markdown(e))}) {
        io::atomic_file f(folder / name);
        f.write(text);
        f.commit();
    }
    job.finished = true;
    std::printf("Test MAE %.4f, RMSE %.4f, Spearman %.3f on %llu articles, computed on %s\n", e.test.mae, e.test.rmse, e.test.spearman, static_cast<unsigned long long>(e.test.examples), penstock::printable(on.name).c_str());
    for (auto const& b : e.baselines) std::printf("  %-14s MAE %.4f\n", b.name.c_str(), b.of.mae);
    std::printf("%s\n", std::string(name(e.verdict.what)).c_str());
    for (auto const& r : e.verdict.reasons) std::printf("  %s\n", r.c_str());
    std::printf("Wrote test_evaluation.json and model_evaluation.md to %s\n", penstock::printable(folder.path()).c_str());
    return exit_code::complete;
}

} // namespace

std::unique_ptr<run::command_base> evaluate() { return run::command<options>("evaluate", "a trained model on test.jsonl: errors, ranks, tiers, baselines, and whether to deploy it", work); }

} // namespace distill
