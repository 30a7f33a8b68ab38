/// Every recipe of a table, under every seed, window and way to end, is held to the same laws: exactly once, the books balanced, the window kept,
/// nothing left behind.
#include <doctest/doctest.h>
#include <set>
#include <penstock/core/any_stage.hpp>
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
#include "support.hpp"
using namespace test;

namespace {
constexpr int rows = 60;
constexpr auto refuse = [](token t) -> ps::result<token> { if (t.n % 7 == 6) return std::unexpected(ps::failure(ps::errc::refused, "no")); return t; };
constexpr auto call = ps::async_map("call", later{[](token t) { return t; }});
constexpr auto failing = ps::async_map("call", later{refuse});
constexpr auto thirds = ps::filter([](token const& t) { return t.n % 3 != 0; });
constexpr auto parts = [](token const& t) { std::vector<token> v; for (int i = 0; i != t.n % 4; ++i) v.emplace_back(t.n); return v; };
constexpr auto copies = [](token const& t) { std::vector<token> v; v.emplace_back(t.n); v.emplace_back(t.n); return v; };
constexpr auto apart = ps::flat_map("apart", [](std::vector<token> const& v) { return v | std::views::transform([](token const& t) { return token(t.n); }); });
constexpr auto join = [](token t, ps::children<token> c) {
    CHECK(c.results.size() <= c.born);
    CHECK(std::ranges::is_sorted(c.results, std::less{}, &ps::child<token>::index));
    for (auto const& r : c.results) CHECK((!r.value || r.value->n == t.n));
    return t;
};

/// values: what must come out, by number; any: so many of them, whichever.
struct expected { std::multiset<int> values; std::size_t failures = 0; unsigned calls = 1; std::size_t any = std::string::npos; };
template <class Keep> std::multiset<int> all(Keep keep, int times = 1) {
    std::multiset<int> s;
    for (int i = 0; i != rows; ++i) if (keep(i)) for (int k = 0; k != times; ++k) s.insert(i);
    return s;
}
std::multiset<int> each_part() {
    std::multiset<int> s;
    for (int i = 0; i != rows; ++i) for (int k = 0; k != i % 4; ++k) s.insert(i);
    return s;
}
constexpr auto yes = [](int) { return true; };
constexpr auto good = [](int i) { return i % 7 != 6; };
constexpr auto kept = [](int i) { return i % 3 != 0; };

template <class In, class Out> auto behind(auto stages) { return ps::any_stage<In, Out, shuffled_env>(std::move(stages)); }

template <class Recipe> void holds(std::string const& name, Recipe const& recipe, expected const& e) {
    CAPTURE(name);
    for (unsigned seed = 0; seed != 20; ++seed) for (unsigned in_flight : {1u, 3u, 40u}) for (int end : {0, 1, 2}) {     // whole, break, stop
        CAPTURE(seed); CAPTURE(in_flight); CAPTURE(end);
        shuffled_env env(seed * 977 + in_flight);
        env.windows = {{"call", {.in_flight = in_flight, .buffered = seed % 3 * in_flight, .deliver = seed % 2 ? ps::order::completion : ps::order::source}}};
        env.capacities = {{"open", 1 + seed % 4}};
        std::multiset<int> values;
        std::set<ps::position> places;
        std::size_t failures = 0, delivered = 0;
        std::size_t const enough = 1 + seed * 3;
        for (auto&& item : single_pass(rows) | recipe | ps::with(env)) {
            CHECK(places.insert(item.where).second);
            if (item.value) values.insert(item.value->n);
            else ++failures;
            if (++delivered < enough) continue;
            if (end == 1) break;
            if (end == 2) env.stopping.request_stop();
        }
        CHECK(env.books.imbalance() == "");
        CHECK(env.books.accounts().back().out == values.size());
        CHECK(env.books.accounts().back().failed_out == failures);
        CHECK(env.running == 0);
        CHECK(token::alive == 0);
        if (end == 0) {
            CHECK(failures == e.failures);
            CHECK(values.size() == std::min(e.any, e.values.size()));
            if (e.any == std::string::npos) CHECK(values == e.values);
        }
        if (end == 1) CHECK(delivered == std::min(enough, std::min(e.any, e.values.size()) + e.failures));
        CHECK(std::ranges::includes(e.values, values));
        CHECK(env.most_running <= e.calls * in_flight);
    }
}
}

TEST_CASE("recipes: stages in a row") {
    holds("map", ps::map([](token t) { return t; }), {all(yes)});
    holds("filter", thirds, {all(kept)});
    holds("call", call, {all(yes)});
    holds("call between filters", thirds | call | thirds | call, {.values = all(kept), .calls = 2});
    holds("refusals pass a call", failing | call, {.values = all(good), .failures = 8, .calls = 2});
    holds("in order", failing | thirds | call | ps::in_source_order(4), {.values = all([](int i) { return good(i) && kept(i); }), .failures = 8, .calls = 2});
    holds("in order twice", call | ps::in_source_order(1) | call | ps::in_source_order(2), {.values = all(yes), .calls = 2});
    holds("tap", call | ps::tap([](token const& t) { CHECK(t.n < rows); }) | call, {.values = all(yes), .calls = 2});
    holds("take", call | ps::in_source_order(4) | ps::take(17) | call, {.values = all([](int i) { return i < 17; }), .calls = 2});
    holds("take of any", failing | ps::in_source_order() | ps::take(20), {.values = all([](int i) { return i < 23 && good(i); }), .failures = 3});
    holds("dedup", ps::flat_map(copies) | call | ps::dedup([](token const& t) { return t.n; }) | call, {.values = all(yes), .calls = 2});
    holds("sample", failing | ps::sample(13, 5) | call, {.values = all(good), .failures = 8, .calls = 2, .any = 13});
    holds("chunks apart", failing | ps::chunk<7>() | apart | call, {.values = all(good), .failures = 8, .calls = 2});
    holds("through a filter", call | ps::through(std::views::filter([](token const& t) { return kept(t.n); })) | call, {.values = all(kept), .calls = 2});
    holds("through chunks apart", failing | ps::through(ranges::views::chunk(4)) | apart, {.values = all(good), .failures = 8});
}
TEST_CASE("recipes: families") {
    holds("flat_map", call | ps::flat_map(parts) | call, {.values = each_part(), .calls = 2});
    holds("flat_map twice", ps::flat_map(copies) | thirds | ps::flat_map(copies) | call | ps::in_source_order(), {all(kept, 4)});
    holds("gather", ps::fan_out("open", parts) | call | ps::gather(join), {all(yes)});
    holds("gather dropped and refused", ps::fan_out("open", parts) | thirds | failing | thirds | ps::gather(join), {all(yes)});
    holds("calls inside and outside", failing | ps::fan_out("open", parts) | call | call | ps::gather(join) | call, {.values = all(good), .failures = 8, .calls = 4});
    holds("nested", ps::fan_out("open", parts) | call | ps::fan_out("open", copies) | failing | ps::gather(join) | thirds | ps::gather(join), {.values = all(yes), .calls = 2});
    holds("nested, then in order", ps::fan_out("open", parts) | ps::fan_out("open", parts) | call | ps::gather(join) | ps::gather(join) | ps::in_source_order(3), {all(yes)});
    holds("a family after a flat_map", ps::flat_map(copies) | ps::fan_out("open", parts) | failing | ps::gather(join) | call, {.values = all(yes, 2), .calls = 2});
    holds("nobody is left", ps::fan_out("open", parts) | call | ps::filter([](token const&) { return false; }) | ps::gather(join) | ps::chunk<5>() | apart, {all(yes)});
}
TEST_CASE("recipes: behind virtual calls") {
    auto const plain = [](auto stages) { return behind<token, token>(std::move(stages)); };
    using child = ps::stream<token, token>;
    using grandchild = ps::stream<token, token, token>;
    using piece = ps::stream<token, ps::scattered>;
    holds("a call", plain(call), {all(yes)});
    holds("a whole recipe", plain(failing | thirds | call | ps::in_source_order(4)), {.values = all([](int i) { return good(i) && kept(i); }), .failures = 8, .calls = 2});
    holds("each stage of it", plain(failing) | plain(thirds) | plain(call) | plain(ps::in_source_order(4)), {.values = all([](int i) { return good(i) && kept(i); }), .failures = 8, .calls = 2});
    holds("one in another", plain(plain(failing) | thirds | plain(plain(call))), {.values = all([](int i) { return good(i) && kept(i); }), .failures = 8, .calls = 2});
    holds("order across it", call | plain(thirds) | ps::in_source_order(1) | plain(call) | ps::in_source_order(2), {.values = all(kept), .calls = 2});
    holds("take behind it", plain(call | ps::in_source_order(4)) | plain(ps::take(17)) | call, {.values = all([](int i) { return i < 17; }), .calls = 2});
    holds("take, then one", failing | ps::in_source_order() | ps::take(20) | plain(thirds), {.values = all([](int i) { return i < 23 && good(i) && kept(i); }), .failures = 3});
    holds("sample", plain(failing) | plain(ps::sample(13, 5)) | call, {.values = all(good), .failures = 8, .calls = 2, .any = 13});
    holds("chunks apart", plain(failing) | behind<token, std::vector<token>>(ps::chunk<7>()) | apart | call, {.values = all(good), .failures = 8, .calls = 2});
    holds("through a filter", plain(call) | plain(ps::through(std::views::filter([](token const& t) { return kept(t.n); }))) | plain(call), {.values = all(kept), .calls = 2});
    holds("flat_map twice", behind<token, piece>(ps::flat_map(copies)) | thirds | behind<piece, ps::stream<token, ps::scattered, ps::scattered>>(ps::flat_map(copies) | call) | ps::in_source_order(), {all(kept, 4)});
    holds("a family cut twice", behind<token, child>(ps::fan_out("open", parts)) | behind<child, child>(call) | behind<child, token>(ps::gather(join)), {all(yes)});
    holds("dropped and refused behind it", ps::fan_out("open", parts) | behind<child, child>(thirds | failing | thirds) | ps::gather(join), {all(yes)});
    holds("nested families", behind<token, grandchild>(ps::fan_out("open", parts) | call | ps::fan_out("open", copies)) | failing | behind<grandchild, child>(ps::gather(join) | thirds) | ps::gather(join), {.values = all(yes), .calls = 2});
    holds("calls inside and outside", plain(failing) | behind<token, child>(ps::fan_out("open", parts) | call) | behind<child, token>(call | ps::gather(join) | call), {.values = all(good), .failures = 8, .calls = 4});
}
