/// Cuda<float> and Cuda<bf16>: the machine of kernels/ops.hpp on an NVIDIA GPU. Products go to cuBLASLt, everything else is one file an operation beside this one; sums are in float (losses and norms in double), in an
/// order that depends on sizes alone: the same inputs give the same bits. Host code includes this and needs no CUDA header.
#pragma once
#include "../bf16.hpp"
#include "../ops.hpp"
#include "product.hpp"
#include "recordings.hpp"
#include "stream.hpp"

namespace penstock::train {

template<class S>
struct Cuda {
    using scalar = S;
    using real = float;
    using stream = cuda::stream;
    using buffer = cuda::buffer;

    static buffer allocate(std::size_t bytes);
    static std::byte* data(buffer const& b) { return b.get(); }
    static void clear(std::byte* p, std::size_t bytes, stream&);
    static void upload(std::byte* to, std::byte const* from, std::size_t bytes, stream&);      // the source may change as soon as it returns
    static void download(std::byte* to, std::byte const* from, std::size_t bytes, stream&);
    static void copy(std::byte* to, std::byte const* from, std::size_t bytes, stream&);

    /// What `work` queues, as a graph once it comes again with the same key. It neither uploads nor downloads, and all it passes by value follows from the key.
    static void captured(cuda::shape_key const& key, stream& s, std::function<void()> const& work) { cuda::captured(key, s, work); }

    static void product_nt(matrix<S> y, matrix<S const> x, matrix<S const> w, S const* bias, double scale, bool add, stream& s) { cuda::run(cuda::product_nt(y, x, w, bias, scale, add), s); }
    static void product_nt(matrix<real> y, matrix<S const> x, matrix<S const> w, S const* bias, double scale, bool add, stream& s) requires (!std::same_as<S, real>) {
        cuda::run(cuda::product_nt(y, x, w, bias, scale, add), s);
    }
    static void product_nn(matrix<S> y, matrix<S const> x, matrix<S const> w, double scale, bool add, stream& s) { cuda::run(cuda::product_nn(y, x, w, scale, add), s); }
    static void product_tn(matrix<real> w, matrix<S const> y, matrix<S const> x, double scale, stream& s) { cuda::run(cuda::product_tn(w, y, x, scale), s); }

    static void round(std::span<S> to, std::span<real const> from, stream&);
    static void embed(matrix<S> y, std::span<std::int32_t const> tokens, matrix<S const> table, stream&);
    static void embed_backward(matrix<real> table, matrix<S const> dy, token_groups const&, stream&);
    static void add_norm(matrix<S> y, matrix<S> sum, std::span<real> rstd, matrix<S const> in, matrix<S const> delta, std::span<S const> weight, double epsilon, stream&);
    static void norm_backward(matrix<S> dx, std::span<real> dw, matrix<S const> dy, matrix<S const> x, std::span<real const> rstd, std::span<S const> weight, stream&);
    static void rotate(matrix<S> x, int heads, int width, std::span<std::int32_t const> positions, matrix<real const> table, int direction, stream&);
    static void swiglu(matrix<S> y, matrix<S const> x, stream&);
    static void swiglu_backward(matrix<S> dx, matrix<S const> dy, matrix<S const> x, stream&);
    static void gather(matrix<S> y, matrix<S const> x, std::span<std::int32_t const> index, stream&);
    static void scatter(matrix<S> y, matrix<S const> x, std::span<std::int32_t const> index, stream&);
    static void column_sum(std::span<real> sum, matrix<S const> x, stream&);
    static void attention(matrix<S> o, matrix<real> lse, matrix<S const> q, matrix<S const> k, matrix<S const> v, attention_shape, sequence_bounds const&, stream&);
    static void attention_backward(matrix<S> dq, matrix<S> dk, matrix<S> dv, matrix<S const> d_o, matrix<S const> q, matrix<S const> k, matrix<S const> v, matrix<S const> o, matrix<real const> lse, attention_shape,
                                   sequence_bounds const&, stream&);
    static void regression_loss(double* loss, matrix<real> d, matrix<real const> scores, std::span<float const> labels, std::span<float const> weights, regression_rule, double scale, stream&);
    static void cross_entropy(double* loss, matrix<S> d, matrix<real const> logits, std::span<std::int32_t const> targets, double scale, stream&);
    static void square_sums(std::span<double> sums, std::span<real const> x, std::int64_t block, stream&);
    static void clip_factor(double* factor, std::span<double const> sums, double limit, stream&);
    static void adamw(optimizer_slabs<S, real> const&, std::span<stretch const>, double const* factor, adamw_step, stream&);
    static void adamw(optimizer_slabs<S, real, bf16> const&, std::span<stretch const>, double const* factor, adamw_step, stream&);
};

static_assert(machine<Cuda<float>> && machine<Cuda<bf16>>);

} // namespace penstock::train
