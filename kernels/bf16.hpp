/// bfloat16: the upper half of a float, rounded to nearest even. A NaN stays a NaN: rounding alone would carry some of them over to zero.
#pragma once
#include <bit>
#include <cstdint>

namespace penstock::train {

struct bf16 { std::uint16_t bits; };

constexpr float widen(bf16 x) { return std::bit_cast<float>(static_cast<std::uint32_t>(x.bits) << 16); }
constexpr bf16 narrow(float x) {
    auto const u = std::bit_cast<std::uint32_t>(x);
    if (x != x) return {0x7fc0};
    return {static_cast<std::uint16_t>((u + 0x7fffU + ((u >> 16) & 1U)) >> 16)};
}

} // namespace penstock::train
