/// Philox4x32-10 (Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): 128 random bits by counter and key, the same on every machine, with no state to save; and stochastic rounding to bf16,
/// with which AdamW keeps its moments. Its bits are a function of (seed, step, the element's place in the slab of what is trained, which moment) alone: neither threads nor ranks nor a resumed run change them.
///
/// Constant expressions, so that kernels may call them; inlined always, so that no copy compiled for a wide instruction set can be the one that the linker keeps for all.
#pragma once
#include "bf16.hpp"
#include <bit>
#include <cstdint>

namespace penstock::train {

struct random_words { std::uint32_t v[4]; };

[[gnu::always_inline]] constexpr random_words philox(random_words counter, std::uint32_t key0, std::uint32_t key1) {
    auto [a, b, c, d] = counter.v;
    for (int round = 0; round != 10; ++round) {
        std::uint64_t const x = std::uint64_t{0xD2511F53} * a, y = std::uint64_t{0xCD9E8D57} * c;
        a = static_cast<std::uint32_t>(y >> 32) ^ b ^ key0, b = static_cast<std::uint32_t>(y);
        c = static_cast<std::uint32_t>(x >> 32) ^ d ^ key1, d = static_cast<std::uint32_t>(x);
        key0 += 0x9E3779B9U, key1 += 0xBB67AE85U;       // the golden ratio, sqrt(3) - 1
    }
    return {{a, b, c, d}};
}

/// For the elements 4 four … 4 four + 3 of the slab of what is trained: a word each, whose lower half rounds m and whose upper half rounds v.
[[gnu::always_inline]] constexpr random_words moment_noise(std::uint64_t seed, std::int64_t step, std::int64_t four) {
    auto const n = static_cast<std::uint64_t>(step), e = static_cast<std::uint64_t>(four);
    return philox({{static_cast<std::uint32_t>(e), static_cast<std::uint32_t>(e >> 32), static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32)}}, static_cast<std::uint32_t>(seed),
                  static_cast<std::uint32_t>(seed >> 32));
}

/// Up or down with the probability that makes the mean x, by the lower 16 bits of the noise. What bf16 holds stays as it is, infinities and NaN too.
[[gnu::always_inline]] constexpr bf16 narrow_stochastically(float x, std::uint32_t noise) {
    if (x != x) return {0x7fc0};
    return {static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(x) + (noise & 0xffffU)) >> 16)};
}

} // namespace penstock::train
