// Operations that work row by row or element by element.
#include "support.hpp"

namespace cuda_check {
namespace {

template<class S> void swiglu(report& r, streams<S>& s, std::int64_t n, std::int64_t c) {
    using G = Cuda<S>;
    using C = Cpu<S>;
    using D = Cpu<double>;
    numbers random(static_cast<std::uint64_t>(n * 131 + c));
    grid<S> x(n, 2 * c), y(n, c, 3), dy(n, c), dx(n, 2 * c);
    x.fill(random, 4), dy.fill(random), x.upload(s.cuda), dy.upload(s.cuda);
    G::swiglu(y.cuda(), x.cuda(), s.cuda), C::swiglu(y.cpu(), x.cpu(), s.cpu), D::swiglu(y.truth(), x.truth(), s.truth);
    y.check(r, "swiglu", 2, s.cuda);
    G::swiglu_backward(dx.cuda(), dy.cuda(), x.cuda(), s.cuda), C::swiglu_backward(dx.cpu(), dy.cpu(), x.cpu(), s.cpu), D::swiglu_backward(dx.truth(), dy.truth(), x.truth(), s.truth);
    dx.check(r, "swiglu backward", 3, s.cuda);
    auto const apart = dx.downloaded(s.cuda);
    G::swiglu_backward(x.cuda(), dy.cuda(), x.cuda(), s.cuda);
    auto const in_place = x.downloaded(s.cuda);
    r.expect(std::equal(apart.begin(), apart.end(), in_place.begin(), [](S a, S b) { return value(a) == value(b); }), std::string("swiglu backward in its own place, in ") + name_of<S>());
}

// Every operation on the three machines, each with its own side of the operands.
template<class S, class F> void everywhere(streams<S>& s, F const& f) {
    f(Cuda<S>{}, [](auto& g) { return g.cuda(); }, s.cuda);
    f(Cpu<S>{}, [](auto& g) { return g.cpu(); }, s.cpu);
    f(Cpu<double>{}, [](auto& g) { return g.truth(); }, s.truth);
}
template<class M> auto as_span(M const& m) { return std::span{m.data, static_cast<std::size_t>(m.rows * m.cols)}; }        // of a grid without spare columns
template<class M> auto fixed(M const& m) { return static_cast<matrix<std::remove_pointer_t<decltype(m.data)> const>>(m); }

template<class S> std::string at(char const* what, std::int64_t n, std::int64_t c) { return std::string(what) + ", in " + name_of<S>() + ", " + std::to_string(n) + " x " + std::to_string(c); }

template<class S> void norm(report& r, streams<S>& s, std::int64_t n, std::int64_t c, std::int64_t spare) {
    numbers random(static_cast<std::uint64_t>(n * 131 + c));
    grid<S> in(n, c, spare), delta(n, c, spare), sum(n, c, spare), y(n, c, spare), weight(1, c);
    grid<float> rstd(1, n);
    in.fill(random), delta.fill(random, 0.3), weight.fill(random);
    for (auto* g : {&in, &delta, &weight}) g->upload(s.cuda);
    constexpr double epsilon = 1e-6;
    everywhere(s, [&](auto machine, auto side, auto& stream) {
        machine.add_norm(side(y), side(sum), as_span(side(rstd)), fixed(side(in)), fixed(side(delta)), as_span(fixed(side(weight))), epsilon, stream);
    });
    sum.check(r, "norm: in + delta", 2, s.cuda), y.check(r, "norm", 2, s.cuda), rstd.check(r, "norm: rstd", 2, s.cuda);
    auto const first = y.downloaded(s.cuda), first_sum = sum.downloaded(s.cuda);
    grid<S> again(n, c, spare), copy(n, c, spare);
    auto const run = [&](matrix<S> y, matrix<S> sum, matrix<S const> in, matrix<S const> delta) { Cuda<S>::add_norm(y, sum, as_span(rstd.cuda()), in, delta, as_span(fixed(weight.cuda())), epsilon, s.cuda); };
    run(again.cuda(), in.cuda(), in.cuda(), delta.cuda());
    r.expect(same_bits(again.downloaded(s.cuda), first) && same_bits(in.downloaded(s.cuda), first_sum), at<S>("norm in its own place: the same bits", n, c));
    run(again.cuda(), copy.cuda(), sum.cuda(), {});
    r.expect(same_bits(again.downloaded(s.cuda), first) && same_bits(copy.downloaded(s.cuda), first_sum), at<S>("norm without delta: a copy, and the same bits", n, c));
    run(again.cuda(), sum.cuda(), sum.cuda(), {});
    r.expect(same_bits(again.downloaded(s.cuda), first), at<S>("norm of one matrix in its own place: the same bits", n, c));

    grid<S> dx(n, c, spare), frozen(n, c, spare), apart(n, c + 1, spare), dy(n, c, spare), x(n, c, spare);
    grid<float> dw(1, c), scale(1, n);
    dx.fill(random), dy.fill(random), x.fill(random), dw.fill(random), scale.fill(random);
    for (auto* g : {&frozen, &apart})
        for (std::int64_t i = 0; i != n; ++i)
            for (std::int64_t j = 0; j != c; ++j) g->set(i, j + (g == &apart), dx.get(i, j));
    for (auto* g : {&dx, &frozen, &apart, &dy, &x}) g->upload(s.cuda);
    dw.upload(s.cuda), scale.upload(s.cuda);
    auto const dw_before = dw.downloaded(s.cuda);
    everywhere(s, [&](auto machine, auto side, auto& stream) {
        machine.norm_backward(side(dx), as_span(side(dw)), fixed(side(dy)), fixed(side(x)), as_span(fixed(side(scale))), as_span(fixed(side(weight))), stream);
    });
    dx.check(r, "norm backward", 3, s.cuda), dw.check(r, "norm backward: dw", 3, s.cuda);
    auto const backward = [&](matrix<S> dx, std::span<float> dw) { Cuda<S>::norm_backward(dx, dw, dy.cuda(), x.cuda(), as_span(fixed(scale.cuda())), as_span(fixed(weight.cuda())), s.cuda); };
    backward(frozen.cuda(), {});
    auto const learned = dx.downloaded(s.cuda);
    auto const learned_dw = dw.downloaded(s.cuda);
    r.expect(same_bits(frozen.downloaded(s.cuda), learned), at<S>("norm backward of frozen weights: the same bits", n, c));
    line<float> dw_again(dw_before, s.cuda);
    backward(apart.cuda().columns(1, c), dw_again.cuda());
    auto const shifted = apart.downloaded(s.cuda);
    bool same = same_bits(dw_again.downloaded(s.cuda), learned_dw);
    for (std::int64_t i = 0; i != n; ++i) same = same && std::memcmp(&shifted[static_cast<std::size_t>(i * apart.ld + 1)], &learned[static_cast<std::size_t>(i * dx.ld)], static_cast<std::size_t>(c) * sizeof(S)) == 0;
    r.expect(same, at<S>("norm backward where nothing is aligned: the same bits", n, c));
}

template<class S> void rope(report& r, streams<S>& s, std::int64_t n, int heads, int width, std::int64_t spare) {
    numbers random(static_cast<std::uint64_t>(n * 131 + width));
    constexpr int longest = 37;
    grid<float> table(longest, width);
    for (int t = 0; t != longest; ++t)
        for (int i = 0; i != width / 2; ++i) {
            double const angle = t * std::pow(1e4, -2.0 * i / width);
            table.set(t, i, std::cos(angle)), table.set(t, width / 2 + i, std::sin(angle));
        }
    table.upload(s.cuda);
    std::vector<std::int32_t> where;
    for (std::int64_t i = 0; i != n; ++i) where.push_back(random.below(longest));
    indices const positions(where, s.cuda);
    for (int direction : {1, -1}) {
        grid<S> x(n, heads * width, spare);
        x.fill(random).upload(s.cuda);
        Cuda<S>::rotate(x.cuda(), heads, width, positions.cuda(), table.cuda(), direction, s.cuda);
        Cpu<S>::rotate(x.cpu(), heads, width, positions.cpu(), table.cpu(), direction, s.cpu);
        Cpu<double>::rotate(x.truth(), heads, width, positions.cpu(), table.truth(), direction, s.truth);
        x.check(r, direction > 0 ? "rotation" : "rotation back", 2, s.cuda);
    }
}

template<class S> void moved_rows(report& r, streams<S>& s, std::int64_t n, std::int64_t c, std::int64_t spare) {
    numbers random(static_cast<std::uint64_t>(n * 131 + c));
    grid<S> x(n, c, spare), y(2 * n, c, spare), z(3 * n, c), e(2 * n, c, spare);
    x.fill(random).upload(s.cuda);
    std::vector<std::int32_t> from, to;
    for (std::int64_t i = 0; i != 2 * n; ++i) from.push_back(random.below(n));
    for (std::int64_t i = 0; i != n; ++i) to.push_back(static_cast<std::int32_t>(3 * (n - 1 - i) + (i & 1)));
    indices const gathered(from, s.cuda), scattered(to, s.cuda);
    auto exact = [&](grid<S>& g, char const* what) {
        auto const got = g.downloaded(s.cuda);
        r.expect(std::memcmp(got.data(), g.cpu().data, got.size() * sizeof(S)) == 0, at<S>(what, n, c));
    };
    Cuda<S>::gather(y.cuda(), x.cuda(), gathered.cuda(), s.cuda), Cpu<S>::gather(y.cpu(), x.cpu(), gathered.cpu(), s.cpu), exact(y, "gather");
    Cuda<S>::embed(e.cuda(), gathered.cuda(), x.cuda(), s.cuda), Cpu<S>::embed(e.cpu(), gathered.cpu(), x.cpu(), s.cpu), exact(e, "embedding");
    Cuda<S>::scatter(z.cuda(), x.cuda(), scattered.cuda(), s.cuda), Cpu<S>::scatter(z.cpu(), x.cpu(), scattered.cpu(), s.cpu), exact(z, "scatter");
}

template<class S> void embedding(report& r, streams<S>& s, std::vector<int> const& sizes, std::int64_t c, std::int64_t spare) {      // how many rows each token has
    numbers random(static_cast<std::uint64_t>(c * 131) + sizes.size());
    auto const tokens = static_cast<std::int64_t>(sizes.size());
    std::vector<std::int32_t> order, first{0}, token, padded_first{0, 0}, padded_token{-1};
    for (std::int64_t t = 0; t != tokens; ++t) {
        token.push_back(static_cast<std::int32_t>(2 * t)), padded_token.push_back(token.back());
        for (int i = 0; i != sizes[static_cast<std::size_t>(t)]; ++i) order.push_back(static_cast<std::int32_t>(order.size()));
        first.push_back(static_cast<std::int32_t>(order.size())), padded_first.push_back(first.back());
    }
    auto const n = static_cast<std::int64_t>(order.size());
    for (auto& i : order) i = static_cast<std::int32_t>((i * 7 + 3) % n);       // n and 7 have no common divisor, so each row once
    order.insert(order.end(), 3, 0), padded_token.push_back(-1), padded_first.push_back(static_cast<std::int32_t>(order.size()));          // groups that are none: an empty one before, one of three rows behind
    grid<S> dy(n, c, spare);
    dy.fill(random).upload(s.cuda);
    grid<float> table(2 * tokens + 1, c), again(2 * tokens + 1, c);
    table.fill(random).upload(s.cuda);
    for (std::int64_t i = 0; i != table.rows; ++i)
        for (std::int64_t j = 0; j != c; ++j) again.set(i, j, table.get(i, j));
    again.upload(s.cuda);
    indices const order_(order, s.cuda), first_(first, s.cuda), token_(token, s.cuda), padded_first_(padded_first, s.cuda), padded_token_(padded_token, s.cuda);
    auto const rows = [&](auto const& m) { return m.rows_from(1, 2 * tokens); };         // row -1 of what the operation gets is there, and must not change
    Cuda<S>::embed_backward(rows(table.cuda()), dy.cuda(), {order_.cuda(), padded_first_.cuda(), padded_token_.cuda()}, s.cuda);
    Cpu<S>::embed_backward(rows(table.cpu()), dy.cpu(), {order_.cpu(), first_.cpu(), token_.cpu()}, s.cpu);
    Cpu<double>::embed_backward(rows(table.truth()), dy.truth(), {order_.cpu(), first_.cpu(), token_.cpu()}, s.truth);
    table.check(r, "embedding backward", 3, s.cuda);
    Cuda<S>::embed_backward(rows(again.cuda()), dy.cuda(), {order_.cuda(), first_.cuda(), token_.cuda()}, s.cuda);
    r.expect(same_bits(again.downloaded(s.cuda), table.downloaded(s.cuda)), at<S>("embedding backward again, without groups that are none: the same bits", n, c));
}

template<class S> void rounding(report& r, streams<S>& s, std::int64_t n, std::size_t skip) {
    numbers random(static_cast<std::uint64_t>(n));
    std::vector<float> from(static_cast<std::size_t>(n) + skip);
    for (auto& x : from) x = std::bit_cast<float>(static_cast<std::uint32_t>(random.next()));      // of all sizes, infinities and NaN among them
    if (n >= 4) from[skip] = std::bit_cast<float>(0x3f808000U), from[skip + 1] = std::bit_cast<float>(0x3f818000U), from[skip + 2] = INFINITY, from[skip + 3] = std::bit_cast<float>(0x7f7fffffU);    // ties; what rounds to infinity
    line<float> const source(from, s.cuda);
    std::vector<S> expected(from.size(), make<S>(7));
    line<S> const target(expected, s.cuda);
    Cuda<S>::round(target.cuda().subspan(skip), std::span<float const>(source.cuda()).subspan(skip), s.cuda);
    Cpu<S>::round(std::span(expected).subspan(skip), std::span<float const>(from).subspan(skip), s.cpu);
    auto const got = target.downloaded(s.cuda);
    r.expect(std::ranges::equal(got, expected, [](S a, S b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(value(a)) && std::isnan(value(b))); }), at<S>("rounding", n, static_cast<std::int64_t>(skip)));
}

template<class S> void columns(report& r, streams<S>& s, std::int64_t n, std::int64_t c, std::int64_t spare) {
    numbers random(static_cast<std::uint64_t>(n * 131 + c));
    grid<S> x(n, c, spare), apart(n, c + 1, spare);
    grid<float> sum(1, c);
    x.fill(random), sum.fill(random), apart.fill(0);
    for (std::int64_t i = 0; i != n; ++i)
        for (std::int64_t j = 0; j != c; ++j) apart.set(i, j + 1, x.get(i, j));
    x.upload(s.cuda), sum.upload(s.cuda), apart.upload(s.cuda);
    line<float> const again(sum.downloaded(s.cuda), s.cuda);
    everywhere(s, [&](auto machine, auto side, auto& stream) { machine.column_sum(as_span(side(sum)), fixed(side(x)), stream); });
    sum.check(r, "column sum", 3, s.cuda);
    Cuda<S>::column_sum(again.cuda(), apart.cuda().columns(1, c), s.cuda);
    r.expect(same_bits(again.downloaded(s.cuda), sum.downloaded(s.cuda)), at<S>("column sum where nothing is aligned: the same bits", n, c));
}

template<class S> void all_of(report& r) {
    streams<S> s;
    for (auto [n, c] : {std::array<std::int64_t, 2>{1, 1}, {1, 512}, {7, 33}, {511, 17}, {65, 513}, {3, 4864}}) swiglu<S>(r, s, n, c);
    using sizes = std::array<std::int64_t, 3>;
    for (auto [n, c, spare] : {sizes{1, 1, 0}, {3, 7, 2}, {5, 64, 8}, {2, 896, 0}, {4, 513, 3}, {2, 3584, 16}, {2, 8200, 8}, {300, 520, 0}, {2100, 8, 0}}) norm<S>(r, s, n, c, spare);
    for (auto [n, c, spare] : {sizes{1, 1, 0}, {3, 7, 2}, {5, 64, 8}, {2, 896, 0}, {4, 2056, 3}}) moved_rows<S>(r, s, n, c, spare);
    for (auto [n, c, spare] : {sizes{1, 1, 0}, {63, 7, 2}, {64, 264, 8}, {65, 513, 3}, {300, 1152, 0}, {700, 24, 0}}) columns<S>(r, s, n, c, spare);
    rope<S>(r, s, 1, 1, 2, 0), rope<S>(r, s, 5, 3, 6, 1), rope<S>(r, s, 9, 16, 64, 8), rope<S>(r, s, 3, 5, 128, 3), rope<S>(r, s, 2, 32, 128, 0);
    embedding<S>(r, s, {1}, 1, 0), embedding<S>(r, s, {1, 2, 3, 5, 9, 1, 40}, 7, 2), embedding<S>(r, s, {4, 1, 1, 17}, 264, 8), embedding<S>(r, s, {1, 30, 1}, 896, 0);
    for (std::int64_t n : {1, 7, 8, 255, 2048, 4099})
        for (std::size_t skip : {0U, 1U}) rounding<S>(r, s, n, skip);
    if (!emulated) {
        norm<S>(r, s, 20000, 3584, 0), norm<S>(r, s, 3000, 8192, 8), columns<S>(r, s, 20000, 4608, 0), moved_rows<S>(r, s, 20000, 3584, 0), rope<S>(r, s, 20000, 32, 128, 512);
        embedding<S>(r, s, std::vector<int>(5000, 3), 3584, 0);
    }
}

} // namespace

void check_rows(report& r) { all_of<float>(r), all_of<bf16>(r); }

} // namespace cuda_check
