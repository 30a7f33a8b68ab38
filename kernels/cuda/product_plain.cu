// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/product_plain.cu
//
// D = alpha op(A) op(B) + beta D + bias, a thread an element: for what cuBLASLt has no kernel, and for the sum of nothing (k = 0). Neighbouring threads of a warp have neighbouring rows of a column of D, so its accesses
// and an untransposed A's are coalesced; nothing is kept in shared memory, every element reads 2 k numbers. Not for speed: 0.5 FLOP a byte.
#include "launch.hpp"
#include "product.hpp"

namespace penstock::train::cuda {
namespace {

template<class S, class Y> __global__ void plain(product p) {
    auto const i = static_cast<std::int64_t>(block_x()) * block_threads() + thread_index();
    if (i >= p.m) return;
    auto const* const a = static_cast<S const*>(p.a) + (p.transpose_a ? i * p.a_ld : i);
    std::int64_t const a_step = p.transpose_a ? 1 : p.a_ld, b_step = p.transpose_b ? p.b_ld : 1;
    for (std::int64_t j = block_y(); j < p.n; j += blocks_y()) {
        auto const* const b = static_cast<S const*>(p.b) + (p.transpose_b ? j : j * p.b_ld);
        float sum = 0;
        for (std::int64_t l = 0; l != p.k; ++l) sum += real(a[l * a_step]) * real(b[l * b_step]);
        auto& d = static_cast<Y*>(p.d)[i + j * p.d_ld];
        float y = p.alpha * sum;
        if (p.beta != 0) y += p.beta * real(d);
        if (p.bias) y += real(static_cast<S const*>(p.bias)[i]);
        d = stored<Y>(y);
    }
}

} // namespace

void run_plain(product const& p, stream& s) {
    grid const g{.x = ceil_div<std::int64_t>(p.m, 256), .y = std::min<std::int64_t>(p.n, 65535)};
    if (p.in == format::f32) launch(g, s, plain<float, float>, p);
    else if (p.out == format::f32) launch(g, s, plain<bf16, float>, p);
    else launch(g, s, plain<bf16, bf16>, p);
}

} // namespace penstock::train::cuda
