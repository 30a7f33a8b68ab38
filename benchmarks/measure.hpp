/// Contenders timed in turn, round after round, so that a machine whose speed drifts drifts for all of them; medians and ratios, printed as a
/// Markdown table. Every figure is relative to the first contender, the hand-written loop.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// Keeps the compiler from folding a result away.
template <class T> void keep(T const& value) { asm volatile("" : : "r,m"(value) : "memory"); }

struct contender {
    std::string name;
    std::function<void()> run;
    std::vector<double> seconds = {};
};
inline double median(std::vector<double> v) {
    std::ranges::sort(v);
    return v.empty() ? 0 : (v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2;
}
/// One warm-up round, then `rounds` counted ones; within a round each contender once.
inline void race(std::vector<contender>& all, unsigned rounds) {
    for (unsigned round = 0; round != rounds + 1; ++round) for (auto& c : all) {
        auto const start = std::chrono::steady_clock::now();
        c.run();
        if (round != 0) c.seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
}
/// What a figure counts: `per` units of work in one run, shown as `unit`; rate: units a second (more is better), else seconds * 1e9 a unit.
struct measure { double per = 1; char const* unit = "ns/record"; bool rate = false; double scale = 1; };
/// The ratio is time over the first contender's time (1.05: five percent slower), taken round by round, median.
inline void table(char const* title, std::vector<contender> const& all, measure m) {
    std::printf("\n### %s\n\n| | %s (median) | min | max | time ratio |\n|---|---:|---:|---:|---:|\n", title, m.unit);
    for (auto const& c : all) {
        std::vector<double> figures, ratios;
        for (std::size_t i = 0; i != c.seconds.size(); ++i) {
            figures.push_back(m.rate ? m.per / c.seconds[i] / m.scale : c.seconds[i] * 1e9 / m.per);
            ratios.push_back(c.seconds[i] / all.front().seconds[i]);
        }
        auto const [low, high] = std::ranges::minmax(figures);
        std::printf("| %s | %.2f | %.2f | %.2f | %.2f |\n", c.name.c_str(), median(figures), low, high, median(ratios));
    }
}

} // namespace bench
