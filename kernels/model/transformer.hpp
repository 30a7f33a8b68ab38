/// Qwen2, forward and backward, over any machine of kernels/ops.hpp; the one file that knows the architecture. Forward and backward are written out: what is saved between them is a field, and
/// what is not kept is computed again by the same lines. A regression's last layer works on the last token of each sequence only (all tokens give it keys and values): exact, and 3-4 % of the work less.
#pragma once
#include "arena.hpp"
#include "batch.hpp"
#include "parameters.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <penstock/train/trainer.hpp>

namespace penstock::train {

struct limits {
    std::int64_t tokens = 0;            ///< of a packed batch
    std::int64_t sequences = 0;
    std::int64_t longest = 0;           ///< tokens of one sequence
    std::int64_t fillings = 1;          ///< sequences that fill a batch up
    train::recompute recompute = train::recompute::nothing;
    bool learns = true;                 ///< false: forward only, and one layer's memory serves all
    std::int64_t head_rows = 0;         ///< of logits that a language model's head takes at a time; 0: as many as 2^24 logits are, at least 16

    std::int64_t logit_rows(std::int64_t vocabulary) const { return std::min(head_rows > 0 ? head_rows : std::max<std::int64_t>((std::int64_t{1} << 24) / vocabulary, 16), tokens); }
};
/// On a GPU, where each piece reads and writes the head's whole gradient, 8 bytes a weight, for 2 flops a weight and row: from a thousand rows on, the product is what takes the time. An eighth of a large batch, half of a small one.
constexpr std::int64_t head_rows_on_gpu(std::int64_t tokens) { return std::clamp<std::int64_t>(tokens / 8, std::min<std::int64_t>(1024, tokens / 2), 4096); }

template<machine B>
class transformer {
public:
    using S = typename B::scalar;
    using R = typename B::real;
    using stream = typename B::stream;
    using rows = matrix<S>;

    transformer(qwen2_config const& c, parameters const& p, adapter_options const& adapters, limits const& limits)
        : config_(c), p_(p), limits_(limits), scale_(adapters.scale()), pooled_(c.head == head::regression), shape_{static_cast<int>(c.num_attention_heads), static_cast<int>(c.num_key_value_heads), static_cast<int>(c.head_dim)} {}

    /// Takes all memory from the arena; with an empty one, to measure.
    void lay_out(arena& a);
    /// Tables that do not change. Once, after lay_out with memory.
    void prepare(stream& s);

    void upload(batch const& b, stream& s);
    void forward(stream& s);
    /// Adds to *loss, and sets the derivative that backward starts from. Scale: 1 over what the loss is the mean of, in the whole step.
    void regression_loss(double* loss, regression_rule rule, double scale, stream& s);
    /// The same for the language model; it adds to the head's gradient at once.
    void language_loss(double* loss, double scale, stream& s);
    void backward(stream& s);

    std::span<S> weights() const { return weights_; }
    std::span<R> gradients() const { return gradients_; }
    /// Rows with what lies beside them: row i begins at i ld.
    std::span<S> weights(parameter const& p) const { return weights_.data() ? weights_.subspan(static_cast<std::size_t>(p.at), static_cast<std::size_t>(p.rows * p.ld)) : std::span<S>{}; }
    std::span<R> gradients(parameter const& p) const {
        return p.state < 0 || !gradients_.data() ? std::span<R>{} : gradients_.subspan(static_cast<std::size_t>(p.state), static_cast<std::size_t>(p.size()));
    }
    std::int64_t asked_at_once() const { return std::max<std::int64_t>(logits_.rows, 1); }      ///< a language model's rows of logits
    matrix<R> scores() const { return score_.top(now_.sequences); }     ///< a row a sequence
    rows hidden() const { return last_.top(active(layers())); }         ///< after the last norm: a row a sequence (regression) or token
    void logits(matrix<R> to, matrix<S const> hidden, stream& s) { B::product_nt(to, hidden, weight(p_.head), nullptr, 1, false, s); }

private:
    // One product: projections first … last - 1 of a layer.
    struct linear { layer_parameters const* layer; int first, last; };
    struct layer_memory {
        rows x, n1, q, k, v, qkv, o, mid, n2, gate_up, h;
        rows x_pooled, n1_pooled, kv;           // the pooled last layer
        std::span<R> rstd1, rstd2;
        matrix<R> lse;
    };

    int layers() const { return static_cast<int>(config_.num_hidden_layers); }
    bool is_pooled(int l) const { return pooled_ && l == layers() - 1; }
    std::int64_t capacity(int l) const { return pooled_ && l >= layers() - 1 ? limits_.sequences : limits_.tokens; }
    std::int64_t active(int l) const { return pooled_ && l >= layers() - 1 ? now_.sequences : now_.tokens; }    // rows after layer l's attention
    std::int64_t hidden_size() const { return config_.hidden_size; }
    std::int64_t query() const { return config_.query_size(); }
    std::int64_t key_value() const { return config_.key_value_size(); }
    std::int64_t inner() const { return config_.intermediate_size; }

    matrix<S const> weight(int i) const { return {weights(p_[i]).data(), p_[i].rows, p_[i].cols, p_[i].ld}; }
    matrix<R> gradient(int i) const { return {gradients(p_[i]).data(), p_[i].rows, p_[i].cols, p_[i].cols}; }
    std::span<S const> vector(int i) const { return weights(p_[i]); }

    std::int64_t adapter_columns(linear const& f) const {
        std::int64_t n = 0;
        for (int i = f.first; i != f.last; ++i)
            if (f.layer->a[i] >= 0) n += p_[f.layer->a[i]].rows;
        return n;
    }
    std::int64_t room(int first, int last) const { return adapter_room(adapter_columns({&p_.layers.front(), first, last})); }
    matrix<S const> joined(linear const& f) const {
        auto w = weight(f.layer->weight[f.first]);
        for (int i = f.first + 1; i != f.last; ++i) w.rows += p_[f.layer->weight[i]].rows;
        return w;
    }
    int first_adapter(linear const& f) const {
        for (int i = f.first; i != f.last; ++i)
            if (f.layer->a[i] >= 0) return f.layer->a[i];
        return -1;
    }
    // f(projection, its first column of y)
    template<class F> void each_adapter(linear const& f, F const& body) const {
        std::int64_t out = 0;
        for (int i = f.first; i != f.last; ++i) {
            if (f.layer->a[i] >= 0) body(i, out);
            out += p_[f.layer->weight[i]].rows;
        }
    }
    static rows beside(rows x, std::int64_t first, std::int64_t count) { return {x.data + x.cols + first, x.rows, count, x.ld}; }

    void adapt(rows x, linear const& f, stream& s);
    void apply(rows y, rows x, linear const& f, stream& s);
    void apply_backward(rows dx, bool add, rows dy, rows x, linear const& f, stream& s);       // dx may be none, where nothing below learns
    void norm(rows y, rows x, std::span<R> rstd, int w, stream& s) { B::add_norm(y, x, rstd, x, rows{}, vector(w), config_.rms_norm_eps, s); }
    void attention_half(int l, stream& s);
    void attend(int l, stream& s);
    void mlp_half(int l, stream& s);
    void layer_backward(int l, rows& d, stream& s);
    sequence_bounds bounds(int l) const { return {is_pooled(l) ? now_.pooled_bounds : now_.bounds, now_.bounds, now_.longest}; }

    template<class T> void send(std::span<T> room, std::vector<T> const& from, std::span<T const>& use, stream& s) {
        B::upload(reinterpret_cast<std::byte*>(room.data()), reinterpret_cast<std::byte const*>(from.data()), from.size() * sizeof(T), s);
        use = room.first(from.size());
    }

    qwen2_config config_;
    parameters const& p_;
    limits limits_;
    double scale_;
    bool pooled_;
    attention_shape shape_;

    std::span<S> weights_ = {};
    std::span<R> gradients_ = {};
    std::vector<layer_memory> memory_ = {};
    rows last_ = {}, x_last_ = {}, delta_ = {}, d_ = {}, dn_ = {}, d_pooled_ = {}, dn_pooled_ = {}, dqkv_ = {}, dkv_ = {}, dq_pooled_ = {}, do_ = {}, dh_ = {}, d_last_ = {};
    rows d_score_stored_ = {}, asked_rows_ = {}, d_asked_ = {}, d_logits_ = {};
    std::span<R> rstd_last_ = {};
    std::span<std::int32_t> identity_ = {};     // 0 1 2 …
    matrix<R> score_ = {}, d_score_ = {}, rotary_ = {}, logits_ = {};

    struct { std::span<std::int32_t> tokens, positions, bounds, pooled, pooled_positions, pooled_bounds, asked, targets, order, first, distinct; std::span<float> labels, weights; } room_ = {};
    struct {
        std::int64_t tokens = 0, sequences = 0;
        std::int32_t longest = 0;
        std::span<std::int32_t const> ids, positions, bounds, pooled, pooled_positions, pooled_bounds, asked, targets, order, first, distinct;
        std::span<float const> labels, weights;
    } now_ = {};
};

template<machine B> void transformer<B>::lay_out(arena& a) {
    std::int64_t const n = limits_.tokens, dims = static_cast<std::int64_t>(config_.labels.size()), c = hidden_size(), q = query(), kv = key_value();
    std::int64_t const room1 = room(0, 3), room_q = room(0, 1), room_kv = room(1, 3), room_o = room(3, 4), room2 = room(4, 6), room_h = room(6, 7), room_d = std::max(room_o, room_h);
    bool const learns = limits_.learns, keep_rows = learns && limits_.recompute == recompute::nothing, keep_block = learns && limits_.recompute != recompute::blocks;
    weights_ = a.take<S>(p_.weights());
    if (learns) gradients_ = a.take<R>(p_.trained());

    memory_.assign(static_cast<std::size_t>(layers()), {});
    layer_memory shared;
    auto lay = [&](int l, layer_memory& m, bool input, bool block, bool light) {
        std::int64_t const after = capacity(l);
        if (input) m.x = a.take<S>(n, c);
        if (block) {
            m.rstd1 = a.take<R>(n), m.rstd2 = a.take<R>(after);
            if (is_pooled(l)) {
                m.x_pooled = a.take<S>(after, c), m.n1_pooled = a.take<S>(after, c, room_q), m.q = a.take<S>(after, q), m.kv = a.take<S>(n, 2 * kv);
                m.k = m.kv.columns(0, kv), m.v = m.kv.columns(kv, kv);
            } else {
                m.qkv = a.take<S>(n, q + 2 * kv);
                m.q = m.qkv.columns(0, q), m.k = m.qkv.columns(q, kv), m.v = m.qkv.columns(q + kv, kv);
            }
            m.o = a.take<S>(after, q, room_o), m.lse = a.take<R>(after, shape_.heads), m.mid = a.take<S>(after, c), m.gate_up = a.take<S>(after, 2 * inner(), learns ? room2 : 0);
        }
        if (light) m.n1 = a.take<S>(n, c, room1), m.n2 = a.take<S>(after, c, room2), m.h = a.take<S>(after, inner(), room_h);
    };
    auto take_over = [](layer_memory& m, layer_memory const& from, bool block, bool light) {
        if (block) m.rstd1 = from.rstd1, m.rstd2 = from.rstd2, m.x_pooled = from.x_pooled, m.n1_pooled = from.n1_pooled, m.q = from.q, m.k = from.k, m.v = from.v, m.kv = from.kv, m.qkv = from.qkv, m.o = from.o, m.lse = from.lse, m.mid = from.mid, m.gate_up = from.gate_up;
        if (light) m.n1 = from.n1, m.n2 = from.n2, m.h = from.h;
    };
    // What is not kept is shared by all layers; the pooled last one has its own, smaller.
    int const plain = pooled_ ? layers() - 1 : layers();
    if (plain > 0) lay(0, shared, !learns, !keep_block, !keep_rows);
    for (int l = 0; l != layers(); ++l) {
        auto& m = memory_[static_cast<std::size_t>(l)];
        bool const own = is_pooled(l);
        lay(l, m, learns || (own && plain == 0), keep_block || own, keep_rows || own);
        if (!own) take_over(m, shared, !keep_block, !keep_rows);
        if (!learns && plain > 0) m.x = shared.x;
    }
    std::int64_t const top = capacity(layers());
    x_last_ = a.take<S>(top, c), last_ = a.take<S>(top, c), rstd_last_ = a.take<R>(top), delta_ = a.take<S>(n, c);
    rotary_ = a.take<R>(limits_.longest, config_.head_dim);
    if (room1 + room_o + room2 + room_h > 0) identity_ = a.take<std::int32_t>(std::max({c, q, inner(), room1, room2}));
    if (pooled_) score_ = a.take<R>(limits_.sequences, dims);
    if (learns) {
        d_ = a.take<S>(n, c, room_d), dn_ = a.take<S>(n, c), dqkv_ = a.take<S>(n, q + 2 * kv, room1), do_ = a.take<S>(n, q), dh_ = a.take<S>(n, inner()), d_last_ = a.take<S>(top, c);
        if (pooled_) d_pooled_ = a.take<S>(top, c, room_d), dq_pooled_ = a.take<S>(top, q, room_q), dkv_ = {dqkv_.data, n, 2 * kv, 2 * kv + room_kv}, dn_pooled_ = a.take<S>(top, c), d_score_ = a.take<R>(limits_.sequences, dims), d_score_stored_ = a.take<S>(limits_.sequences, dims);
    }
    if (!pooled_ && learns) {
        std::int64_t const vocabulary = config_.vocab_size, chunk = limits_.logit_rows(vocabulary);     // logits take a fraction of all rows at a time
        asked_rows_ = a.take<S>(chunk, c), d_asked_ = a.take<S>(n, c), d_logits_ = a.take<S>(chunk, vocabulary), logits_ = a.take<R>(chunk, vocabulary);
    }
    auto const sequences = limits_.sequences + limits_.fillings;
    auto integers = [&](std::int64_t count) { return a.take<std::int32_t>(count); };
    room_ = {integers(n), integers(n), integers(sequences + 1), integers(sequences), integers(sequences), integers(sequences + 1), integers(n), integers(n), integers(n), integers(n + 1), integers(n),
             a.take<float>(limits_.sequences * dims), a.take<float>(limits_.sequences * dims)};
}

template<machine B> void transformer<B>::prepare(stream& s) {
    std::int64_t const half = config_.head_dim / 2;
    std::vector<R> table(static_cast<std::size_t>(limits_.longest * 2 * half));
    for (std::int64_t t = 0; t != limits_.longest; ++t)
        for (std::int64_t i = 0; i != half; ++i) {
            double const angle = static_cast<double>(t) * std::pow(config_.rope_theta, -static_cast<double>(i) / static_cast<double>(half));
            table[static_cast<std::size_t>(t * 2 * half + i)] = static_cast<R>(std::cos(angle));
            table[static_cast<std::size_t>(t * 2 * half + half + i)] = static_cast<R>(std::sin(angle));
        }
    B::upload(reinterpret_cast<std::byte*>(rotary_.data), reinterpret_cast<std::byte const*>(table.data()), table.size() * sizeof(R), s);
    std::vector<std::int32_t> identity(identity_.size());
    std::iota(identity.begin(), identity.end(), 0);
    B::upload(reinterpret_cast<std::byte*>(identity_.data()), reinterpret_cast<std::byte const*>(identity.data()), identity_.size_bytes(), s);
}

template<machine B> void transformer<B>::upload(batch const& b, stream& s) {
    send(room_.tokens, b.tokens, now_.ids, s), send(room_.positions, b.positions, now_.positions, s), send(room_.bounds, b.bounds, now_.bounds, s);
    send(room_.pooled, b.pooled, now_.pooled, s), send(room_.pooled_positions, b.pooled_positions, now_.pooled_positions, s), send(room_.pooled_bounds, b.pooled_bounds, now_.pooled_bounds, s);
    send(room_.asked, b.asked, now_.asked, s), send(room_.targets, b.targets, now_.targets, s);
    send(room_.order, b.order, now_.order, s), send(room_.first, b.first, now_.first, s), send(room_.distinct, b.distinct, now_.distinct, s);
    send(room_.labels, b.labels, now_.labels, s), send(room_.weights, b.weights, now_.weights, s);
    now_.tokens = static_cast<std::int64_t>(b.tokens.size()), now_.sequences = b.sequences(), now_.longest = b.longest;
}

// --- one product, with its adapters --------------------------------------------------------------------------------------------------------------------------------

template<machine B> void transformer<B>::adapt(rows x, linear const& f, stream& s) {       // scale x Aᵀ into the room beside x
    if (auto const n = adapter_columns(f); n > 0) {
        auto a = weight(first_adapter(f));
        a.rows = n;
        B::product_nt(beside(x, 0, n), x, a, nullptr, scale_, false, s);
    }
}

template<machine B> void transformer<B>::apply(rows y, rows x, linear const& f, stream& s) {
    int const bias = f.layer->bias[f.first];
    auto w = joined(f);
    adapt(x, f, s);
    each_adapter(f, [&](int i, std::int64_t) {      // B into the room beside W, at each use: it is small, and so nobody can forget it
        auto const& at = p_[f.layer->weight[i]];
        auto const b = weight(f.layer->b[i]);
        B::gather({weights_.data() + at.at + at.cols + f.layer->low[i], b.rows, b.cols, at.ld}, b, identity_.first(static_cast<std::size_t>(b.rows)), s);
    });
    if (auto const n = adapter_columns(f); n > 0) w.cols += n, x.cols += n;
    B::product_nt(y, x, w, bias >= 0 ? vector(bias).data() : nullptr, 1, false, s);
}

template<machine B> void transformer<B>::apply_backward(rows dx, bool add, rows dy, rows x, linear const& f, stream& s) {
    auto w = joined(f);
    if (auto dw = gradient(f.layer->weight[f.first]); dw.data) {
        dw.rows = w.rows;
        B::product_tn(dw, dy, x, 1, s);
        if (int const bias = f.layer->bias[f.first]; bias >= 0) B::column_sum({gradient(bias).data, static_cast<std::size_t>(w.rows)}, dy, s);
    }
    if (auto const n = adapter_columns(f); n > 0) {
        auto const dlow = beside(dy, 0, n);
        each_adapter(f, [&](int i, std::int64_t out) {
            auto const b = weight(f.layer->b[i]);
            B::product_nn(dlow.columns(f.layer->low[i], b.cols), dy.columns(out, b.rows), b, scale_, false, s);
            B::product_tn(gradient(f.layer->b[i]), dy.columns(out, b.rows), beside(x, f.layer->low[i], b.cols), 1, s);
        });
        int const first = first_adapter(f);
        auto a = weight(first);
        auto da = gradient(first);
        a.rows = da.rows = n;
        B::product_tn(da, dlow, x, 1, s);
        if (!dx.data) return;
        auto const& last = p_[f.layer->weight[f.last - 1]];
        B::gather({weights_.data() + last.at + last.rows * last.ld, n, a.cols, last.ld}, a, identity_.first(static_cast<std::size_t>(n)), s);       // A into the room below W, as B into that beside it
        w.rows += n, dy.cols += n;
    }
    if (dx.data) B::product_nn(dx, dy, w, 1, add, s);
}

// --- forward -------------------------------------------------------------------------------------------------------------------------------------------------------

template<machine B> void transformer<B>::attend(int l, stream& s) {        // from n1 to o
    auto& m = memory_[static_cast<std::size_t>(l)];
    auto const* const p = &p_.layers[static_cast<std::size_t>(l)];
    std::int64_t const n = now_.tokens, after = active(l);
    if (is_pooled(l)) {
        B::gather(m.x_pooled.top(after), m.x, now_.pooled, s);
        B::gather(m.n1_pooled.top(after), m.n1, now_.pooled, s);
        apply(m.q.top(after), m.n1_pooled.top(after), {p, 0, 1}, s);
        apply(m.kv.top(n), m.n1.top(n), {p, 1, 3}, s);
        B::rotate(m.q.top(after), shape_.heads, shape_.width, now_.pooled_positions, rotary_, 1, s);
        B::rotate(m.k.top(n), shape_.kv_heads, shape_.width, now_.positions, rotary_, 1, s);
    } else {
        apply(m.qkv.top(n), m.n1.top(n), {p, 0, 3}, s);
        B::rotate(m.qkv.top(n), shape_.heads + shape_.kv_heads, shape_.width, now_.positions, rotary_, 1, s);
    }
    B::attention(m.o.top(after), m.lse.top(after), m.q.top(after), m.k.top(n), m.v.top(n), shape_, bounds(l), s);
}

template<machine B> void transformer<B>::attention_half(int l, stream& s) {    // from n1 to mid and n2
    auto& m = memory_[static_cast<std::size_t>(l)];
    auto const& p = p_.layers[static_cast<std::size_t>(l)];
    auto const after = active(l);
    attend(l, s);
    apply(delta_.top(after), m.o.top(after), {&p, 3, 4}, s);
    B::add_norm(m.n2.top(after), m.mid.top(after), m.rstd2, (is_pooled(l) ? m.x_pooled : m.x).top(after), delta_.top(after), vector(p.post_norm), config_.rms_norm_eps, s);
}

template<machine B> void transformer<B>::mlp_half(int l, stream& s) {      // from n2 to h
    auto& m = memory_[static_cast<std::size_t>(l)];
    auto const after = active(l);
    apply(m.gate_up.top(after), m.n2.top(after), {&p_.layers[static_cast<std::size_t>(l)], 4, 6}, s);
    B::swiglu(m.h.top(after), m.gate_up.top(after), s);
}

template<machine B> void transformer<B>::forward(stream& s) {
    std::int64_t const n = now_.tokens;
    B::embed(memory_[0].x.top(n), now_.ids, weight(p_.embedding), s);
    for (int l = 0; l != layers(); ++l) {
        auto& m = memory_[static_cast<std::size_t>(l)];
        auto const& p = p_.layers[static_cast<std::size_t>(l)];
        if (l == 0) norm(m.n1.top(n), m.x.top(n), m.rstd1, p.input_norm, s);
        else B::add_norm(m.n1.top(n), m.x.top(n), m.rstd1, memory_[static_cast<std::size_t>(l - 1)].mid.top(n), delta_.top(n), vector(p.input_norm), config_.rms_norm_eps, s);
        attention_half(l, s);
        mlp_half(l, s);
        apply(delta_.top(active(l)), m.h.top(active(l)), {&p, 6, 7}, s);
    }
    auto const top = active(layers());
    B::add_norm(last_.top(top), x_last_.top(top), rstd_last_, memory_.back().mid.top(top), delta_.top(top), vector(p_.norm), config_.rms_norm_eps, s);
    if (pooled_) logits(scores(), last_.top(top), s);
}

// --- losses --------------------------------------------------------------------------------------------------------------------------------------------------------

template<machine B> void transformer<B>::regression_loss(double* loss, regression_rule rule, double scale, stream& s) {
    auto const n = now_.sequences, dims = score_.cols;
    auto const top = last_.top(n);
    B::regression_loss(loss, d_score_.top(n), scores(), now_.labels, now_.weights, rule, scale, s);
    auto const count = static_cast<std::size_t>(n * dims);
    B::round(std::span<S>{d_score_stored_.data, count}, std::span<R const>{d_score_.data, count}, s);
    B::product_nn(d_last_.top(n), d_score_stored_.top(n), weight(p_.head), 1, false, s);
    B::product_tn(gradient(p_.head), d_score_stored_.top(n), top, 1, s);
}

template<machine B> void transformer<B>::language_loss(double* loss, double scale, stream& s) {
    auto const asked = static_cast<std::int64_t>(now_.asked.size());
    auto const n = now_.tokens;
    for (std::int64_t first = 0; first < asked; first += logits_.rows) {
        auto const count = std::min(logits_.rows, asked - first);
        auto const part = [&](std::span<std::int32_t const> all) { return all.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)); };
        B::gather(asked_rows_.top(count), last_.top(n), part(now_.asked), s);
        logits(logits_.top(count), asked_rows_.top(count), s);
        B::cross_entropy(loss, d_logits_.top(count), logits_.top(count), part(now_.targets), scale, s);
        B::product_nn(d_asked_.rows_from(first, count), d_logits_.top(count), weight(p_.head), 1, false, s);
        if (auto const dw = gradient(p_.head); dw.data) B::product_tn(dw, d_logits_.top(count), asked_rows_.top(count), 1, s);
    }
    B::scatter(d_last_.top(n), d_asked_.top(asked), now_.asked, s);
}

// --- backward ------------------------------------------------------------------------------------------------------------------------------------------------------

template<machine B> void transformer<B>::layer_backward(int l, rows& d, stream& s) {       // d: the derivative by the layer's output, then by its input
    auto& m = memory_[static_cast<std::size_t>(l)];
    auto const& p = p_.layers[static_cast<std::size_t>(l)];
    std::int64_t const n = now_.tokens, after = active(l), q = query(), kv = key_value();
    bool const pooled = is_pooled(l);
    if (!pooled && limits_.recompute == recompute::blocks && l != layers() - 1) {
        norm(m.n1.top(n), m.x.top(n), m.rstd1, p.input_norm, s);
        attention_half(l, s);
        mlp_half(l, s);
    } else if (!pooled && limits_.recompute == recompute::rows) {
        norm(m.n2.top(n), m.mid.top(n), m.rstd2, p.post_norm, s);
        adapt(m.n2.top(n), {&p, 4, 6}, s);
        B::swiglu(m.h.top(n), m.gate_up.top(n), s);
        norm(m.n1.top(n), m.x.top(n), m.rstd1, p.input_norm, s);
        adapt(m.n1.top(n), {&p, 0, 3}, s);
    }
    if (!pooled && limits_.recompute != recompute::nothing) adapt(m.h.top(n), {&p, 6, 7}, s);

    apply_backward(dh_.top(after), false, d, m.h.top(after), {&p, 6, 7}, s);
    B::swiglu_backward(m.gate_up.top(after), dh_.top(after), m.gate_up.top(after), s);     // takes its place
    auto const dn2 = (pooled ? dn_pooled_ : dn_).top(after);
    apply_backward(dn2, false, m.gate_up.top(after), m.n2.top(after), {&p, 4, 6}, s);
    B::norm_backward(d, gradients(p_[p.post_norm]), dn2, m.mid.top(after), m.rstd2, vector(p.post_norm), s);

    apply_backward(do_.top(after), false, d, m.o.top(after), {&p, 3, 4}, s);
    bool const goes_on = l > 0 || p_[p_.embedding].trained;       // adapters: nothing below the first layer's products learns
    auto const dn1 = goes_on ? dn_.top(n) : rows{};
    if (pooled) {
        auto const dkv = dkv_.top(n), dq = dq_pooled_.top(after);
        B::attention_backward(dq, dkv.columns(0, kv), dkv.columns(kv, kv), do_.top(after), m.q.top(after), m.k.top(n), m.v.top(n), m.o.top(after), m.lse.top(after), shape_, bounds(l), s);
        B::rotate(dq, shape_.heads, shape_.width, now_.pooled_positions, rotary_, -1, s);
        B::rotate(dkv.columns(0, kv), shape_.kv_heads, shape_.width, now_.positions, rotary_, -1, s);
        apply_backward(goes_on ? dn_pooled_.top(after) : rows{}, false, dq, m.n1_pooled.top(after), {&p, 0, 1}, s);
        if (goes_on) B::scatter(dn1, dn_pooled_.top(after), now_.pooled, s);
        apply_backward(dn1, true, dkv, m.n1.top(n), {&p, 1, 3}, s);
        if (goes_on) B::scatter(d_.top(n), d, now_.pooled, s), d = d_.top(n);
    } else {
        auto const dqkv = dqkv_.top(n);
        B::attention_backward(dqkv.columns(0, q), dqkv.columns(q, kv), dqkv.columns(q + kv, kv), do_.top(n), m.q.top(n), m.k.top(n), m.v.top(n), m.o.top(n), m.lse.top(n), shape_, bounds(l), s);
        B::rotate(dqkv, shape_.heads + shape_.kv_heads, shape_.width, now_.positions, rotary_, -1, s);
        apply_backward(dn1, false, dqkv, m.n1.top(n), {&p, 0, 3}, s);
    }
    if (goes_on) B::norm_backward(d, gradients(p_[p.input_norm]), dn1, m.x.top(n), m.rstd1, vector(p.input_norm), s);
}

template<machine B> void transformer<B>::backward(stream& s) {
    auto const top = active(layers());
    rows d = (pooled_ ? d_pooled_ : d_).top(top);
    B::clear(reinterpret_cast<std::byte*>(d.data), static_cast<std::size_t>(top * d.ld) * sizeof(S), s);
    B::norm_backward(d, gradients(p_[p_.norm]), d_last_.top(top), x_last_.top(top), rstd_last_, vector(p_.norm), s);
    for (int l = layers() - 1; l >= 0; --l) layer_backward(l, d, s);
    if (auto const de = gradient(p_.embedding); de.data) B::embed_backward(de, d, {now_.order, now_.first, now_.distinct}, s);
}

} // namespace penstock::train
