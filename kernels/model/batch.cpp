#include "batch.hpp"
#include <algorithm>
#include <utility>

namespace penstock::train {

batch pack(std::span<sample const* const> samples, std::int64_t multiple, std::int32_t padding) {
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
    if (auto rest = (real + multiple - 1) / multiple * multiple - real; rest > 0) {
        place(std::vector<std::int32_t>(static_cast<std::size_t>(rest), padding >= 0 ? padding : 0));
        b.pooled_bounds.push_back(b.pooled_bounds.back());
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
    return b;
}

} // namespace penstock::train
