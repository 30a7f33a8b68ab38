// The truth: in double, the gradient of every single parameter against central differences.
#include "support.hpp"
#include <doctest/doctest.h>

using namespace kernels_tests;

namespace {

struct setting {
    char const* name;
    head top;
    bool tied;
    std::uint32_t heads, kv_heads, layers;
    adapter_options adapters = {};
    regression_rule rule = {};
    recompute level = recompute::nothing;
    std::int64_t multiple = 1, head_rows = 0;
};

double loss_of(model<double>& m, batch const& b, setting const& how) {
    double loss = 0;
    m.net.upload(b, m.stream);
    m.net.forward(m.stream);
    if (how.top == head::regression) m.net.regression_loss(&loss, how.rule, 1.0 / 7, m.stream);
    else m.net.language_loss(&loss, 1.0 / 7, m.stream);
    return loss;
}

void check(setting const& how) {
    CAPTURE(how.name);
    numbers random(5);
    auto const config = tiny(how.top, how.tied, how.heads, how.kv_heads, how.layers);
    model<double> m(config, how.adapters, {.tokens = 32, .sequences = 4, .longest = 16, .recompute = how.level, .head_rows = how.head_rows});
    m.randomise(11);
    auto const b = packed(samples(random, {5, 1, 7}, config), how.multiple);
    m.zero_gradients();
    loss_of(m, b, how);
    m.net.backward(m.stream);
    std::vector<double> const gradient(m.net.gradients().begin(), m.net.gradients().end());
    double largest = 0;
    for (double g : gradient) largest = std::max(largest, std::abs(g));
    REQUIRE(largest > 1e-3);
    int checked = 0;
    for (auto const& p : m.table.all()) {
        if (p.state < 0) continue;
        CAPTURE(p.name);
        double worst = 0;
        for (std::int64_t i = 0; i != p.size(); ++i, ++checked) {
            auto& w = m.net.weights(p)[static_cast<std::size_t>(i)];
            double const at = w;
            auto central = [&](double h) {
                w = at + h;
                double const up = loss_of(m, b, how);
                w = at - h;
                double const down = loss_of(m, b, how);
                w = at;
                return (up - down) / (2 * h);
            };
            double const h = 1e-3, a = gradient[static_cast<std::size_t>(p.state + i)];
            double const n = (64 * central(h / 4) - 20 * central(h / 2) + central(h)) / 45;       // Richardson: the error falls with h to the sixth
            worst = std::max(worst, std::abs(a - n) / std::max({std::abs(a), std::abs(n), 1e-3 * largest}));
        }
        CHECK(worst <= 1e-7);
    }
    CHECK(checked == m.table.count(true));
}

constexpr std::array<bool, 7> every{true, true, true, true, true, true, true};

} // namespace

TEST_CASE("regression: every parameter's gradient is that of central differences") {
    check({"two layers", head::regression, true, 4, 2, 2});
    check({"one layer, the pooled one", head::regression, true, 4, 1, 1});
    check({"Huber", head::regression, true, 2, 2, 2, {}, {.huber = 1.5}});
}

TEST_CASE("regression: layers computed again, and tokens to fill up, change no gradient") {
    check({"rows again", head::regression, true, 4, 2, 3, {}, {}, recompute::rows, 16});
    check({"blocks again", head::regression, true, 4, 2, 3, {}, {}, recompute::blocks, 16});
}

TEST_CASE("language model: every parameter's gradient is that of central differences, tied or not") {
    check({"tied", head::language_model, true, 4, 2, 2});
    check({"untied", head::language_model, false, 6, 1, 2, {}, {}, recompute::blocks});
    check({"untied, the head in several pieces", head::language_model, false, 4, 2, 1, {}, {}, recompute::nothing, 1, 4});
}

TEST_CASE("LoRA: every adapter's gradient is that of central differences") {
    check({"q and v", head::regression, true, 4, 2, 2, {.rank = 3, .alpha = 5}});
    check({"all seven", head::regression, true, 4, 2, 3, {.rank = 2, .alpha = 3, .rank_stabilised = true, .targets = every}, {}, recompute::rows, 16});
    check({"one layer, the pooled one", head::regression, true, 4, 2, 1, {.rank = 2, .alpha = 3, .targets = every}});
    check({"all seven, blocks again", head::language_model, true, 4, 2, 2, {.rank = 2, .alpha = 3, .targets = every}, {}, recompute::blocks});
}
