#include <doctest/doctest.h>
#include <set>
#include <penstock/core/chunk.hpp>
#include <penstock/core/dedup.hpp>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/flat_map.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include <penstock/core/sample.hpp>
#include <penstock/core/take.hpp>
#include <penstock/core/tap.hpp>
#include <penstock/core/through.hpp>
#include <range/v3/view/chunk.hpp>
#include <range/v3/view/drop.hpp>
#include "support.hpp"
using namespace test;

namespace {
constexpr auto same = [](token t) { return t; };
constexpr auto spoil_fifths = ps::map("spoil", [](token t) -> ps::result<token> { if (t.n % 5 == 4) return std::unexpected(ps::failure(ps::errc::schema, "no")); return t; });
constexpr auto call = ps::async_map("call", later{same});
/// What comes out: values' numbers, each with its position; failures as -1.
struct outcome { std::vector<int> values; std::vector<ps::position> places; int failures = 0; };
template <class Recipe, class Env> outcome run(int rows, Recipe recipe, Env& env) {
    outcome o;
    for (auto&& item : single_pass(rows) | recipe | ps::with(env)) {
        if (!item.value) { ++o.failures; continue; }
        o.values.push_back(item.value->n);
        o.places.push_back(item.where);
    }
    CHECK(env.books.imbalance() == "");
    CHECK(token::alive == 0);
    return o;
}
std::vector<int> numbers(std::vector<token> const& v) {
    std::vector<int> n;
    for (auto const& t : v) n.push_back(t.n);
    return n;
}
}

TEST_CASE("tap: sees each value by const reference; its exception is the record's failure") {
    ps::bare_env env;
    std::vector<int> seen;
    auto o = run(10, spoil_fifths | ps::tap("look", [&](token const& t) { seen.push_back(t.n); if (t.n == 7) throw std::runtime_error("seven"); }), env);
    CHECK(seen == std::vector{0, 1, 2, 3, 5, 6, 7, 8});
    CHECK(o.values == std::vector{0, 1, 2, 3, 5, 6, 8});
    CHECK(o.failures == 3);
    CHECK(env.books.totals().rejected == ps::tally{{"look/internal", 1}, {"spoil/schema", 2}});
}

TEST_CASE("take: so many values; failures pass and do not count") {
    ps::bare_env env;
    auto o = run(100, spoil_fifths | ps::take(6), env);
    CHECK(o.values == std::vector{0, 1, 2, 3, 5, 6});
    CHECK(o.failures == 1);
    CHECK(env.books.totals().read == 7);
    CHECK(run(100, ps::take(0), env).values.empty());
    CHECK(env.books.totals().read == 0);
    CHECK(run(3, ps::take(10), env).values.size() == 3);
}
TEST_CASE("take: what is in flight before it is left; what is behind it comes out") {
    for (unsigned seed = 0; seed != 20; ++seed) {
        shuffled_env env(seed);
        auto o = run(100, call | ps::take(5) | call | ps::in_source_order(), env);
        CHECK(o.values.size() == 5);
        CHECK(std::ranges::is_sorted(o.places));
        CHECK(env.books.totals().written == 5);
        CHECK(env.books.totals().left == env.books.totals().read - 5);
    }
}

TEST_CASE("chunk: N records under the position of the first; the last may be shorter; failures pass by themselves") {
    ps::bare_env env;
    std::vector<std::vector<int>> chunks;
    std::vector<std::uint64_t> rows, bad;
    for (auto&& item : single_pass(12) | spoil_fifths | ps::chunk<4>() | ps::with(env)) {
        if (!item.value) { bad.push_back(item.where.row()); continue; }
        chunks.push_back(numbers(*item.value));
        rows.push_back(item.where.row());
    }
    CHECK(chunks == std::vector<std::vector<int>>{{0, 1, 2, 3}, {5, 6, 7, 8}, {10, 11}});
    CHECK(rows == std::vector<std::uint64_t>{0, 5, 10});
    CHECK(bad == std::vector<std::uint64_t>{4, 9});
    auto const t = env.books.totals();
    CHECK(t.read == 12); CHECK(t.merged == 10); CHECK(t.made == 3); CHECK(t.written == 3);
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("chunk: what it holds back holds back in_source_order, and nothing else") {
    for (unsigned seed = 0; seed != 50; ++seed) {
        shuffled_env env(seed);
        std::vector<ps::position> places;
        std::size_t records = 0;
        // The chunks complete in any order; the failures overtake them, unless in_source_order knows of what a chunk still holds.
        auto recipe = spoil_fifths | call | ps::chunk<7>() | ps::async_map("again", later{[](std::vector<token> v) { return v; }}) | ps::in_source_order(3);
        for (auto&& item : single_pass(200) | recipe | ps::with(env)) {
            if (item.value) records += item.value->size();
            places.push_back(item.where);
        }
        CHECK(records == 160);
        CHECK(places.size() == 40 + 23);
        CHECK(std::ranges::is_sorted(places));
        CHECK(env.books.imbalance() == "");
    }
    CHECK(token::alive == 0);
}
TEST_CASE("chunk: after an early exit or a stop request a part is left, not given") {
    shuffled_env env;
    int n = 0;
    env.windows["call"].in_flight = 1;
    auto stop = ps::tap([&](token const& t) { if (t.n == 24) env.stopping.request_stop(); });
    for (auto&& item : single_pass(100) | call | stop | ps::chunk<10>() | ps::with(env)) { CHECK(item.value->size() == 10); ++n; }
    CHECK(n == 2);
    CHECK(env.books.totals().left == env.books.totals().read - 20);
    CHECK(env.books.totals().left >= 5);
    CHECK(env.books.imbalance() == "");
    CHECK(token::alive == 0);
}

TEST_CASE("dedup: the first to arrive of each key") {
    ps::bare_env env;
    CHECK(run(20, ps::dedup("once", [](token const& t) { return std::to_string(t.n % 6); }), env).values == std::vector{0, 1, 2, 3, 4, 5});
    CHECK(env.books.totals().filtered == ps::tally{{"once/duplicate", 14}});
    auto o = run(20, ps::dedup([](token const& t) -> ps::result<int> { if (t.n == 3) throw std::runtime_error("no key"); if (t.n == 4) return std::unexpected(ps::failure(ps::errc::rejected, "empty")); return t.n / 2; }), env);
    CHECK(o.values == std::vector{0, 2, 5, 6, 8, 10, 12, 14, 16, 18});     // a record without a key is a failure, and takes no key
    CHECK(o.failures == 2);
    // A key that looks into the record is stored as a string: the record goes on and dies.
    std::vector<std::string> texts{"a rather long text that is not kept in place", "b", "a rather long text that is not kept in place", "b", "c"}, kept;
    auto moved = texts | std::views::transform([](std::string s) { return s; });
    for (auto&& item : moved | ps::dedup([](std::string const& s) { return std::string_view(s); }) | ps::with(env)) kept.push_back(*item.value);
    CHECK(kept == std::vector<std::string>{texts[0], "b", "c"});
}
TEST_CASE("dedup: inside a family a duplicate child is a gap in its parent") {
    for (unsigned seed = 0; seed != 20; ++seed) {
        shuffled_env env(seed);
        auto recipe = ps::fan_out<3>([](token const& t) { std::vector<int> v; for (int i = 0; i != 4; ++i) v.push_back(t.n * 4 + i % 3); return v; }) | ps::async_map(later{[](int i) { return i; }})
                    | ps::dedup([](int i) { return i; }) | ps::gather([](token t, ps::children<int> c) { CHECK(c.born == 4); CHECK(c.results.size() == 3); return t; });
        CHECK(run(50, recipe, env).values.size() == 50);
    }
}

TEST_CASE("sample: seeded, uniform, not the first n, in source order; the rest is filtered; failures pass") {
    ps::bare_env env;
    auto o = run(1000, spoil_fifths | ps::sample("some", 50, 42), env);
    CHECK(o.values.size() == 50);
    CHECK(o.failures == 200);
    CHECK(std::ranges::is_sorted(o.places));
    CHECK(o.values.back() > 800);
    CHECK(env.books.totals().filtered == ps::tally{{"some/not sampled", 750}});
    CHECK(run(1000, spoil_fifths | ps::sample(50, 42), env).values == o.values);
    CHECK(run(1000, spoil_fifths | ps::sample(50, 43), env).values != o.values);
    CHECK(run(10, ps::sample(50, 1), env).values.size() == 10);
    CHECK(run(10, ps::sample(0, 1), env).values.empty());

    std::vector<int> drawn(100);        // 10 of 100, 2,000 times: each 200 times, standard deviation 13.4
    for (std::uint64_t seed = 0; seed != 2000; ++seed)
        for (auto&& item : std::views::iota(0, 100) | ps::sample(10, seed) | ps::with(env)) ++drawn[std::size_t(*item.value)];
    CHECK(std::ranges::min(drawn) > 200 - 5 * 13.4);
    CHECK(std::ranges::max(drawn) < 200 + 5 * 13.4);
    double chi = 0;
    for (int d : drawn) chi += (d - 200.0) * (d - 200.0) / 200;
    CHECK(chi < 149);                   // 99 degrees of freedom: 0.1 % lie above (and drawing without replacement makes it smaller)
}
TEST_CASE("sample: the same choice however the records arrive, and at most n + 1 held") {
    ps::bare_env plain;
    auto const expected = run(300, ps::sample(20, 7), plain).values;
    for (unsigned seed = 0; seed != 50; ++seed) {
        shuffled_env env(seed);
        CHECK(run(300, call | ps::sample(20, 7), env).values == expected);
        int most = 0;
        run(300, call | ps::sample(20, 7) | ps::tap([&](token const&) { most = std::max(most, token::alive.load()); }), env);
        CHECK(most <= 20 + 1 + 2);      // the source's own record, and the one on its way
        auto o = run(300, spoil_fifths | call | ps::sample(20, 7) | call | ps::in_source_order(5), env);
        CHECK(o.values.size() == 20);
        CHECK(o.failures == 60);
        CHECK(std::ranges::is_sorted(o.places));
    }
}
TEST_CASE("sample: of a run that was stopped there is none") {
    ps::bare_env env;
    auto o = run(100'000, ps::tap([&](token const& t) { if (t.n == 5000) env.stopping.request_stop(); }) | ps::sample(20, 7), env);
    CHECK(o.values.empty());
    CHECK(env.books.totals().left == 20);
}

TEST_CASE("through: std's and range-v3's adaptors in the middle of a recipe, single-pass and move-only") {
    for (unsigned seed = 0; seed != 20; ++seed) {
        shuffled_env env(seed);
        env.windows["call"] = {.in_flight = 5, .deliver = ps::order::source};
        CHECK(run(10, call | ps::through(std::views::drop(3)) | call, env).values == std::vector{3, 4, 5, 6, 7, 8, 9});
        CHECK(run(10, call | ps::through(ranges::views::drop(3)) | call, env).values == std::vector{3, 4, 5, 6, 7, 8, 9});
        auto o = run(10, call | ps::through(std::views::filter([](token const& t) { return t.n % 2 == 1; })), env);
        CHECK(o.values == std::vector{1, 3, 5, 7, 9});
        CHECK(std::ranges::equal(o.places, o.values, {}, [](ps::position p) { return int(p.root.row()); }));
        CHECK(run(10, ps::through(std::views::transform([](token& t) { return token(t.n * t.n); })) | call | ps::take(3), env).values == std::vector{0, 1, 4});
        CHECK(run(100, call | ps::through(std::views::take(4)), env).values == std::vector{0, 1, 2, 3});
        CHECK(run(10, spoil_fifths | call | ps::through(std::views::drop_while([](token const& t) { return t.n < 7; })), env).failures == 2);
    }
}
TEST_CASE("through: the parts of range-v3's chunk arrive as vectors, under the position of their last record") {
    shuffled_env env(3);
    std::vector<std::vector<int>> chunks;
    std::vector<std::uint64_t> rows;
    int bad = 0;
    auto recipe = spoil_fifths | call | ps::in_source_order() | ps::through("by three", ranges::views::chunk(3));
    static_assert(std::same_as<ps::output_t<decltype(recipe), token>, std::vector<token>>);
    for (auto&& item : single_pass(10) | recipe | ps::with(env)) {
        if (!item.value) { ++bad; continue; }
        chunks.push_back(numbers(*item.value));
        rows.push_back(item.where.row());
    }
    CHECK(chunks == std::vector<std::vector<int>>{{0, 1, 2}, {3, 5, 6}, {7, 8}});
    CHECK(rows == std::vector<std::uint64_t>{2, 6, 8});
    CHECK(bad == 2);
    auto const t = env.books.totals();
    CHECK(t.read == 10); CHECK(t.merged == 8); CHECK(t.made == 3); CHECK(t.written == 3);
    CHECK(env.books.imbalance() == "");
    CHECK(token::alive == 0);
}
TEST_CASE("through: nothing overtakes what a view still holds") {
    for (unsigned seed = 0; seed != 50; ++seed) {
        shuffled_env env(seed);
        std::vector<ps::position> places;
        for (auto&& item : single_pass(200) | spoil_fifths | call | ps::through(ranges::views::chunk(4)) | ps::async_map(later{[](std::vector<token> v) { return v; }}) | ps::in_source_order(3) | ps::with(env))
            places.push_back(item.where);
        CHECK(places.size() == 40 + 40);
        CHECK(std::ranges::is_sorted(places));
        CHECK(env.books.imbalance() == "");
    }
    CHECK(token::alive == 0);
}
TEST_CASE("through: a stop request, an early exit, an exception of the view's own") {
    shuffled_env env;
    int n = 0;
    for (auto&& item : single_pass(100) | ps::tap([&](token const& t) { if (t.n == 25) env.stopping.request_stop(); }) | ps::through(ranges::views::chunk(10)) | ps::with(env)) { CHECK(item.value->size() == 10); ++n; }
    CHECK(n == 2);
    CHECK(env.books.imbalance() == "");
    shuffled_env more;
    for (auto&& item : single_pass(100) | spoil_fifths | call | ps::through(std::views::drop(3)) | call | ps::with(more)) { (void)item; if (++n == 10) break; }
    CHECK(more.books.imbalance() == "");
    auto const consume = [&] {
        for (auto&& item : single_pass(100) | call | ps::through(std::views::transform([](token& t) { if (t.n == 50) throw std::runtime_error("fifty"); return token(t.n); })) | call | ps::with(more)) (void)item;
    };
    CHECK_THROWS_WITH(consume(), "fifty");
    CHECK(more.books.imbalance() == "");
    CHECK(token::alive == 0);
}
TEST_CASE("flat_map: into stages that regroup, and after what they made") {
    for (unsigned seed = 0; seed != 20; ++seed) {
        shuffled_env env(seed);
        auto split = ps::flat_map([](token const& t) { std::vector<token> v; for (int i = 0; i != t.n % 3; ++i) v.emplace_back(t.n); return v; });
        auto back = ps::flat_map("back", [](std::vector<token> const& v) { return v | std::views::transform([](token const& t) { return token(t.n); }); });
        auto o = run(90, split | call | ps::chunk<4>() | back | call | ps::in_source_order(), env);
        CHECK(o.values.size() == 90);
        CHECK(std::ranges::is_sorted(o.places));
        CHECK(o.places.front().depth() == 2);
        CHECK(run(90, split | call | ps::sample(10, 3) | ps::in_source_order(), env).values == run(90, split | ps::sample(10, 3), env).values);
        CHECK(run(90, split | call | ps::take(10), env).values.size() == 10);
        CHECK(run(90, split | call | ps::through(std::views::drop(80)), env).values.size() == 10);
        CHECK(run(90, split | ps::fan_out<2>([](token const&) { return std::vector{1, 2}; }) | ps::async_map(later{[](int i) { return i; }})
                          | ps::gather([](token t, ps::children<int> c) { CHECK(c.results.size() == 2); return t; }) | ps::chunk<4>() | back, env).values.size() == 90);
    }
}
