// distill plan: what a training takes, before it takes it. The sizes are those that the trainer lays out, and with the batch's what threads work in, at most.
#include <cstdio>
#include <optional>
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
    std::string model_name = "Qwen/Qwen2.5-7B";
    std::optional<unsigned> max_length = {}, lora_r = {};
    unsigned dimensions = 8, token_budget = 4096;
    double memory = 0;
    distill::device device = device::automatic;
    static constexpr run::option flags[] = {
        {.member = "model_name", .help = "a Hugging Face id in the local cache, a folder with a config.json, or a preset (tiny, small, medium)", .value = "MODEL"},
        {.member = "max_length", .help = "tokens of an article; 512, or the preset's", .absent = "default", .at_least = 1},
        {.member = "dimensions", .help = "scores of an article", .at_least = 1},
        {.member = "lora_r", .help = "rank of the adapters; 0 trains all weights; 16, or 0 of a preset", .absent = "default"},
        {.member = "token_budget", .help = "tokens of one packed batch", .at_least = 1},
        {.member = "memory", .help = "GiB to fit into; what the device has free, less an eighth but 2 GiB at most, if 0", .value = "GIB", .at_least = 0},
        {.member = "device", .help = "whose memory; automatic: cuda where it is built in and present"},
    };
};

exit_code work(options const& o, run::job& job) {
    auto const* const preset = find_preset(o.model_name);
    unsigned const longest = o.max_length.value_or(preset ? preset->max_length : 512), lora = o.lora_r.value_or(preset ? 0 : 16), budget = std::max(o.token_budget, longest);
    std::vector<std::string> const labels(o.dimensions, "score");
    auto config = preset ? shape_of(*preset, preset->vocabulary, labels) : train::read_config(train::find_model(o.model_name));
    config.head = train::head::regression, config.labels = labels;
    auto const on = place_of(o.device);
    auto const gib = [](std::size_t bytes) { return static_cast<double>(bytes) / (1 << 30); };
    double const have = o.memory > 0 ? o.memory : gib(on.memory());

    std::printf("%s, articles of %u tokens, batches of up to %d, on %s\n%-8s %-6s %-9s %10s %10s %10s %10s %10s %10s %12s\n", penstock::printable(o.model_name).c_str(), longest, static_cast<int>(budget), penstock::printable(on.name).c_str(), "format", "trains", "keeps", "trained", "weights",
                "gradients", "optimizer", "batch", "GiB in all", "TFLOP/batch");
    std::string fits;
    for (auto p : {train::precision::f32, train::precision::bf16})
        for (int rank : {0, static_cast<int>(lora)}) {
            for (auto r : {train::recompute::nothing, train::recompute::rows, train::recompute::blocks}) {
                train::trainer_options how{.precision = p, .tokens = budget, .longest = longest, .recompute = r};
                on.to(how);
                if (rank > 0) how.adapters = {.rank = rank, .alpha = 32, .targets = {true, true, true, true, true, true, true}};
                auto const m = train::plan(config, how);
                bool const ok = gib(m.total()) <= have;
                auto const* const kept = r == train::recompute::nothing ? "all" : r == train::recompute::rows ? "products" : "inputs";
                auto const trains = rank > 0 ? "lora " + std::to_string(rank) : std::string("all");
                std::printf("%-8s %-6s %-9s %10lld %10.3f %10.3f %10.3f %10.3f %9.3f%s %12.3f\n", p == train::precision::bf16 ? "bf16" : "float32", trains.c_str(), kept, static_cast<long long>(m.trained), gib(m.weights), gib(m.gradients), gib(m.optimizer), gib(m.activations + m.workspace),
                            gib(m.total()), ok ? " " : "!", m.forward_flops * (rank > 0 ? 2 : 3) * (r == train::recompute::blocks ? 4.0 / 3 : 1) / 1e12);
                if (ok && fits.empty()) fits = std::string(p == train::precision::bf16 ? "bf16" : "float32") + ", " + trains + ", keeping " + kept;
            }
            if (lora == 0) break;
        }
    job.finished = true;
    if (fits.empty()) {
        char said[64];
        std::snprintf(said, sizeof said, "nothing of this fits into %.3f GiB; ", have);
        train::trainer_options how{.tokens = budget, .longest = longest};
        on.to(how);
        throw fatal(exit_code::usage, said + what_would_fit(config, how, {.format = true, .adapters = preset == nullptr}, static_cast<std::uint64_t>(have * (1 << 30))));
    }
    std::printf("The first that fits into %.1f GiB: %s. Lines with ! do not fit.\n", have, fits.c_str());
    return exit_code::complete;
}

} // namespace

std::unique_ptr<run::command_base> plan() { return run::command<options>("plan", "memory and work of a training, before it begins", work); }

} // namespace distill
