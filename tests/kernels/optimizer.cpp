// AdamW with moments in bf16, the gradient's square sums, and the deal of both to ranks.
#include "support.hpp"
#include <doctest/doctest.h>
#include <philox.hpp>
#include <train/shards.hpp>

using namespace kernels_tests;

namespace {

// Two parameters in a slab of 300 elements, of which the second does not begin at a multiple of four.
struct slabs {
    std::vector<float> weights, gradients;
    std::vector<bf16> m, v;
    slabs() : weights(300), gradients(300), m(300), v(300) {
        numbers n(3);
        for (auto& w : weights) w = static_cast<float>(n.around(1));
        for (auto& g : gradients) g = static_cast<float>(n.around(1));
    }
    void step(std::vector<stretch> const& parts, adamw_step how) {
        Cpu<float>::stream s(2);
        double const factor = 0.75;
        Cpu<float>::adamw(optimizer_slabs<float, float, bf16>{weights.data(), nullptr, m.data(), v.data(), gradients.data()}, parts, &factor, how, s);
    }
    std::vector<std::uint16_t> bits() const {
        std::vector<std::uint16_t> all;
        for (auto x : m) all.push_back(x.bits);
        for (auto x : v) all.push_back(x.bits);
        for (auto w : weights) all.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(w))), all.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(w) >> 16));
        return all;
    }
};

constexpr adamw_step how{.rate = 1e-2, .decay = 0.1, .step = 1, .seed = 0x123456789abcdef};

} // namespace

TEST_CASE("AdamW: moments in bf16 are rounded by the noise of their place, and the step computes with them before that") {
    slabs s;
    auto const before = s.weights;
    s.step({{0, 0, 0, 101, true}, {101, 101, 101, 190, false}}, how);
    auto const beta1 = static_cast<float>(1 - how.beta1), beta2 = static_cast<float>(1 - how.beta2);
    int up = 0;
    for (std::size_t i = 0; i != 291; ++i) {
        float const g = s.gradients[i] * 0.75F, m = g * beta1, v = g * g * beta2;
        auto const noise = moment_noise(how.seed, how.step, static_cast<std::int64_t>(i) / 4).v[i % 4];
        CHECK(s.m[i].bits == narrow_stochastically(m, noise).bits);
        CHECK(s.v[i].bits == narrow_stochastically(v, noise >> 16).bits);
        up += s.m[i].bits != std::bit_cast<std::uint32_t>(m) >> 16;
        double const expected = static_cast<double>(before[i]) * (1 - (i < 101 ? how.rate * how.decay : 0)) - how.rate * static_cast<double>(g) / (std::abs(static_cast<double>(g)) + how.epsilon);
        CHECK(static_cast<double>(s.weights[i]) == doctest::Approx(expected).epsilon(1e-6));
    }
    CHECK(up > 100);        // some half of them
    CHECK(up < 190);
    CHECK(s.m[291].bits == 0);
    CHECK(s.weights[291] == before[291]);
}

TEST_CASE("AdamW: however the parameters are cut, the same bits") {
    slabs whole, parts;
    for (int i = 1; i != 6; ++i) {
        auto h = how;
        h.step = i;
        whole.step({{0, 0, 0, 300, true}}, h);
        parts.step({{0, 0, 0, 13, true}, {13, 13, 13, 98, true}, {111, 111, 111, 189, true}}, h);
    }
    CHECK(whole.bits() == parts.bits());
    auto other = how;
    other.seed = 1;
    slabs a, b;
    a.step({{0, 0, 0, 300, true}}, how), b.step({{0, 0, 0, 300, true}}, other);
    CHECK(a.bits() != b.bits());
    CHECK(a.weights == b.weights);
}

TEST_CASE("square sums: each block is summed as if it were alone, whoever holds it") {
    numbers n(5);
    Cpu<float>::stream one(1), three(3);
    for (std::int64_t size : {0, 1, 40, 1000, 200000}) {
        std::vector<float> x(static_cast<std::size_t>(size));
        for (auto& e : x) e = static_cast<float>(n.around(1));
        blocks const b(size, 1);
        std::vector<double> sums(static_cast<std::size_t>(b.count), NAN), dealt(sums);
        Cpu<float>::square_sums(sums, std::span<float const>(x), b.size, three);
        double all = 0, exact = 0;
        for (double s : sums) all += s;
        for (float e : x) exact += static_cast<double>(e) * static_cast<double>(e);
        CHECK(all == doctest::Approx(exact).epsilon(1e-6));
        for (int world : {2, 3, 5, 48})
            for (int r = 0; r != world; ++r) {
                auto const first = static_cast<std::size_t>(b.first(r, world)), last = static_cast<std::size_t>(b.first(r + 1, world));
                auto const own = b.of(r, world);
                Cpu<float>::square_sums(std::span(dealt).subspan(first, last - first), std::span<float const>(x).subspan(static_cast<std::size_t>(own.first), static_cast<std::size_t>(own.count)), b.size, one);
                if (r == world - 1) CHECK(dealt == sums);
            }
    }
    std::vector<double> const sums{3, 4, 9};
    double factor = 0;
    Cpu<float>::clip_factor(&factor, sums, 2, one);
    CHECK(factor == doctest::Approx(0.5).epsilon(1e-6));
    Cpu<float>::clip_factor(&factor, sums, 0, one);
    CHECK(factor == 1);
}

TEST_CASE("shards: every trained element has one owner, and their weights are all that is trained") {
    for (int rank : {0, 3})
        for (int world : {1, 2, 3, 4, 7, 48, 50}) {
            parameters const table(tiny(head::regression), {.rank = rank});
            auto const shards = shards_of(table.trained(), world);
            std::vector<int> owners(static_cast<std::size_t>(table.trained())), state(owners), weights(static_cast<std::size_t>(table.weights()));
            for (auto const& s : shards) {
                for (std::int64_t i = 0; i != s.count; ++i) ++owners[static_cast<std::size_t>(s.first + i)];
                for (auto const& part : stretches_of(table, s)) {
                    CHECK(part.own == part.state - s.first);
                    for (std::int64_t i = 0; i != part.size; ++i) ++state[static_cast<std::size_t>(part.state + i)];
                }
            }
            CHECK(std::ranges::count(owners, 1) == table.trained());
            CHECK(std::ranges::count(state, 1) == table.count(true));
            auto const runs = weights_of(table, shards);
            if (rank == 0) CHECK(runs.size() <= static_cast<std::size_t>(world));
            for (auto const& r : runs)
                for (std::int64_t i = 0; i != r.count; ++i) ++weights[static_cast<std::size_t>(r.first + i)];
            for (auto const& p : table.all())
                for (std::int64_t i = 0; i != p.size(); ++i) REQUIRE(weights[static_cast<std::size_t>(p.at + i)] == (p.state >= 0));
        }
}
