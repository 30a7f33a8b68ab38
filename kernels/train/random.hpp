/// Numbers by counter: (seed, name, index) gives the same number whatever was asked before, so there is no state to save.
#pragma once
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace penstock::train::random {

constexpr std::uint64_t mix(std::uint64_t z) {      // splitmix64
    z += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}
constexpr std::uint64_t key(std::uint64_t seed, std::string_view name) {
    std::uint64_t h = mix(seed);
    for (char c : name) h = mix(h ^ static_cast<unsigned char>(c));
    return h;
}
/// In (0, 1).
constexpr double uniform(std::uint64_t key, std::uint64_t index) { return (static_cast<double>(mix(key ^ mix(index)) >> 11) + 0.5) * 0x1p-53; }
inline double normal(std::uint64_t key, std::uint64_t index) {
    return std::sqrt(-2 * std::log(uniform(key, 2 * index))) * std::cos(2 * std::numbers::pi * uniform(key, 2 * index + 1));
}

} // namespace penstock::train::random
