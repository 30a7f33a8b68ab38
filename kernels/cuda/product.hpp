/// The three products of the contract as cuBLASLt takes them: D = alpha op(A) op(B) + beta D, column-major. Our matrices are row-major, which read by columns are their own transposes; so D is yᵀ, and the operands
/// change places.
#pragma once
#include "../bf16.hpp"
#include "../ops.hpp"
#include "stream.hpp"
#include <cstdint>

namespace penstock::train::cuda {

enum class format : std::uint8_t { bf16, f32 };
template<class T> inline constexpr format format_of = format::f32;
template<> inline constexpr format format_of<bf16> = format::bf16;

struct product {
    bool transpose_a = false, transpose_b = false;
    std::int64_t m = 0, n = 0, k = 0;               ///< D is m x n
    void const* a = nullptr; std::int64_t a_ld = 0;
    void const* b = nullptr; std::int64_t b_ld = 0;
    void* d = nullptr; std::int64_t d_ld = 0;
    format in = format::f32, out = format::f32;     ///< of A and B; of D
    void const* bias = nullptr;                     ///< m numbers of A's format, added to each column of D
    float alpha = 1, beta = 0;
};

template<class S, class Y> product product_nt(matrix<Y> y, matrix<S const> x, matrix<S const> w, S const* bias, double scale, bool add) {
    return {true, false, w.rows, x.rows, x.cols, w.data, w.ld, x.data, x.ld, y.data, y.ld, format_of<S>, format_of<Y>, bias, static_cast<float>(scale), add ? 1.0F : 0.0F};
}
template<class S> product product_nn(matrix<S> y, matrix<S const> x, matrix<S const> w, double scale, bool add) {
    return {false, false, w.cols, x.rows, w.rows, w.data, w.ld, x.data, x.ld, y.data, y.ld, format_of<S>, format_of<S>, nullptr, static_cast<float>(scale), add ? 1.0F : 0.0F};
}
template<class S, class R> product product_tn(matrix<R> w, matrix<S const> y, matrix<S const> x, double scale) {
    return {false, true, x.cols, y.cols, y.rows, x.data, x.ld, y.data, y.ld, w.data, w.ld, format_of<S>, format_of<R>, nullptr, static_cast<float>(scale), 1.0F};
}

/// Nothing where D is empty; where the sum is (k = 0), D = beta D + bias.
void run(product const&, stream&);
/// The same by a kernel of our own: slow, of any layout.
void run_plain(product const&, stream&);

} // namespace penstock::train::cuda
