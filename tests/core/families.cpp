#include <doctest/doctest.h>
#include <map>
#include <set>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/flat_map.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/map.hpp>
#include <penstock/core/parallel.hpp>
#include "support.hpp"
using namespace test;

namespace {
struct piece { int parent, index; };
struct whole { int n, born; std::vector<int> kept, failed; };
int children_of(int n) { return n % 6; }                                     // none, too
bool dropped(int parent, int index) { return (parent + index) % 4 == 3; }
bool fails(int parent, int index) { return (parent * 7 + index) % 5 == 4; }

constexpr auto split = [](token const& t) { return std::views::iota(0, children_of(t.n)) | std::views::transform([&t](int i) { return piece{t.n, i}; }); };  // a view into the parent
constexpr auto keep = [](piece const& p) { return !dropped(p.parent, p.index); };
constexpr auto ask = [](piece p) -> ps::result<int> { if (fails(p.parent, p.index)) return std::unexpected(ps::failure(ps::errc::refused, "no")); return p.index; };
constexpr auto join = [](token t, ps::children<int> c) {
    whole w{t.n, int(c.born), {}, {}};
    for (auto& [index, value] : c.results) {
        CHECK((!value || *value == int(index)));
        (value ? w.kept : w.failed).push_back(int(index));
    }
    return w;
};
void check(whole const& w) {
    CHECK(w.born == children_of(w.n));
    std::vector<int> kept, failed;
    for (int i = 0; i != w.born; ++i) if (!dropped(w.n, i)) (fails(w.n, i) ? failed : kept).push_back(i);
    CHECK(w.kept == kept);
    CHECK(w.failed == failed);
}
}

TEST_CASE("gather: each parent once, its children in order, failures included, however they complete") {
    for (unsigned seed = 0; seed != 50; ++seed) for (unsigned in_flight : {1u, 3u, 40u}) {
        shuffled_env env(seed);
        env.windows = {{"ask", {.in_flight = in_flight, .deliver = seed % 3 ? ps::order::completion : ps::order::source}}};
        int opened = 0, closed = 0, most_open = 0;
        auto recipe = ps::fan_out<4>([&](token const& t) { most_open = std::max(most_open, ++opened - closed); return split(t); })
                    | ps::filter("odd", keep) | ps::async_map("ask", later{ask})
                    | ps::gather([&](token t, ps::children<int> c) { ++closed; return join(std::move(t), std::move(c)); });
        static_assert(std::same_as<ps::output_t<decltype(recipe), token>, whole>);
        std::set<int> parents;
        for (auto&& item : single_pass(200) | recipe | ps::with(env)) {
            check(*item.value);
            CHECK(item.where.row() == unsigned(item.value->n));
            CHECK(parents.insert(item.value->n).second);
        }
        CHECK(parents.size() == 200);
        CHECK(most_open <= 4);
        CHECK(env.books.imbalance() == "");
        CHECK(env.books.totals().written == 200);
    }
}
TEST_CASE("gather: filter after the call, everything dropped, one parent open: no deadlock") {
    for (unsigned seed = 0; seed != 20; ++seed) {
        shuffled_env env(seed);
        auto recipe = ps::fan_out<1>(split) | ps::async_map(later{ask}) | ps::filter("all", [](int) { return false; }) | ps::gather(join);
        int n = 0;
        for (auto&& item : single_pass(100) | recipe | ps::with(env)) { CHECK(item.value->kept.empty()); ++n; }
        CHECK(n == 100);
        CHECK(env.books.imbalance() == "");
    }
}
TEST_CASE("gather: fan_out inside fan_out, calls at each level, failed parents pass at their own depth") {
    struct doc { int n; };
    struct chunk { int doc, n; };
    struct question { int doc, chunk, n; };
    struct verdicts { int doc, chunk, sum; };
    struct report { int doc; std::vector<int> sums; int failed; };
    auto bad_chunk = [](int doc, int chunk) { return (doc + chunk) % 7 == 6; };
    for (unsigned seed = 0; seed != 50; ++seed) {
        shuffled_env env(seed);
        auto recipe = ps::map("read", [](token t) -> ps::result<doc> { if (t.n % 10 == 9) return std::unexpected(ps::failure(ps::errc::parse, "bad row")); return doc{t.n}; })
            | ps::fan_out<3>("chunks", [](doc const& d) { if (d.n % 10 == 8) throw std::runtime_error("no text"); std::vector<chunk> v; for (int i = 0; i != d.n % 5; ++i) v.push_back({d.n, i}); return v; })
            | ps::async_map("ask", later{[=](chunk c) -> ps::result<chunk> { if (bad_chunk(c.doc, c.n)) return std::unexpected(ps::failure(ps::errc::timeout, "slow")); return c; }})
            | ps::fan_out<2>("questions", [](chunk const& c) { std::vector<question> v; for (int i = 0; i != 1 + c.n; ++i) v.push_back({c.doc, c.n, i}); return v; })
            | ps::async_map<ps::window{.in_flight = 3}>("judge", later{[](question q) { return q.n + 1; }})
            | ps::gather("verdicts", [](chunk c, ps::children<int> v) { int sum = 0; for (auto& x : v.results) sum += *x.value; return verdicts{c.doc, c.n, sum}; })
            | ps::gather("report", [](doc d, ps::children<verdicts> v) { report r{d.n, {}, 0}; for (auto& x : v.results) if (x.value) r.sums.push_back(x.value->sum); else ++r.failed; return r; });
        static_assert(std::same_as<ps::output_t<decltype(recipe), token>, report>);
        int good = 0, bad = 0;
        for (auto&& item : single_pass(100) | recipe | ps::with(env)) {
            if (!item.value) { ++bad; CHECK(item.where.row() % 10 >= 8); continue; }
            ++good;
            std::vector<int> sums; int failed = 0;
            for (int c = 0; c != item.value->doc % 5; ++c) if (bad_chunk(item.value->doc, c)) ++failed; else sums.push_back((c + 1) * (c + 2) / 2);
            CHECK(item.value->sums == sums);
            CHECK(item.value->failed == failed);
        }
        CHECK(good == 80);
        CHECK(bad == 20);
        CHECK(ps::sum(env.books.totals().rejected) == 20);
        CHECK(env.books.imbalance() == "");
    }
}
TEST_CASE("flat_map: children out under their own positions, nothing kept open") {
    shuffled_env env;
    std::vector<std::string> places;
    for (auto&& item : single_pass(4) | ps::flat_map(split) | ps::with(env)) places.push_back(item.where.text());
    CHECK(places == std::vector<std::string>{"0:1.0", "0:2.0", "0:2.1", "0:3.0", "0:3.1", "0:3.2"});
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("gather: a stop request gives back no parent with half its children") {
    for (unsigned seed = 0; seed != 50; ++seed) {
        shuffled_env env(seed);
        int asked = 0;
        auto recipe = ps::fan_out<4>(split) | ps::async_map(later{[&](piece p) -> ps::result<int> {
                          if (++asked == 30) env.stopping.request_stop();
                          if (asked > 32) return std::unexpected(ps::failure(ps::errc::cancelled, "stopped"));
                          return p.index; }})
                    | ps::gather([](token t, ps::children<int> c) { CHECK(int(c.results.size()) == children_of(t.n)); return t; });
        std::uint64_t n = 0;
        for (auto&& item : single_pass(200) | recipe | ps::with(env)) { CHECK(item.value); ++n; }
        auto const rows = env.books.totals();
        CHECK(n == rows.written);
        CHECK(rows.rejected.empty());
        CHECK(rows.read == rows.written + rows.left);
        CHECK(rows.left > 0);
        CHECK(env.books.imbalance() == "");
    }
}
TEST_CASE("gather: children on worker threads") {
    for (int round = 0; round != 20; ++round) {
        ps::bare_env env;
        env.threads = 3;
        auto recipe = ps::fan_out<4>(split) | ps::filter("odd", keep) | ps::parallel(ask) | ps::gather(join);
        int n = 0;
        for (auto&& item : single_pass(500) | recipe | ps::with(env)) { check(*item.value); if (++n == 400 && round % 2) break; }
        CHECK(n == (round % 2 ? 400 : 500));
        CHECK(env.books.imbalance() == "");
    }
}
