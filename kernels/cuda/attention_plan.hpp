/// Which rows, keys and tiles a block of attention works on: the arithmetic of the kernels, as functions that the host tests (check/attention.cpp) and the kernels call.
///
/// The queries of all heads that share a key head are the rows of one tall matrix, position by position: row r is head r % group of query r / group. So a tile of rows meets each key once for the whole group (7 heads
/// of Qwen2.5-0.5B read K and V once, not 7 times), the pooled layer's one query fills 7 rows instead of 7 blocks, and dK and dV of a key head are one sum over rows in their order: nothing is left to add up.
#pragma once
#include "../ops.hpp"
#include "stream.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace penstock::train::cuda {

/// One sequence under one key head.
struct tall {
    int q0 = 0, nq = 0, k0 = 0, nk = 0;     ///< its first query and key among all, and how many
    int group = 1, head = 0;                ///< query heads that share the key head, and that one
    std::uint64_t reciprocal = 0;           ///< of group, times 2^32, rounded up
    std::int64_t kept = 0;                  ///< where its rows begin in what the backward keeps (row_sums)

    constexpr int rows() const { return nq * group; }
    /// r / group, exact while r group < 2^32.
    constexpr int position(int r) const { return static_cast<int>(static_cast<std::uint64_t>(r) * reciprocal >> 32); }
    /// Row r sees keys 0 … seen(r) - 1: the last query sits at the last key. Rows behind the last see all.
    constexpr int seen(int r) const {
        int const n = nk - nq + position(r) + 1;
        return n < nk ? n : nk;
    }
    /// The first row that sees a key.
    constexpr int first_row(int key) const {
        int const p = key - (nk - nq);
        return p > 0 ? p * group : 0;
    }
    /// Where row r's numbers are in a matrix of `heads x width` columns.
    constexpr std::int64_t at(int r, std::int64_t ld, int width) const {
        int const p = position(r);
        return (q0 + p) * ld + static_cast<std::int64_t>(head * group + r - p * group) * width;
    }
    constexpr std::int64_t key_at(int key, std::int64_t ld, int width) const { return (k0 + key) * ld + static_cast<std::int64_t>(head) * width; }
};

/// What the backward keeps of a row between its two kernels. A row of zeros that is no query's, with {0, 0}, adds nothing to any sum.
struct alignas(8) row_sums {
    float lse2 = 0;         ///< log2 of the softmax's sum
    float delta = 0;        ///< dO · O
};

/// All sequences under all key heads; goes to the kernels by value.
struct tall_grid {
    std::int32_t const *queries = nullptr, *keys = nullptr;
    int sequences = 0, key_heads = 1, group = 1;
    std::uint64_t reciprocal = 0;
    std::int64_t kept_a_head = 0;           ///< row_sums of one key head

    tall_grid() = default;
    tall_grid(attention_shape a, sequence_bounds const& b, std::int64_t query_rows)
        : queries(b.queries.data()), keys(b.keys.data()), sequences(static_cast<int>(b.queries.size()) - 1), key_heads(a.kv_heads), group(a.heads / a.kv_heads),
          reciprocal(((std::uint64_t{1} << 32) + static_cast<std::uint64_t>(group) - 1) / static_cast<std::uint64_t>(group)), kept_a_head(even(query_rows * group + sequences)) {}

    std::size_t kept_bytes() const { return static_cast<std::size_t>(kept_a_head * key_heads) * sizeof(row_sums); }
    constexpr static std::int64_t even(std::int64_t x) { return (x + 1) / 2 * 2; }

    /// Of the i-th of sequences x key_heads. Rows are kept from an even place on, so that two are 16 aligned bytes; s numbers are spare before sequence s, so that they fit.
    constexpr tall of(int i) const {
        int const s = i / key_heads, h = i % key_heads;
        int const q = queries[s], k = keys[s];
        return {q, queries[s + 1] - q, k, keys[s + 1] - k, group, h, reciprocal, h * kept_a_head + even(static_cast<std::int64_t>(q) * group + s)};
    }
};

/// A launch with a block for each tile that the longest sequence could have, in every sequence: bounds are in the GPU's memory, and the grid must not depend on them. Blocks without a tile end at once; y counts tiles
/// from the dearest on, so that all sequences' long tiles start first and the short ones fill the end.
struct blocks { std::int64_t x = 0, y = 0; };
constexpr std::int64_t tiles_of(std::int64_t n, int size) { return (n + size - 1) / size; }
inline blocks row_tiles(tall_grid const& all, sequence_bounds const& b, std::int64_t query_rows, int size) {
    return {std::int64_t{all.sequences} * all.key_heads, tiles_of(std::min<std::int64_t>(b.longest, query_rows) * all.group, size)};
}
inline blocks key_tiles(tall_grid const& all, sequence_bounds const& b, int size) { return {std::int64_t{all.sequences} * all.key_heads, tiles_of(b.longest, size)}; }

/// The rows of the y-th tile of rows, none where there is no such tile, and the keys that they see: 0 … keys - 1. The last rows see most, so they are tile 0.
struct row_tile {
    int first = 0, count = 0, keys = 0;
    constexpr row_tile(tall const& t, int y, int size) {
        int const tile = static_cast<int>(tiles_of(t.rows(), size)) - 1 - y;
        if (tile < 0) return;
        first = tile * size, count = t.rows() - first < size ? t.rows() - first : size, keys = t.seen(first + count - 1);
    }
};
/// The keys of the y-th tile of keys, and the rows that see any: first_row … rows() - 1, from an even one on (row_sums).
struct key_tile {
    int first = 0, count = 0, first_row = 0;
    constexpr key_tile(tall const& t, int y, int size) : first(y * size), count(t.nk - first < size ? t.nk - first : size), first_row(t.first_row(first) / 2 * 2) {}
};

/// Attention of any width up to 256 and any alignment (attention_plain.cu); what the tensor cores cannot take goes there.
template<class S> void plain_attention(matrix<S> o, matrix<float> lse, matrix<S const> q, matrix<S const> k, matrix<S const> v, attention_shape, sequence_bounds const&, stream&);
template<class S>
void plain_attention_backward(matrix<S> dq, matrix<S> dk, matrix<S> dv, matrix<S const> d_o, matrix<S const> q, matrix<S const> k, matrix<S const> v, matrix<S const> o, matrix<float const> lse, attention_shape,
                              sequence_bounds const&, stream&);

/// Scores are scaled by 1 / sqrt(width); kernels work with powers of 2, and want log2(e) of that.
inline float attention_scale(int width) { return static_cast<float>(1 / std::sqrt(static_cast<double>(width))); }
inline float attention_scale2(int width) { return static_cast<float>(1.4426950408889634 / std::sqrt(static_cast<double>(width))); }

} // namespace penstock::train::cuda
