/// Tiny models with random weights, and numbers that are the same everywhere.
#pragma once
#include <cmath>
#include <cpu/cpu.hpp>
#include <model/transformer.hpp>
#include <vector>

namespace kernels_tests {
using namespace penstock::train;

struct numbers {        // splitmix64
    std::uint64_t state;
    explicit numbers(std::uint64_t seed) : state(seed) {}
    std::uint64_t next() {
        auto z = (state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    double around(double scale) { return scale * (uniform() + uniform() + uniform() + uniform() - 2); }
    std::int32_t below(std::int64_t n) { return static_cast<std::int32_t>(next() % static_cast<std::uint64_t>(n)); }
};

template<class S> S make(double x) {
    if constexpr (std::same_as<S, bf16>) return narrow(static_cast<float>(x));
    else return static_cast<S>(x);
}
template<class S> double value(S x) {
    if constexpr (std::same_as<S, bf16>) return static_cast<double>(widen(x));
    else return static_cast<double>(x);
}

inline qwen2_config tiny(head h, bool tied = true, std::uint32_t heads = 4, std::uint32_t kv_heads = 2, std::uint32_t layers = 2) {
    qwen2_config c;
    c.head_dim = 6, c.num_attention_heads = heads, c.num_key_value_heads = kv_heads, c.hidden_size = 12, c.num_hidden_layers = layers, c.intermediate_size = 14, c.vocab_size = 19;
    c.rope_theta = 10000, c.tie_word_embeddings = tied, c.head = h;
    if (h == head::regression) c.labels = {"a", "b", "c"};
    return c;
}

/// A model on the CPU with the memory that it needs.
template<class S> struct model {
    using B = Cpu<S>;
    using R = typename B::real;
    qwen2_config config;
    parameters table;
    typename B::stream stream;
    transformer<B> net;
    typename B::buffer memory;
    std::size_t bytes;

    model(qwen2_config const& c, adapter_options const& a, limits const& l, int threads = 1) : config(c), table(c, a), stream(threads), net(config, table, a, l) {
        arena size;
        net.lay_out(size);
        bytes = size.used();
        memory = B::allocate(bytes);
        arena real(B::data(memory));
        net.lay_out(real);
        net.prepare(stream);
    }
    void randomise(std::uint64_t seed, double scale = 0.4) {
        for (auto const& p : table.all()) {         // by name, so that models of all types and adapters get the same
            std::uint64_t h = seed;
            for (char ch : p.name) h = h * 1099511628211U + static_cast<unsigned char>(ch);
            numbers n(h);
            for (std::int64_t i = 0; i != p.size(); ++i) net.weights(p)[static_cast<std::size_t>(i / p.cols * p.ld + i % p.cols)] = make<S>((p.vector && p.name.ends_with("norm.weight") ? 1 : 0) + n.around(scale));
        }
    }
    void zero_gradients() { std::fill(net.gradients().begin(), net.gradients().end(), R(0)); }
};

inline std::vector<sample> samples(numbers& n, std::vector<int> const& lengths, qwen2_config const& c) {
    std::vector<sample> all;
    for (int length : lengths) {
        auto& s = all.emplace_back();
        for (int i = 0; i != length; ++i) s.tokens.push_back(n.below(c.vocab_size));
        if (c.head == head::regression)
            for (std::size_t i = 0; i != c.labels.size(); ++i) s.labels.push_back(static_cast<float>(n.around(2))), s.weights.push_back(static_cast<float>(0.5 + n.uniform()));
        else
            for (int i = 0; i != length; ++i) s.targets.push_back(n.uniform() < 0.3 ? -1 : n.below(c.vocab_size));
    }
    return all;
}
inline batch packed(std::vector<sample> const& all, std::int64_t multiple = 1, std::int32_t padding = -1) {
    std::vector<sample const*> p;
    for (auto const& s : all) p.push_back(&s);
    return pack(p, multiple, padding);
}

} // namespace kernels_tests
