// Work that comes again with the same key: run, recorded, played. Each time it must give what it gives when it is queued piece by piece, from what lies in memory then.
#include "support.hpp"

namespace cuda_check {
namespace {

template<class S> void again(report& r) {
    using G = Cuda<S>;
    streams<S> s;
    numbers random(7);
    std::int64_t const n = 9, c = 40;
    grid<S> x(n, 2 * c), w(c, c), h(n, c), y(n, c), z(n, c), apart(n, c), sum(n, c);
    w.fill(random), w.upload(s.cuda), sum.fill(0.0), sum.upload(s.cuda);
    auto const work = [&](grid<S>& to) {
        G::swiglu(h.cuda(), x.cuda(), s.cuda);
        G::product_nt(y.cuda(), h.cuda(), w.cuda(), nullptr, 1, false, s.cuda);
        G::clear(reinterpret_cast<std::byte*>(to.cuda().data), static_cast<std::size_t>(n * c) * sizeof(S), s.cuda);
        G::product_nn(to.cuda(), y.cuda(), w.cuda(), 0.5, true, s.cuda);
    };
    auto const same = [&](grid<S>& a, grid<S>& b) {
        auto const p = a.downloaded(s.cuda), q = b.downloaded(s.cuda);
        return std::equal(p.begin(), p.end(), q.begin(), [](S i, S j) { return value(i) == value(j); });
    };
    auto const name = [](char const* what, int i) { return std::string(what) + ", time " + std::to_string(i) + ", in " + name_of<S>(); };
    for (int i = 1; i != 6; ++i) {
        x.fill(random), x.upload(s.cuda);
        z.fill(random), z.upload(s.cuda);
        G::captured({n, c}, s.cuda, [&] { work(z); });
        work(apart);
        r.expect(same(z, apart), name("work of the same key", i));
        if (i == 4) s.cuda.scratch(std::size_t{1} << 22);       // what is recorded may hold the old one's address: it is recorded anew
    }
    int calls = 0;
    for (int i = 0; i != 5; ++i) G::captured({1}, s.cuda, [&] { ++calls, G::clear(reinterpret_cast<std::byte*>(sum.cuda().data), sizeof(S), s.cuda); });
    r.expect(calls == 2, std::string("what is recorded is not called again, in ") + name_of<S>(), std::to_string(calls) + " calls");
    for (int i = 0; i != 3; ++i) G::captured({2, i}, s.cuda, [&] { ++calls; });
    r.expect(calls == 5, std::string("another key is other work, in ") + name_of<S>(), std::to_string(calls) + " calls");
}

// Recorded work that takes memory, or waits, falls back on a GPU; the emulator ends it, for a kernel's author to see.
template<class S> void refused(report& r) {
    streams<S> s;
    float x[64] = {};
    auto const room = Cuda<S>::allocate(sizeof x);
    int ended = 0;
    auto const twice = [&](std::int64_t key, std::function<void()> const& work) {
        try {
            Cuda<S>::captured({key}, s.cuda, work), Cuda<S>::captured({key}, s.cuda, work);
        } catch (std::exception const&) { ++ended; }
    };
    twice(1, [&] { Cuda<S>::upload(Cuda<S>::data(room), reinterpret_cast<std::byte const*>(x), sizeof x, s.cuda); });
    twice(2, [&] { Cuda<S>::download(reinterpret_cast<std::byte*>(x), Cuda<S>::data(room), sizeof x, s.cuda); });
    std::size_t bytes = std::size_t{1} << 20;
    twice(3, [&] { s.cuda.scratch(bytes *= 2); });
    r.expect(ended == (emulated ? 3 : 0), "memory and waiting inside a graph", std::to_string(ended) + " of 3 ended");
    Cuda<S>::download(reinterpret_cast<std::byte*>(x), Cuda<S>::data(room), sizeof x, s.cuda);
    r.expect(x[63] == 0, "the stream goes on after that");
}

} // namespace

void check_graphs(report& r) { again<float>(r), again<bf16>(r), refused<float>(r); }

} // namespace cuda_check
