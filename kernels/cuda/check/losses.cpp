// Losses and their derivatives.
#include "support.hpp"

namespace cuda_check {
namespace {

template<class S> std::string at(char const* what, std::int64_t n, std::int64_t c) { return std::string(what) + " in " + name_of<S>() + ", " + std::to_string(n) + " x " + std::to_string(c); }

/// A loss must add to what is there, and be as near the truth as `bound`.
void expect_loss(report& r, std::string const& what, double got, double before, double truth, double bound) {
    r.expect(std::abs(got - before - truth) <= bound + 0x1p-52 * std::abs(before), what, "is " + std::to_string(got - before) + ", should be " + std::to_string(truth) + "; allowed " + std::to_string(bound));
}

template<class S> void regression(report& r, streams<S>& s, std::int64_t n, std::int64_t c, std::int64_t spare, double huber, bool weighted) {
    numbers random(static_cast<std::uint64_t>(n * 131 + c));
    grid<float> scores(n, c, spare), d(n, c, 2 * spare);
    scores.fill(random, 3).upload(s.cuda);
    std::vector<float> labels(static_cast<std::size_t>(n * c)), weights(weighted ? labels.size() : 0);
    for (auto& x : labels) x = static_cast<float>(random.around(3));
    for (auto& x : weights) x = static_cast<float>(random.uniform());
    labels[0] = static_cast<float>(scores.get(0, 0));       // no error at all
    constexpr double before = 0.25;
    double const scale = 1.0 / static_cast<double>(n * c);
    line<double> const loss({before, before}, s.cuda);
    line<float> const labels_there(labels, s.cuda), weights_there(weights, s.cuda);
    double on_cpu = 0, truth = 0;
    auto const run = [&](double* to) { Cuda<S>::regression_loss(to, d.cuda(), scores.cuda(), labels_there.cuda(), weighted ? weights_there.cuda() : std::span<float>{}, {huber}, scale, s.cuda); };
    run(loss.cuda().data());
    Cpu<S>::regression_loss(&on_cpu, d.cpu(), scores.cpu(), labels, weights, {huber}, scale, s.cpu);
    Cpu<double>::regression_loss(&truth, d.truth(), scores.truth(), labels, weights, {huber}, scale, s.truth);
    auto const what = at<S>(huber > 0 ? "Huber's loss" : "squared error", n, c);
    expect_loss(r, what, loss.downloaded(s.cuda)[0], before, truth, static_cast<double>(n * c + 4) * 0x1p-53 * truth);      // all terms are positive
    d.check(r, huber > 0 ? "Huber's derivative" : "squared error's derivative", 2, s.cuda);
    auto const first = d.downloaded(s.cuda);
    run(loss.cuda().data() + 1);
    auto const both = loss.downloaded(s.cuda);
    r.expect(same_bits(d.downloaded(s.cuda), first) && both[0] == both[1], what + " again: the same bits");
}

template<class S> void cross_entropy(report& r, streams<S>& s, std::int64_t n, std::int64_t c, std::int64_t spare, double spread) {
    numbers random(static_cast<std::uint64_t>(n * 131 + c));
    grid<float> logits(n, c, spare), shifted(n, c + 1, spare);
    grid<S> d(n, c, spare), apart(n, c + 1, spare);
    logits.fill(random, spread), shifted.fill(0), apart.fill(0);
    if (c > 4) logits.set(n - 1, 2, 3 * spread);            // far above the others, and met after them by no thread but the first
    if (c > 4) logits.set(0, c - 1, -1e30);
    for (std::int64_t i = 0; i != n; ++i)
        for (std::int64_t j = 0; j != c; ++j) shifted.set(i, j + 1, logits.get(i, j));
    logits.upload(s.cuda), shifted.upload(s.cuda), apart.upload(s.cuda);
    std::vector<std::int32_t> wanted;
    for (std::int64_t i = 0; i != n; ++i) wanted.push_back(i % 3 == 1 ? -1 : random.below(c));
    wanted.back() = static_cast<std::int32_t>(c - 1), wanted.front() = 0;
    indices const targets(wanted, s.cuda);
    constexpr double before = -3;
    double const scale = 1.0 / static_cast<double>(n);
    line<double> const loss({before, before}, s.cuda);
    double on_cpu = 0, truth = 0;
    Cuda<S>::cross_entropy(loss.cuda().data(), d.cuda(), logits.cuda(), targets.cuda(), scale, s.cuda);
    Cpu<S>::cross_entropy(&on_cpu, d.cpu(), logits.cpu(), targets.cpu(), scale, s.cpu);
    Cpu<double>::cross_entropy(&truth, d.truth(), logits.truth(), targets.cpu(), scale, s.truth);
    // The logarithm of a sum of exponentials is off by as much as the sum is, relatively: a rounding for each addition in a thread's chain and over the block's, some for each exponential (whose argument's own rounding
    // weighs |x| eˣ <= 1/e), for a row's share of the loss.
    double const chain = static_cast<double>(c) / 1024 + 8 + 16 + 32 + 8, sum_error = chain * 0x1p-24;
    expect_loss(r, at<S>("cross entropy", n, c), loss.downloaded(s.cuda)[0], before, truth, sum_error + 0x1p-50 * std::abs(truth));
    d.check(r, "cross entropy's derivative", 2, s.cuda, sum_error * scale);
    auto const got = d.downloaded(s.cuda);
    bool zeros = true;
    for (std::int64_t i = 0; i != n; ++i)
        for (std::int64_t j = 0; j != c && wanted[static_cast<std::size_t>(i)] < 0; ++j) zeros = zeros && value(got[static_cast<std::size_t>(i * d.ld + j)]) == 0;
    r.expect(zeros, at<S>("cross entropy: zeros where no target is", n, c));
    Cuda<S>::cross_entropy(loss.cuda().data() + 1, apart.cuda().columns(1, c), shifted.cuda().columns(1, c), targets.cuda(), scale, s.cuda);
    auto const moved = apart.downloaded(s.cuda);
    auto const both = loss.downloaded(s.cuda);
    bool same = both[0] == both[1];
    for (std::int64_t i = 0; i != n; ++i) same = same && std::memcmp(&moved[static_cast<std::size_t>(i * apart.ld + 1)], &got[static_cast<std::size_t>(i * d.ld)], static_cast<std::size_t>(c) * sizeof(S)) == 0;
    r.expect(same, at<S>("cross entropy where nothing is aligned: the same bits", n, c));
}

template<class S> void all_of(report& r) {
    streams<S> s;
    using sizes = std::array<std::int64_t, 3>;
    for (auto [n, c, spare] : {sizes{1, 1, 0}, {3, 8, 0}, {7, 5, 3}, {301, 8, 0}})
        for (double huber : {0.0, 0.7})
            for (bool weighted : {false, true}) regression<S>(r, s, n, c, spare, huber, weighted);
    for (auto [n, c, spare] : {sizes{1, 1, 0}, {2, 5, 3}, {5, 31, 1}, {4, 1000, 8}, {3, 8192, 0}, {3, 10007, 2}, {2, 20000, 0}})
        for (double spread : {1.0, 40.0}) cross_entropy<S>(r, s, n, c, spare, spread);
    if (!emulated) cross_entropy<S>(r, s, 110, 151936, 0, 8), regression<S>(r, s, 4096, 8, 0, 0, true);
}

} // namespace

void check_losses(report& r) { all_of<float>(r), all_of<bf16>(r); }

} // namespace cuda_check
