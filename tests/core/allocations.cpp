// What the synchronous path allocates: nothing for a record.
#include <cstdlib>
#include <doctest/doctest.h>
#include <new>
#include <penstock/core/any_stage.hpp>
#include <penstock/core/dedup.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>
#include <penstock/core/take.hpp>
#include <penstock/core/tap.hpp>
#include "support.hpp"
using namespace test;

static std::atomic<std::size_t> allocations = 0;
[[gnu::noinline]] void* operator new(std::size_t n) {     // inlined, g++ 12 takes them for a mismatched pair
    ++allocations;
    if (void* p = std::malloc(n ? n : 1)) return p;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace {
template <class Recipe> std::size_t cost(int rows, Recipe const& recipe, bool iterated) {
    ps::bare_env env;
    auto const before = allocations.load();
    long sum = 0;
    auto run = std::views::iota(0, rows) | recipe | ps::with(env);
    if (iterated) for (auto&& item : run) sum += *item.value;
    else run.each([&](auto&& item) { sum += *item.value; });
    CHECK(sum != 0);
    return allocations - before;
}
}

TEST_CASE("law: the synchronous path allocates nothing for a record") {
    auto const recipe = ps::map("triple", [](int i) { return i * 3; }) | ps::filter("even", [](int i) { return i % 2 == 0; }) | ps::tap([](int const&) {}) | ps::map("next", [](int i) { return i + 1; }) | ps::take(1'000'000);
    for (bool const iterated : {true, false}) {
        cost(10, recipe, iterated);
        CHECK(cost(10, recipe, iterated) == cost(100'000, recipe, iterated));
    }
    ps::any_stage<int, int, ps::bare_env> const behind = recipe, again = ps::map([](int i) { return i + 1; });
    for (bool const iterated : {true, false}) CHECK(cost(10, behind | again, iterated) == cost(100'000, behind | again, iterated));
    // the counter counts: a stage that keeps something for every record is seen
    auto const keeps = ps::dedup([](int i) { return i; });
    CHECK(cost(10, keeps, true) + 1000 < cost(100'000, keeps, true));
}
