// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/embed.cu
//
// Rows of the embedding by token: the forward is a gather (rows.cu). The CPU's is kernels/cpu/loops.ipp.
// Backward: table[token] += the sum of its rows of dy, for each distinct token of the batch, which the host has sorted (token_groups): one order, no atomics. It reads dy once (2 bytes an element in bf16) and reads and
// writes the touched rows of the gradient (8). A block has a token and 32 chunks of columns; its 4 warps share the token's rows, for the most frequent tokens have hundreds and most have one.
#include "chunk.hpp"
#include "cuda.hpp"

namespace penstock::train {
namespace cuda {
namespace {

constexpr int warps = 4;

template<class S, bool wide> __global__ void add_groups(matrix<float> table, matrix<S const> dy, std::int32_t const* order, std::int32_t const* first, std::int32_t const* token) {
    constexpr int n = vector_width<S>;
    auto* const room = shared<float>();
    std::int32_t const to = token[block_x()];
    if (to < 0) return;                                     // fills a table of fixed size
    std::int32_t const begin = first[block_x()], end = first[block_x() + 1];
    auto const c = (static_cast<std::int64_t>(block_y()) * 32 + lane()) * n, left = dy.cols - c;
    chunk<n> sum{};
    if (left > 0)
        for (std::int32_t i = begin + warp(); i < end; i += warps) {
            auto const d = read<n, wide>(dy.row(order[i]) + c, left);
            for (int j = 0; j != n; ++j) sum.v[j] += d.v[j];
        }
    if (end - begin > 1) {
        write<n, true>(room + thread_index() * n, sum, n);
        sync_block();
        for (int w = 1; w != warps && warp() == 0; ++w) {
            auto const d = read<n, true>(room + (w * 32 + lane()) * n, n);
            for (int j = 0; j != n; ++j) sum.v[j] += d.v[j];
        }
    }
    if (warp() != 0 || left <= 0) return;
    auto out = read<n, wide>(table.row(to) + c, left);
    for (int j = 0; j != n; ++j) out.v[j] += sum.v[j];
    write<n, wide>(table.row(to) + c, out, left);
}

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::embed(matrix<S> y, std::span<std::int32_t const> tokens, matrix<S const> table, stream& s) { gather(y, table, tokens, s); }

template<class S> void Cuda<S>::embed_backward(matrix<real> table, matrix<S const> dy, token_groups const& groups, stream& s) {
    constexpr int n = cuda::vector_width<S>;
    cuda::grid const g{.x = static_cast<std::int64_t>(groups.token.size()), .y = cuda::ceil_div<std::int64_t>(dy.cols, 32 * n), .threads = 32 * cuda::warps, .shared = 32 * cuda::warps * n * sizeof(float)};
    cuda::launch(g, s, cuda::in_vectors(dy.cols, table, dy) ? cuda::add_groups<S, true> : cuda::add_groups<S, false>, table, dy, groups.order.data(), groups.first.data(), groups.token.data());
}

template void Cuda<bf16>::embed(matrix<bf16>, std::span<std::int32_t const>, matrix<bf16 const>, stream&);
template void Cuda<float>::embed(matrix<float>, std::span<std::int32_t const>, matrix<float const>, stream&);
template void Cuda<bf16>::embed_backward(matrix<float>, matrix<bf16 const>, token_groups const&, stream&);
template void Cuda<float>::embed_backward(matrix<float>, matrix<float const>, token_groups const&, stream&);

} // namespace penstock::train
