// The three products against double, by research's bound, which no constant tunes: |c - c64| <= (K + 2) 2^-24 (|A||B| + what is added) + 2^-8 |c64| where the result is rounded to bf16 (2^-24 |c64| in float). TF32 in place
// of float would be off by 2^-11 and fail. Each runs by the library and by the plain kernel.
#include "support.hpp"
#include <cstring>

namespace cuda_check {
namespace {

struct shape { std::int64_t m, n, k, spare, shift; };      // y is m x n; rows of all are `spare` longer; and all begin `shift` elements late

// A view of a grid that is `shift` columns wider.
template<class S> struct operand {
    grid<S> all;
    std::int64_t shift;
    operand(std::int64_t rows, std::int64_t cols, shape const& s) : all(rows, cols + s.shift, s.spare), shift(s.shift) {}
    matrix<S> cuda() { return all.cuda().columns(shift, all.cols - shift); }
    double at(std::int64_t i, std::int64_t j) const { return all.get(i, j + shift); }
};

struct sums { double value = 0, size = 0; };
template<class F> std::vector<sums> table(shape const& s, F const& f) {
    std::vector<sums> all;
    for (std::int64_t i = 0; i != s.m; ++i)
        for (std::int64_t j = 0; j != s.n; ++j) all.push_back(f(i, j));
    return all;
}

template<class S, class Y> void held(report& r, std::string const& what, operand<Y>& y, std::vector<Y> const& got, shape const& s, std::vector<sums> const& truth) {
    double worst = -1;
    std::string found;
    bool clean = true;
    for (std::int64_t i = 0; i != s.m; ++i)
        for (std::int64_t j = 0; j != y.all.ld; ++j) {
            double const x = value(got[static_cast<std::size_t>(i * y.all.ld + j)]);
            if (j < s.shift || j >= s.shift + s.n) {        // what is beside the result stays as it was
                clean = clean && (j >= y.all.cols ? std::isnan(x) : x == y.all.get(i, j));
                continue;
            }
            auto const& t = truth[static_cast<std::size_t>(i * s.n + j - s.shift)];
            double const bound = static_cast<double>(s.k + 2) * 0x1p-24 * t.size + (std::same_as<Y, bf16> ? 0x1p-8 : 0x1p-24) * std::abs(t.value), e = std::isnan(x) ? INFINITY : std::abs(x - t.value);
            if (e - bound > worst) worst = e - bound, found = "row " + std::to_string(i) + " column " + std::to_string(j - s.shift) + " is " + std::to_string(x) + ", should be " + std::to_string(t.value) + ", allowed " + std::to_string(bound);
        }
    auto const name = what + ", " + name_of<S>() + " to " + name_of<Y>() + ", " + std::to_string(s.m) + " x " + std::to_string(s.n) + " x " + std::to_string(s.k) + (s.spare ? ", longer rows" : "") + (s.shift ? ", not aligned" : "");
    r.expect(!(worst > 0), name, found);
    r.expect(clean, name + ": nothing beside it is touched");
}

template<class Y> std::vector<Y> result(operand<Y>& y, cuda::product const& p, void (*run)(cuda::product const&, cuda::stream&), cuda::stream& s) {
    y.all.upload(s);
    run(p, s);
    return y.all.downloaded(s);
}

template<class S, class Y> void nt(report& r, streams<S>& s, shape const& h, bool bias, bool add, double scale) {
    numbers random(static_cast<std::uint64_t>(h.m * 7919 + h.n * 31 + h.k));
    operand<S> x(h.m, h.k, h), w(h.n, h.k, h), b(1, h.n, h);
    operand<Y> y(h.m, h.n, h);
    x.all.fill(random), w.all.fill(random), b.all.fill(random), y.all.fill(random);
    x.all.upload(s.cuda), w.all.upload(s.cuda), b.all.upload(s.cuda);
    auto const truth = table(h, [&](std::int64_t i, std::int64_t j) {
        sums t;
        for (std::int64_t k = 0; k != h.k; ++k) t.value += x.at(i, k) * w.at(j, k), t.size += std::abs(x.at(i, k) * w.at(j, k));
        t.value *= scale, t.size *= std::abs(scale);
        if (bias) t.value += b.at(0, j), t.size += std::abs(b.at(0, j));
        if (add) t.value += y.at(i, j), t.size += std::abs(y.at(i, j));
        return t;
    });
    auto const p = cuda::product_nt<S, Y>(y.cuda(), x.cuda(), w.cuda(), bias ? b.cuda().data : nullptr, scale, add);
    auto const what = std::string("x wT") + (bias ? " + bias" : "") + (add ? " + y" : "") + (scale != 1 ? ", scaled" : "");
    auto const got = result(y, p, cuda::run, s.cuda), more = result(y, p, cuda::run, s.cuda);
    held<S>(r, what, y, got, h, truth);
    r.expect(std::equal(got.begin(), got.end(), more.begin(), [](Y a, Y c) { return std::memcmp(&a, &c, sizeof a) == 0; }), what + " twice gives the same bits");
    held<S>(r, what + " by the plain kernel", y, result(y, p, cuda::run_plain, s.cuda), h, truth);
}

template<class S> void nn(report& r, streams<S>& s, shape const& h, bool add, double scale) {
    numbers random(static_cast<std::uint64_t>(h.m * 7919 + h.n * 31 + h.k + 1));
    operand<S> x(h.m, h.k, h), w(h.k, h.n, h), y(h.m, h.n, h);
    x.all.fill(random), w.all.fill(random), y.all.fill(random), x.all.upload(s.cuda), w.all.upload(s.cuda);
    auto const truth = table(h, [&](std::int64_t i, std::int64_t j) {
        sums t;
        for (std::int64_t k = 0; k != h.k; ++k) t.value += x.at(i, k) * w.at(k, j), t.size += std::abs(x.at(i, k) * w.at(k, j));
        t.value *= scale, t.size *= std::abs(scale);
        if (add) t.value += y.at(i, j), t.size += std::abs(y.at(i, j));
        return t;
    });
    auto const p = cuda::product_nn<S>(y.cuda(), x.cuda(), w.cuda(), scale, add);
    held<S>(r, add ? "x w + y" : "x w", y, result(y, p, cuda::run, s.cuda), h, truth);
    held<S>(r, "x w by the plain kernel", y, result(y, p, cuda::run_plain, s.cuda), h, truth);
}

template<class S> void tn(report& r, streams<S>& s, shape const& h, double scale) {
    numbers random(static_cast<std::uint64_t>(h.m * 7919 + h.n * 31 + h.k + 2));
    operand<S> y(h.k, h.m, h), x(h.k, h.n, h);
    operand<float> w(h.m, h.n, h);
    y.all.fill(random), x.all.fill(random), w.all.fill(random), y.all.upload(s.cuda), x.all.upload(s.cuda);
    auto const truth = table(h, [&](std::int64_t i, std::int64_t j) {
        sums t;
        for (std::int64_t k = 0; k != h.k; ++k) t.value += y.at(k, i) * x.at(k, j), t.size += std::abs(y.at(k, i) * x.at(k, j));
        t.value = t.value * scale + w.at(i, j), t.size = t.size * std::abs(scale) + std::abs(w.at(i, j));
        return t;
    });
    auto const p = cuda::product_tn<S, float>(w.cuda(), y.cuda(), x.cuda(), scale);
    held<S>(r, "w + yT x", w, result(w, p, cuda::run, s.cuda), h, truth);
    held<S>(r, "w + yT x by the plain kernel", w, result(w, p, cuda::run_plain, s.cuda), h, truth);
}

template<class S> void all_of(report& r) {
    streams<S> s;
    std::vector<shape> shapes{{1, 1, 1, 0, 0}, {5, 8, 64, 0, 0}, {33, 17, 70, 3, 0}, {64, 48, 129, 0, 1}, {7, 96, 32, 8, 8}, {3, 2, 513, 5, 3}, {4, 4, 0, 0, 0}, {0, 4, 4, 0, 0}};
    if (!emulated) shapes.insert(shapes.end(), {{128, 1152, 896, 0, 0}, {511, 96, 4864, 16, 0}, {1024, 1024, 256, 0, 0}, {96, 64, 16384, 0, 0}, {65, 1, 3584, 0, 1}});      // 1024 x 1024 x 256 is timed
    for (auto const& h : shapes) {
        for (bool bias : {false, true})
            for (bool add : {false, true})
                if (h.k < 256 || bias == add) nt<S, S>(r, s, h, bias, add, bias ? 1 : 0.25), nt<S, float>(r, s, h, bias, add, add ? -2 : 1);
        nn<S>(r, s, h, false, 1), nn<S>(r, s, h, true, 0.25);
        tn<S>(r, s, h, 1), tn<S>(r, s, h, -0.5);
    }
}

} // namespace

void check_products(report& r) {
    all_of<float>(r), all_of<bf16>(r);
}

} // namespace cuda_check
