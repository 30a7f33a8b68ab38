/// Tiles of bf16 in shared memory, as attention's kernels use them: filled by copy_async, read as fragments of mma, written back from accumulators. Pieces of 16 bytes are permuted within 128 (piece ^ row % 8 where a row has
/// eight or more), so that the eight rows of an 8 x 8 matrix lie in different banks without a byte of padding.
///
/// A warp owns `strips` of 16 rows of one operand and streams the other. Two products are all there is: own rows · streamed rowsᵀ (scores), and weights · streamed rows. A score's accumulator has the layout that the
/// second product wants its left operand in, so weights never leave the registers.
#pragma once
#include "simt.hpp"

namespace penstock::train::cuda {

template<int width> PENSTOCK_DEVICE bf16* piece(bf16* tile, int row, int p) {
    constexpr int pieces = width / 8, rows_a_line = pieces < 8 ? 8 / pieces : 1, distinct = pieces < 8 ? pieces : 8;
    return tile + row * width + (p ^ (row / rows_a_line & (distinct - 1))) * 8;
}

/// Rows 0 … rows - 1 of the tile, zeros from `count` on; a thread has one column of pieces: from(row) is where its piece of a row is. Its rows are so far apart that the permutation is the same for all.
template<int width, int rows, int threads, class F> PENSTOCK_DEVICE void fetch_pieces(bf16* tile, int count, F const& from) {
    constexpr int pieces = width / 8, step = threads / pieces;
    static_assert(rows % step == 0 && step % 8 == 0);
    int const row = thread_index() / pieces;
    bf16* const to = piece<width>(tile, row, thread_index() % pieces);
    PENSTOCK_UNROLL
    for (int i = 0; i != rows; i += step) copy_async(to + i * width, from(row + i), row + i < count);
}
/// Rows that lie anywhere: from(row) is where one begins.
template<int width, int rows, int threads, class F> PENSTOCK_DEVICE void fetch_rows(bf16* tile, int count, F const& from) {
    fetch_pieces<width, rows, threads>(tile, count, [&](int row) { return from(row) + thread_index() % (width / 8) * 8; });
}
/// Rows one after another, a tile at a time: nothing is multiplied between two tiles.
template<int width, int rows, int threads> struct row_stream {
    bf16 const* next;
    std::int64_t ld;

    PENSTOCK_DEVICE row_stream(bf16 const* first, std::int64_t l) : next(first + thread_index() / (width / 8) * l + thread_index() % (width / 8) * 8), ld(l) {}
    PENSTOCK_DEVICE void fetch(bf16* tile, int count) {
        bf16 const* from = next;
        constexpr int step = threads / (width / 8);
        fetch_pieces<width, rows, threads>(tile, count, [&](int) {
            auto const now = from;
            from += step * ld;
            return now;
        });
        next = from;
    }
};

using fragment = std::uint32_t[4];

/// Rows that the warp owns, as left operands: held in registers where there is room for them, read again at each use where not.
template<int width, int strips, bool held> struct own_rows {
    bf16* tile;
    int first;
    fragment r[held ? strips : 1][held ? width / 16 : 1];

    PENSTOCK_DEVICE own_rows(bf16* t, int f) : tile(t), first(f) {}
    PENSTOCK_DEVICE void load(fragment& a, int strip, int k) const { load_matrices(a, piece<width>(tile, first + strip * 16 + lane() % 16, k * 2 + lane() / 16)); }
    PENSTOCK_DEVICE void hold() {
        if constexpr (held) {
            PENSTOCK_UNROLL
            for (int s = 0; s != strips; ++s) {
                PENSTOCK_UNROLL
                for (int k = 0; k != width / 16; ++k) load(r[s][k], s, k);
            }
        }
    }
};

/// scores = own rows · streamed rowsᵀ: 16 strips x columns, accumulators of 16 x 8.
template<int width, int strips, int columns, bool held> PENSTOCK_DEVICE void score(float (&scores)[strips][columns / 8][4], own_rows<width, strips, held> const& own, bf16* streamed) {
    PENSTOCK_UNROLL
    for (int s = 0; s != strips; ++s) {
        PENSTOCK_UNROLL
        for (int n = 0; n != columns / 8; ++n) {
            PENSTOCK_UNROLL
            for (int i = 0; i != 4; ++i) scores[s][n][i] = 0;
        }
    }
    PENSTOCK_UNROLL
    for (int k = 0; k != width / 16; ++k) {
        fragment again[held ? 1 : strips];
        if constexpr (!held) {
            PENSTOCK_UNROLL
            for (int s = 0; s != strips; ++s) own.load(again[s], s, k);
        }
        PENSTOCK_UNROLL
        for (int n = 0; n != columns / 16; ++n) {
            fragment b;
            load_matrices(b, piece<width>(streamed, n * 16 + lane() / 16 * 8 + lane() % 8, k * 2 + lane() / 8 % 2));
            PENSTOCK_UNROLL
            for (int s = 0; s != strips; ++s) {
                auto const& a = [&]() -> fragment const& {
                    if constexpr (held) return own.r[s][k];
                    else return again[s];
                }();
                mma(scores[s][2 * n], a, b[0], b[1]);
                mma(scores[s][2 * n + 1], a, b[2], b[3]);
            }
        }
    }
}

/// Accumulators as left operands.
template<int strips, int columns> PENSTOCK_DEVICE void weights_of(fragment (&w)[strips][columns / 16], float const (&x)[strips][columns / 8][4]) {
    PENSTOCK_UNROLL
    for (int s = 0; s != strips; ++s) {
        PENSTOCK_UNROLL
        for (int k = 0; k != columns / 16; ++k) {
            w[s][k][0] = pack_bf16(x[s][2 * k][0], x[s][2 * k][1]), w[s][k][1] = pack_bf16(x[s][2 * k][2], x[s][2 * k][3]);
            w[s][k][2] = pack_bf16(x[s][2 * k + 1][0], x[s][2 * k + 1][1]), w[s][k][3] = pack_bf16(x[s][2 * k + 1][2], x[s][2 * k + 1][3]);
        }
    }
}

/// sum += weights · streamed rows.
template<int width, int strips, int columns> PENSTOCK_DEVICE void accumulate(float (&sum)[strips][width / 8][4], fragment const (&weights)[strips][columns / 16], bf16* streamed) {
    PENSTOCK_UNROLL
    for (int k = 0; k != columns / 16; ++k) {
        PENSTOCK_UNROLL
        for (int n = 0; n != width / 16; ++n) {
            fragment b;
            load_matrices_transposed(b, piece<width>(streamed, k * 16 + lane() % 16, n * 2 + lane() / 16));
            PENSTOCK_UNROLL
            for (int s = 0; s != strips; ++s) {
                mma(sum[s][2 * n], weights[s][k], b[0], b[1]);
                mma(sum[s][2 * n + 1], weights[s][k], b[2], b[3]);
            }
        }
    }
}

/// The warp's rows, rounded, by way of its own rows of a tile that nobody else reads any more, so that global memory is written 16 bytes at a time; those before `count` of the tile. factor(strip, half): of the rows
/// lane / 4 + 8 half of a strip.
template<int width, int strips, class F, class T> PENSTOCK_DEVICE void store_rows(float const (&sum)[strips][width / 8][4], F const& factor, bf16* tile, int first, int count, T const& to) {
    sync_warp();
    PENSTOCK_UNROLL
    for (int s = 0; s != strips; ++s) {
        PENSTOCK_UNROLL
        for (int half = 0; half != 2; ++half) {
            float const f = factor(s, half);
            PENSTOCK_UNROLL
            for (int n = 0; n != width / 8; ++n)
                *reinterpret_cast<std::uint32_t*>(piece<width>(tile, first + s * 16 + half * 8 + lane() / 4, n) + lane() % 4 * 2) = pack_bf16(sum[s][n][2 * half] * f, sum[s][n][2 * half + 1] * f);
        }
    }
    sync_warp();
    constexpr int pieces = width / 8;
    for (int i = lane(); i < 16 * strips * pieces; i += 32) {
        int const row = first + i / pieces, p = i % pieces;
        if (row < count) *reinterpret_cast<vector_of<bf16>*>(to(row) + p * 8) = *reinterpret_cast<vector_of<bf16> const*>(piece<width>(tile, row, p));
    }
}

} // namespace penstock::train::cuda
