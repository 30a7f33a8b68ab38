// nvcc -O3 -std=c++20 --expt-relaxed-constexpr --diag-suppress=554 -arch=sm_90a -Iinclude -c kernels/cuda/attention_backward.cu
//
// With P = exp(S - lse), dP = dO Vᵀ and delta = rowsum(dO O): dS = P (dP - delta), dV = Pᵀ dO, dQ = dS K / sqrt(width), dK = dSᵀ Q / sqrt(width). The CPU's is kernels/cpu/loops.ipp.
// Two kernels, seven products for the least possible five: S and dP are computed twice, so that every sum has one owner and one order. No atomics, no float copy of dQ, the same bits in every run.
// queries_backward: a block has 64 rows, holds Q and dO in registers, walks over keys; it also sums delta, and keeps it beside lse (8 bytes a row) for the other kernel: a pass over dO and O less.
// keys_backward: a block has 64 keys and walks over all rows that see them, position by position: the sum over the heads of a group is part of the walk. It computes Sᵀ and dPᵀ, whose accumulators are already the left
// operands of dV = Pᵀ dO and dK = dSᵀ Q: nothing goes through shared memory on the way.
// Per tile of 64 x 64 and warp, width 64: 96 and 128 mma, 48 and 64 load_matrices, 32 ex2 each; keys_backward's loop is 644 instructions long. Tiles pass by in two stages as in attention.cu, 32 rows a time at width 128.
// Memory: queries_backward reads q, o, dO once and writes dq (8 bytes a number), and K and V once a tile of rows from L2; keys_backward reads k, v once and writes dk, dv, and Q, dO once a tile of keys from L2.
// Shared memory 49 KiB at width 64, 65 at 128. Three and two blocks a multiprocessor at width 64, two at 128; no register spilled on sm_80 and sm_90a.
#include "attention_plan.hpp"
#include "attention_tiles.hpp"
#include "cuda.hpp"
#include "launch.hpp"
#include <concepts>
#include <limits>

namespace penstock::train {
namespace cuda {
namespace {

constexpr int threads = 128, warps = 4, own = 16 * warps;      // rows that a block owns, 16 a warp
constexpr float hidden = -std::numeric_limits<float>::infinity();
template<int width> inline constexpr int streamed = width > 64 ? 32 : 64;      // rows of a tile that passes by

template<int columns> PENSTOCK_DEVICE void clear(float (&x)[1][columns][4]) {
    PENSTOCK_UNROLL
    for (int n = 0; n != columns; ++n) {
        PENSTOCK_UNROLL
        for (int i = 0; i != 4; ++i) x[0][n][i] = 0;
    }
}

// dO · O of the tile's rows, dO from shared memory and O past it, once, 16 bytes a thread; and log2 of the softmax's sum. Rows of the tile are even, so an odd last row's neighbour is written too: zeros, as a row without a query has.
template<int width> PENSTOCK_DEVICE void sum_rows(row_sums* here, row_sums* kept, bf16* do_tile, matrix<bf16 const> o, matrix<float const> lse, tall const& t, row_tile const& mine) {
    constexpr int pieces = width / 8, step = threads / pieces;
    int const p = thread_index() % pieces;
    for (int row = thread_index() / pieces; row < own; row += step) {
        bool const there = row < mine.count;
        float sum = 0;
        if (there) {
            auto const a = *reinterpret_cast<vector_of<bf16> const*>(piece<width>(do_tile, row, p)), b = *reinterpret_cast<vector_of<bf16> const*>(o.data + t.at(mine.first + row, o.ld, width) + p * 8);
            PENSTOCK_UNROLL
            for (int i = 0; i != 8; ++i) sum += real(a.v[i]) * real(b.v[i]);
        }
        PENSTOCK_UNROLL
        for (int mask = pieces / 2; mask > 0; mask /= 2) sum += shuffle_xor(sum, mask);
        if (p == 0) {
            row_sums const s = there ? row_sums{lse.data[t.at(mine.first + row, lse.ld, 1)] * 1.44269504F, sum} : row_sums{};
            here[row] = s;
            if (row < (mine.count + 1) / 2 * 2) kept[t.kept + mine.first + row] = s;
        }
    }
}

template<int width> inline constexpr std::size_t queries_shared = static_cast<std::size_t>(2 * own + 2 * 2 * streamed<width>) * width * sizeof(bf16) + own * sizeof(row_sums);

template<int width>
__global__ void __launch_bounds__(threads, width > 64 ? 2 : 3) queries_backward(matrix<bf16> dq, row_sums* kept, matrix<bf16 const> d_o, matrix<bf16 const> q, matrix<bf16 const> k, matrix<bf16 const> v, matrix<bf16 const> o, matrix<float const> lse,
                                                               tall_grid const all, float const scale, float const scale2) {
    constexpr int keys = streamed<width>;
    tall const t = all.of(block_x());
    row_tile const mine(t, block_y(), own);
    if (mine.count == 0) return;
    bf16 *const q_tile = shared<bf16>(), *const do_tile = q_tile + own * width, *const kv_tiles = do_tile + own * width;
    auto* const sums = reinterpret_cast<row_sums*>(kv_tiles + 4 * keys * width);
    row_stream<width, keys, threads> all_k(k.data + t.key_at(0, k.ld, width), k.ld), all_v(v.data + t.key_at(0, v.ld, width), v.ld);
    auto fetch = [&](int key) {
        bf16* const to = kv_tiles + key / keys % 2 * (2 * keys * width);
        all_k.fetch(to, t.nk - key), all_v.fetch(to + keys * width, t.nk - key);
        copies_close();
    };
    fetch_rows<width, own, threads>(q_tile, mine.count, [&](int i) { return q.data + t.at(mine.first + i, q.ld, width); });
    fetch_rows<width, own, threads>(do_tile, mine.count, [&](int i) { return d_o.data + t.at(mine.first + i, d_o.ld, width); });
    fetch(0);
    copies_arrived<0>();
    sync_block();
    sum_rows<width>(sums, kept, do_tile, o, lse, t, mine);
    sync_block();

    int const first = warp() * 16, row = mine.first + first;
    int const all_see = t.seen(row), none_sees = first < mine.count ? t.seen(row + 15) : 0;
    own_rows<width, 1, true> q_rows(q_tile, first), do_rows(do_tile, first);
    q_rows.hold(), do_rows.hold();
    row_sums const of[2] = {sums[first + lane() / 4], sums[first + lane() / 4 + 8]};
    float out[1][width / 8][4];
    clear(out);
    for (int key = 0; key < mine.keys; key += keys) {
        if (key > 0) {
            copies_arrived<0>();
            sync_block();           // this tile has arrived, and everybody is done with the one before: the next takes its place
        }
        if (key + keys < mine.keys) fetch(key + keys);
        if (key >= none_sees) continue;
        bf16* const k_tile = kv_tiles + key / keys % 2 * (2 * keys * width);
        float p[1][keys / 8][4], dp[1][keys / 8][4];
        score<width, 1, keys>(p, q_rows, k_tile);
        score<width, 1, keys>(dp, do_rows, k_tile + keys * width);
        if (key + keys > all_see) {
            PENSTOCK_UNROLL
            for (int half = 0; half != 2; ++half) {
                int const seen = (t.seen(row + half * 8 + lane() / 4) - lane() % 4 * 2) - key;
                PENSTOCK_UNROLL
                for (int n = 0; n != keys / 8; ++n) {
                    PENSTOCK_UNROLL
                    for (int i = 0; i != 2; ++i)
                        if (n * 8 + i >= seen) p[0][n][2 * half + i] = hidden;
                }
            }
        }
        PENSTOCK_UNROLL
        for (int n = 0; n != keys / 8; ++n) {
            PENSTOCK_UNROLL
            for (int i = 0; i != 4; ++i) p[0][n][i] = exp2_fast(p[0][n][i] * scale2 - of[i / 2].lse2) * (dp[0][n][i] - of[i / 2].delta);
        }
        fragment ds[1][keys / 16];
        weights_of<1, keys>(ds, p);
        accumulate<width, 1, keys>(out, ds, k_tile);
    }
    store_rows<width, 1>(out, [&](int, int) { return scale; }, q_tile, first, mine.count, [&](int i) { return dq.data + t.at(mine.first + i, dq.ld, width); });
}

template<int width> inline constexpr bool keys_held = width <= 64;
template<int width> inline constexpr std::size_t keys_shared = static_cast<std::size_t>(2 * own + 2 * 2 * streamed<width>) * width * sizeof(bf16) + 2 * streamed<width> * sizeof(row_sums);

template<int width>
__global__ void __launch_bounds__(threads, 2) keys_backward(matrix<bf16> dk, matrix<bf16> dv, row_sums const* kept, matrix<bf16 const> d_o, matrix<bf16 const> q, matrix<bf16 const> k, matrix<bf16 const> v, tall_grid const all,
                                                            float const scale, float const scale2) {
    constexpr int rows = streamed<width>;
    tall const t = all.of(block_x());
    key_tile const mine(t, block_y(), own);
    if (mine.count <= 0) return;
    bf16 *const k_tile = shared<bf16>(), *const v_tile = k_tile + own * width, *const q_tiles = v_tile + own * width;
    auto* const sums = reinterpret_cast<row_sums*>(q_tiles + 4 * rows * width);
    auto fetch = [&](int row, int which) {
        bf16* const to = q_tiles + which * (2 * rows * width);
        fetch_rows<width, rows, threads>(to, t.rows() - row, [&](int i) { return q.data + t.at(row + i, q.ld, width); });
        fetch_rows<width, rows, threads>(to + rows * width, t.rows() - row, [&](int i) { return d_o.data + t.at(row + i, d_o.ld, width); });
        if (int const i = thread_index() * 2; i < rows) copy_async(sums + which * rows + i, kept + t.kept + row + i, row + i < t.rows());
        copies_close();
    };
    row_stream<width, own, threads>(k.data + t.key_at(mine.first, k.ld, width), k.ld).fetch(k_tile, mine.count);
    row_stream<width, own, threads>(v.data + t.key_at(mine.first, v.ld, width), v.ld).fetch(v_tile, mine.count);
    if (mine.first_row < t.rows()) fetch(mine.first_row, 0);
    else copies_close();
    copies_arrived<0>();
    sync_block();

    int const first = warp() * 16, key = mine.first + first;
    int const any_sees = first < mine.count ? t.first_row(key) : t.rows(), all_see = t.first_row(key + 15);        // rows before any_sees see none of the warp's keys, those from all_see on all of them
    own_rows<width, 1, keys_held<width>> k_rows(k_tile, first), v_rows(v_tile, first);
    k_rows.hold(), v_rows.hold();
    float out_k[1][width / 8][4], out_v[1][width / 8][4];
    clear(out_k), clear(out_v);
    for (int row = mine.first_row, which = 0; row < t.rows(); row += rows, which ^= 1) {
        if (row > mine.first_row) {
            copies_arrived<0>();
            sync_block();
        }
        if (row + rows < t.rows()) fetch(row + rows, which ^ 1);
        if (row + rows <= any_sees) continue;
        bf16 *const q_tile = q_tiles + which * (2 * rows * width), *const do_tile = q_tile + rows * width;
        row_sums const* const of = sums + which * rows + lane() % 4 * 2;
        // Transposed: a row is a key, a column a query's row. Columns without a query are zeros and add nothing.
        float p[1][rows / 8][4], ds[1][rows / 8][4];
        score<width, 1, rows>(p, k_rows, q_tile);
        score<width, 1, rows>(ds, v_rows, do_tile);
        if (row < all_see) {
            PENSTOCK_UNROLL
            for (int half = 0; half != 2; ++half) {
                int const sees = (t.first_row(key + half * 8 + lane() / 4) - lane() % 4 * 2) - row;
                PENSTOCK_UNROLL
                for (int n = 0; n != rows / 8; ++n) {
                    PENSTOCK_UNROLL
                    for (int i = 0; i != 2; ++i)
                        if (n * 8 + i < sees) p[0][n][2 * half + i] = hidden;
                }
            }
        }
        PENSTOCK_UNROLL
        for (int n = 0; n != rows / 8; ++n) {
            auto const two = *reinterpret_cast<lanes_of<row_sums, 2> const*>(of + n * 8);
            PENSTOCK_UNROLL
            for (int i = 0; i != 4; ++i) {
                p[0][n][i] = exp2_fast(p[0][n][i] * scale2 - two.v[i % 2].lse2);
                ds[0][n][i] = p[0][n][i] * (ds[0][n][i] - two.v[i % 2].delta);
            }
        }
        fragment weights[1][rows / 16];
        weights_of<1, rows>(weights, p);
        accumulate<width, 1, rows>(out_v, weights, do_tile);
        weights_of<1, rows>(weights, ds);
        accumulate<width, 1, rows>(out_k, weights, q_tile);
    }
    store_rows<width, 1>(out_k, [&](int, int) { return scale; }, k_tile, first, mine.count, [&](int i) { return dk.data + t.key_at(mine.first + i, dk.ld, width); });
    store_rows<width, 1>(out_v, [&](int, int) { return 1.0F; }, v_tile, first, mine.count, [&](int i) { return dv.data + t.key_at(mine.first + i, dv.ld, width); });
}

grid over(blocks b, std::size_t shared) { return {.x = b.x, .y = b.y, .threads = threads, .shared = shared}; }

template<int width>
void attend_backward(matrix<bf16> dq, matrix<bf16> dk, matrix<bf16> dv, matrix<bf16 const> d_o, matrix<bf16 const> q, matrix<bf16 const> k, matrix<bf16 const> v, matrix<bf16 const> o, matrix<float const> lse, attention_shape a,
                     sequence_bounds const& b, stream& s) {
    tall_grid const all(a, b, q.rows);
    auto* const kept = reinterpret_cast<row_sums*>(s.scratch(all.kept_bytes()));
    float const scale = attention_scale(width), scale2 = attention_scale2(width);
    launch(over(row_tiles(all, b, q.rows, own), queries_shared<width>), s, queries_backward<width>, dq, kept, d_o, q, k, v, o, lse, all, scale, scale2);
    launch(over(key_tiles(all, b, own), keys_shared<width>), s, keys_backward<width>, dk, dv, kept, d_o, q, k, v, all, scale, scale2);
}

} // namespace
} // namespace cuda

template<class S>
void Cuda<S>::attention_backward(matrix<S> dq, matrix<S> dk, matrix<S> dv, matrix<S const> d_o, matrix<S const> q, matrix<S const> k, matrix<S const> v, matrix<S const> o, matrix<float const> lse, attention_shape a,
                                 sequence_bounds const& b, stream& s) {
    if constexpr (std::same_as<S, bf16>) {
        if (cuda::in_vectors(a.width, dq, dk, dv, d_o, q, k, v, o)) switch (a.width) {
            case 16: return cuda::attend_backward<16>(dq, dk, dv, d_o, q, k, v, o, lse, a, b, s);
            case 32: return cuda::attend_backward<32>(dq, dk, dv, d_o, q, k, v, o, lse, a, b, s);
            case 64: return cuda::attend_backward<64>(dq, dk, dv, d_o, q, k, v, o, lse, a, b, s);
            case 128: return cuda::attend_backward<128>(dq, dk, dv, d_o, q, k, v, o, lse, a, b, s);
            default:;
            }
    }
    cuda::plain_attention_backward(dq, dk, dv, d_o, q, k, v, o, lse, a, b, s);
}

template void Cuda<bf16>::attention_backward(matrix<bf16>, matrix<bf16>, matrix<bf16>, matrix<bf16 const>, matrix<bf16 const>, matrix<bf16 const>, matrix<bf16 const>, matrix<bf16 const>, matrix<float const>, attention_shape,
                                             sequence_bounds const&, stream&);
template void Cuda<float>::attention_backward(matrix<float>, matrix<float>, matrix<float>, matrix<float const>, matrix<float const>, matrix<float const>, matrix<float const>, matrix<float const>, matrix<float const>, attention_shape,
                                              sequence_bounds const&, stream&);

} // namespace penstock::train
