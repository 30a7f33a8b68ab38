// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/cross_entropy.cu
//
// d = scale (softmax(logits) - one-hot of the target), zeros where the target is negative; loss += scale Σ -log softmax(logits)[target]. The CPU's is kernels/cpu/loops.ipp.
// Reads each logit twice (8 bytes) and writes its derivative once (2 in bf16): the first pass finds the largest logit and the sum of exponentials together (each thread rescales its sum where it meets a larger one), the
// second writes. A row of 152,000 logits is 608 KB, more than the shared memory of a multiprocessor; so a block has a row, as many threads as a block can have, and keeps nothing. The second pass goes backwards: what
// was read last is what the L2 cache still has, which is less than the rows under way. What each row loses is added up by a second launch of one block, in double.
#include "chunk.hpp"
#include "cuda.hpp"

namespace penstock::train {
namespace cuda {
namespace {

constexpr float log2_e = 1.44269504F, lowest = -3.402823466e38F;

template<class S, bool wide> __global__ void __launch_bounds__(1024) softmax_and_derivative(double* row_loss, matrix<S> d, matrix<float const> logits, std::int32_t const* targets, float scale) {
    constexpr int n = vector_width<S>;
    auto* const room = shared<float>();
    auto const row = static_cast<std::int64_t>(block_x());
    std::int32_t const target = targets[row];
    float const* const x = logits.row(row);
    int const first = thread_index() * n, step = block_threads() * n;
    if (target < 0) {
        for (std::int64_t c = first; c < logits.cols; c += step) write<n, wide>(d.row(row) + c, chunk<n>{}, logits.cols - c);
        if (thread_index() == 0) row_loss[row] = 0;
        return;
    }
    float top = lowest, sum = 0;
    for (std::int64_t c = first; c < logits.cols; c += step) {
        auto const left = logits.cols - c;
        auto const v = read<n, wide>(x + c, left);
        float larger = top;
        for (int i = 0; i != n; ++i) larger = i < left && v.v[i] > larger ? v.v[i] : larger;
        float more = 0;
        for (int i = 0; i != n; ++i) more += i < left ? exp2_fast((v.v[i] - larger) * log2_e) : 0.0F;
        sum = sum * exp2_fast((top - larger) * log2_e) + more;
        top = larger;
    }
    float const warp_top = warp_max(top);
    if (lane() == 0) room[warp()] = warp_top;
    sync_block();
    float all_top = room[0];
    for (int w = 1; w != block_threads() / 32; ++w) all_top = room[w] > all_top ? room[w] : all_top;
    float const all = block_sum(sum * exp2_fast((top - all_top) * log2_e), room + 32), factor = scale / all;
    if (thread_index() == 0) row_loss[row] = static_cast<double>(all_top) + logarithm(static_cast<double>(all)) - static_cast<double>(x[target]);
    for (std::int64_t c = (logits.cols - 1 - first + step) / step * step + first - step; c >= first; c -= step) {
        auto const left = logits.cols - c;
        auto v = read<n, wide>(x + c, left);
        for (int i = 0; i != n; ++i) v.v[i] = (exp2_fast((v.v[i] - all_top) * log2_e) - (c + i == target ? all : 0.0F)) * factor;
        write<n, wide>(d.row(row) + c, v, left);
    }
}

__global__ void add_losses(double* loss, double const* row_loss, std::int64_t rows, double scale) {
    double sum = 0;
    for (std::int64_t i = thread_index(); i < rows; i += block_threads()) sum += row_loss[i];
    sum = block_sum(sum, shared<double>());
    if (thread_index() == 0) *loss += scale * sum;
}

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::cross_entropy(double* loss, matrix<S> d, matrix<real const> logits, std::span<std::int32_t const> targets, double scale, stream& s) {
    if (logits.rows == 0) return;
    auto* const row_loss = reinterpret_cast<double*>(s.scratch(static_cast<std::size_t>(logits.rows) * sizeof(double)));
    auto const warps = std::clamp<std::int64_t>(cuda::ceil_div<std::int64_t>(logits.cols, 32 * cuda::vector_width<S>), 1, 32);
    cuda::launch({.x = logits.rows, .threads = static_cast<int>(warps) * 32, .shared = 64 * sizeof(float)}, s,
                 cuda::in_vectors(logits.cols, d, logits) ? cuda::softmax_and_derivative<S, true> : cuda::softmax_and_derivative<S, false>, row_loss, d, logits, targets.data(), static_cast<float>(scale));
    cuda::launch({.threads = 256, .shared = 8 * sizeof(double)}, s, cuda::add_losses, loss, row_loss, logits.rows, scale);
}

template void Cuda<bf16>::cross_entropy(double*, matrix<bf16>, matrix<float const>, std::span<std::int32_t const>, double, stream&);
template void Cuda<float>::cross_entropy(double*, matrix<float>, matrix<float const>, std::span<std::int32_t const>, double, stream&);

} // namespace penstock::train
