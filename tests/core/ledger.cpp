#include <doctest/doctest.h>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include <range/v3/view/chunk.hpp>
#include <range/v3/view/take.hpp>
#include "support.hpp"
using namespace test;

namespace {
auto recipe() {
    return ps::filter("length", [](token const& t) -> std::string_view { return t.n % 10 == 1 ? "too short" : t.n % 10 == 2 ? "too long" : ""; })
         | ps::map("check", [](token t) -> ps::result<token> { if (t.n % 10 == 3) return std::unexpected(ps::failure(ps::errc::schema, "no field")); if (t.n % 10 == 4) throw std::runtime_error("bug"); return t; })
         | ps::async_map("ask", later{[](token t) { return t; }})
         | ps::fan_out<4>("criteria", [](token const& t) { return std::vector<int>(4, t.n); })
         | ps::async_map("grade", later{[](int n) -> ps::result<int> { if (n % 10 == 5) return std::unexpected(ps::failure(ps::errc::timeout, "slow")); return n; }})
         | ps::gather("scores", [](token t, ps::children<int> c) -> ps::result<int> { if (t.n % 10 == 6) return std::unexpected(ps::failure(ps::errc::rejected, "no quorum")); return int(c.results.size()); })
         | ps::in_source_order(8);
}
void check(ps::ledger const& books, std::uint64_t written_or_rejected_by_now) {
    CHECK(books.imbalance() == "");
    auto const rows = books.totals();
    CHECK(rows.read == rows.written + ps::sum(rows.filtered) + ps::sum(rows.rejected) + rows.left);
    CHECK(books.accounts().back().out + books.accounts().back().failed_out == written_or_rejected_by_now);
}
}

TEST_CASE("ledger: a whole run") {
    shuffled_env env;
    std::uint64_t good = 0, bad = 0;
    for (auto&& item : single_pass(1000) | recipe() | ps::with(env)) ++(item.value ? good : bad);
    CHECK(good == 500);
    CHECK(bad == 300);
    auto const rows = env.books.totals();
    CHECK(rows.read == 1000); CHECK(rows.written == 500); CHECK(rows.left == 0); CHECK(rows.made == 0); CHECK(rows.merged == 0);
    CHECK(rows.filtered == ps::tally{{"length/too long", 100}, {"length/too short", 100}});
    CHECK(rows.rejected == ps::tally{{"check/internal", 100}, {"check/schema", 100}, {"scores/rejected", 100}});
    auto const& a = env.books.accounts();
    CHECK(a[1].filtered.at("too short") == 100);
    CHECK(a[2].rejected.at("schema") == 100); CHECK(a[2].rejected.at("internal") == 100);
    CHECK(a[5].rejected.at("timeout") == 400); CHECK(a[6].absorbed == 400);
    check(env.books, 800);
}
TEST_CASE("ledger: break, take, a consumer that throws, a view that is never begun") {
    for (unsigned seed = 0; seed != 20; ++seed) for (std::uint64_t after : {1u, 7u, 100u, 799u}) {
        shuffled_env env(seed);
        std::uint64_t n = 0;
        for (auto&& item : single_pass(1000) | recipe() | ps::with(env)) { (void)item; if (++n == after) break; }
        check(env.books, after);
        n = 0;
        for (auto&& item : single_pass(1000) | recipe() | ps::with(env) | ranges::views::take(after)) { (void)item; ++n; }
        CHECK(n == after);
        check(env.books, after);        // not one more was pulled
        n = 0;
        try { for (auto&& item : single_pass(1000) | recipe() | ps::with(env)) { (void)item; if (++n == after) throw std::runtime_error("disk full"); } }
        catch (std::runtime_error const&) {}
        check(env.books, after);
        { auto unused = single_pass(10) | recipe() | ps::with(env); }
        check(env.books, 0);
    }
}
TEST_CASE("ledger: a source that throws") {
    shuffled_env env;
    auto source = std::views::iota(0, 100) | std::views::transform([](int i) { if (i == 50) throw std::runtime_error("read error"); return token(i); });
    CHECK_THROWS_AS([&] { for (auto&& item : source | recipe() | ps::with(env)) (void)item; }(), std::runtime_error);
    CHECK(env.books.imbalance() == "");
    CHECK(env.books.totals().read == 50);
}
TEST_CASE("a range that is begun twice is pulled once, and range-v3 reads it in chunks") {
    shuffled_env env;
    auto rows = single_pass(10) | ps::map([](token t) { return t.n; }) | ps::with(env);
    CHECK(*rows.begin()->value == 0);
    CHECK(*rows.begin()->value == 0);
    int n = 0, chunks = 0;
    for (auto&& chunk : rows | ranges::views::chunk(4)) { ++chunks; for (auto&& item : chunk) n += *item.value; }
    CHECK(n == 45);
    CHECK(chunks == 3);
}
