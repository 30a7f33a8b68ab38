// Every operation of the machine in float and in bf16 against double on the same (rounded) inputs: the error is bounded by the format, not by a number that was tried until it held.
#include "support.hpp"
#include <cstring>
#include <doctest/doctest.h>

using namespace kernels_tests;

namespace {

template<class S> constexpr double unit = std::same_as<S, bf16> ? 0x1p-9 : std::same_as<S, float> ? 0x1p-24 : 0x1p-53;       // half the distance to the next number, relative
constexpr double float_unit = 0x1p-24;

template<class S> struct grid {         // a matrix with memory; spare columns after each row hold NaN, and so does every element before it is written
    std::vector<S> data;
    matrix<S> m;
    grid(std::int64_t rows, std::int64_t cols, std::int64_t spare = 0) : data(static_cast<std::size_t>(rows * (cols + spare)), make<S>(std::nan(""))), m{data.data(), rows, cols, cols + spare} {}
    grid(grid const&) = delete;
    grid& operator=(grid const&) = delete;
    grid& fill(numbers& n, double scale = 1) {
        for (std::int64_t i = 0; i != m.rows; ++i)
            for (std::int64_t c = 0; c != m.cols; ++c) m.row(i)[c] = make<S>(n.around(scale));
        return *this;
    }
    grid& fill(double x) {
        for (std::int64_t i = 0; i != m.rows; ++i)
            for (std::int64_t c = 0; c != m.cols; ++c) m.row(i)[c] = make<S>(x);
        return *this;
    }
    template<class T> grid& take(grid<T> const& from) {
        for (std::int64_t i = 0; i != m.rows; ++i)
            for (std::int64_t c = 0; c != m.cols; ++c) m.row(i)[c] = make<S>(value(from.m.row(i)[c]));
        return *this;
    }
    std::span<S> line() { return data; }
};

// the worst |y - truth| / bound(i, c)
template<class S, class F> double worst(grid<S> const& y, grid<double> const& truth, F const& bound) {
    double w = 0;
    for (std::int64_t i = 0; i != y.m.rows; ++i)
        for (std::int64_t c = 0; c != y.m.cols; ++c) {
            double const e = std::abs(value(y.m.row(i)[c]) - truth.m.row(i)[c]);
            w = std::isnan(e) ? INFINITY : std::max(w, e / bound(i, c));
        }
    return w;
}
double largest(grid<double> const& g) {
    double w = 0;
    for (std::int64_t i = 0; i != g.m.rows; ++i)
        for (std::int64_t c = 0; c != g.m.cols; ++c) w = std::max(w, std::abs(g.m.row(i)[c]));
    return w;
}
inline auto flat(double bound) { return [=](std::int64_t, std::int64_t) { return bound; }; }
template<class S> bool untouched_spare(grid<S> const& g) {
    for (std::int64_t i = 0; i != g.m.rows; ++i)
        for (std::int64_t c = g.m.cols; c != g.m.ld; ++c)
            if (!std::isnan(value(g.m.row(i)[c]))) return false;
    return true;
}

template<class S> void products(std::int64_t m, std::int64_t n, std::int64_t k, bool library) {
    using B = Cpu<S>;
    using R = typename B::real;
    CAPTURE(m); CAPTURE(n); CAPTURE(k); CAPTURE(library);
    cpu::use_library(library);
    numbers random(static_cast<std::uint64_t>(m * 7919 + n * 31 + k));
    typename B::stream s(2);
    grid<S> x(m, k, 5), w(n, k, 3), y(m, n, 7), dx(m, k, 2), bias(1, n), before(m, n);
    grid<R> wide(m, n), dw(n, k);
    x.fill(random), w.fill(random), bias.fill(random), before.fill(random), dw.fill(0.25);
    grid<double> truth(m, n), size(m, n);
    auto product = [&](double scale, bool with_bias, bool add) {
        for (std::int64_t i = 0; i != m; ++i)
            for (std::int64_t j = 0; j != n; ++j) {
                double t = 0, a = 0;
                for (std::int64_t l = 0; l != k; ++l) {
                    double const p = value(x.m.row(i)[l]) * value(w.m.row(j)[l]);
                    t += p, a += std::abs(p);
                }
                truth.m.row(i)[j] = scale * t + (with_bias ? value(bias.m.row(0)[j]) : 0) + (add ? value(before.m.row(i)[j]) : 0);
                size.m.row(i)[j] = std::abs(scale) * a + 2;
            }
    };
    auto bound = [&](double u) { return [&, u](std::int64_t i, std::int64_t j) { return static_cast<double>(k + 3) * std::max(unit<R>, 0x1p-53) * size.m.row(i)[j] + 2 * u * std::abs(truth.m.row(i)[j]); }; };
    product(1, true, false);
    B::product_nt(y.m, x.m, w.m, bias.data.data(), 1, false, s);
    CHECK(worst(y, truth, bound(unit<S>)) <= 1);
    product(1.5, false, true);
    y.take(before);
    B::product_nt(y.m, x.m, w.m, nullptr, 1.5, true, s);
    CHECK(worst(y, truth, bound(unit<S>)) <= 1);
    CHECK(untouched_spare(y));
    product(1, false, false);
    B::product_nt(wide.m, x.m, w.m, nullptr, 1, false, s);
    CHECK(worst(wide, truth, bound(unit<R>)) <= 1);

    y.fill(random);
    grid<double> back(m, k), back_size(m, k), weight(n, k), weight_size(n, k);
    back.fill(0.0), back_size.fill(0.0), weight.fill(0.25), weight_size.fill(1.0);
    for (std::int64_t i = 0; i != m; ++i)
        for (std::int64_t j = 0; j != n; ++j)
            for (std::int64_t l = 0; l != k; ++l) {
                double const d = value(y.m.row(i)[j]), a = d * value(w.m.row(j)[l]), b = d * value(x.m.row(i)[l]);
                back.m.row(i)[l] += a, back_size.m.row(i)[l] += std::abs(a), weight.m.row(j)[l] += b, weight_size.m.row(j)[l] += std::abs(b);
            }
    B::product_nn(dx.m, y.m, w.m, 1, false, s);
    CHECK(worst(dx, back, [&](std::int64_t i, std::int64_t l) { return static_cast<double>(n + 3) * unit<R> * back_size.m.row(i)[l] + 2 * unit<S> * std::abs(back.m.row(i)[l]); }) <= 1);
    B::product_tn(dw.m, y.m, x.m, 1, s);
    CHECK(worst(dw, weight, [&](std::int64_t j, std::int64_t l) { return static_cast<double>(m + 3) * unit<R> * weight_size.m.row(j)[l] + 2 * unit<R> * std::abs(weight.m.row(j)[l]); }) <= 1);
    cpu::use_library(true);
}

// Attention over packed sequences, forward and backward. What is stored is rounded once; what is summed in float before, by some more.
template<class S> void attends(std::vector<int> const& lengths, attention_shape shape, bool pooled) {
    using B = Cpu<S>;
    using R = typename B::real;
    using D = Cpu<double>;
    CAPTURE(shape.heads); CAPTURE(shape.kv_heads); CAPTURE(pooled);
    numbers random(3);
    typename B::stream s(2);
    D::stream sd(2);
    std::vector<std::int32_t> keys{0}, queries{0};
    for (int l : lengths) keys.push_back(keys.back() + l), queries.push_back(queries.back() + (pooled ? 1 : l));
    std::int64_t const nq = queries.back(), nk = keys.back(), c = shape.heads * shape.width, kv = shape.kv_heads * shape.width;
    sequence_bounds const bounds{queries, keys, *std::max_element(lengths.begin(), lengths.end())};
    grid<S> q(nq, c, 3), k(nk, kv), v(nk, kv), o(nq, c), d_o(nq, c), dq(nq, c, 2), dk(nk, kv), dv(nk, kv);
    q.fill(random), k.fill(random), v.fill(random), d_o.fill(random);
    grid<R> lse(nq, shape.heads);
    grid<double> qd(nq, c), kd(nk, kv), vd(nk, kv), od(nq, c), d_od(nq, c), dqd(nq, c), dkd(nk, kv), dvd(nk, kv), lsed(nq, shape.heads), o_rounded(nq, c);
    qd.take(q), kd.take(k), vd.take(v), d_od.take(d_o);
    B::attention(o.m, lse.m, q.m, k.m, v.m, shape, bounds, s);
    D::attention(od.m, lsed.m, qd.m, kd.m, vd.m, shape, bounds, sd);
    double const summed = 16 * float_unit;
    CHECK(worst(o, od, flat(2 * unit<S> * largest(od) + summed)) <= 1);
    B::attention_backward(dq.m, dk.m, dv.m, d_o.m, q.m, k.m, v.m, o.m, lse.m, shape, bounds, s);
    o_rounded.take(o);          // the derivative of what was stored
    D::attention_backward(dqd.m, dkd.m, dvd.m, d_od.m, qd.m, kd.m, vd.m, o_rounded.m, lsed.m, shape, bounds, sd);
    CHECK(worst(dq, dqd, flat(2 * unit<S> * largest(dqd) + summed)) <= 1);
    CHECK(worst(dk, dkd, flat(2 * unit<S> * largest(dkd) + 8 * summed)) <= 1);
    CHECK(worst(dv, dvd, flat(2 * unit<S> * largest(dvd) + 8 * summed)) <= 1);
}

template<class S> void in_rows(std::int64_t n, std::int64_t c) {
    using B = Cpu<S>;
    using R = typename B::real;
    using D = Cpu<double>;
    CAPTURE(n); CAPTURE(c);
    numbers random(static_cast<std::uint64_t>(n + c));
    typename B::stream s(2);
    D::stream sd(2);
    auto stored = [](grid<double> const& t, double more = 0) { return [&, more](std::int64_t i, std::int64_t j) { return 2 * unit<S> * std::abs(t.m.row(i)[j]) + (8 + more) * float_unit * (1 + std::abs(t.m.row(i)[j])); }; };
    grid<S> x(n, c, 1), delta(n, c), sum(n, c), y(n, c), w(1, c), dy(n, c), dx(n, c);
    grid<R> rstd(1, n), dw(1, c), db(1, c);
    x.fill(random), delta.fill(random), w.fill(random), dy.fill(random), dx.fill(random), dw.fill(0.5), db.fill(0.5);
    grid<double> xd(n, c), deltad(n, c), sumd(n, c), yd(n, c), wd(1, c), dyd(n, c), dxd(n, c), rstdd(1, n), dwd(1, c), dbd(1, c);
    xd.take(x), deltad.take(delta), wd.take(w), dyd.take(dy), dxd.take(dx), dwd.fill(0.5), dbd.fill(0.5);
    B::add_norm(y.m, sum.m, rstd.line(), x.m, delta.m, w.line(), 1e-6, s);
    D::add_norm(yd.m, sumd.m, rstdd.line(), xd.m, deltad.m, wd.line(), 1e-6, sd);
    CHECK(worst(sum, sumd, stored(sumd)) <= 1);
    sumd.take(sum);         // go on from what was stored
    D::add_norm(yd.m, sumd.m, rstdd.line(), sumd.m, matrix<double>{}, wd.line(), 1e-6, sd);
    CHECK(worst(y, yd, stored(yd)) <= 1);
    B::norm_backward(dx.m, dw.line(), dy.m, sum.m, rstd.line(), w.line(), s);
    D::norm_backward(dxd.m, dwd.line(), dyd.m, sumd.m, rstdd.line(), wd.line(), sd);
    CHECK(worst(dx, dxd, stored(dxd, 8)) <= 1);
    auto const summed = flat(static_cast<double>(n + 3) * float_unit * 16);
    CHECK(worst(dw, dwd, summed) <= 1);
    B::column_sum(db.line(), dy.m, s);
    D::column_sum(dbd.line(), dyd.m, sd);
    CHECK(worst(db, dbd, summed) <= 1);

    grid<S> gate_up(n, 2 * c), h(n, c), d_gate_up(n, 2 * c);
    gate_up.fill(random, 4);
    grid<double> gate_upd(n, 2 * c), hd(n, c), d_gate_upd(n, 2 * c);
    gate_upd.take(gate_up);
    B::swiglu(h.m, gate_up.m, s), D::swiglu(hd.m, gate_upd.m, sd);
    CHECK(worst(h, hd, stored(hd)) <= 1);
    B::swiglu_backward(d_gate_up.m, dy.m, gate_up.m, s), D::swiglu_backward(d_gate_upd.m, dyd.m, gate_upd.m, sd);
    CHECK(worst(d_gate_up, d_gate_upd, [&](std::int64_t i, std::int64_t j) { return 2 * unit<S> * std::abs(d_gate_upd.m.row(i)[j]) + 64 * float_unit; }) <= 1);
    B::swiglu_backward(gate_up.m, dy.m, gate_up.m, s);      // in its own place
    CHECK(std::memcmp(gate_up.data.data(), d_gate_up.data.data(), gate_up.data.size() * sizeof(S)) == 0);

    std::int64_t const width = 16, heads = std::max<std::int64_t>(c / width, 1);
    grid<S> turned(n, heads * width, 4);
    grid<R> table(n, width);
    grid<double> turnedd(n, heads * width), tabled(n, width);
    turned.fill(random), table.fill(random), turnedd.take(turned), tabled.take(table);
    std::vector<std::int32_t> positions;
    for (std::int64_t i = 0; i != n; ++i) positions.push_back(random.below(n));
    B::rotate(turned.m, static_cast<int>(heads), width, positions, table.m, -1, s), D::rotate(turnedd.m, static_cast<int>(heads), width, positions, tabled.m, -1, sd);
    CHECK(worst(turned, turnedd, stored(turnedd)) <= 1);
    CHECK(untouched_spare(turned));

    grid<R> logits(n, c);
    grid<double> logitsd(n, c), dd(n, c);
    grid<S> d(n, c);
    logits.fill(random, 3), logitsd.take(logits);
    std::vector<std::int32_t> targets;
    for (std::int64_t i = 0; i != n; ++i) targets.push_back(random.uniform() < 0.2 ? -1 : random.below(c));
    double loss = 0, lossd = 0;
    B::cross_entropy(&loss, d.m, logits.m, targets, 0.125, s), D::cross_entropy(&lossd, dd.m, logitsd.m, targets, 0.125, sd);
    CHECK(std::abs(loss - lossd) <= 1e-6 * (1 + std::abs(lossd)));
    CHECK(worst(d, dd, stored(dd)) <= 1);
}

} // namespace

TEST_CASE_TEMPLATE("products: every element within the bound of its sum and its rounding", S, double, float, bf16) {
    for (bool library : {false, true})
        for (auto [m, n, k] : {std::array<std::int64_t, 3>{1, 1, 1}, {1, 64, 96}, {3, 70, 33}, {64, 48, 511}, {33, 513, 300}, {200, 40, 520}, {257, 129, 65}}) products<S>(m, n, k, library);
}

TEST_CASE_TEMPLATE("attention: lengths 1, 511, 512, 513, six, seven and eight query heads a key head", S, float, bf16) {
    attends<S>({1, 511, 3, 513}, {6, 1, 16}, false);
    attends<S>({512, 1, 70}, {7, 1, 64}, false);
    attends<S>({2, 130}, {14, 2, 64}, false);
    attends<S>({65, 64, 63}, {8, 1, 128}, false);
    attends<S>({1, 512, 9}, {16, 2, 32}, true);
}

TEST_CASE_TEMPLATE("norm, SwiGLU, rotation, column sums, cross-entropy", S, float, bf16) {
    for (auto [n, c] : {std::array<std::int64_t, 2>{1, 1}, {1, 512}, {7, 33}, {511, 17}, {65, 513}, {3, 4864}}) in_rows<S>(n, c);
}

TEST_CASE("e to the x, through softmax: no entry off by more than two units") {
    Cpu<float>::stream s;
    grid<float> x(1, 4001), d(1, 4001);
    for (int i = 0; i != 4001; ++i) x.m.row(0)[i] = static_cast<float>(-i) * 0.02F;
    double loss = 0, sum = 0;
    std::vector<std::int32_t> const target{0};
    Cpu<float>::cross_entropy(&loss, d.m, x.m, target, 1, s);
    for (int i = 0; i != 4001; ++i) sum += std::exp(static_cast<double>(x.m.row(0)[i]));
    double worst_units = 0;
    for (int i = 1; i != 4001; ++i) {
        double const t = std::exp(static_cast<double>(x.m.row(0)[i])) / sum;
        worst_units = std::max(worst_units, std::abs(static_cast<double>(d.m.row(0)[i]) - t) / t / 0x1p-23);
    }
    CHECK(worst_units < 4);
}

TEST_CASE("a NaN stays one when it is rounded to bf16") {
    Cpu<bf16>::stream s;
    std::vector<float> from(40, 1);
    from[3] = std::bit_cast<float>(0x7fffffffU), from[37] = std::bit_cast<float>(0xffffffffU), from[5] = std::bit_cast<float>(0x7f800001U);
    std::vector<bf16> to(40);
    Cpu<bf16>::round(to, from, s);
    for (std::size_t i : {3U, 37U, 5U}) CHECK(std::isnan(widen(to[i])));
    CHECK(widen(to[4]) == 1);
}

TEST_CASE_TEMPLATE("a product added to a gradient is the product alone, plus what was there, to the bit: so ranks add up as batches do", S, double, float, bf16) {
    using B = Cpu<S>;
    using R = typename B::real;
    numbers n(21);
    cpu::stream s(2);
    for (std::int64_t const k : {7, 300, 2500}) {
        grid<S> y(k, 70), x(k, 96);
        grid<R> before(70, 96), sum(70, 96), alone(70, 96);
        y.fill(n), x.fill(n), before.fill(n), sum.take(before), alone.fill(0.0);
        B::product_tn(sum.m, y.m, x.m, 1, s);
        B::product_tn(alone.m, y.m, x.m, 1, s);
        std::int64_t different = 0;
        for (std::int64_t i = 0; i != 70; ++i)
            for (std::int64_t c = 0; c != 96; ++c) different += sum.m.row(i)[c] != before.m.row(i)[c] + alone.m.row(i)[c];
        CAPTURE(k);
        CHECK(different == 0);
    }
}
