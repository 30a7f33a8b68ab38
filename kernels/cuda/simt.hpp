/// The words of a kernel: those of CUDA C++ and the few of PTX that ours use, each a function with a name. A kernel file says nothing else of the hardware, so the same file is compiled twice: by nvcc for GPUs,
/// and by any C++20 compiler with PENSTOCK_EMULATED, where emulated/simt.hpp plays the same words on the CPU, thread by thread. That is how every kernel is tested on machines without a GPU.
///
/// Shared memory is what `shared<T>()` gives, as many bytes as the launch says; it holds anything but zeros at the start (the emulator fills it with NaN). Threads of a block come in whole warps of 32.
#pragma once
#include "../bf16.hpp"
#include "../ops.hpp"
#include <cstdint>
#ifdef PENSTOCK_EMULATED
#include "emulated/simt.hpp"
#else
#include <cuda_bf16.h>
#include <cuda_runtime.h>

#define PENSTOCK_DEVICE __device__ __forceinline__
#define PENSTOCK_UNROLL _Pragma("unroll")           // before a loop whose index picks a register

namespace penstock::train::cuda {

PENSTOCK_DEVICE int thread_index() {
    int const i = static_cast<int>(threadIdx.x);
    __builtin_assume(i >= 0);           // so that its halves and remainders are shifts and masks
    return i;
}
PENSTOCK_DEVICE int block_threads() { return static_cast<int>(blockDim.x); }
PENSTOCK_DEVICE int block_x() { return static_cast<int>(blockIdx.x); }
PENSTOCK_DEVICE int block_y() { return static_cast<int>(blockIdx.y); }
PENSTOCK_DEVICE int block_z() { return static_cast<int>(blockIdx.z); }
PENSTOCK_DEVICE int blocks_x() { return static_cast<int>(gridDim.x); }
PENSTOCK_DEVICE int blocks_y() { return static_cast<int>(gridDim.y); }

PENSTOCK_DEVICE void sync_block() { __syncthreads(); }
PENSTOCK_DEVICE void sync_warp() { __syncwarp(); }
PENSTOCK_DEVICE float shuffle_xor(float x, int mask) { return __shfl_xor_sync(0xffffffffU, x, mask); }
PENSTOCK_DEVICE double shuffle_xor(double x, int mask) { return __shfl_xor_sync(0xffffffffU, x, mask); }

template<class T> PENSTOCK_DEVICE T* shared() {
    extern __shared__ uint4 penstock_shared[];
    return reinterpret_cast<T*>(penstock_shared);
}

PENSTOCK_DEVICE float exp2_fast(float x) {         // ex2.approx: 2 ulp, and e to the -infinity is 0
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}
PENSTOCK_DEVICE float logarithm(float x) { return logf(x); }
PENSTOCK_DEVICE float larger(float a, float b) { return fmaxf(a, b); }          // one instruction; a > b ? a : b is two
PENSTOCK_DEVICE float rsqrt_fast(float x) { return rsqrtf(x); }
PENSTOCK_DEVICE float divide_fast(float a, float b) { return __fdividef(a, b); }
PENSTOCK_DEVICE float multiply_add(float a, float b, float c) { return __fmaf_rn(a, b, c); }       // for sums of two products, of which the compiler chooses one to be exact
PENSTOCK_DEVICE float square_root(float x) { return __fsqrt_rn(x); }
PENSTOCK_DEVICE double square_root(double x) { return __dsqrt_rn(x); }
PENSTOCK_DEVICE double logarithm(double x) { return log(x); }

/// Two bf16 in a register, the first in the lower half; rounded to nearest even.
PENSTOCK_DEVICE std::uint32_t pack_bf16(float low, float high) {
    auto const v = __floats2bfloat162_rn(low, high);
    std::uint32_t u;
    memcpy(&u, &v, sizeof u);
    return u;
}
PENSTOCK_DEVICE bf16 round_bf16(float x) { return {__bfloat16_as_ushort(__float2bfloat16_rn(x))}; }

/// d += a b on the tensor cores: a is 16 x 16 bf16 by rows, b 16 x 8 by columns, d 16 x 8 float, spread over the warp as PTX says of mma.m16n8k16.
PENSTOCK_DEVICE void mma(float (&d)[4], std::uint32_t const (&a)[4], std::uint32_t b0, std::uint32_t b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
/// Four 8 x 8 matrices of bf16 from shared memory: lane i names row i % 8 of matrix i / 8, 16 bytes, aligned; register m of a lane gets two neighbours of row lane / 4 of matrix m.
PENSTOCK_DEVICE void load_matrices(std::uint32_t (&r)[4], void const* row) {
    auto const at = static_cast<std::uint32_t>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];" : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(at) : "memory");
}
/// The same with each matrix transposed on the way.
PENSTOCK_DEVICE void load_matrices_transposed(std::uint32_t (&r)[4], void const* row) {
    auto const at = static_cast<std::uint32_t>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];" : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(at) : "memory");
}

/// 16 bytes from global to shared memory, past the registers; zeros where `wanted` is false (then `from` is not read). Lies there after copies_arrived and sync_block.
PENSTOCK_DEVICE void copy_async(void* to, void const* from, bool wanted) {
    auto const at = static_cast<std::uint32_t>(__cvta_generic_to_shared(to));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(at), "l"(from), "r"(wanted ? 16 : 0) : "memory");
}
PENSTOCK_DEVICE void copies_close() { asm volatile("cp.async.commit_group;" ::: "memory"); }
/// All groups but the `pending` closed last have arrived, for this thread.
template<int pending> PENSTOCK_DEVICE void copies_arrived() { asm volatile("cp.async.wait_group %0;" ::"n"(pending) : "memory"); }

} // namespace penstock::train::cuda
#endif

namespace penstock::train::cuda {

PENSTOCK_DEVICE int lane() { return thread_index() % 32; }
PENSTOCK_DEVICE int warp() { return thread_index() / 32; }

PENSTOCK_DEVICE float real(float x) { return x; }
PENSTOCK_DEVICE float real(bf16 x) { return widen(x); }
template<class S> PENSTOCK_DEVICE S stored(float x);
template<> PENSTOCK_DEVICE float stored<float>(float x) { return x; }
template<> PENSTOCK_DEVICE bf16 stored<bf16>(float x) { return round_bf16(x); }

/// N elements that are read and written at once; N sizeof(T) is 16 for the widest access.
template<class T, int N> struct alignas(sizeof(T) * N) lanes_of {
    T v[N];
};
template<class S> inline constexpr int vector_width = 16 / static_cast<int>(sizeof(S));
template<class S> using vector_of = lanes_of<S, vector_width<S>>;

template<class T> PENSTOCK_DEVICE T warp_sum(T x) {        // the same in every lane
    for (int mask = 16; mask > 0; mask /= 2) x += shuffle_xor(x, mask);
    return x;
}
PENSTOCK_DEVICE float warp_max(float x) {
    for (int mask = 16; mask > 0; mask /= 2) {
        float const y = shuffle_xor(x, mask);
        x = x > y ? x : y;
    }
    return x;
}
/// Over all threads of the block, in one order, the same in every thread; room: a T a warp, free for other use after the next sync_block.
template<class T> PENSTOCK_DEVICE T block_sum(T x, T* room) {
    x = warp_sum(x);
    if (lane() == 0) room[warp()] = x;
    sync_block();
    T sum = 0;
    for (int w = 0; w != block_threads() / 32; ++w) sum += room[w];
    return sum;
}

} // namespace penstock::train::cuda
