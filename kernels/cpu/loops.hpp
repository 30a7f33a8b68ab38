/// The table of one instruction set: every operation of the contract, compiled three times (loops_baseline.cpp, loops_avx2.cpp, loops_avx512.cpp) from loops.ipp and chosen once,
/// when the program starts. The whole loop lies in the unit of its instruction set, so nothing is called per row.
#pragma once
#include "../bf16.hpp"
#include "../ops.hpp"
#include "threads.hpp"
#include <vector>

namespace penstock::train::cpu {

template<class S> struct real_of { using type = S; };
template<> struct real_of<bf16> { using type = float; };

struct stream {
    explicit stream(int count = 0) : workers(count) {}
    threads workers;
    std::vector<double> partial;        ///< of square_sums and cross_entropy
};

/// One product y[m][n] = scale Σ a[m][k] b[k][n] (+ bias[n]) (+ y[m][n]), every operand by its two strides.
template<class A, class R, class Y>
struct product_task {
    std::int64_t m, n, k;
    A const* a; std::int64_t a_row, a_col;
    A const* b; std::int64_t b_row, b_col;
    Y* y; std::int64_t y_row;
    A const* bias;
    R scale;
    bool add;
};

template<class S, class R = typename real_of<S>::type>
struct loops {
    void (*product)(product_task<S, R, S> const&, stream&);
    void (*product_wide)(product_task<S, R, R> const&, stream&);     // the same as product where S is R
    void (*round)(std::span<S>, std::span<R const>, stream&);
    void (*embed)(matrix<S>, std::span<std::int32_t const>, matrix<S const>, stream&);
    void (*embed_backward)(matrix<R>, matrix<S const>, token_groups const&, stream&);
    void (*add_norm)(matrix<S>, matrix<S>, std::span<R>, matrix<S const>, matrix<S const>, std::span<S const>, double, stream&);
    void (*norm_backward)(matrix<S>, std::span<R>, matrix<S const>, matrix<S const>, std::span<R const>, std::span<S const>, stream&);
    void (*rotate)(matrix<S>, int, int, std::span<std::int32_t const>, matrix<R const>, int, stream&);
    void (*swiglu)(matrix<S>, matrix<S const>, stream&);
    void (*swiglu_backward)(matrix<S>, matrix<S const>, matrix<S const>, stream&);
    void (*gather)(matrix<S>, matrix<S const>, std::span<std::int32_t const>, stream&);
    void (*scatter)(matrix<S>, matrix<S const>, std::span<std::int32_t const>, stream&);
    void (*column_sum)(std::span<R>, matrix<S const>, stream&);
    void (*attention)(matrix<S>, matrix<R>, matrix<S const>, matrix<S const>, matrix<S const>, attention_shape, sequence_bounds const&, stream&);
    void (*attention_backward)(matrix<S>, matrix<S>, matrix<S>, matrix<S const>, matrix<S const>, matrix<S const>, matrix<S const>, matrix<S const>, matrix<R const>, attention_shape,
                               sequence_bounds const&, stream&);
    void (*regression_loss)(double*, matrix<R>, matrix<R const>, std::span<float const>, std::span<float const>, regression_rule, double, stream&);
    void (*cross_entropy)(double*, matrix<S>, matrix<R const>, std::span<std::int32_t const>, double, stream&);
    void (*square_sums)(std::span<double>, std::span<R const>, std::int64_t, stream&);
    void (*adamw)(optimizer_slabs<S, R> const&, std::span<stretch const>, double const*, adamw_step, stream&);
    void (*adamw_small_moments)(optimizer_slabs<S, R, bf16> const&, std::span<stretch const>, double const*, adamw_step, stream&);
};

template<class S> loops<S> const& chosen();       ///< of the widest instruction set that this processor has
char const* chosen_name();                        ///< "AVX-512", "AVX2" or "baseline"

namespace baseline { template<class S> loops<S> table(); }
namespace avx2     { template<class S> loops<S> table(); }
namespace avx512   { template<class S> loops<S> table(); }

} // namespace penstock::train::cpu
