/// Numbers that depend on nothing but their seed: the same request gets the same reply, latency and fault in every run.
#pragma once
#include <cstdint>

namespace mock {

class random {
    std::uint64_t state_;
public:
    explicit random(std::uint64_t seed) : state_(seed) {}
    /// splitmix64, Steele, Lea and Flood 2014.
    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }     ///< [0, 1)
    std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : next() % n; }
};

} // namespace mock
