/// Whole models for the checks, through the trainer's own interface: a configuration, samples, and random weights in a file. The weights are numbers that bf16 has, so that every format starts from the same.
#pragma once
#include "support.hpp"
#include <cstdlib>
#include <filesystem>
#include <model/parameters.hpp>
#include <penstock/train/trainer.hpp>
#include <unistd.h>

namespace cuda_check {

struct folder {
    static inline int made = 0;
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("cuda-check-" + std::to_string(::getpid()) + "-" + std::to_string(made++));
    folder() { std::filesystem::create_directories(path); }
    folder(folder const&) = delete;
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string operator/(std::string const& name) const { return (path / name).string(); }
};

/// Tiny where every thread is played (many steps: tinier still); else Qwen2.5-0.5B's shapes (seven query heads to a key) at a third of the width.
inline qwen2_config shape_of(head top, bool tied = true, bool many_steps = false) {
    qwen2_config c;
    c.head_dim = 64, c.num_attention_heads = 4, c.num_key_value_heads = 2, c.hidden_size = 40, c.num_hidden_layers = 2, c.intermediate_size = 56, c.vocab_size = 61;
    if (many_steps) c.num_attention_heads = 2, c.num_key_value_heads = 1;
    if (!emulated) c.num_attention_heads = 7, c.num_key_value_heads = 1, c.hidden_size = 320, c.num_hidden_layers = 4, c.intermediate_size = 1216, c.vocab_size = 1031;
    c.rope_theta = 1e6, c.tie_word_embeddings = tied, c.head = top, c.pad_token_id = 3;
    if (top == head::regression) c.labels = {"a", "b", "c", "d", "e"};
    return c;
}

struct course {
    qwen2_config config;
    trainer_options options;
    std::vector<sample> samples;

    course(qwen2_config const& c, trainer_options const& o, std::vector<int> const& lengths, std::uint64_t seed = 1) : config(c), options(o) {
        options.threads = emulated ? 1 : 0;
        numbers n(seed);
        for (int const length : lengths) {
            auto& s = samples.emplace_back();
            for (int i = 0; i != length; ++i) s.tokens.push_back(n.below(c.vocab_size));
            for (std::size_t i = 0; i != c.labels.size(); ++i) s.labels.push_back(static_cast<float>(n.around(2))), s.weights.push_back(static_cast<float>(0.5 + n.uniform()));
            for (int i = 0; c.head == head::language_model && i != length; ++i) s.targets.push_back(n.uniform() < 0.3 ? -1 : s.tokens[static_cast<std::size_t>((i * 7 + 3) % length)]);
        }
        parameters const table(c, options.adapters);
        std::vector<std::vector<float>> kept;
        kept.reserve(table.all().size());
        std::vector<tensor_out> out;
        for (auto const& p : table.all()) {
            bool const adapter = p.name.find(".lora_") != std::string::npos, norm = p.fresh == parameter::start::ones;
            double const scale = p.vector ? 0.2 : adapter ? 0.5 / std::sqrt(static_cast<double>(p.cols)) : p.name.starts_with("model.embed") ? 0.5 : 2 / std::sqrt(static_cast<double>(p.cols));
            auto& values = kept.emplace_back(static_cast<std::size_t>(p.size()));
            for (auto& x : values) x = widen(narrow(static_cast<float>((norm ? 1 : 0) + n.around(scale))));
            auto const cols = static_cast<std::uint64_t>(p.cols), rows = static_cast<std::uint64_t>(p.rows);
            out.push_back({.name = (adapter ? "base_model.model." : "") + p.name, .type = dtype::F32, .shape = p.vector ? shape{cols} : shape{rows, cols}, .bytes = std::as_bytes(std::span(values))});
        }
        write_safetensors(weights(), std::move(out));
    }
    std::string weights() const { return room_ / "weights.safetensors"; }
    std::string operator/(std::string const& name) const { return room_ / name; }

    std::unique_ptr<trainer> on(place where, precision p, comm* ranks = nullptr) const {
        auto o = options;
        o.place = where, o.precision = p, o.ranks = ranks;
        auto t = trainer::make(config, o);
        if (auto const missing = t->load(safetensors::open(weights())); !missing.empty()) throw std::runtime_error(missing.front() + " is missing");
        return t;
    }
    std::vector<sample const*> at(std::size_t first, std::size_t count) const {
        std::vector<sample const*> all;
        for (std::size_t i = 0; i != count; ++i) all.push_back(&samples[(first + i) % samples.size()]);
        return all;
    }
    std::vector<sample const*> every() const { return at(0, samples.size()); }

private:
    folder room_ = {};
};

inline std::vector<std::vector<double>> everything(trainer const& t) {
    std::vector<std::vector<double>> all;
    for (auto const& name : t.names()) all.push_back(t.weight(name));
    return all;
}

} // namespace cuda_check
