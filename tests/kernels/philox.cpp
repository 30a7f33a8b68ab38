// Philox4x32-10 against the known answers that its authors publish with Random123 (tests/kat_vectors), and the stochastic rounding made of it.
#include "support.hpp"
#include <bit>
#include <doctest/doctest.h>
#include <philox.hpp>

using namespace kernels_tests;

namespace {

constexpr bool same(random_words a, random_words b) { return a.v[0] == b.v[0] && a.v[1] == b.v[1] && a.v[2] == b.v[2] && a.v[3] == b.v[3]; }
static_assert(same(philox({}, 0, 0), {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}));
static_assert(same(philox({{~0U, ~0U, ~0U, ~0U}}, ~0U, ~0U), {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}));
static_assert(same(philox({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0), {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}));
static_assert(same(moment_noise(0x299f31d0a4093822, 0x0370734413198a2e, static_cast<std::int64_t>(0x85a308d3243f6a88)), {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}), "seed is the key; element and step are the counter");

} // namespace

TEST_CASE("philox: the known answers, when the program runs too") {
    random_words volatile zero{};       // not a constant
    CHECK(same(philox({{zero.v[0], zero.v[1], zero.v[2], zero.v[3]}}, zero.v[0], zero.v[1]), {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}));
}

TEST_CASE("stochastic rounding: up as often as x lies above, over all 65,536 noises") {
    for (float x : {1.0F, -1.0F, 1.001953F, -3.1415927F, 1e-30F, 1e-40F, 0.0F, 65535.5F}) {     // 1e-40 is subnormal
        CAPTURE(x);
        auto const low = std::bit_cast<std::uint32_t>(x) & 0xffffU;
        std::uint32_t up = 0;
        double mean = 0;
        for (std::uint32_t noise = 0; noise != 65536; ++noise) {
            auto const y = narrow_stochastically(x, noise | 0xabcd0000U);
            up += y.bits != std::bit_cast<std::uint32_t>(x) >> 16;
            mean += value(y) / 65536;
        }
        CHECK(up == low);
        CHECK(mean == doctest::Approx(static_cast<double>(x)).epsilon(1e-12));
    }
    for (float x : {INFINITY, -INFINITY}) CHECK(value(narrow_stochastically(x, 0xffff)) == static_cast<double>(x));
    CHECK(std::isnan(value(narrow_stochastically(std::bit_cast<float>(0x7fffffffU), 0xffff))));
}
