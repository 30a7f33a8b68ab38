/// What the transformer asks of a machine: some twenty operations on row-major matrices, each with its backward. The model (model/transformer.hpp) is written
/// once over this and knows no machine; a machine is a type with these static members (cpu/cpu.hpp; CUDA's own) and knows no model.
///
/// Two element types: `scalar` is what activations and weights are stored in, `real` what is summed in: gradients, moments, statistics, losses. Cpu<double> has
/// double for both, Cpu<float> float, Cpu<bf16> and Cuda<bf16> bf16 and float. An operation reads its inputs once rounded to scalar, computes in real, rounds once.
///
/// Pointers in matrices and spans point into the machine's memory: only upload and download may cross. Operations queue on a stream, in order; nothing waits but
/// download. Workspace that an operation needs for itself belongs to its stream. No operation allocates once it has run, and none depends on timing: the same
/// inputs give the same bits, whatever the number of threads.
#pragma once
#include "bf16.hpp"
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace penstock::train {

/// A view of rows x cols elements; a row starts ld elements after the one before.
template<class T>
struct matrix {
    T* data = nullptr;
    std::int64_t rows = 0, cols = 0, ld = 0;

    [[gnu::always_inline]] constexpr T* row(std::int64_t i) const { return data + i * ld; }
    [[gnu::always_inline]] constexpr matrix columns(std::int64_t first, std::int64_t count) const { return {data + first, rows, count, ld}; }
    [[gnu::always_inline]] constexpr matrix top(std::int64_t count) const { return {data, count, cols, ld}; }
    [[gnu::always_inline]] constexpr matrix rows_from(std::int64_t first, std::int64_t count) const { return {data + first * ld, count, cols, ld}; }
    [[gnu::always_inline]] constexpr operator matrix<T const>() const requires (!std::is_const_v<T>) { return {data, rows, cols, ld}; }
};

/// The heads of one attention: query head h reads key and value head h / (heads / kv_heads). Scores are scaled by 1 / sqrt(width).
struct attention_shape {
    int heads = 0, kv_heads = 0, width = 0;
};

/// Packed sequences: sequence s has the rows [queries[s], queries[s + 1]) of Q and [keys[s], keys[s + 1]) of K and V. Causal, the last query sits at the last key:
/// query i of n sees all keys but the last n - 1 - i. (One query a sequence is the pooled last layer; equal bounds are the usual case.) A sequence may have no query, or nothing at all.
/// `longest` is no less than any sequence's keys.
struct sequence_bounds {
    std::span<std::int32_t const> queries, keys;    // in the machine's memory, as many as sequences plus one
    std::int32_t longest = 0;
};

/// Which rows of a gradient belong to which row of the embedding: rows order[first[i]] … order[first[i + 1] - 1] were made of token[i]. Sorted once on the host,
/// so that the sum over equal tokens has one order and needs no atomics. A group of token -1 is none: it fills the table up where its size must not change.
struct token_groups {
    std::span<std::int32_t const> order, first, token;
};

/// Mean squared error, or Huber's with its delta; element weights multiply both.
struct regression_rule {
    double huber = 0;       ///< 0: squared error; else |error| beyond it counts linearly
};

/// A stretch of trained elements: where it begins in the slab of weights, in that of gradients (`state`), and in this rank's shard of masters and moments (`own`). Cut to at most `longest`, so that a machine can
/// give each to one block of threads and update all parameters in one launch.
struct stretch {
    static constexpr std::int64_t longest = 1 << 16;
    std::int64_t weights = 0, state = 0, own = 0, size = 0;
    bool decays = true;
};

/// What AdamW works on; where masters is null, the weights are the masters. M is what moments are kept in: real, or bf16 rounded stochastically by the noise of kernels/philox.hpp, of which element `state` + i
/// takes word (state + i) % 4. A step computes with its moments before they are rounded.
template<class S, class R, class M = R>
struct optimizer_slabs {
    S* weights = nullptr;
    R* masters = nullptr;
    M *m = nullptr, *v = nullptr;
    R const* gradients = nullptr;
};

/// One step of AdamW as PyTorch does it: decoupled decay first, then the moments corrected for their start.
struct adamw_step {
    double rate = 0, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0;
    std::int64_t step = 1;  ///< counted from 1
    std::uint64_t seed = 0; ///< of the noise
};

// The layers of the contract, so that the compiler names the one that fails.
namespace contract {

template<class B>
concept types = requires { typename B::scalar; typename B::real; typename B::stream; typename B::buffer; };

/// allocate gives zeroed bytes, aligned for everything; clear zeroes; upload and download convert nothing.
template<class B>
concept memory = types<B> && requires(typename B::stream& s, typename B::buffer const& buffer, std::byte* device, std::byte const* source, std::size_t bytes) {
    { B::allocate(bytes) } -> std::same_as<typename B::buffer>;
    { B::data(buffer) } -> std::same_as<std::byte*>;
    B::clear(device, bytes, s);
    B::upload(device, source, bytes, s);
    B::download(device, source, bytes, s);     // returns when the bytes are there, and everything queued before is done
    B::copy(device, source, bytes, s);
};

/// y = scale x wᵀ (+ bias) (+ y) · y = scale x w (+ y) · w += scale yᵀ x. Where y is `real` the result is not rounded. Bias may be null.
template<class B, class S = typename B::scalar, class R = typename B::real>
concept products = requires(matrix<S> y, matrix<R> wide, matrix<S const> x, S const* bias, double scale, bool add, typename B::stream& s) {
    B::product_nt(y, x, x, bias, scale, add, s);
    B::product_nt(wide, x, x, bias, scale, add, s);
    B::product_nn(y, x, x, scale, add, s);
    B::product_tn(wide, x, x, scale, s);
};

/// round: master to stored weights · add_norm: sum = in + delta (delta may be empty: then sum is in, and may be its very memory), y = sum · rstd · w, rstd = 1 / sqrt(mean(sum²) + ε) ·
/// its backward adds to d_sum and dw · rotate: RoPE in place on `heads` heads of `width`, half-split; direction -1 is its backward; table[position] = width/2 cosines, then as many sines ·
/// swiglu: y = silu(gate) up of x = [gate | up]; its backward writes dx and may take x's memory · gather, scatter: rows by index; scatter writes zeros to rows that are not named.
template<class B, class S = typename B::scalar, class R = typename B::real>
concept rows = requires(matrix<S> y, matrix<R> wide, matrix<S const> x, matrix<R const> table, std::span<R> column, std::span<R const> factors, std::span<S const> stored, std::span<S> out,
                        std::span<std::int32_t const> index, token_groups const& groups, int n, double epsilon, typename B::stream& s) {
    B::round(out, factors, s);
    B::embed(y, index, x, s);
    B::embed_backward(wide, x, groups, s);
    B::add_norm(y, y, column, x, x, stored, epsilon, s);
    B::norm_backward(y, column, x, x, factors, stored, s);
    B::rotate(y, n, n, index, table, n, s);
    B::swiglu(y, x, s);
    B::swiglu_backward(y, x, x, s);
    B::gather(y, x, index, s);
    B::scatter(y, x, index, s);
    B::column_sum(column, x, s);                // column += the sum of x's rows
};

/// o = softmax(q kᵀ / sqrt(width)) v, and lse[row of q][head] for the backward, which needs q, k, v, o, d_o and lse.
template<class B, class S = typename B::scalar, class R = typename B::real>
concept attends = requires(matrix<S> y, matrix<R> lse, matrix<S const> x, matrix<R const> kept, attention_shape shape, sequence_bounds const& bounds, typename B::stream& s) {
    B::attention(y, lse, x, x, x, shape, bounds, s);
    B::attention_backward(y, y, y, x, x, x, x, x, kept, shape, bounds, s);
};

/// regression_loss adds scale Σ weight loss(score - label) to *loss, d_score = its derivative; weights may be empty · cross_entropy adds scale Σ -log softmax(logits)[target]
/// over rows with target >= 0 to *loss and writes scale (softmax - one-hot), zeros elsewhere · square_sums writes Σ x² of each `block` elements to sums[i] (0 where x has ended), in
/// double, in an order that the block's size alone decides: ranks that hold some blocks each find the sums of one rank that holds all · clip_factor adds them up in their order ·
/// adamw updates all stretches (a table in the machine's memory) and reads *factor (the clipping) there too: nobody waits for a norm.
template<class B, class S = typename B::scalar, class R = typename B::real>
concept learns = requires(double* loss, matrix<S> y, matrix<R> wide, matrix<R const> scores, std::span<float const> labels, std::span<std::int32_t const> targets, optimizer_slabs<S, R> const& slabs, optimizer_slabs<S, R, bf16> const& small_moments,
                          std::span<stretch const> stretches, std::span<R const> gradient, std::span<double> sums, std::int64_t block, regression_rule rule, adamw_step step, double const* factor, double scale, typename B::stream& s) {
    B::regression_loss(loss, wide, scores, labels, labels, rule, scale, s);
    B::cross_entropy(loss, y, scores, targets, scale, s);
    B::square_sums(sums, gradient, block, s);
    B::clip_factor(loss, sums, scale, s);       // *out = min(1, limit / (sqrt(Σ sums) + 1e-6)), 1 where the limit is 0
    B::adamw(slabs, stretches, factor, step, s);
    B::adamw(small_moments, stretches, factor, step, s);
};

} // namespace contract

template<class B>
concept machine = contract::memory<B> && contract::products<B> && contract::rows<B> && contract::attends<B> && contract::learns<B>;

} // namespace penstock::train
