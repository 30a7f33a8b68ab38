// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/rows.cu
//
// Rows by index, rounding, and the sum of rows. The CPU's is kernels/cpu/loops.ipp.
// gather reads and writes each element of y once (4 bytes in bf16). scatter writes all of y as zeros (2), then its few named rows. round reads 4 bytes and writes 2. Each thread takes 16 bytes of the narrower side.
// column_sum reads x once (2 bytes): a warp reads 512 bytes of a row, a block's 8 warps share a slice of some 64 rows or more, and leave one row of partial sums a slice for fold.cu.
#include "chunk.hpp"
#include "cuda.hpp"
#include "fold.hpp"

namespace penstock::train {
namespace cuda {
namespace {

enum class side { source, target };

// y[i] = x[index[i]], or y[index[i]] = x[i]: a block has a row and a strip of columns.
template<class S, int N, side named> __global__ void copy_rows(matrix<S> y, matrix<S const> x, std::int32_t const* index) {
    auto const c = (static_cast<std::int64_t>(block_y()) * block_threads() + thread_index()) * N;
    if (c >= y.cols) return;
    auto const row = static_cast<std::int64_t>(block_x()), other = static_cast<std::int64_t>(index[row]);
    *reinterpret_cast<lanes_of<S, N>*>(y.row(named == side::target ? other : row) + c) = *reinterpret_cast<lanes_of<S, N> const*>(x.row(named == side::source ? other : row) + c);
}

template<class S, int N> __global__ void zero_rows(matrix<S> y) {
    auto const c = (static_cast<std::int64_t>(block_y()) * block_threads() + thread_index()) * N;
    if (c < y.cols) *reinterpret_cast<lanes_of<S, N>*>(y.row(block_x()) + c) = lanes_of<S, N>{};
}

template<int N> grid over(std::int64_t rows, std::int64_t cols) {
    int const threads = threads_for(cols, N);
    return {.x = rows, .y = ceil_div<std::int64_t>(cols, static_cast<std::int64_t>(threads) * N), .threads = threads};
}

template<class S, bool wide> __global__ void round_all(S* to, float const* from, std::int64_t count) {
    constexpr int n = vector_width<S>;
    auto const at = (static_cast<std::int64_t>(block_x()) * block_threads() + thread_index()) * n;
    if (wide && at + n <= count) write<n, true>(to + at, read<n, true>(from + at, n), n);
    else if (at < count) write<n, false>(to + at, read<n, false>(from + at, count - at), count - at);
}

constexpr int sum_warps = 8;

template<class S, bool wide> __global__ void sum_slices(float* partial, matrix<S const> x, std::int64_t slice) {
    constexpr int n = vector_width<S>, strip = 32 * n;
    auto* const room = shared<float>();
    auto const first = static_cast<std::int64_t>(block_x()) * strip, c = first + lane() * n, left = x.cols - c;
    auto const begin = block_y() * slice, end = begin + slice < x.rows ? begin + slice : x.rows;
    chunk<n> sum{};
    if (left > 0)
        for (auto row = begin + warp(); row < end; row += sum_warps) {
            auto const v = read<n, wide>(x.row(row) + c, left);
            for (int i = 0; i != n; ++i) sum.v[i] += v.v[i];
        }
    write<n, true>(room + thread_index() * n, sum, n);
    sync_block();
    for (int i = thread_index(); i < strip; i += block_threads()) {
        if (first + i >= x.cols) return;
        float total = 0;
        for (int w = 0; w != sum_warps; ++w) total += room[w * strip + i];
        partial[block_y() * x.cols + first + i] = total;
    }
}

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::gather(matrix<S> y, matrix<S const> x, std::span<std::int32_t const> index, stream& s) {
    constexpr int n = cuda::vector_width<S>;
    if (cuda::in_vectors(y.cols, y, x)) cuda::launch(cuda::over<n>(y.rows, y.cols), s, cuda::copy_rows<S, n, cuda::side::source>, y, x, index.data());
    else cuda::launch(cuda::over<1>(y.rows, y.cols), s, cuda::copy_rows<S, 1, cuda::side::source>, y, x, index.data());
}
template<class S> void Cuda<S>::scatter(matrix<S> y, matrix<S const> x, std::span<std::int32_t const> index, stream& s) {
    constexpr int n = cuda::vector_width<S>;
    if (cuda::in_vectors(y.cols, y)) cuda::launch(cuda::over<n>(y.rows, y.cols), s, cuda::zero_rows<S, n>, y);
    else cuda::launch(cuda::over<1>(y.rows, y.cols), s, cuda::zero_rows<S, 1>, y);
    if (cuda::in_vectors(y.cols, y, x)) cuda::launch(cuda::over<n>(x.rows, y.cols), s, cuda::copy_rows<S, n, cuda::side::target>, y, x, index.data());
    else cuda::launch(cuda::over<1>(x.rows, y.cols), s, cuda::copy_rows<S, 1, cuda::side::target>, y, x, index.data());
}
template<class S> void Cuda<S>::round(std::span<S> to, std::span<real const> from, stream& s) {
    auto const count = static_cast<std::int64_t>(to.size());
    bool const wide = cuda::aligned(to.data()) && cuda::aligned(from.data());
    cuda::launch({.x = cuda::ceil_div<std::int64_t>(count, 256 * cuda::vector_width<S>)}, s, wide ? cuda::round_all<S, true> : cuda::round_all<S, false>, to.data(), from.data(), count);
}
template<class S> void Cuda<S>::column_sum(std::span<real> sum, matrix<S const> x, stream& s) {
    constexpr int strip = 32 * cuda::vector_width<S>;
    if (x.rows == 0 || x.cols == 0) return;
    auto const slice = std::max<std::int64_t>(64, cuda::ceil_div<std::int64_t>(x.rows, 256)), slices = cuda::ceil_div(x.rows, slice);
    auto* const partial = reinterpret_cast<float*>(s.scratch(static_cast<std::size_t>(slices * x.cols) * sizeof(float)));
    cuda::grid const g{.x = cuda::ceil_div<std::int64_t>(x.cols, strip), .y = slices, .threads = 32 * cuda::sum_warps, .shared = cuda::sum_warps * strip * sizeof(float)};
    cuda::launch(g, s, cuda::in_vectors(x.cols, x) ? cuda::sum_slices<S, true> : cuda::sum_slices<S, false>, partial, x, slice);
    cuda::fold(sum, partial, slices, s);
}

template void Cuda<bf16>::gather(matrix<bf16>, matrix<bf16 const>, std::span<std::int32_t const>, stream&);
template void Cuda<float>::gather(matrix<float>, matrix<float const>, std::span<std::int32_t const>, stream&);
template void Cuda<bf16>::scatter(matrix<bf16>, matrix<bf16 const>, std::span<std::int32_t const>, stream&);
template void Cuda<float>::scatter(matrix<float>, matrix<float const>, std::span<std::int32_t const>, stream&);
template void Cuda<bf16>::round(std::span<bf16>, std::span<float const>, stream&);
template void Cuda<float>::round(std::span<float>, std::span<float const>, stream&);
template void Cuda<bf16>::column_sum(std::span<float>, matrix<bf16 const>, stream&);
template void Cuda<float>::column_sum(std::span<float>, matrix<float const>, stream&);

} // namespace penstock::train
