// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/norm.cu
//
// sum = in + delta, y = sum rstd w, rstd = 1 / sqrt(mean(sum²) + ε). The CPU's is kernels/cpu/loops.ipp.
// Forward reads 2 and writes 2 elements an output (8 bytes in bf16): a block has a row, keeps the rounded sum in shared memory over the one barrier that rstd needs, and so reads it once.
// Backward: dx += rstd (w dy - x rstd² mean(w dy x)), dw += Σ dy x rstd over rows; it reads 3 and writes 1 (8 bytes). dy and x wait in shared memory likewise. A block has every blocks-th row and sums its share of dw
// beside them; the shares, at most 1,024 rows of them (4 bytes each, in the L2 cache), are added by fold.cu. A norm that is not trained has no dw: then every row is its own block.
// The weights (a row for all blocks) come from the caches.
#include "chunk.hpp"
#include "cuda.hpp"
#include "fold.hpp"

namespace penstock::train {
namespace cuda {
namespace {

constexpr std::size_t room_bytes = 32 * sizeof(float);      // a number a warp

std::int64_t padded(std::int64_t cols) { return ceil_div<std::int64_t>(cols, 8) * 8; }      // whole chunks of either format

template<class S, bool wide, bool adds> __global__ void forward(matrix<S> y, matrix<S> sum, float* rstd, matrix<S const> in, matrix<S const> delta, S const* weight, float epsilon) {
    constexpr int n = vector_width<S>;
    auto* const room = shared<float>();
    auto* const kept = reinterpret_cast<S*>(room + 32);
    auto const row = static_cast<std::int64_t>(block_x());
    int const first = thread_index() * n, step = block_threads() * n;
    float squares = 0;
    for (std::int64_t c = first; c < y.cols; c += step) {
        auto const left = y.cols - c;
        auto x = read<n, wide>(in.row(row) + c, left);
        if constexpr (adds) {
            auto const d = read<n, wide>(delta.row(row) + c, left);
            for (int i = 0; i != n; ++i) x.v[i] = real(stored<S>(x.v[i] + d.v[i]));
        }
        if (adds || sum.data != in.data) write<n, wide>(sum.row(row) + c, x, left);
        write<n, true>(kept + c, x, n);
        for (int i = 0; i != n; ++i) squares += x.v[i] * x.v[i];
    }
    float const r = 1.0F / square_root(block_sum(squares, room) / static_cast<float>(y.cols) + epsilon);
    if (thread_index() == 0) rstd[row] = r;
    for (std::int64_t c = first; c < y.cols; c += step) {
        auto const left = y.cols - c;
        auto x = read<n, true>(kept + c, n);
        auto const w = read<n, wide>(weight + c, left);
        for (int i = 0; i != n; ++i) x.v[i] = x.v[i] * r * w.v[i];
        write<n, wide>(y.row(row) + c, x, left);
    }
}

template<class S, bool wide, bool learns> __global__ void backward(matrix<S> dx, float* partial, matrix<S const> dy, matrix<S const> x, float const* rstd, S const* weight, std::int64_t padded_cols) {
    constexpr int n = vector_width<S>;
    auto* const rooms = shared<float>();
    auto* const dw = rooms + 64;
    auto* const kept_dy = reinterpret_cast<S*>(dw + (learns ? padded_cols : 0));
    auto* const kept_x = kept_dy + padded_cols;
    int const first = thread_index() * n, step = block_threads() * n;
    if constexpr (learns)
        for (std::int64_t c = first; c < dy.cols; c += step) write<n, true>(dw + c, chunk<n>{}, n);
    int turn = 0;
    for (std::int64_t row = block_x(); row < dy.rows; row += blocks_x(), turn = 32 - turn) {       // two rooms by turns: a warp may be at the next row's sum while another still reads this one's
        float dot = 0;
        for (std::int64_t c = first; c < dy.cols; c += step) {
            auto const left = dy.cols - c;
            auto const d = read<n, wide>(dy.row(row) + c, left), v = read<n, wide>(x.row(row) + c, left), w = read<n, wide>(weight + c, left);
            write<n, true>(kept_dy + c, d, n);
            write<n, true>(kept_x + c, v, n);
            for (int i = 0; i != n; ++i) dot += w.v[i] * d.v[i] * v.v[i];
        }
        float const r = rstd[row], mean = block_sum(dot, rooms + turn) / static_cast<float>(dy.cols) * r * r;
        for (std::int64_t c = first; c < dy.cols; c += step) {
            auto const left = dy.cols - c;
            auto const d = read<n, true>(kept_dy + c, n), v = read<n, true>(kept_x + c, n), w = read<n, wide>(weight + c, left);
            auto out = read<n, wide>(dx.row(row) + c, left);
            for (int i = 0; i != n; ++i) out.v[i] += r * (w.v[i] * d.v[i] - v.v[i] * mean);
            write<n, wide>(dx.row(row) + c, out, left);
            if constexpr (learns) {
                auto sum = read<n, true>(dw + c, n);
                for (int i = 0; i != n; ++i) sum.v[i] += d.v[i] * v.v[i] * r;
                write<n, true>(dw + c, sum, n);
            }
        }
    }
    if constexpr (learns)
        for (std::int64_t c = first; c < dy.cols; c += step)
            for (int i = 0; i != n; ++i)
                if (c + i < dy.cols) partial[static_cast<std::int64_t>(block_x()) * dy.cols + c + i] = dw[c + i];
}

// Shares of dw: some eight rows each, but blocks enough to fill a GPU where there are the rows.
constexpr std::int64_t shares(std::int64_t rows) { return std::min(rows, std::clamp<std::int64_t>(rows / 8, 256, 1024)); }

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::add_norm(matrix<S> y, matrix<S> sum, std::span<real> rstd, matrix<S const> in, matrix<S const> delta, std::span<S const> weight, double epsilon, stream& s) {
    constexpr int n = cuda::vector_width<S>;
    bool const adds = delta.data != nullptr, wide = cuda::in_vectors(y.cols, y, sum, in) && (!adds || cuda::in_vectors(y.cols, delta)) && cuda::aligned(weight.data());
    auto const kernel = adds ? (wide ? cuda::forward<S, true, true> : cuda::forward<S, false, true>) : (wide ? cuda::forward<S, true, false> : cuda::forward<S, false, false>);
    cuda::grid const g{.x = y.rows, .threads = cuda::threads_for(y.cols, n), .shared = cuda::room_bytes + static_cast<std::size_t>(cuda::padded(y.cols)) * sizeof(S)};
    cuda::launch(g, s, kernel, y, sum, rstd.data(), in, delta, weight.data(), static_cast<float>(epsilon));
}
template<class S> void Cuda<S>::norm_backward(matrix<S> dx, std::span<real> dw, matrix<S const> dy, matrix<S const> x, std::span<real const> rstd, std::span<S const> weight, stream& s) {
    if (dy.rows == 0) return;
    bool const wide = cuda::in_vectors(dy.cols, dx, dy, x) && cuda::aligned(weight.data()), learns = !dw.empty();
    auto const cols = cuda::padded(dy.cols), shares = cuda::shares(dy.rows);
    auto* const partial = learns ? reinterpret_cast<float*>(s.scratch(static_cast<std::size_t>(shares * dy.cols) * sizeof(float))) : nullptr;
    auto const kept = static_cast<std::size_t>(cols) * (2 * sizeof(S) + (learns ? sizeof(float) : 0));
    cuda::grid const g{.x = learns ? shares : dy.rows, .threads = cuda::threads_for(dy.cols, cuda::vector_width<S>), .shared = 2 * cuda::room_bytes + kept};
    auto const kernel = learns ? (wide ? cuda::backward<S, true, true> : cuda::backward<S, false, true>) : (wide ? cuda::backward<S, true, false> : cuda::backward<S, false, false>);
    cuda::launch(g, s, kernel, dx, partial, dy, x, rstd.data(), weight.data(), cols);
    if (learns) cuda::fold(dw, partial, shares, s);
}

template void Cuda<bf16>::add_norm(matrix<bf16>, matrix<bf16>, std::span<real>, matrix<bf16 const>, matrix<bf16 const>, std::span<bf16 const>, double, stream&);
template void Cuda<float>::add_norm(matrix<float>, matrix<float>, std::span<real>, matrix<float const>, matrix<float const>, std::span<float const>, double, stream&);
template void Cuda<bf16>::norm_backward(matrix<bf16>, std::span<real>, matrix<bf16 const>, matrix<bf16 const>, std::span<real const>, std::span<bf16 const>, stream&);
template void Cuda<float>::norm_backward(matrix<float>, std::span<real>, matrix<float const>, matrix<float const>, std::span<real const>, std::span<float const>, stream&);

} // namespace penstock::train
