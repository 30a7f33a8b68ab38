#include <doctest/doctest.h>
#include <forward_list>
#include <sstream>
#include <penstock/core/filter.hpp>
#include <penstock/core/flat_map.hpp>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include <range/v3/range/conversion.hpp>
#include <range/v3/view/chunk.hpp>
#include <range/v3/view/iota.hpp>
#include <range/v3/view/istream.hpp>
#include <range/v3/view/transform.hpp>
#include "support.hpp"
using namespace test;

namespace {
constexpr auto twice = ps::map([](int i) { return 2 * i; });
template <class Rows> int total(Rows&& rows) { int n = 0; for (auto&& item : rows) n += *item.value; return n; }
}

TEST_CASE("source: any std or range-v3 input range, lvalues referenced, rvalues owned") {
    ps::bare_env env;
    auto const rvalue = [&] { return std::vector{1, 2, 3} | twice | ps::with(env); };      // a temporary that lives on in the plan
    CHECK(total(rvalue()) == 12);
    std::vector v{1, 2, 3};
    auto late = v | twice | ps::with(env);
    v[0] = 100;                             // referenced: not read yet
    CHECK(total(late) == 210);
    std::vector const c{1, 2, 3};
    CHECK(total(c | twice | ps::with(env)) == 12);
    int array[] = {1, 2, 3};
    CHECK(total(array | twice | ps::with(env)) == 12);
    CHECK(total(std::forward_list{1, 2, 3} | twice | ps::with(env)) == 12);
    std::istringstream one("1 2 3"), two("1 2 3");
    CHECK(total(std::views::istream<int>(one) | twice | ps::with(env)) == 12);
    CHECK(total(ranges::istream<int>(two) | twice | ps::with(env)) == 12);
    CHECK(total(v | ranges::views::transform([](int i) { return i + 1; }) | twice | ps::with(env)) == 216);
    CHECK(total(single_pass(4) | ps::map([](token t) { return t.n; }) | ps::with(env)) == 6);
    CHECK(total(std::vector{true, false, true} | ps::map([](bool b) { return b ? 1 : 0; }) | ps::with(env)) == 2);     // a proxy reference: the record is its value
    std::vector<token> owned;               // moved in, its records are moved out
    for (int i = 0; i != 4; ++i) owned.emplace_back(i);
    CHECK(total(std::move(owned) | ps::map([](token t) { return t.n; }) | ps::with(env)) == 6);
    std::vector<ps::item<token>> items;
    for (unsigned i = 0; i != 4; ++i) items.push_back({ps::origin::of(0, i), token(int(i))});
    CHECK(total(std::move(items) | ps::map([](token t) { return t.n; }) | ps::with(env)) == 6);
    auto const plan = single_pass(4) | ps::map([](token t) { return t.n; });       // a plan is inert, and a move-only source makes it move-only
    static_assert(!std::copyable<std::remove_const_t<decltype(plan)>>);
}
TEST_CASE("source: a row may be a failure, and counts as rejected by the source") {
    ps::bare_env env;
    auto rows = std::views::iota(0, 10) | std::views::transform([](int i) -> ps::result<int> {
        if (i % 3 == 0) return std::unexpected(ps::failure(ps::errc::parse, "ragged row", "csv").at("a.csv:" + std::to_string(i)));
        return i;
    });
    int good = 0, bad = 0;
    for (auto&& item : rows | twice | ps::with(env)) ++(item.value ? good : bad);
    CHECK(good == 6); CHECK(bad == 4);
    CHECK(env.books.totals().rejected == ps::tally{{"source/parse", 4}});
    CHECK(env.books.imbalance() == "");
}

using plain = decltype(std::declval<std::vector<int>&>() | twice | ps::with(std::declval<ps::bare_env&>()));
using moving = decltype(single_pass(3) | ps::map([](token t) { return t; }) | ps::with(std::declval<ps::bare_env&>()));
static_assert(std::ranges::input_range<plain> && std::ranges::view<plain> && std::ranges::viewable_range<plain&> && !std::ranges::forward_range<plain>);
static_assert(std::ranges::input_range<moving> && std::ranges::view<moving>);
static_assert(ranges::input_range<plain> && ranges::view_<plain> && ranges::viewable_range<plain&>);
static_assert(ranges::input_range<moving> && ranges::view_<moving>);

TEST_CASE("result: std's views and range-v3's work before it and after it") {
    ps::bare_env env;
    auto rows = std::views::iota(0, 20) | std::views::filter([](int i) { return i % 2 == 0; }) | twice | ps::with(env)
              | std::views::transform([](auto& item) { return *item.value; }) | std::views::take(3);
    std::vector<int> got;
    for (int i : rows) got.push_back(i);
    CHECK(got == std::vector{0, 4, 8});
    auto sums = ranges::views::iota(0, 20) | ranges::views::transform([](int i) { return i; }) | twice | ps::with(env)
              | ranges::views::transform([](auto& item) { return *item.value; }) | ranges::views::chunk(8)
              | ranges::views::transform([](auto&& chunk) { int n = 0; for (int i : chunk) n += i; return n; }) | ranges::to<std::vector>;
    CHECK(sums == std::vector{56, 184, 140});
}

TEST_CASE("source: what a recipe gives is the source of another, and keeps its positions") {
    for (unsigned seed = 0; seed != 20; ++seed) {
        shuffled_env first(seed), second(seed + 100);
        auto one = ps::filter([](token const& t) { return t.n % 3 != 0; }) | ps::async_map(later{[](token t) { return t; }}) | ps::flat_map([](token const& t) { return std::vector(2, t.n); });
        auto two = ps::fan_out([](int const& n) { return std::vector(3, n); }) | ps::async_map(later{[](int n) { return n; }})
                 | ps::gather([](int n, ps::children<int> c) { CHECK(c.results.size() == 3); return n; }) | ps::in_source_order(4);
        std::vector<ps::position> places;
        for (auto&& item : single_pass(100) | one | ps::with(first) | two | ps::with(second)) {
            CHECK(unsigned(*item.value) == item.where.root.row());
            CHECK(item.where.depth() == 1);
            places.push_back(item.where);
        }
        CHECK(places.size() == 132);
        CHECK(std::ranges::is_sorted(places));      // although the second recipe's source came in completion order: a running recipe knows its oldest
        CHECK(first.books.imbalance() == "");
        CHECK(second.books.imbalance() == "");
        CHECK(second.books.totals().read == 132);
        CHECK(second.books.totals().written == 132);
    }
    CHECK(token::alive == 0);
}
TEST_CASE("source: the memory of a second recipe's in_source_order is its bound") {
    shuffled_env first(1), second(2);
    unsigned given = 0, most = 0, read = 0;
    auto one = ps::map([&](token t) { ++read; return t; }) | ps::async_map<ps::window{.in_flight = 4}>(later{[](token t) { return t; }});
    for (auto&& item : single_pass(5000) | one | ps::with(first) | ps::in_source_order(50) | ps::with(second)) {
        CHECK(item.where.row() == given++);
        most = std::max(most, read - given);
    }
    CHECK(given == 5000);
    CHECK(most <= 16 + 50);     // with no oldest from the first it would be 5000
}
TEST_CASE("source: items of an unknown order are put in order at their end") {
    ps::bare_env env;
    std::vector<ps::item<int>> items;
    for (unsigned i : {3u, 0u, 2u, 1u}) items.push_back({ps::origin::of(7, i), int(i)});
    std::vector<std::uint64_t> rows;
    for (auto&& item : items | ps::in_source_order(2) | ps::with(env)) { CHECK(item.where.source() == 7); rows.push_back(item.where.row()); }
    CHECK(rows == std::vector<std::uint64_t>{0, 1, 2, 3});
    CHECK(*items[0].value == 3);            // an lvalue's items are copied: it may be read again
    rows.clear();
    for (auto&& item : single_pass(4) | ps::map([](token t) { return t; }) | ps::with(env) | std::views::filter([](auto& item) { return item.value->n != 2; }) | ps::map([](token t) { return t; }) | ps::with(env))
        rows.push_back(item.where.row());   // a view between two recipes; the records cannot be copied
    CHECK(rows == std::vector<std::uint64_t>{0, 1, 3});
    CHECK(env.books.imbalance() == "");
}
