// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/rope.cu
//
// Rotary positions, half-split: (a, b) = (x[i], x[i + width / 2]) of every head becomes (a cos - b sin, b cos + a sin), in place; direction -1 turns back, which is the backward. The CPU's is kernels/cpu/loops.ipp.
// Reads and writes each element once (4 bytes in bf16); cosines and sines are float and shared by a row's heads, so they come from the caches. A thread takes 16 bytes of each half and their partners;
// a block has whole rows, some 256 threads' worth.
#include "chunk.hpp"
#include "cuda.hpp"

namespace penstock::train {
namespace cuda {
namespace {

template<class S, int N> __global__ void turn(matrix<S> x, int heads, int half, std::int32_t const* positions, matrix<float const> table, float direction, int rows_a_block) {
    int const chunks = half / N, per_row = heads * chunks;
    for (int i = thread_index(); i < rows_a_block * per_row; i += block_threads()) {
        auto const row = static_cast<std::int64_t>(block_x()) * rows_a_block + i / per_row;
        if (row >= x.rows) return;
        int const in_row = i % per_row, c = in_row % chunks * N;
        S* const p = x.row(row) + in_row / chunks * 2 * half + c;
        float const* const cosine = table.row(positions[row]) + c;
        auto a = read<N, true>(p, N), b = read<N, true>(p + half, N);
        auto const co = read<N, true>(cosine, N), si = read<N, true>(cosine + half, N);
        for (int j = 0; j != N; ++j) {
            float const low = a.v[j], high = b.v[j], sine = direction * si.v[j];
            a.v[j] = low * co.v[j] - high * sine;
            b.v[j] = high * co.v[j] + low * sine;
        }
        write<N, true>(p, a, N);
        write<N, true>(p + half, b, N);
    }
}

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::rotate(matrix<S> x, int heads, int width, std::span<std::int32_t const> positions, matrix<real const> table, int direction, stream& s) {
    constexpr int n = cuda::vector_width<S>;
    int const half = width / 2;
    bool const wide = half % n == 0 && cuda::in_vectors(0, x, table);
    int const per_row = heads * half / (wide ? n : 1), rows = per_row > 0 ? std::max(1, 256 / per_row) : 1;
    cuda::grid const g{.x = per_row > 0 ? cuda::ceil_div<std::int64_t>(x.rows, rows) : 0, .threads = cuda::threads_for(static_cast<std::int64_t>(rows) * per_row, 1)};
    cuda::launch(g, s, wide ? cuda::turn<S, n> : cuda::turn<S, 1>, x, heads, half, positions.data(), table, static_cast<float>(direction), rows);
}

template void Cuda<bf16>::rotate(matrix<bf16>, int, int, std::span<std::int32_t const>, matrix<float const>, int, stream&);
template void Cuda<float>::rotate(matrix<float>, int, int, std::span<std::int32_t const>, matrix<float const>, int, stream&);

} // namespace penstock::train
