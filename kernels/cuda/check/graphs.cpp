// Work that comes again with the same key: run, recorded, played. Each time it must give what it gives when it is queued piece by piece, from what lies in memory then.
#include "models.hpp"

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

// A whole training: other samples each step, so that what is played meets other tables than those of its recording.
void training(report& r, head top, precision p, std::string const& name) {
    constexpr std::size_t a_step = 3, steps = 6;
    course const c(shape_of(top), {.tokens = 64, .sequences = 4, .longest = 24, .multiple = 16}, {9, 24, 5, 17, 1, 12, 20, 3, 11});
    auto const run = [&](char const* graphs) {
        ::setenv("PENSTOCK_GRAPHS", graphs, 1);
        auto const t = c.on(place::cuda, p);
        ::unsetenv("PENSTOCK_GRAPHS");
        std::vector<float> said;
        for (std::size_t i = 0; i != steps; ++i) {
            auto const report = t->step(c.at(i * 2, a_step));
            said.push_back(static_cast<float>(report.loss)), said.push_back(static_cast<float>(report.norm)), said.insert(said.end(), report.scores.begin(), report.scores.end());
        }
        return std::pair(said, everything(*t));
    };
    auto const plain = run("off");
    auto const before = cuda::graphs_played.load();
    auto const graphs = run("on");
    auto const played = cuda::graphs_played - before;
    r.expect(plain == graphs, name + ": " + std::to_string(steps) + " steps by graphs have the bits of those without");
    if (top == head::regression) r.expect(played == steps - 1, name + ": from the second on they are played", std::to_string(played) + " were");     // a language model's chunks of targets vary
}

} // namespace

void check_graphs(report& r) {
    again<float>(r), again<bf16>(r), refused<float>(r);
    training(r, head::regression, precision::f32, "regression in float"), training(r, head::regression, precision::bf16, "regression in bf16"), training(r, head::language_model, precision::bf16, "language model in bf16");
}

} // namespace cuda_check
