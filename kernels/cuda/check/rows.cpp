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

template<class S> void all_of(report& r) {
    streams<S> s;
    for (auto [n, c] : {std::array<std::int64_t, 2>{1, 1}, {1, 512}, {7, 33}, {511, 17}, {65, 513}, {3, 4864}}) swiglu<S>(r, s, n, c);
}

} // namespace

void check_rows(report& r) { all_of<float>(r), all_of<bf16>(r); }

} // namespace cuda_check
