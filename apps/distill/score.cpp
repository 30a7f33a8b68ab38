// distill score: what a deployed filter does. Articles in, a row of scores out for each, in their order.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <penstock/io/jsonl.hpp>
#include <penstock/record/json_text.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/run/printable.hpp>
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

struct options {
    std::string model, adapter = {}, input, output;
    number dtype = number::float32;
    unsigned max_length = 512;
    distill::device device = device::automatic;
    static constexpr run::option flags[] = {
        {.member = "model", .help = "a model that distill train wrote: its folder", .value = "DIR", .required = true},
        {.member = "adapter", .help = "LoRA over it, as PEFT and distill train write it: its folder", .value = "DIR"},
        {.member = "input", .help = "articles with id, title and content, one JSON object a line; - is standard input", .value = "FILE", .required = true},
        {.member = "output", .help = "one row out a row in, in order; - is standard output", .value = "FILE", .required = true},
        {.member = "dtype", .help = "what weights and activations are kept in"},
        {.member = "max_length", .help = "tokens of an article", .at_least = 1},
        {.member = "device", .help = "automatic: cuda where it is built in and present"},
    };
};
struct article_in { penstock::json::raw id; std::optional<std::string> title, content, description; };       // an id may be a number, as for prepare
struct scores_out { std::string id; std::map<std::string, double> scores; };

exit_code work(options const& o, run::job& job) {
    auto const on = place_of(o.device);
    auto const folder = train::find_model(o.model);
    auto config = train::read_config(folder);
    train::trainer_options how{.precision = precision_of(o.dtype), .learns = false};
    if (!o.adapter.empty()) {
        how.adapters = train::read_adapter_config(o.adapter);
        auto const head = train::safetensors::open(o.adapter + "/adapter_model.safetensors");
        if (auto const* const score = head.find("base_model.model.score.weight"); score && score->shape.size() == 2 && config.head == train::head::language_model) {      // the head came with the adapter, and nobody named its dimensions
            config.head = train::head::regression;
            for (std::uint64_t d = 0; d != score->shape[0]; ++d) config.labels.push_back("LABEL_" + std::to_string(d));
        }
    }
    if (config.head != train::head::regression) throw fatal(exit_code::input, folder + ": is no model that scores; distill train makes one");
    auto const longest = std::min<unsigned>(o.max_length, config.max_position_embeddings);
    how.tokens = std::max<std::int64_t>(4096, longest), how.longest = longest, on.to(how);
    auto const model = train::trainer::make(config, how);
    std::vector<std::string> missing = model->load(train::safetensors::open(folder));
    if (!o.adapter.empty()) {
        auto const still = load_adapter(*model, o.adapter);
        std::erase_if(missing, [&](auto const& name) { return std::ranges::find(still, name) == still.end(); });
    }
    if (!missing.empty()) throw fatal(exit_code::input, folder + ": lacks " + missing.front());
    train::encoder encoder(train::tokenizer::open(folder));

    std::fprintf(stderr, "distill: scoring on %s\n", penstock::printable(on.name).c_str());       // the rows may go to standard output
    penstock::io::atomic_file out(o.output == "-" ? "/dev/stdout" : o.output);
    std::vector<std::string> ids;
    std::vector<train::sample> samples;
    auto flush = [&] {
        auto const all = pointers(samples);
        auto const scores = score_all(*model, all, config.labels.size());
        for (std::size_t i = 0; i != ids.size(); ++i) {
            scores_out row{std::move(ids[i]), {}};
            for (std::size_t d = 0; d != config.labels.size(); ++d) row.scores[config.labels[d]] = static_cast<double>(scores[i * config.labels.size() + d]);
            if (auto const done = penstock::json::encode_to(out.pending(), row); !done) throw fatal(exit_code::internal, "a row cannot be written: " + done.error().what());
            out.write("\n");
        }
        ids.clear(), samples.clear();
    };
    for (auto&& row : penstock::io::jsonl<article_in, penstock::json::policy{.missing = penstock::json::missing_keys::keep}>(penstock::io::input(o.input, job.stop.get_token()))) {
        if (!row) throw fatal(exit_code::input, row.error().place() + ": " + row.error().what());     // a row left out would shift all that follow
        auto const& id = row->id.text();
        ids.push_back(id.empty() || id == "null" ? std::string() : id.front() == '"' ? penstock::json::decode<std::string>(id).value_or("") : id);
        samples.push_back({.tokens = article_tokens(encoder, article_text(row->title, row->content, row->description), longest, config)});
        if (samples.size() == 1024) flush();
    }
    if (job.stopped()) return exit_code::interrupted;
    flush();
    out.commit();
    job.finished = true;
    return exit_code::complete;
}

} // namespace

std::unique_ptr<run::command_base> score() { return run::command<options>("score", "scores of each article by a trained model", work); }

} // namespace distill
