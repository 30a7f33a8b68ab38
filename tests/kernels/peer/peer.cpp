// kernels-peer FOLDER cpu|cuda f32|bf16 STEPS [LORA_RANK LORA_ALPHA PROJECTION…]: for peer.py. Reads FOLDER's model and FOLDER/samples.txt (a line: labels or targets, then tokens), takes STEPS steps of AdamW, and writes
// the first one's scores and gradients, and what came out: FOLDER/ours/*. Of a language model in float also hidden states and logits.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <penstock/core/fatal.hpp>
#include <penstock/train/trainer.hpp>
#include "cpu/cpu.hpp"
#include "model/transformer.hpp"
#include <sstream>
#include <string_view>

using namespace penstock::train;

namespace {

std::vector<sample> read_samples(std::string const& path, qwen2_config const& c) {
    std::vector<sample> all;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {       // "numbers | tokens"
        auto& s = all.emplace_back();
        std::istringstream words(line);
        bool tokens = false;
        for (std::string w; words >> w;) {
            if (w == "|") tokens = true;
            else if (tokens) s.tokens.push_back(std::atoi(w.c_str()));
            else if (c.head == head::regression) s.labels.push_back(std::strtof(w.c_str(), nullptr));
            else s.targets.push_back(std::atoi(w.c_str()));
        }
    }
    return all;
}

void write_tensors(trainer const& t, std::string const& path, bool gradients) {
    std::vector<std::vector<double>> kept;
    std::vector<tensor_out> out;
    auto const names = t.names();
    kept.reserve(names.size());
    for (auto const& name : names) {
        auto values = gradients ? t.gradient(name) : t.weight(name);
        if (values.empty()) continue;
        auto& k = kept.emplace_back(std::move(values));
        out.push_back({.name = name, .type = dtype::F64, .shape = {k.size()}, .bytes = std::as_bytes(std::span(k))});
    }
    write_safetensors(path, std::move(out));
}

// What Transformers calls last_hidden_state and logits, a row a token, in float on the CPU.
void write_rows(qwen2_config const& config, std::string const& folder, std::span<sample const* const> samples) {
    using machine = Cpu<float>;
    auto const b = pack(samples, 1, -1);
    auto const n = static_cast<std::int64_t>(b.tokens.size());
    parameters const table(config, {});
    transformer<machine> net(config, table, {}, {.tokens = n, .sequences = b.sequences(), .longest = b.longest, .learns = false});
    machine::stream s(1);
    arena size;
    net.lay_out(size);
    auto const memory = machine::allocate(size.used());
    arena real(machine::data(memory));
    net.lay_out(real), net.prepare(s);
    auto const file = safetensors::open(folder);
    for (auto const& p : table.all()) read(file.at(p.name, p.vector ? shape{static_cast<std::uint64_t>(p.cols)} : shape{static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)}), 0, net.weights(p));
    net.upload(b, s), net.forward(s);
    std::vector<float> logits(static_cast<std::size_t>(n) * config.vocab_size);
    net.logits({logits.data(), n, config.vocab_size, config.vocab_size}, net.hidden(), s);
    auto out = [&](char const* name, float const* x, std::uint64_t columns) { return tensor_out{.name = name, .type = dtype::F32, .shape = {static_cast<std::uint64_t>(n), columns}, .bytes = std::as_bytes(std::span(x, static_cast<std::size_t>(n) * columns))}; };
    write_safetensors(folder + "/ours/rows.safetensors", {out("hidden", net.hidden().data, config.hidden_size), out("logits", logits.data(), config.vocab_size)});
}

int run(int argc, char** argv) {
    std::string const folder = argv[1];
    int const steps = std::atoi(argv[4]);
    auto const config = read_config(folder);
    trainer_options o{.precision = std::string_view(argv[3]) == "bf16" ? precision::bf16 : precision::f32, .place = std::string_view(argv[2]) == "cuda" ? place::cuda : place::cpu, .threads = 1, .tokens = 96, .sequences = 4, .longest = 64};      // smaller than a step: it is accumulated over several batches
    o.optimizer.rate = 1e-3, o.optimizer.warmup = 5, o.optimizer.steps = steps, o.optimizer.decay = 0.01, o.recompute = recompute::rows;
    if (argc > 5) o.adapters = read_adapter_config(folder + "/adapter");
    auto const t = trainer::make(config, o);
    for (auto const& name : t->load(safetensors::open(folder)))
        if (o.adapters.rank == 0) return std::fprintf(stderr, "%s is missing\n", name.c_str()), 1;
    if (o.adapters.rank > 0) t->load(safetensors::open(folder + "/adapter"));
    auto const all = read_samples(folder + "/samples.txt", config);
    std::vector<sample const*> pointers;
    for (auto const& s : all) pointers.push_back(&s);

    if (config.head == head::language_model && o.precision == precision::f32 && o.adapters.rank == 0) write_rows(config, folder, pointers);
    std::ofstream(folder + "/ours/start.txt") << 0;         // fails where the folder is missing
    std::ofstream losses(folder + "/ours/losses.txt"), scores(folder + "/ours/scores.txt");
    losses.precision(10), scores.precision(10);
    for (int i = 0; i != steps; ++i) {
        auto const r = t->step(pointers);
        losses << r.loss << ' ' << r.norm << '\n';
        if (i == 0) {
            for (float x : r.scores) scores << x << '\n';
            write_tensors(*t, folder + "/ours/gradients.safetensors", true);
        }
    }
    write_tensors(*t, folder + "/ours/weights.safetensors", false);
    t->export_model(folder + "/ours/model");
    if (config.head == head::regression) {
        std::ofstream last(folder + "/ours/last_scores.txt");
        last.precision(10);
        for (float x : t->score(pointers)) last << x << '\n';
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return argc < 5 ? 2 : run(argc, argv);
    } catch (penstock::fatal const& e) {
        std::fprintf(stderr, "kernels-peer: %s\n", e.what());
        return static_cast<int>(e.code());
    }
}
