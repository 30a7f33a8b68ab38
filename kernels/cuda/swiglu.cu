// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/swiglu.cu
//
// y = silu(gate) up over x = [gate | up]; silu(g) = g / (1 + e^-g). The CPU's is kernels/cpu/loops.ipp.
// Forward reads 2 and writes 1 element an output (6 bytes in bf16), backward reads 3 and writes 2 (10): nothing is used twice, so there is nothing to tile. A thread takes 16 bytes of each operand,
// threads of a warp neighbouring ones; rows whose width or alignment does not allow it go element by element.
#include "cuda.hpp"
#include "launch.hpp"

namespace penstock::train {
namespace cuda {
namespace {

PENSTOCK_DEVICE float sigmoid(float x) { return divide_fast(1.0F, 1.0F + exp2_fast(-1.44269504F * x)); }

template<class S, int N> __global__ void forward(matrix<S> y, matrix<S const> x) {
    auto const at = (static_cast<std::int64_t>(block_x()) * block_threads() + thread_index()) * N;
    auto const row = static_cast<std::int64_t>(block_y());
    if (at >= y.cols) return;
    for (std::int64_t r = row; r < y.rows; r += blocks_y()) {
        auto const gate = *reinterpret_cast<lanes_of<S, N> const*>(x.row(r) + at), up = *reinterpret_cast<lanes_of<S, N> const*>(x.row(r) + y.cols + at);
        lanes_of<S, N> out;
        for (int i = 0; i != N; ++i) {
            float const g = real(gate.v[i]);
            out.v[i] = stored<S>(g * sigmoid(g) * real(up.v[i]));
        }
        *reinterpret_cast<lanes_of<S, N>*>(y.row(r) + at) = out;
    }
}

template<class S, int N> __global__ void backward(matrix<S> dx, matrix<S const> dy, matrix<S const> x) {
    auto const at = (static_cast<std::int64_t>(block_x()) * block_threads() + thread_index()) * N;
    if (at >= dy.cols) return;
    for (std::int64_t r = block_y(); r < dy.rows; r += blocks_y()) {
        auto const gate = *reinterpret_cast<lanes_of<S, N> const*>(x.row(r) + at), up = *reinterpret_cast<lanes_of<S, N> const*>(x.row(r) + dy.cols + at), d = *reinterpret_cast<lanes_of<S, N> const*>(dy.row(r) + at);
        lanes_of<S, N> d_gate, d_up;
        for (int i = 0; i != N; ++i) {
            float const g = real(gate.v[i]), s = sigmoid(g);
            d_gate.v[i] = stored<S>(real(d.v[i]) * real(up.v[i]) * s * (1 + g * (1 - s)));
            d_up.v[i] = stored<S>(real(d.v[i]) * g * s);
        }
        *reinterpret_cast<lanes_of<S, N>*>(dx.row(r) + at) = d_gate;            // its own elements alone: x's memory may be dx's
        *reinterpret_cast<lanes_of<S, N>*>(dx.row(r) + dy.cols + at) = d_up;
    }
}

template<int N> grid over(std::int64_t rows, std::int64_t cols) { return {.x = ceil_div<std::int64_t>(cols, 256 * N), .y = std::min<std::int64_t>(rows, 65535)}; }

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::swiglu(matrix<S> y, matrix<S const> x, stream& s) {
    constexpr int n = cuda::vector_width<S>;
    if (cuda::in_vectors(y.cols, y, x)) cuda::launch(cuda::over<n>(y.rows, y.cols), s, cuda::forward<S, n>, y, x);
    else cuda::launch(cuda::over<1>(y.rows, y.cols), s, cuda::forward<S, 1>, y, x);
}
template<class S> void Cuda<S>::swiglu_backward(matrix<S> dx, matrix<S const> dy, matrix<S const> x, stream& s) {
    constexpr int n = cuda::vector_width<S>;
    if (cuda::in_vectors(dy.cols, dx, dy, x)) cuda::launch(cuda::over<n>(dy.rows, dy.cols), s, cuda::backward<S, n>, dx, dy, x);
    else cuda::launch(cuda::over<1>(dy.rows, dy.cols), s, cuda::backward<S, 1>, dx, dy, x);
}

template void Cuda<bf16>::swiglu(matrix<bf16>, matrix<bf16 const>, stream&);
template void Cuda<float>::swiglu(matrix<float>, matrix<float const>, stream&);
template void Cuda<bf16>::swiglu_backward(matrix<bf16>, matrix<bf16 const>, matrix<bf16 const>, stream&);
template void Cuda<float>::swiglu_backward(matrix<float>, matrix<float const>, matrix<float const>, stream&);

} // namespace penstock::train
