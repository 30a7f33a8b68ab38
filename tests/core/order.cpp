#include <doctest/doctest.h>
#include <algorithm>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/flat_map.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include "support.hpp"
using namespace test;

namespace {
template <class Recipe> std::vector<ps::position> places(shuffled_env& env, Recipe recipe, int rows = 1000) {
    std::vector<ps::position> p;
    for (auto&& item : single_pass(rows) | recipe | ps::with(env)) p.push_back(item.where);
    CHECK(env.books.imbalance() == "");
    return p;
}
constexpr auto same = [](token t) { return t; };
constexpr auto call = ps::async_map("call", later{same});
constexpr auto some = ps::filter([](token const& t) { return t.n % 3 != 0; });
constexpr auto parts = [](token const& t) { std::vector<token> v; for (int i = 0; i != t.n % 4; ++i) v.emplace_back(i); return v; };
constexpr auto split = ps::fan_out(parts);
}

TEST_CASE("order: completion is the default; in_source_order restores the source's, across filters, fan-outs and joins") {
    for (unsigned seed = 0; seed != 20; ++seed) {
        shuffled_env env(seed);
        CHECK(!std::ranges::is_sorted(places(env, call)));
        for (auto& p : {places(env, call | ps::in_source_order()), places(env, call | some | call | ps::in_source_order()),
                        places(env, call | ps::flat_map(parts) | call | ps::in_source_order()),
                        places(env, call | split | call | ps::gather([](token t, ps::children<token>) { return t; }) | call | ps::in_source_order(1)),
                        places(env, split | call | ps::gather([](token t, ps::children<token>) { return t; }) | ps::in_source_order(1))}) {
            CHECK(std::ranges::is_sorted(p));
            CHECK(p.size() > 600);
        }
    }
}
TEST_CASE("order: order::source on the stage, and the window, from run time") {
    shuffled_env env;
    env.windows = {{"call", {.in_flight = 3, .buffered = 5, .deliver = ps::order::source}}};
    CHECK(std::ranges::is_sorted(places(env, call)));
    CHECK(env.most_running == 3);
}
namespace {
struct slow_first {     // record 0 completes when nothing else is in flight any more
    std::move_only_function<void()>* kept;
    template <class In> using output = In;
    void operator()(token t, shuffled_env& env, auto done) const {
        if (t.n == 0) { *kept = [done]() mutable { done(token(0)); }; return; }
        ++env.running;
        env.loop().post([this_ = *this, &env, n = t.n, done]() mutable {
            done(token(n));
            if (--env.running == 0 && *this_.kept) env.loop().post([f = std::move(*this_.kept)]() mutable { f(); });
        });
    }
};
}
TEST_CASE("order: one slow reply: at the bound the source waits, everything else goes on, the order holds") {
    shuffled_env env;
    std::move_only_function<void()> kept;
    unsigned read = 0, read_before_first = 0;
    auto recipe = ps::map([&](token t) { ++read; return t; }) | ps::async_map<ps::window{.in_flight = 8, .buffered = 16}>(slow_first{&kept}) | ps::in_source_order(100);
    std::vector<ps::position> p;
    for (auto&& item : single_pass(10'000) | recipe | ps::with(env)) {
        if (p.empty()) read_before_first = read;
        p.push_back(item.where);
    }
    CHECK(std::ranges::is_sorted(p));
    CHECK(p.size() == 10'000);
    CHECK(read_before_first >= 100);
    CHECK(read_before_first <= 100 + 16);
    CHECK(env.books.imbalance() == "");
}
