// nvcc -O3 -std=c++20 --expt-relaxed-constexpr --diag-suppress=554 -arch=sm_90a -Iinclude -c kernels/cuda/attention.cu
//
// o = softmax(q kᵀ / sqrt(width)) v with an online softmax: scores live in registers only (Dao et al., FlashAttention-2). The CPU's is kernels/cpu/loops.ipp; what a row is, attention_plan.hpp says.
// A block has a tile of rows of one sequence and key head and walks over the keys that they see, 64 at a time, in two stages of shared memory: a tile arrives while the one before is worked on, with one barrier a tile.
// A warp owns 32 rows (16 where heads are 128 wide: more accumulators than registers else), so each fragment of K and V that it reads serves two products. Per tile of 64 keys and warp, width 64: 128 mma (524 k
// multiply-adds), 32 load_matrices (16 KiB of shared memory), 68 ex2, some 800 instructions in all.
// Memory: q once, o once (2 + 2 bytes a number), lse 4 bytes a row and head; K and V once for each tile of rows, from L2 after the first: 128 rows a tile are 128 operations a byte. The mask costs only in the tiles it
// crosses; tiles that no row of a warp sees are skipped by the warp. Weights are rounded to bf16 for the second product; their sum is not.
// Shared memory 48 KiB at width 64, 80 KiB at 128; two blocks a multiprocessor (255 registers at width 64, none spilled on sm_80 and sm_90a).
#include "attention_plan.hpp"
#include "attention_tiles.hpp"
#include "cuda.hpp"
#include "launch.hpp"
#include <concepts>
#include <limits>

namespace penstock::train {
namespace cuda {
namespace {

constexpr int threads = 128, warps = 4;

template<int width> struct sizes {
    static constexpr int strips = width > 64 ? 1 : 2, rows = 16 * warps * strips, keys = 64;
    static constexpr std::size_t shared = static_cast<std::size_t>(rows + 2 * 2 * keys) * width * sizeof(bf16);
};

template<int width> __global__ void __launch_bounds__(threads, 2) forward(matrix<bf16> o, matrix<float> lse, matrix<bf16 const> q, matrix<bf16 const> k, matrix<bf16 const> v, tall_grid const all, float const scale2) {
    using z = sizes<width>;
    constexpr int strips = z::strips, keys = z::keys;
    constexpr float ln_2 = 0.693147181F, hidden = -std::numeric_limits<float>::infinity();
    tall const t = all.of(block_x());
    row_tile const mine(t, block_y(), z::rows);
    if (mine.count == 0) return;
    bf16 *const q_tile = shared<bf16>(), *const kv_tiles = q_tile + z::rows * width;
    row_stream<width, keys, threads> all_k(k.data + t.key_at(0, k.ld, width), k.ld), all_v(v.data + t.key_at(0, v.ld, width), v.ld);
    auto fetch = [&](int key) {
        bf16* const to = kv_tiles + key / keys % 2 * (2 * keys * width);
        all_k.fetch(to, t.nk - key), all_v.fetch(to + keys * width, t.nk - key);
        copies_close();
    };
    fetch_rows<width, z::rows, threads>(q_tile, mine.count, [&](int i) { return q.data + t.at(mine.first + i, q.ld, width); });
    fetch(0);
    copies_arrived<0>();
    sync_block();

    int const first = warp() * 16 * strips, row = mine.first + first;
    int const all_see = t.seen(row), none_sees = first < mine.count ? t.seen(row + 16 * strips - 1) : 0;       // the warp's first row sees the keys before all_see, its last those before none_sees
    own_rows<width, strips, true> own(q_tile, first);
    own.hold();
    float sum[strips][2], best[strips][2], out[strips][width / 8][4];
    PENSTOCK_UNROLL
    for (int s = 0; s != strips; ++s) {
        PENSTOCK_UNROLL
        for (int half = 0; half != 2; ++half) sum[s][half] = 0, best[s][half] = hidden;
        PENSTOCK_UNROLL
        for (int n = 0; n != width / 8; ++n) {
            PENSTOCK_UNROLL
            for (int i = 0; i != 4; ++i) out[s][n][i] = 0;
        }
    }

    for (int key = 0; key < mine.keys; key += keys) {
        if (key > 0) {
            copies_arrived<0>();
            sync_block();           // this tile has arrived, and everybody is done with the one before: the next takes its place
        }
        if (key + keys < mine.keys) fetch(key + keys);
        if (key >= none_sees) continue;
        bf16* const k_tile = kv_tiles + key / keys % 2 * (2 * keys * width);
        float p[strips][keys / 8][4];
        score<width, strips, keys>(p, own, k_tile);
        if (key + keys > all_see) {
            PENSTOCK_UNROLL
            for (int s = 0; s != strips; ++s) {
                PENSTOCK_UNROLL
                for (int half = 0; half != 2; ++half) {
                    int const seen = (t.seen(row + s * 16 + half * 8 + lane() / 4) - lane() % 4 * 2) - key;
                    PENSTOCK_UNROLL
                    for (int n = 0; n != keys / 8; ++n) {
                        PENSTOCK_UNROLL
                        for (int i = 0; i != 2; ++i)
                            if (n * 8 + i >= seen) p[s][n][2 * half + i] = hidden;
                    }
                }
            }
        }
        // Online softmax: weights are relative to the largest score so far, which is finite from the first tile on (key 0 is seen by all); sums stay apart in the four lanes of a row until the end.
        PENSTOCK_UNROLL
        for (int s = 0; s != strips; ++s) {
            PENSTOCK_UNROLL
            for (int half = 0; half != 2; ++half) {
                float top = best[s][half];
                PENSTOCK_UNROLL
                for (int n = 0; n != keys / 8; ++n) top = larger(top, larger(p[s][n][2 * half], p[s][n][2 * half + 1]));
                top = larger(top, shuffle_xor(top, 1)), top = larger(top, shuffle_xor(top, 2));
                float const shrink = exp2_fast((best[s][half] - top) * scale2), base = top * scale2;
                best[s][half] = top;
                float part = 0;
                PENSTOCK_UNROLL
                for (int n = 0; n != keys / 8; ++n) {
                    PENSTOCK_UNROLL
                    for (int i = 2 * half; i != 2 * half + 2; ++i) p[s][n][i] = exp2_fast(p[s][n][i] * scale2 - base), part += p[s][n][i];
                }
                sum[s][half] = sum[s][half] * shrink + part;
                PENSTOCK_UNROLL
                for (int n = 0; n != width / 8; ++n) out[s][n][2 * half] *= shrink, out[s][n][2 * half + 1] *= shrink;
            }
        }
        fragment weights[strips][keys / 16];
        weights_of<strips, keys>(weights, p);
        accumulate<width, strips, keys>(out, weights, k_tile + keys * width);
    }
    if (none_sees == 0) return;

    PENSTOCK_UNROLL
    for (int s = 0; s != strips; ++s) {
        PENSTOCK_UNROLL
        for (int half = 0; half != 2; ++half) sum[s][half] += shuffle_xor(sum[s][half], 1), sum[s][half] += shuffle_xor(sum[s][half], 2);
    }
    if (lane() % 4 == 0) {
        PENSTOCK_UNROLL
        for (int s = 0; s != strips; ++s) {
            PENSTOCK_UNROLL
            for (int half = 0; half != 2; ++half)
                if (int const i = first + s * 16 + half * 8 + lane() / 4; i < mine.count) lse.data[t.at(mine.first + i, lse.ld, 1)] = (best[s][half] * scale2) * ln_2 + logarithm(sum[s][half]);
        }
    }
    store_rows<width, strips>(out, [&](int s, int half) { return divide_fast(1, sum[s][half]); }, q_tile, first, mine.count, [&](int i) { return o.data + t.at(mine.first + i, o.ld, width); });
}

grid over(blocks b, std::size_t shared) { return {.x = b.x, .y = b.y, .threads = threads, .shared = shared}; }

template<int width> void attend(matrix<bf16> o, matrix<float> lse, matrix<bf16 const> q, matrix<bf16 const> k, matrix<bf16 const> v, attention_shape a, sequence_bounds const& b, stream& s) {
    tall_grid const all(a, b, q.rows);
    launch(over(row_tiles(all, b, q.rows, sizes<width>::rows), sizes<width>::shared), s, forward<width>, o, lse, q, k, v, all, attention_scale2(width));
}

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::attention(matrix<S> o, matrix<float> lse, matrix<S const> q, matrix<S const> k, matrix<S const> v, attention_shape a, sequence_bounds const& b, stream& s) {
    if constexpr (std::same_as<S, bf16>) {
        if (cuda::in_vectors(a.width, q, k, v, o)) switch (a.width) {
            case 16: return cuda::attend<16>(o, lse, q, k, v, a, b, s);
            case 32: return cuda::attend<32>(o, lse, q, k, v, a, b, s);
            case 64: return cuda::attend<64>(o, lse, q, k, v, a, b, s);
            case 128: return cuda::attend<128>(o, lse, q, k, v, a, b, s);
            default:;
            }
    }
    cuda::plain_attention(o, lse, q, k, v, a, b, s);
}

template void Cuda<bf16>::attention(matrix<bf16>, matrix<float>, matrix<bf16 const>, matrix<bf16 const>, matrix<bf16 const>, attention_shape, sequence_bounds const&, stream&);
template void Cuda<float>::attention(matrix<float>, matrix<float>, matrix<float const>, matrix<float const>, matrix<float const>, attention_shape, sequence_bounds const&, stream&);

} // namespace penstock::train
