// Whole models: float and bf16 against double, and what must not change a bit: the number of threads, the company a sequence is packed with, the split of a step into batches.
#include "support.hpp"
#include <cstring>
#include <doctest/doctest.h>
#include <numeric>

using namespace kernels_tests;

namespace {

qwen2_config middle(head h) {
    auto c = tiny(h);
    c.head_dim = 16, c.num_attention_heads = 14, c.num_key_value_heads = 2, c.hidden_size = 224, c.intermediate_size = 320, c.num_hidden_layers = 3, c.vocab_size = 211, c.rope_theta = 1e6;
    return c;
}

template<class S> double step(model<S>& m, batch const& b, double scale) {
    double loss = 0;
    m.net.upload(b, m.stream);
    m.net.forward(m.stream);
    if (m.config.head == head::regression) m.net.regression_loss(&loss, {}, scale, m.stream);
    else m.net.language_loss(&loss, scale, m.stream);
    m.net.backward(m.stream);
    return loss;
}

template<class S> void near_truth(head h, double bound) {
    numbers random(9);
    auto const config = middle(h);
    limits const l{.tokens = 256, .sequences = 4, .longest = 128};
    model<S> m(config, {}, l, 2);
    model<double> truth(config, {}, l);
    m.randomise(4, 0.08);
    for (std::size_t i = 0; i != m.net.weights().size(); ++i) truth.net.weights()[i] = value(m.net.weights()[i]);
    auto const b = packed(samples(random, {60, 1, 128, 33}, config), 64);
    double const loss = step(m, b, 0.01), expected = step(truth, b, 0.01);
    CHECK(std::abs(loss - expected) <= bound * expected);
    for (auto const& p : m.table.all()) {
        CAPTURE(p.name);
        double error = 0, size = 0;
        for (std::size_t i = 0; i != static_cast<std::size_t>(p.size()); ++i) {
            double const t = truth.net.gradients(p)[i], e = static_cast<double>(m.net.gradients(p)[i]) - t;
            error += e * e, size += t * t;
        }
        CHECK(std::sqrt(error) <= (p.name.ends_with("k_proj.bias") ? 2 : 1) * bound * std::sqrt(size));        // that is what many large terms leave over
    }
}

} // namespace

TEST_CASE("gradients of a whole model: float within 1e-5 of double, bf16 within its rounding") {
    near_truth<float>(head::regression, 1e-5);
    near_truth<float>(head::language_model, 1e-5);
    near_truth<bf16>(head::regression, 3e-2);
    near_truth<bf16>(head::language_model, 3e-2);
}

TEST_CASE_TEMPLATE("one thread, two and five: the same bits", S, double, float, bf16) {
    auto const config = middle(head::regression);
    std::vector<std::vector<typename Cpu<S>::real>> gradients;
    for (int threads : {1, 2, 5}) {
        numbers random(2);
        model<S> m(config, {}, {.tokens = 256, .sequences = 4, .longest = 128}, threads);
        m.randomise(8);
        step(m, packed(samples(random, {60, 1, 128, 33}, config), 64), 0.01);
        gradients.emplace_back(m.net.gradients().begin(), m.net.gradients().end());
    }
    for (auto const& g : gradients) CHECK(std::memcmp(g.data(), gradients[0].data(), g.size() * sizeof g[0]) == 0);
}

TEST_CASE_TEMPLATE("a sequence's scores do not depend on its company in the batch", S, double, float, bf16) {
    cpu::use_library(false);        // which may choose another order of summing for another number of rows
    numbers random(3);
    auto const config = middle(head::regression);
    model<S> m(config, {}, {.tokens = 512, .sequences = 6, .longest = 128, .learns = false}, 2);
    m.randomise(21);
    auto all = samples(random, {60, 1, 128, 33, 2, 97}, config);
    auto scores = [&](std::vector<int> const& order) {
        std::vector<sample const*> p;
        for (int i : order) p.push_back(&all[static_cast<std::size_t>(i)]);
        m.net.upload(pack(p, 1, -1), m.stream);
        m.net.forward(m.stream);
        std::vector<std::vector<double>> by_sample(all.size());
        for (std::size_t i = 0; i != order.size(); ++i)
            for (std::int64_t d = 0; d != 3; ++d) by_sample[static_cast<std::size_t>(order[i])].push_back(static_cast<double>(m.net.scores().row(static_cast<std::int64_t>(i))[d]));
        return by_sample;
    };
    auto const first = scores({0, 1, 2, 3, 4, 5});
    CHECK(scores({5, 3, 1, 0, 2, 4}) == first);
    for (int i = 0; i != 6; ++i) CHECK(scores({i})[static_cast<std::size_t>(i)] == first[static_cast<std::size_t>(i)]);
    cpu::use_library(true);
    CHECK(scores({5, 3, 1, 0, 2, 4}) == scores({0, 1, 2, 3, 4, 5}));
}

TEST_CASE("a step in one batch or in several: the same gradient") {
    for (auto h : {head::regression, head::language_model}) {
        numbers random(6);
        auto const config = middle(h);
        auto const all = samples(random, {60, 1, 128, 33, 7, 20}, config);
        std::vector<double> whole;
        for (std::size_t parts : {1U, 2U, 3U, 6U}) {
            model<double> m(config, {}, {.tokens = 256, .sequences = 6, .longest = 128});
            m.randomise(8);
            double loss = 0;
            for (std::size_t i = 0; i != parts; ++i) loss += step(m, packed({all.begin() + static_cast<long>(i * 6 / parts), all.begin() + static_cast<long>((i + 1) * 6 / parts)}), 1.0 / 18);
            if (parts == 1) whole.assign(m.net.gradients().begin(), m.net.gradients().end());
            double error = 0, size = 0;
            for (std::size_t i = 0; i != whole.size(); ++i) error = std::max(error, std::abs(m.net.gradients()[i] - whole[i])), size = std::max(size, std::abs(whole[i]));
            CHECK(error <= 1e-13 * size);
            CHECK(loss > 0);
        }
    }
}

TEST_CASE("the padding token of the configuration learns nothing, as in torch") {
    auto const config = tiny(head::regression);
    model<double> m(config, {}, {.tokens = 16, .sequences = 2, .longest = 16});
    m.randomise(1);
    sample s{.tokens = {3, 5, 3, 7}, .labels = {1, 2, 3}};
    step(m, packed({s}, 1, 5), 1);
    auto const g = m.net.gradients(m.table[m.table.embedding]);
    auto row = [&](std::size_t t) { return std::accumulate(g.begin() + static_cast<long>(t * 12), g.begin() + static_cast<long>((t + 1) * 12), 0.0, [](double a, double b) { return a + std::abs(b); }); };
    CHECK(row(5) == 0);
    CHECK(row(3) > 0);
}
