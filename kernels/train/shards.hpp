/// How the slab of what is trained is dealt out to the ranks: in blocks, of which a rank owns some neighbouring ones, and of which each also is one sum of the gradient's norm. Blocks follow from the model alone, so that
/// the norm, and with it every bit of a run, is the same for any number of ranks (up to 48; then up to 96, and so on).
#pragma once
#include "../model/parameters.hpp"
#include "../ops.hpp"
#include <algorithm>
#include <penstock/train/comm.hpp>
#include <vector>

namespace penstock::train {

struct blocks {
    std::int64_t elements = 0, size = 0, count = 0;

    blocks(std::int64_t all, int world) : elements(all), count(48 * ((world + 47) / 48)) {      // 48 = 2⁴ 3: even shares for 2, 3, 4, 6, 8, 12, 16 ranks
        size = std::max<std::int64_t>((all + count - 1) / count + 31, 32) / 32 * 32;            // shards begin on cache lines, as groups of parameters do
    }
    std::int64_t first(int rank, int world) const { return count * rank / world; }              ///< block
    /// The last ranks' may be smaller, or empty.
    shard of(int rank, int world) const {
        auto const from = std::min(elements, first(rank, world) * size), to = std::min(elements, first(rank + 1, world) * size);
        return {from, to - from, rank};
    }
};

inline std::vector<shard> shards_of(std::int64_t elements, int world) {
    blocks const b(elements, world);
    std::vector<shard> all;
    for (int r = 0; r != world; ++r) all.push_back(b.of(r, world));
    return all;
}

/// What AdamW updates in a shard: all its trained parameters, in stretches.
inline std::vector<stretch> stretches_of(parameters const& table, shard const& own) {
    std::vector<stretch> all;
    for (auto const& p : table.all()) {
        auto const last = std::min(p.state + p.size(), own.first + own.count);
        for (auto at = std::max(p.state, own.first); p.state >= 0 && at < last; at += stretch::longest)
            all.push_back({p.at + at - p.state, at, at - own.first, std::min(stretch::longest, last - at), !p.vector});
    }
    return all;
}

/// Where the weights of all shards lie, as few runs as they form (one a rank where everything is trained); in elements of the slab of weights.
inline std::vector<shard> weights_of(parameters const& table, std::span<shard const> shards) {
    if (std::ranges::all_of(table.all(), [](parameter const& p) { return p.at == p.state; })) return {shards.begin(), shards.end()};
    std::vector<shard> runs;
    for (auto const& s : shards) {
        std::int64_t apart = -1;        // weights - state of the run under way
        for (auto const& part : stretches_of(table, s)) {
            if (part.weights - part.state != apart) runs.push_back({part.weights, 0, s.rank}), apart = part.weights - part.state;
            runs.back().count = part.weights + part.size - runs.back().first;
        }
    }
    return runs;
}

} // namespace penstock::train
