// The norm of the gradients, what clips it, and AdamW.
#include "support.hpp"
#include <philox.hpp>

namespace cuda_check {
namespace {

template<class S> void square_sums(report& r, streams<S>& s, std::int64_t n, std::int64_t block, std::size_t count) {
    numbers random(static_cast<std::uint64_t>(n * 131 + block));
    std::vector<float> x(static_cast<std::size_t>(n));
    for (auto& e : x) e = static_cast<float>(random.around(1));
    std::vector<float> moved(x);
    moved.insert(moved.begin(), std::nanf(""));
    line<float> const there(x, s.cuda), apart(moved, s.cuda);
    line<double> const sums(std::vector<double>(count, std::nan("")), s.cuda), again(std::vector<double>(count, std::nan("")), s.cuda);
    Cuda<S>::square_sums(sums.cuda(), there.cuda(), block, s.cuda);
    auto const got = sums.downloaded(s.cuda);
    bool near = true;
    for (std::size_t b = 0; b != count; ++b) {
        double truth = 0;
        for (std::int64_t i = static_cast<std::int64_t>(b) * block; i < std::min(n, static_cast<std::int64_t>(b + 1) * block); ++i) truth += static_cast<double>(x[static_cast<std::size_t>(i)]) * static_cast<double>(x[static_cast<std::size_t>(i)]);
        near = near && std::abs(got[b] - truth) <= 2 * static_cast<double>(block) * 0x1p-53 * truth;       // of each of the two sums
    }
    auto const what = std::string("square sums of ") + std::to_string(n) + " by " + std::to_string(block);
    r.expect(near, what);
    Cuda<S>::square_sums(again.cuda(), apart.cuda().subspan(1), block, s.cuda);
    r.expect(same_bits(again.downloaded(s.cuda), got), what + " where nothing is aligned: the same bits");
    // A rank that holds from some block on finds the same sums.
    if (count > 1 && block < n) {
        Cuda<S>::square_sums(again.cuda().subspan(1), std::span<float const>(there.cuda()).subspan(static_cast<std::size_t>(block)), block, s.cuda);
        r.expect(same_bits(again.downloaded(s.cuda), got), what + " by the rank that holds the second block: the same bits");
    }
}

template<class S> void clipping(report& r, streams<S>& s) {
    std::vector<double> many(777);
    numbers random(3);
    for (auto& x : many) x = random.uniform();
    for (auto const& sums : {std::vector<double>{0}, std::vector<double>{4}, std::vector<double>{1, 2, 3}, many})
        for (double limit : {0.0, 1.0, 2.0, 1e9}) {
            line<double> const there(sums, s.cuda), factor({std::nan("")}, s.cuda);
            Cuda<S>::clip_factor(factor.cuda().data(), there.cuda(), limit, s.cuda);
            double truth = 0;
            Cpu<S>::clip_factor(&truth, sums, limit, s.cpu);
            r.expect(std::abs(factor.downloaded(s.cuda)[0] - truth) <= static_cast<double>(sums.size() + 4) * 0x1p-53 * truth, "the factor that clips " + std::to_string(sums.size()) + " sums to " + std::to_string(limit));
        }
}

/// A slab of weights, its gradients, and a shard of masters and moments: stretches with what is between them, which must not change.
template<class S, class M> struct optimized {
    static constexpr bool own_masters = !std::same_as<S, float>;
    struct layout { std::vector<stretch> all; std::int64_t weights, state, own; };
    static layout aligned_and_not(std::int64_t long_one) {
        layout l{{{8, 16, 0, long_one, true}, {16 + long_one + 5, 24 + long_one + 3, 8 + long_one + 1, 513, true}, {32 + long_one + 512 + 13, 40 + long_one + 512 + 2, 16 + long_one + 512 + 6, 41, false}, {0, 0, 0, 1, false}}, 0, 0, 0};
        auto const& b = l.all[2];
        l.all[3].weights = b.weights + b.size + 1, l.all[3].state = b.state + b.size, l.all[3].own = b.own + b.size + 2;
        l.weights = l.all[3].weights + 2, l.state = l.all[3].state + 2, l.own = l.all[3].own + 2;
        return l;
    }

    layout where;
    grid<S> weights;
    grid<float> masters, gradients;
    grid<M> m, v;

    optimized(layout const& l, std::uint64_t seed, streams<S>& s) : where(l), weights(1, l.weights), masters(1, l.own), gradients(1, l.state), m(1, l.own), v(1, l.own) {
        numbers random(seed);
        weights.fill(7), masters.fill(7), m.fill(7), v.fill(7);
        for (auto const& p : l.all)
            for (std::int64_t i = 0; i != p.size; ++i) {
                masters.set(0, p.own + i, random.around(0.5)), m.set(0, p.own + i, 0), v.set(0, p.own + i, 0);
                weights.set(0, p.weights + i, masters.get(0, p.own + i));
            }
        weights.upload(s.cuda), masters.upload(s.cuda), m.upload(s.cuda), v.upload(s.cuda);
    }
    optimizer_slabs<S, float, M> cuda() { return {weights.cuda().data, own_masters ? masters.cuda().data : nullptr, m.cuda().data, v.cuda().data, gradients.cuda().data}; }
    optimizer_slabs<S, float, M> cpu() { return {weights.cpu().data, own_masters ? masters.cpu().data : nullptr, m.cpu().data, v.cpu().data, gradients.cpu().data}; }
    optimizer_slabs<double, double> truth() { return {weights.truth().data, own_masters ? masters.truth().data : nullptr, m.truth().data, v.truth().data, gradients.truth().data}; }
};

// Fifty steps with moments in float, beside the CPU's.
template<class S> void adamw(report& r, streams<S>& s) {
    using state = optimized<S, float>;
    state o(state::aligned_and_not(emulated ? 4099 : stretch::longest - 5), 11, s);
    line<stretch> const stretches(o.where.all, s.cuda);
    numbers random(12);
    adamw_step step{.rate = 1e-2, .epsilon = 1e-3, .decay = 0.1};
    for (step.step = 1; step.step <= 50; ++step.step) {
        step.rate *= 0.97;
        o.gradients.fill(random);
        for (std::int64_t i = 0; i < o.gradients.cols; i += 5) o.gradients.set(0, i, 0);       // rows of the embedding that no batch has
        o.gradients.upload(s.cuda);
        double const factor = step.step % 3 ? 1 : 0.37;
        line<double> const there({factor}, s.cuda);
        Cuda<S>::adamw(o.cuda(), stretches.cuda(), there.cuda().data(), step, s.cuda);
        Cpu<S>::adamw(o.cpu(), o.where.all, &factor, step, s.cpu);
        Cpu<double>::adamw(o.truth(), o.where.all, &factor, step, s.truth);
    }
    o.weights.check(r, "AdamW, 50 steps: weights", 2, s.cuda), o.m.check(r, "AdamW, 50 steps: m", 2, s.cuda), o.v.check(r, "AdamW, 50 steps: v", 2, s.cuda);
    if constexpr (state::own_masters) o.masters.check(r, "AdamW, 50 steps: masters", 2, s.cuda);
}

// Any cut into stretches, and any place in memory, gives the same bits: a rank's shard is that of one rank alone.
template<class S, class M> void cuts(report& r, streams<S>& s) {
    using state = optimized<S, M>;
    constexpr std::int64_t n = 1003;
    state whole({{{0, 0, 0, n, true}}, n, n, n}, 21, s), pieces({{{3, 0, 5, 17, true}, {20, 17, 22, 503, true}, {523, 520, 525, n - 520, true}}, n + 3, n, n + 5}, 21, s);
    line<stretch> const one(whole.where.all, s.cuda), three(pieces.where.all, s.cuda);
    line<double> const factor({0.9}, s.cuda);
    numbers random(22);
    for (adamw_step step{.rate = 1e-2, .decay = 0.1, .seed = 0x123456789abcdefU}; step.step <= 5; ++step.step) {
        whole.gradients.fill(random).upload(s.cuda);
        for (std::int64_t i = 0; i != n; ++i) pieces.gradients.set(0, i, whole.gradients.get(0, i));
        pieces.gradients.upload(s.cuda);
        Cuda<S>::adamw(whole.cuda(), one.cuda(), factor.cuda().data(), step, s.cuda);
        Cuda<S>::adamw(pieces.cuda(), three.cuda(), factor.cuda().data(), step, s.cuda);
    }
    auto const same = [&](auto& a, auto& b, std::int64_t shift) {
        auto const x = a.downloaded(s.cuda), y = b.downloaded(s.cuda);
        return std::memcmp(x.data(), y.data() + shift, n * sizeof x[0]) == 0;
    };
    r.expect(same(whole.weights, pieces.weights, 3) && same(whole.m, pieces.m, 5) && same(whole.v, pieces.v, 5) && (!state::own_masters || same(whole.masters, pieces.masters, 5)),
             std::string("AdamW however the elements are cut, with moments in ") + name_of<M>() + ", in " + name_of<S>() + ": the same bits");
}

// Moments in bf16. With decays of a half and gradients of 8 bits every product is exact, and the CPU's arithmetic the GPU's: the moments must agree to the last bit, and so does the noise.
template<class S> void small_moments(report& r, streams<S>& s) {
    using state = optimized<S, bf16>;
    state o(state::aligned_and_not(2051), 31, s);
    line<stretch> const stretches(o.where.all, s.cuda);
    numbers random(32);
    adamw_step step{.rate = 1e-3, .beta1 = 0.5, .beta2 = 0.5, .seed = 0xfedcba9876543210U};
    double const factor = 0.5;
    line<double> const there({factor}, s.cuda);
    for (; step.step <= 20; ++step.step) {
        for (std::int64_t i = 0; i != o.gradients.cols; ++i) o.gradients.set(0, i, static_cast<double>(random.below(255) - 127) / 128);
        o.gradients.upload(s.cuda);
        Cuda<S>::adamw(o.cuda(), stretches.cuda(), there.cuda().data(), step, s.cuda);
        Cpu<S>::adamw(o.cpu(), o.where.all, &factor, step, s.cpu);
    }
    auto const same = [&](grid<bf16>& g) {
        auto const got = g.downloaded(s.cuda);
        return std::memcmp(got.data(), g.cpu().data, got.size() * sizeof(bf16)) == 0;
    };
    r.expect(same(o.m), std::string("AdamW in ") + name_of<S>() + ", 20 steps with m in bf16: the CPU's bits"), r.expect(same(o.v), std::string("AdamW in ") + name_of<S>() + ", 20 steps with v in bf16: the CPU's bits");
    bool off_grid = false;      // or nothing would have been rounded
    auto const got = o.v.downloaded(s.cuda);
    for (auto x : got) off_grid = off_grid || (x.bits & 1);
    r.expect(off_grid, std::string("AdamW in ") + name_of<S>() + ": moments use all bits of bf16");
}

// Two hundred steps without a gradient: m and v shrink to β²⁰⁰ of what they were. Rounding to nearest would leave v where it is (a thousandth is less than half of its last place); rounded stochastically, their mean over
// many elements is right within five standard deviations: a step's rounding has at most half a last place, in the binade where the moment begins.
template<class S> void unbiased(report& r, streams<S>& s) {
    using state = optimized<S, bf16>;
    constexpr std::int64_t n = emulated ? 4096 : 65536;
    constexpr int steps = 200;
    state o({{{0, 0, 0, n, true}}, n, n, n}, 41, s);
    o.m.fill(-0.75).upload(s.cuda), o.v.fill(0.75).upload(s.cuda), o.gradients.fill(0).upload(s.cuda);
    line<stretch> const stretches(o.where.all, s.cuda);
    line<double> const factor({1.0}, s.cuda);
    for (adamw_step step{.rate = 0, .beta1 = 0.998, .beta2 = 0.999, .seed = 5}; step.step <= steps; ++step.step) Cuda<S>::adamw(o.cuda(), stretches.cuda(), factor.cuda().data(), step, s.cuda);
    auto const expect = [&](grid<bf16>& g, double start, double beta, char const* what) {
        double mean = 0, products = 0;
        auto const got = g.downloaded(s.cuda);
        for (auto x : got) mean += value(x) / n;
        double const truth = start * std::pow(beta, steps), last_place = 0x1p-8, deviation = last_place / 2 * std::sqrt(static_cast<double>(steps) / n);
        r.expect(std::abs(mean - truth) <= 5 * deviation, std::string("the mean of ") + what + " in bf16 after " + std::to_string(steps) + " steps, in " + name_of<S>(),
                 "is " + std::to_string(mean) + ", should be " + std::to_string(truth) + "; allowed " + std::to_string(5 * deviation));
        for (std::size_t i = 1; i != got.size(); ++i) products += (value(got[i]) - truth) * (value(got[i - 1]) - truth) / n;
        double const variance = deviation * deviation * n;
        r.expect(std::abs(products) <= 5 * variance / std::sqrt(static_cast<double>(n)) + 25 * deviation * deviation, std::string("neighbours of ") + what + " are rounded apart, in " + name_of<S>());
    };
    expect(o.m, -0.75, 0.998, "m"), expect(o.v, 0.75, 0.999, "v");
    double together = 0;
    auto const m = o.m.downloaded(s.cuda), v = o.v.downloaded(s.cuda);
    double const m_truth = -0.75 * std::pow(0.998, steps), v_truth = 0.75 * std::pow(0.999, steps), variance = 0x1p-18 * steps;
    for (std::size_t i = 0; i != m.size(); ++i) together += (value(m[i]) - m_truth) * (value(v[i]) - v_truth) / n;
    r.expect(std::abs(together) <= 5 * variance / std::sqrt(static_cast<double>(n)) + 25 * variance / n, std::string("m and v are rounded apart, in ") + name_of<S>());
}

template<class S> void all_of(report& r) {
    streams<S> s;
    square_sums<S>(r, s, 1, 1, 1), square_sums<S>(r, s, 1000, 1000, 1), square_sums<S>(r, s, 1003, 96, 13), square_sums<S>(r, s, 517, 35, 15), square_sums<S>(r, s, 200000, 140000, 2);
    clipping<S>(r, s);
    adamw<S>(r, s), cuts<S, float>(r, s), cuts<S, bf16>(r, s), small_moments<S>(r, s), unbiased<S>(r, s);
    if (!emulated) square_sums<S>(r, s, 100'000'000, 1 << 24, 6);
}

} // namespace

void check_optimizer(report& r) { all_of<float>(r), all_of<bf16>(r); }

} // namespace cuda_check
