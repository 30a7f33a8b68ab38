// nvcc -O3 -std=c++20 --expt-relaxed-constexpr --diag-suppress=554 -arch=sm_90a -Iinclude -c kernels/cuda/attention_plain.cu
//
// Attention in float, for Cuda<float> and for what the tensor cores cannot take in bf16: widths other than 16, 32, 64, 128, rows whose alignment allows no 16-byte access. Same rows, masks and order as attention.cu and
// attention_backward.cu. A block has 16 rows (or keys), two a warp, and 32 of the other side pass by: a lane has one of them for the scores, and a column in 32 for the sums. Everything is widened to float on its way
// into shared memory. Per score 2 multiply-adds of 3 reads: it is bound by shared memory, some tenth of what the units could do; fp32 is for checking, not for speed.
#include "attention_plan.hpp"
#include "cuda.hpp"
#include "launch.hpp"
#include <limits>
#include <penstock/core/fatal.hpp>
#include <string>

namespace penstock::train {
namespace cuda {
namespace {

constexpr int warps = 8, threads = 32 * warps, mine_a_warp = 2, own = mine_a_warp * warps, streamed = 32, widest = 256, parts = widest / 32;

constexpr int stride_of(int width) { return width | 1; }       // odd: lanes that read the same column of 32 rows read 32 banks
std::size_t shared_floats(int width, int own_tiles, int weights) { return sizeof(float) * static_cast<std::size_t>((own_tiles * own + 2 * streamed) * stride_of(width) + weights * own * 32); }

// A tile of floats; from(row) is where a row is, null where there is none: zeros.
template<int rows, class F> PENSTOCK_DEVICE void fetch(float* tile, int width, F const& from) {
    for (int row = warp(); row < rows; row += warps) {
        auto const* const p = from(row);
        for (int c = lane(); c < width; c += 32) tile[row * stride_of(width) + c] = p ? real(p[c]) : 0;
    }
}

// The warp's own rows times row `lane` of the streamed tile.
PENSTOCK_DEVICE void score(float (&s)[mine_a_warp], float const* mine, float const* streamed_tile, int width) {
    PENSTOCK_UNROLL
    for (int i = 0; i != mine_a_warp; ++i) s[i] = 0;
    float const* const other = streamed_tile + lane() * stride_of(width);
    for (int c = 0; c != width; ++c) {
        PENSTOCK_UNROLL
        for (int i = 0; i != mine_a_warp; ++i) s[i] += mine[i * stride_of(width) + c] * other[c];
    }
}

// sum of own row i, columns lane, lane + 32, …: += weights[i] · streamed rows. A tile is summed by itself first: 3,591 rows (513 queries of 7 heads) one after another in a float are off by 4 times what the CPU is.
PENSTOCK_DEVICE void accumulate(float (&sum)[mine_a_warp][parts], float const* weights, float const* streamed_tile, int width) {
    PENSTOCK_UNROLL
    for (int n = 0; n != parts; ++n)
        if (int const c = n * 32 + lane(); c < width) {
            float part[mine_a_warp] = {};
            for (int j = 0; j != streamed; ++j) {
                float const x = streamed_tile[j * stride_of(width) + c];
                PENSTOCK_UNROLL
                for (int i = 0; i != mine_a_warp; ++i) part[i] += weights[i * 32 + j] * x;
            }
            PENSTOCK_UNROLL
            for (int i = 0; i != mine_a_warp; ++i) sum[i][n] += part[i];
        }
}

template<class S> PENSTOCK_DEVICE void store(float const (&sum)[parts], float factor, S* to, int width, bool there) {
    if (!there) return;
    PENSTOCK_UNROLL
    for (int n = 0; n != parts; ++n)
        if (int const c = n * 32 + lane(); c < width) to[c] = stored<S>(sum[n] * factor);
}

template<class S>
__global__ void __launch_bounds__(threads) plain_forward(matrix<S> o, matrix<float> lse, matrix<S const> q, matrix<S const> k, matrix<S const> v, tall_grid const all, int const width, float const scale2) {
    tall const t = all.of(block_x());
    row_tile const mine(t, block_y(), own);
    if (mine.count == 0) return;
    int const stride = stride_of(width), first = warp() * mine_a_warp;
    float *const q_tile = shared<float>(), *const k_tile = q_tile + own * stride, *const v_tile = k_tile + streamed * stride, *const weights = v_tile + streamed * stride + first * 32;
    fetch<own>(q_tile, width, [&](int i) { return i < mine.count ? q.data + t.at(mine.first + i, q.ld, width) : nullptr; });
    float out[mine_a_warp][parts] = {}, sum[mine_a_warp] = {}, best[mine_a_warp];
    for (float& b : best) b = -std::numeric_limits<float>::infinity();
    for (int key = 0; key < mine.keys; key += streamed) {
        sync_block();
        fetch<streamed>(k_tile, width, [&](int i) { return key + i < t.nk ? k.data + t.key_at(key + i, k.ld, width) : nullptr; });
        fetch<streamed>(v_tile, width, [&](int i) { return key + i < t.nk ? v.data + t.key_at(key + i, v.ld, width) : nullptr; });
        sync_block();
        float s[mine_a_warp];
        score(s, q_tile + first * stride, k_tile, width);
        PENSTOCK_UNROLL
        for (int i = 0; i != mine_a_warp; ++i) {
            bool const seen = key + lane() < t.seen(mine.first + first + i);
            float const top = larger(best[i], warp_max(seen ? s[i] : best[i])), shrink = exp2_fast((best[i] - top) * scale2), p = seen ? exp2_fast((s[i] - top) * scale2) : 0;
            best[i] = top, sum[i] = sum[i] * shrink + warp_sum(p), weights[i * 32 + lane()] = p;
            PENSTOCK_UNROLL
            for (int n = 0; n != parts; ++n) out[i][n] *= shrink;
        }
        sync_warp();
        accumulate(out, weights, v_tile, width);
    }
    PENSTOCK_UNROLL
    for (int i = 0; i != mine_a_warp; ++i) {
        bool const there = first + i < mine.count;
        int const row = mine.first + first + i;
        if (there && lane() == 0) lse.data[t.at(row, lse.ld, 1)] = best[i] * scale2 * 0.693147181F + logarithm(sum[i]);
        store(out[i], 1 / sum[i], o.data + t.at(row, o.ld, width), width, there);
    }
}

template<class S>
__global__ void __launch_bounds__(threads) plain_queries(matrix<S> dq, row_sums* kept, matrix<S const> d_o, matrix<S const> q, matrix<S const> k, matrix<S const> v, matrix<S const> o, matrix<float const> lse, tall_grid const all,
                                                         int const width, float const scale, float const scale2) {
    tall const t = all.of(block_x());
    row_tile const mine(t, block_y(), own);
    if (mine.count == 0) return;
    int const stride = stride_of(width), first = warp() * mine_a_warp;
    float *const q_tile = shared<float>(), *const do_tile = q_tile + own * stride, *const k_tile = do_tile + own * stride, *const v_tile = k_tile + streamed * stride, *const weights = v_tile + streamed * stride + first * 32;
    fetch<own>(q_tile, width, [&](int i) { return i < mine.count ? q.data + t.at(mine.first + i, q.ld, width) : nullptr; });
    fetch<own>(do_tile, width, [&](int i) { return i < mine.count ? d_o.data + t.at(mine.first + i, d_o.ld, width) : nullptr; });
    sync_block();
    row_sums of[mine_a_warp] = {};
    PENSTOCK_UNROLL
    for (int i = 0; i != mine_a_warp; ++i) {
        int const row = mine.first + first + i;
        if (first + i >= mine.count) continue;          // the whole warp's
        S const* const from = o.data + t.at(row, o.ld, width);
        float dot = 0;
        for (int c = lane(); c < width; c += 32) dot += do_tile[(first + i) * stride + c] * real(from[c]);
        of[i] = {lse.data[t.at(row, lse.ld, 1)] * 1.44269504F, warp_sum(dot)};
        if (lane() == 0) kept[t.kept + row] = of[i];
    }
    float out[mine_a_warp][parts] = {};
    for (int key = 0; key < mine.keys; key += streamed) {
        sync_block();
        fetch<streamed>(k_tile, width, [&](int i) { return key + i < t.nk ? k.data + t.key_at(key + i, k.ld, width) : nullptr; });
        fetch<streamed>(v_tile, width, [&](int i) { return key + i < t.nk ? v.data + t.key_at(key + i, v.ld, width) : nullptr; });
        sync_block();
        float s[mine_a_warp], dp[mine_a_warp];
        score(s, q_tile + first * stride, k_tile, width), score(dp, do_tile + first * stride, v_tile, width);
        PENSTOCK_UNROLL
        for (int i = 0; i != mine_a_warp; ++i) weights[i * 32 + lane()] = key + lane() < t.seen(mine.first + first + i) ? exp2_fast(s[i] * scale2 - of[i].lse2) * (dp[i] - of[i].delta) : 0;
        sync_warp();
        accumulate(out, weights, k_tile, width);
    }
    PENSTOCK_UNROLL
    for (int i = 0; i != mine_a_warp; ++i) store(out[i], scale, dq.data + t.at(mine.first + first + i, dq.ld, width), width, first + i < mine.count);
}

template<class S>
__global__ void __launch_bounds__(threads) plain_keys(matrix<S> dk, matrix<S> dv, row_sums const* kept, matrix<S const> d_o, matrix<S const> q, matrix<S const> k, matrix<S const> v, tall_grid const all, int const width,
                                                      float const scale, float const scale2) {
    tall const t = all.of(block_x());
    key_tile const mine(t, block_y(), own);
    if (mine.count <= 0) return;
    int const stride = stride_of(width), first = warp() * mine_a_warp;
    float *const k_tile = shared<float>(), *const v_tile = k_tile + own * stride, *const q_tile = v_tile + own * stride, *const do_tile = q_tile + streamed * stride;
    float* const weights = do_tile + streamed * stride + first * 32;
    fetch<own>(k_tile, width, [&](int i) { return i < mine.count ? k.data + t.key_at(mine.first + i, k.ld, width) : nullptr; });
    fetch<own>(v_tile, width, [&](int i) { return i < mine.count ? v.data + t.key_at(mine.first + i, v.ld, width) : nullptr; });
    float out_k[mine_a_warp][parts] = {}, out_v[mine_a_warp][parts] = {};
    for (int row = mine.first_row; row < t.rows(); row += streamed) {
        sync_block();
        fetch<streamed>(q_tile, width, [&](int i) { return row + i < t.rows() ? q.data + t.at(row + i, q.ld, width) : nullptr; });
        fetch<streamed>(do_tile, width, [&](int i) { return row + i < t.rows() ? d_o.data + t.at(row + i, d_o.ld, width) : nullptr; });
        sync_block();
        int const r = row + lane();
        row_sums const of = r < t.rows() ? kept[t.kept + r] : row_sums{};
        float s[mine_a_warp], dp[mine_a_warp];
        score(s, k_tile + first * stride, q_tile, width), score(dp, v_tile + first * stride, do_tile, width);
        PENSTOCK_UNROLL
        for (int i = 0; i != mine_a_warp; ++i) {
            bool const seen = r < t.rows() && r >= t.first_row(mine.first + first + i);
            float const p = seen ? exp2_fast(s[i] * scale2 - of.lse2) : 0;
            weights[i * 32 + lane()] = p, dp[i] = p * (dp[i] - of.delta);
        }
        sync_warp();
        accumulate(out_v, weights, do_tile, width);
        sync_warp();            // one room for both: heads of 256 then fit the 99 KiB that compute capability 8.6 has
        PENSTOCK_UNROLL
        for (int i = 0; i != mine_a_warp; ++i) weights[i * 32 + lane()] = dp[i];
        sync_warp();
        accumulate(out_k, weights, q_tile, width);
    }
    PENSTOCK_UNROLL
    for (int i = 0; i != mine_a_warp; ++i) {
        bool const there = first + i < mine.count;
        int const key = mine.first + first + i;
        store(out_k[i], scale, dk.data + t.key_at(key, dk.ld, width), width, there);
        store(out_v[i], 1.0F, dv.data + t.key_at(key, dv.ld, width), width, there);
    }
}

grid over(blocks b, std::size_t shared) { return {.x = b.x, .y = b.y, .threads = threads, .shared = shared}; }

void expect_width(int width) {
    if (width > widest) throw fatal(exit_code::usage, "heads of " + std::to_string(width) + " numbers are wider than the GPU's attention takes (" + std::to_string(widest) + ")");
}

} // namespace

template<class S> void plain_attention(matrix<S> o, matrix<float> lse, matrix<S const> q, matrix<S const> k, matrix<S const> v, attention_shape a, sequence_bounds const& b, stream& s) {
    expect_width(a.width);
    tall_grid const all(a, b, q.rows);
    launch(over(row_tiles(all, b, q.rows, own), shared_floats(a.width, 1, 1)), s, plain_forward<S>, o, lse, q, k, v, all, a.width, attention_scale2(a.width));
}
template<class S>
void plain_attention_backward(matrix<S> dq, matrix<S> dk, matrix<S> dv, matrix<S const> d_o, matrix<S const> q, matrix<S const> k, matrix<S const> v, matrix<S const> o, matrix<float const> lse, attention_shape a,
                              sequence_bounds const& b, stream& s) {
    expect_width(a.width);
    tall_grid const all(a, b, q.rows);
    auto* const kept = reinterpret_cast<row_sums*>(s.scratch(all.kept_bytes()));
    float const scale = attention_scale(a.width), scale2 = attention_scale2(a.width);
    launch(over(row_tiles(all, b, q.rows, own), shared_floats(a.width, 2, 1)), s, plain_queries<S>, dq, kept, d_o, q, k, v, o, lse, all, a.width, scale, scale2);
    launch(over(key_tiles(all, b, own), shared_floats(a.width, 2, 1)), s, plain_keys<S>, dk, dv, kept, d_o, q, k, v, all, a.width, scale, scale2);
}

template void plain_attention(matrix<bf16>, matrix<float>, matrix<bf16 const>, matrix<bf16 const>, matrix<bf16 const>, attention_shape, sequence_bounds const&, stream&);
template void plain_attention(matrix<float>, matrix<float>, matrix<float const>, matrix<float const>, matrix<float const>, attention_shape, sequence_bounds const&, stream&);
template void plain_attention_backward(matrix<bf16>, matrix<bf16>, matrix<bf16>, matrix<bf16 const>, matrix<bf16 const>, matrix<bf16 const>, matrix<bf16 const>, matrix<bf16 const>, matrix<float const>, attention_shape,
                                       sequence_bounds const&, stream&);
template void plain_attention_backward(matrix<float>, matrix<float>, matrix<float>, matrix<float const>, matrix<float const>, matrix<float const>, matrix<float const>, matrix<float const>, matrix<float const>, attention_shape,
                                       sequence_bounds const&, stream&);

} // namespace cuda
} // namespace penstock::train
