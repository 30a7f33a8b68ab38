/// Numbers that depend on their seed alone, on every machine and with every compiler: splitmix64 (Steele, Lea and Flood 2014).
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>
#include <penstock/core/position.hpp>   // mix

namespace intents {

class random {
    std::uint64_t state_;
public:
    explicit random(std::uint64_t seed) : state_(penstock::mix(seed)) {}
    std::uint64_t next() { auto const x = penstock::mix(state_); state_ += 0x9e3779b97f4a7c15; return x; }
    /// 0 … n - 1; of n below 2^32 each as likely as another to one in 2^32.
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(((next() >> 32) * std::uint64_t{n}) >> 32); }
    bool chance(unsigned percent) { return below(100) < percent; }
    template <class T> T const& one_of(std::vector<T> const& from) { return from[below(from.size())]; }
    template <class T> void shuffle(std::vector<T>& values) { for (auto n = values.size(); n > 1; --n) std::swap(values[n - 1], values[below(n)]); }
};

} // namespace intents
