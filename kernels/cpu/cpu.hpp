/// Cpu<double>, Cpu<float>, Cpu<bf16>: the machine of kernels/ops.hpp that every build has. Products go to oneDNN where the build has it and it has the format on this processor, all else, and
/// all of Cpu<double>, to our own loops (loops.ipp). bf16 is storage: sums are in float.
#pragma once
#include "loops.hpp"
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace penstock::train {

namespace cpu {
/// By oneDNN, or false when it should or could not: the caller's loops do it then.
template<class A, class R, class Y> bool library_product(product_task<A, R, Y> const&, stream&) { return false; }
#ifdef PENSTOCK_WITH_ONEDNN
template<> bool library_product(product_task<float, float, float> const&, stream&);
template<> bool library_product(product_task<bf16, float, bf16> const&, stream&);
template<> bool library_product(product_task<bf16, float, float> const&, stream&);
#endif
void use_library(bool);         ///< off: own loops only, for checks and comparisons
struct free_memory { void operator()(std::byte* p) const { std::free(p); } };
} // namespace cpu

template<class S>
struct Cpu {
    using scalar = S;
    using real = typename cpu::real_of<S>::type;
    using stream = cpu::stream;
    using buffer = std::unique_ptr<std::byte[], cpu::free_memory>;

    static buffer allocate(std::size_t bytes) {         // calloc of large blocks gives pages that take memory when they are first written
        std::size_t const rounded = (bytes + 63) / 64 * 64;
        auto* const p = static_cast<std::byte*>(std::calloc(1, rounded + 64));
        if (!p) throw std::bad_alloc();
        return buffer(p);
    }
    static std::byte* data(buffer const& b) { return b.get() + (64 - reinterpret_cast<std::uintptr_t>(b.get()) % 64) % 64; }
    static void clear(std::byte* p, std::size_t bytes, stream&) { if (bytes) std::memset(p, 0, bytes); }
    static void upload(std::byte* to, std::byte const* from, std::size_t bytes, stream&) { if (bytes) std::memcpy(to, from, bytes); }
    static void download(std::byte* to, std::byte const* from, std::size_t bytes, stream&) { if (bytes) std::memcpy(to, from, bytes); }
    static void copy(std::byte* to, std::byte const* from, std::size_t bytes, stream&) { if (bytes) std::memmove(to, from, bytes); }

    static void product_nt(matrix<S> y, matrix<S const> x, matrix<S const> w, S const* bias, double scale, bool add, stream& s) { run(nt(y, x, w, bias, scale, add), s); }
    static void product_nt(matrix<real> y, matrix<S const> x, matrix<S const> w, S const* bias, double scale, bool add, stream& s) requires (!std::same_as<S, real>) { run(nt(y, x, w, bias, scale, add), s); }
    static void product_nn(matrix<S> y, matrix<S const> x, matrix<S const> w, double scale, bool add, stream& s) {
        run(cpu::product_task<S, real, S>{x.rows, w.cols, w.rows, x.data, x.ld, 1, w.data, w.ld, 1, y.data, y.ld, nullptr, static_cast<real>(scale), add}, s);
    }
    static void product_tn(matrix<real> w, matrix<S const> y, matrix<S const> x, double scale, stream& s) {
        run(cpu::product_task<S, real, real>{y.cols, x.cols, y.rows, y.data, 1, y.ld, x.data, x.ld, 1, w.data, w.ld, nullptr, static_cast<real>(scale), true}, s);
    }

    static void round(std::span<S> to, std::span<real const> from, stream& s) { on().round(to, from, s); }
    static void embed(matrix<S> y, std::span<std::int32_t const> tokens, matrix<S const> table, stream& s) { on().embed(y, tokens, table, s); }
    static void embed_backward(matrix<real> table, matrix<S const> dy, token_groups const& groups, stream& s) { on().embed_backward(table, dy, groups, s); }
    static void add_norm(matrix<S> y, matrix<S> sum, std::span<real> rstd, matrix<S const> in, matrix<S const> delta, std::span<S const> weight, double epsilon, stream& s) {
        on().add_norm(y, sum, rstd, in, delta, weight, epsilon, s);
    }
    static void norm_backward(matrix<S> dx, std::span<real> dw, matrix<S const> dy, matrix<S const> x, std::span<real const> rstd, std::span<S const> weight, stream& s) {
        on().norm_backward(dx, dw, dy, x, rstd, weight, s);
    }
    static void rotate(matrix<S> x, int heads, int width, std::span<std::int32_t const> positions, matrix<real const> table, int direction, stream& s) {
        on().rotate(x, heads, width, positions, table, direction, s);
    }
    static void swiglu(matrix<S> y, matrix<S const> x, stream& s) { on().swiglu(y, x, s); }
    static void swiglu_backward(matrix<S> dx, matrix<S const> dy, matrix<S const> x, stream& s) { on().swiglu_backward(dx, dy, x, s); }
    static void gather(matrix<S> y, matrix<S const> x, std::span<std::int32_t const> index, stream& s) { on().gather(y, x, index, s); }
    static void scatter(matrix<S> y, matrix<S const> x, std::span<std::int32_t const> index, stream& s) { on().scatter(y, x, index, s); }
    static void column_sum(std::span<real> sum, matrix<S const> x, stream& s) { on().column_sum(sum, x, s); }
    static void attention(matrix<S> o, matrix<real> lse, matrix<S const> q, matrix<S const> k, matrix<S const> v, attention_shape shape, sequence_bounds const& bounds, stream& s) {
        on().attention(o, lse, q, k, v, shape, bounds, s);
    }
    static void attention_backward(matrix<S> dq, matrix<S> dk, matrix<S> dv, matrix<S const> d_o, matrix<S const> q, matrix<S const> k, matrix<S const> v, matrix<S const> o, matrix<real const> lse,
                                   attention_shape shape, sequence_bounds const& bounds, stream& s) {
        on().attention_backward(dq, dk, dv, d_o, q, k, v, o, lse, shape, bounds, s);
    }
    static void regression_loss(double* loss, matrix<real> d, matrix<real const> scores, std::span<float const> labels, std::span<float const> weights, regression_rule rule, double scale, stream& s) {
        on().regression_loss(loss, d, scores, labels, weights, rule, scale, s);
    }
    static void cross_entropy(double* loss, matrix<S> d, matrix<real const> logits, std::span<std::int32_t const> targets, double scale, stream& s) { on().cross_entropy(loss, d, logits, targets, scale, s); }
    static void square_sums(std::span<double> sums, std::span<real const> x, std::int64_t block, stream& s) { on().square_sums(sums, x, block, s); }
    static void clip_factor(double* factor, std::span<double const> sums, double limit, stream&) {
        double sum = 0;
        for (double x : sums) sum += x;
        double const f = limit / (__builtin_sqrt(sum) + 1e-6);
        *factor = limit > 0 && f < 1 ? f : 1;
    }
    static void adamw(optimizer_slabs<S, real> const& t, std::span<stretch const> stretches, double const* factor, adamw_step step, stream& s) { on().adamw(t, stretches, factor, step, s); }
    static void adamw(optimizer_slabs<S, real, bf16> const& t, std::span<stretch const> stretches, double const* factor, adamw_step step, stream& s) { on().adamw_small_moments(t, stretches, factor, step, s); }

private:
    static cpu::loops<S> const& on() { return cpu::chosen<S>(); }

    template<class Y> static cpu::product_task<S, real, Y> nt(matrix<Y> y, matrix<S const> x, matrix<S const> w, S const* bias, double scale, bool add) {
        return {x.rows, w.rows, x.cols, x.data, x.ld, 1, w.data, 1, w.ld, y.data, y.ld, bias, static_cast<real>(scale), add};
    }
    template<class Y> static void run(cpu::product_task<S, real, Y> const& t, stream& s) {
        if (t.m == 0 || t.n == 0 || cpu::library_product(t, s)) return;
        if constexpr (std::same_as<Y, S>) on().product(t, s);
        else on().product_wide(t, s);
    }
};

static_assert(machine<Cpu<double>> && machine<Cpu<float>> && machine<Cpu<bf16>>);

} // namespace penstock::train
