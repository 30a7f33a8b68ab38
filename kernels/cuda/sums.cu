// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/sums.cu
//
// The squared norm of the gradients, by blocks of a given size (so that ranks that hold some blocks each find the very same sums), and the factor that clips it; both stay in the GPU's memory, so nobody waits.
// The CPU's is kernels/cpu/loops.ipp.
// Reads 4 bytes an element, squares and sums in double (one operation for 4 bytes hides behind the memory). Each 65,536 elements of a block leave a partial sum; a second launch adds those of each block.
#include "chunk.hpp"
#include "cuda.hpp"

namespace penstock::train {
namespace cuda {
namespace {

constexpr int width = 4;
constexpr std::int64_t piece = 65536;

template<bool wide> __global__ void sum_squares(double* partial, float const* x, std::int64_t count, std::int64_t block, std::int64_t pieces) {
    auto const first = block_x() / pieces * block + block_x() % pieces * piece;
    auto end = first + piece < (block_x() / pieces + 1) * block ? first + piece : (block_x() / pieces + 1) * block;
    end = end < count ? end : count;
    double sum = 0;
    for (auto at = first + thread_index() * width; at < end; at += block_threads() * width) {
        auto const v = wide && at + width <= end ? read<width, wide>(x + at, width) : read<width, false>(x + at, end - at);
        for (int i = 0; i != width; ++i) sum += static_cast<double>(v.v[i]) * static_cast<double>(v.v[i]);
    }
    sum = block_sum(sum, shared<double>());
    if (thread_index() == 0) partial[block_x()] = sum;
}

__global__ void add_pieces(double* sums, double const* partial, std::int64_t pieces) {
    double sum = 0;
    for (std::int64_t i = thread_index(); i < pieces; i += block_threads()) sum += partial[block_x() * pieces + i];
    sum = block_sum(sum, shared<double>());
    if (thread_index() == 0) sums[block_x()] = sum;
}

__global__ void factor_of(double* factor, double const* sums, std::int64_t count, double limit) {
    double sum = 0;
    for (std::int64_t i = thread_index(); i < count; i += block_threads()) sum += sums[i];
    sum = block_sum(sum, shared<double>());
    if (thread_index() != 0) return;
    double const f = limit / (square_root(sum) + 1e-6);
    *factor = limit > 0 && f < 1 ? f : 1;
}

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::square_sums(std::span<double> sums, std::span<real const> x, std::int64_t block, stream& s) {
    auto const count = static_cast<std::int64_t>(sums.size()), pieces = cuda::ceil_div(block, cuda::piece);
    auto* const partial = reinterpret_cast<double*>(s.scratch(static_cast<std::size_t>(count * pieces) * sizeof(double)));
    bool const wide = cuda::aligned(x.data()) && block % cuda::width == 0;
    cuda::launch({.x = count * pieces, .shared = 8 * sizeof(double)}, s, wide ? cuda::sum_squares<true> : cuda::sum_squares<false>, partial, x.data(), static_cast<std::int64_t>(x.size()), block, pieces);
    cuda::launch({.x = count, .shared = 8 * sizeof(double)}, s, cuda::add_pieces, sums.data(), partial, pieces);
}
template<class S> void Cuda<S>::clip_factor(double* factor, std::span<double const> sums, double limit, stream& s) {
    cuda::launch({.shared = 8 * sizeof(double)}, s, cuda::factor_of, factor, sums.data(), static_cast<std::int64_t>(sums.size()), limit);
}

template void Cuda<bf16>::square_sums(std::span<double>, std::span<float const>, std::int64_t, stream&);
template void Cuda<float>::square_sums(std::span<double>, std::span<float const>, std::int64_t, stream&);
template void Cuda<bf16>::clip_factor(double*, std::span<double const>, double, stream&);
template void Cuda<float>::clip_factor(double*, std::span<double const>, double, stream&);

} // namespace penstock::train
