#include "batch.hpp"
#include <algorithm>
#include <utility>

namespace penstock::train {
namespace {

// Tables to their capacity: by sequences and groups that are nothing, and by asking tokens that have no target for none.
void fix(batch& b, static_sizes const& sizes) {
    b.longest = static_cast<std::int32_t>(sizes.longest);
    auto const bounds = static_cast<std::size_t>(sizes.sequences) + 1, tokens = static_cast<std::size_t>(sizes.tokens), chunk = static_cast<std::size_t>(sizes.asked);
    b.bounds.resize(bounds, b.bounds.back());
    b.pooled_bounds.resize(bounds, b.pooled_bounds.back());
    b.first.resize(tokens + 1, b.first.back());
    b.distinct.resize(tokens, -1);
    b.order.resize(tokens, 0);
    std::vector<bool> free(tokens, true);
    for (auto i : b.asked) free[static_cast<std::size_t>(i)] = false;
    for (std::size_t i = tokens; b.asked.size() % chunk != 0 && i-- != 0;)
        if (free[i]) b.asked.push_back(static_cast<std::int32_t>(i)), b.targets.push_back(-1);
}

} // namespace

batch pack(std::span<sample const* const> samples, std::int64_t multiple, std::int32_t padding, static_sizes const& sizes) {
    batch b;
    auto place = [&](std::span<std::int32_t const> tokens) {
        b.tokens.insert(b.tokens.end(), tokens.begin(), tokens.end());
        for (std::size_t i = 0; i != tokens.size(); ++i) b.positions.push_back(static_cast<std::int32_t>(i));
        b.bounds.push_back(static_cast<std::int32_t>(b.tokens.size()));
        b.longest = std::max(b.longest, static_cast<std::int32_t>(tokens.size()));
    };
    for (auto const* s : samples) {
        for (std::size_t i = 0; i != s->targets.size(); ++i)
            if (s->targets[i] >= 0) {
                b.asked.push_back(static_cast<std::int32_t>(b.tokens.size() + i));
                b.targets.push_back(s->targets[i]);
            }
        place(s->tokens);
        b.pooled.push_back(b.bounds.back() - 1);
        b.pooled_positions.push_back(static_cast<std::int32_t>(s->tokens.size()) - 1);
        b.pooled_bounds.push_back(static_cast<std::int32_t>(b.pooled.size()));
        b.labels.insert(b.labels.end(), s->labels.begin(), s->labels.end());
        b.weights.insert(b.weights.end(), s->weights.begin(), s->weights.end());
    }
    auto const real = static_cast<std::int64_t>(b.tokens.size());
    auto const whole = sizes.tokens > 0 ? sizes.tokens : (real + multiple - 1) / multiple * multiple;
    for (auto rest = whole - real; rest > 0;) {
        auto const length = sizes.tokens > 0 ? std::min(rest, sizes.longest) : rest;
        place(std::vector<std::int32_t>(static_cast<std::size_t>(length), padding >= 0 ? padding : 0));
        b.pooled_bounds.push_back(b.pooled_bounds.back());
        rest -= length;
    }

    for (std::int32_t i = 0; i != real; ++i)
        if (b.tokens[static_cast<std::size_t>(i)] != padding) b.order.push_back(i);
    std::ranges::sort(b.order, {}, [&](std::int32_t i) { return std::pair(b.tokens[static_cast<std::size_t>(i)], i); });
    for (std::size_t i = 0; i != b.order.size(); ++i)
        if (auto const t = b.tokens[static_cast<std::size_t>(b.order[i])]; b.distinct.empty() || b.distinct.back() != t) {
            b.first.push_back(static_cast<std::int32_t>(i));
            b.distinct.push_back(t);
        }
    b.first.push_back(static_cast<std::int32_t>(b.order.size()));
    if (sizes.tokens > 0) fix(b, sizes);
    return b;
}

} // namespace penstock::train
