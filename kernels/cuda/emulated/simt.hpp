/// The words of kernels/cuda/simt.hpp played on the CPU: a block's threads are fibers that run one after another and change at barriers and where a warp exchanges registers. Slow and strict: shared memory begins as
/// NaN and ends where the launch said, an asynchronous copy arrives no sooner than it is waited for, a barrier that not all threads reach ends the program, and warps can run backwards (`order`), so that a missing
/// barrier changes the result. What it cannot show is speed, and what the hardware does where its manual is silent.
#pragma once
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <type_traits>

#define __global__
#define __device__
#define __host__
#define __launch_bounds__(...)
#define PENSTOCK_DEVICE inline
#define PENSTOCK_UNROLL

namespace penstock::train::cuda::emulated {

struct place { int thread = 0, threads = 0, x = 0, y = 0, z = 0, blocks_x = 1, blocks_y = 1; };
extern place here;                  ///< of the fiber that runs
extern std::byte* block_memory;     ///< shared memory of the block that runs

/// Which warp of a block, and which block of a grid, runs first. A kernel must not care.
enum class order { forward, backward };
void run_in(order);

void run_grid(int x, int y, int z, int threads, std::size_t shared, std::function<void()> const& kernel);
void block_barrier();

/// Leaves 64 bytes for the other lanes, waits until all 32 have, and returns where lane 0's lie; lane i's lie i * 64 bytes behind. They stay until this lane exchanges again.
std::byte const* exchange(void const* mine, std::size_t bytes);

void copy_later(void* to, void const* from, bool wanted);
void close_copies();
void await_copies(int pending);

} // namespace penstock::train::cuda::emulated

namespace penstock::train::cuda {

inline int thread_index() { return emulated::here.thread; }
inline int block_threads() { return emulated::here.threads; }
inline int block_x() { return emulated::here.x; }
inline int block_y() { return emulated::here.y; }
inline int block_z() { return emulated::here.z; }
inline int blocks_x() { return emulated::here.blocks_x; }
inline int blocks_y() { return emulated::here.blocks_y; }

inline void sync_block() { emulated::block_barrier(); }
inline void sync_warp() { emulated::exchange(nullptr, 0); }
template<class T> T shuffle_xor(T x, int mask) {
    auto const* const all = emulated::exchange(&x, sizeof x);
    std::memcpy(&x, all + ((thread_index() % 32) ^ mask) * 64, sizeof x);
    return x;
}

template<class T> T* shared() { return reinterpret_cast<T*>(emulated::block_memory); }

inline float exp2_fast(float x) { return std::exp2(x); }
inline float logarithm(float x) { return std::log(x); }
inline float larger(float a, float b) { return std::fmax(a, b); }
inline float rsqrt_fast(float x) { return 1 / std::sqrt(x); }
inline float divide_fast(float a, float b) { return a / b; }
inline float multiply_add(float a, float b, float c) { return std::fma(a, b, c); }
inline float square_root(float x) { return std::sqrt(x); }
inline double square_root(double x) { return std::sqrt(x); }
inline double logarithm(double x) { return std::log(x); }

inline bf16 round_bf16(float x) { return narrow(x); }
inline std::uint32_t pack_bf16(float low, float high) { return narrow(low).bits | static_cast<std::uint32_t>(narrow(high).bits) << 16; }

// The layouts are those of the PTX manual, "Matrix fragments for mma.m16n8k16" and "ldmatrix".
inline void mma(float (&d)[4], std::uint32_t const (&a)[4], std::uint32_t b0, std::uint32_t b1) {
    std::uint32_t const mine[6] = {a[0], a[1], a[2], a[3], b0, b1};
    auto const* const all = emulated::exchange(mine, sizeof mine);
    auto part = [&](int lane, int reg, int half) {
        std::uint32_t r;
        std::memcpy(&r, all + lane * 64 + reg * 4, sizeof r);
        return widen(bf16{static_cast<std::uint16_t>(half ? r >> 16 : r)});
    };
    int const group = thread_index() % 32 / 4, quad = thread_index() % 4;
    for (int i = 0; i != 4; ++i) {
        int const row = group + i / 2 * 8, col = quad * 2 + i % 2;
        for (int k = 0; k != 16; ++k) {
            float const av = part(row % 8 * 4 + k % 8 / 2, row / 8 + k / 8 * 2, k % 2), bv = part(col * 4 + k % 8 / 2, 4 + k / 8, k % 2);
            d[i] += av * bv;
        }
    }
}
inline void load_matrices(std::uint32_t (&r)[4], void const* row, bool transposed) {
    auto const* const all = emulated::exchange(&row, sizeof row);
    int const line = thread_index() % 32 / 4, pair = thread_index() % 4 * 2;
    for (int m = 0; m != 4; ++m) {
        auto element = [&](int i, int j) {
            std::uint16_t const* from;
            std::memcpy(&from, all + (m * 8 + i) * 64, sizeof from);
            return from[j];
        };
        std::uint32_t const low = transposed ? element(pair, line) : element(line, pair), high = transposed ? element(pair + 1, line) : element(line, pair + 1);
        r[m] = low | high << 16;
    }
    emulated::exchange(nullptr, 0);     // nobody overwrites what another lane still reads
}
inline void load_matrices(std::uint32_t (&r)[4], void const* row) { load_matrices(r, row, false); }
inline void load_matrices_transposed(std::uint32_t (&r)[4], void const* row) { load_matrices(r, row, true); }

inline void copy_async(void* to, void const* from, bool wanted) { emulated::copy_later(to, from, wanted); }
inline void copies_close() { emulated::close_copies(); }
template<int pending> void copies_arrived() { emulated::await_copies(pending); }

} // namespace penstock::train::cuda
