#include <doctest/doctest.h>
#include <list>
#include <penstock/core/any_stage.hpp>
#include <penstock/core/chunk.hpp>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/flat_map.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include <penstock/core/take.hpp>
#include <penstock/core/tap.hpp>
#include <penstock/core/through.hpp>
#include <range/v3/view/take.hpp>
#include "support.hpp"
using namespace test;

namespace {
constexpr auto same = [](token t) { return t; };
struct at_once {
    template <class In> using output = In;
    void operator()(token t, auto&, auto done) const { done(std::move(t)); }
};
/// A source that counts what is read of it.
auto counted(int rows, int& read) { return std::views::iota(0, rows) | std::views::transform([&read](int i) { ++read; return token(i); }); }
}

TEST_CASE("law: each record is produced exactly once") {
    int read = 0, mapped = 0, judged = 0, given = 0;
    ps::bare_env env;
    auto recipe = ps::map([&](token t) { ++mapped; return t; }) | ps::filter([&](token const& t) { ++judged; return t.n % 2 == 0; }) | ps::tap([&](token const&) { ++given; });
    int n = 0;
    for (auto&& item : counted(1000, read) | recipe | ps::with(env)) n += item.value.has_value();
    CHECK(n == 500);        // std::views::transform | filter would have made the 500 twice
    CHECK(read == 1000); CHECK(mapped == 1000); CHECK(judged == 1000); CHECK(given == 500);
}

TEST_CASE("law: nothing is read before it is pulled") {
    int read = 0, paid = 0;
    ps::bare_env env;
    {
        auto rows = counted(100, read) | ps::map([&](token t) { ++paid; return t; }) | ps::with(env);
        auto i = rows.begin();
        CHECK(read == 0);
        CHECK(i->value->n == 0);
        CHECK(read == 1);
        CHECK(i->value->n == 0);        // looked at twice, read once
        ++i;
        CHECK(read == 1);               // asked for, not looked at
        CHECK(i->value->n == 1);
        CHECK(read == 2);
    }
    read = paid = 0;
    for (auto&& item : counted(100, read) | ps::map([&](token t) { ++paid; return t; }) | ps::with(env) | ranges::views::take(10)) (void)item;
    CHECK(read == 10);
    CHECK(paid == 10);
    read = paid = 0;
    for (auto&& item : counted(100, read) | ps::take(10) | ps::map([&](token t) { ++paid; return t; }) | ps::with(env)) (void)item;
    CHECK(read == 10);
    CHECK(paid == 10);
    read = 0;
    int children = 0;
    auto split = ps::flat_map([&](token const&) { return std::views::iota(0, 100) | std::views::transform([&](int i) { ++children; return i; }); });
    for (auto&& item : counted(100, read) | split | ps::take(10) | ps::with(env)) (void)item;
    CHECK(read == 1);
    CHECK(children == 10);
    for (int size : {0, 1, 2, 5}) {         // a family that is complete is given back before the next parent is read
        read = 0;
        auto const family = ps::fan_out([&](token const&) { return std::vector<int>(std::size_t(size), 7); }) | ps::gather([](token t, ps::children<int>) { return t; });
        for (auto&& item : counted(100, read) | family | ps::take(3) | ps::with(env)) (void)item;
        CHECK(read == 3);
    }
    read = paid = 0;
    auto const ten = ps::map([&](token t) { ++paid; return t.n; }) | ps::through(std::views::take(10));
    int n = 0;
    for (auto&& item : counted(100, read) | ten | ps::with(env)) n += item.value.has_value();
    CHECK(n == 10);
    CHECK(read == 10);
    CHECK(paid == 10);
    CHECK(env.books.imbalance() == "");
}

TEST_CASE("law: a stop request is seen at the next row of a source that can be read only once") {
    for (bool const iterated : {true, false}) {
        ps::bare_env env;
        int n = 0;
        auto rows = single_pass(100'000) | ps::map([&](token t) { if (++n == 5) env.stopping.request_stop(); return t; }) | ps::filter([](token const& t) { return t.n % 2 == 0; }) | ps::with(env);
        if (iterated) for (auto&& item : rows) (void)item;
        else rows.each([](auto&&) {});
        CHECK(n == 5);
        CHECK(env.books.imbalance() == "");
    }
}

TEST_CASE("law: a virtual call between two stages stores nothing, and lets fatal errors and stop requests through") {
    ps::bare_env env;
    int read = 0, paid = 0;
    ps::any_stage<token, token, ps::bare_env> const pay = ps::map("pay", [&](token t) { ++paid; return t; });
    ps::any_stage<token, token, ps::bare_env> const even = ps::filter([](token const& t) { return t.n % 2 == 0; });
    {
        auto rows = counted(100, read) | pay | even | ps::with(env);
        auto i = rows.begin();
        CHECK(read == 0);
        CHECK(i->value->n == 0);
        CHECK(read == 1);
        ++i;
        CHECK(read == 1);               // asked for, not looked at
        CHECK(i->value->n == 2);
        CHECK(read == 3); CHECK(paid == 3);
    }
    read = paid = 0;
    for (auto&& item : counted(100, read) | pay | even | ps::with(env) | ranges::views::take(5)) (void)item;
    CHECK(read == 9); CHECK(paid == 9);
    read = paid = 0;
    for (auto&& item : counted(100, read) | ps::take(10) | pay | ps::with(env)) (void)item;
    CHECK(read == 10); CHECK(paid == 10);
    read = 0;                           // a filter that drops all answers `again` through it
    ps::any_stage<token, token, ps::bare_env> const none = ps::filter([](token const&) { return false; });
    for (auto&& item : counted(100'000, read) | none | even | ps::with(env)) (void)item;
    CHECK(read == 100'000);
    ps::any_stage<token, token, ps::bare_env> const full = ps::map("write", [](token t) { if (t.n == 3) throw ps::fatal(ps::exit_code::output, "no space left"); return t; });
    int n = 0;
    auto const consume = [&] { for (auto&& item : single_pass(100) | pay | full | even | ps::with(env)) n += item.value.has_value(); };
    CHECK_THROWS_AS(consume(), ps::fatal);
    CHECK(n == 2);
    CHECK(env.books.totals().left == 1);
    CHECK(env.books.imbalance() == "");
    for (bool const iterated : {true, false}) {
        ps::bare_env stopped;
        n = 0;
        ps::any_stage<token, token, ps::bare_env> const stop = ps::map([&](token t) { if (++n == 5) stopped.stopping.request_stop(); return t; });
        auto rows = single_pass(100'000) | stop | even | ps::with(stopped);
        if (iterated) for (auto&& item : rows) (void)item;
        else rows.each([](auto&&) {});
        CHECK(n == 5);
        CHECK(stopped.books.imbalance() == "");
    }
    shuffled_env first, second;         // a running recipe is a source whose oldest record is known, behind a virtual call too
    ps::any_stage<token, token, shuffled_env> const slow = ps::async_map(later{same});
    std::vector<int> got;
    for (auto&& item : single_pass(200) | slow | ps::with(first) | ps::any_stage<token, token, shuffled_env>(ps::in_source_order(8)) | ps::with(second)) got.push_back(item.value->n);
    CHECK(std::ranges::equal(got, std::views::iota(0, 200)));
    CHECK(token::alive == 0);
}

TEST_CASE("law: children may be views into their parent until the join is over") {
    ps::bare_env env;
    std::vector<std::string> rows{"one two", "a b c d", "a line that is too long to stand inside the string itself"};
    auto const words = [](std::string const& s) {
        std::vector<std::string_view> all;
        for (auto&& w : s | std::views::split(' ')) all.emplace_back(w.begin(), w.end());
        return all;
    };
    auto const back = ps::gather([](std::string const& parent, ps::children<std::string_view> c) {
        std::string out;
        for (auto const& w : c.results) out += (out.empty() ? "" : " ") + std::string(*w.value);
        CHECK(out == parent);
        return out;
    });
    std::vector<std::string> got;
    for (auto&& item : rows | ps::fan_out<2>(words) | ps::map([](std::string_view w) { return w; }) | back | ps::with(env)) got.push_back(*item.value);
    CHECK(got == rows);
    CHECK(env.books.imbalance() == "");
}

namespace {
/// Answers only once it is told that nobody waits any more, or when the loop comes round to it.
struct patient {
    std::vector<std::function<void()>>* waiting;
    int* told;
    template <class In> using output = In;
    template <class In> void operator()(In in, auto& env, auto done) const {
        if (in == 0) return env.loop().post([done] { done(0); });
        waiting->push_back([done] { done(std::unexpected(ps::failure(ps::errc::cancelled, "the run is over"))); });
    }
    void cancel(auto& env) const { ++*told; for (auto& w : *waiting) env.loop().post(std::move(w)); waiting->clear(); }
};
}
TEST_CASE("law: operations that nobody waits for any more are told so") {
    ps::bare_env env;
    std::vector<std::function<void()>> waiting;
    int told = 0;
    for (auto&& item : std::views::iota(0, 10) | ps::async_map<ps::window{.in_flight = 4}>(patient{&waiting, &told}) | ps::with(env)) { CHECK(*item.value == 0); break; }
    CHECK(told == 1);
    CHECK(env.books.totals().left == 4);     // the window was filled up again before the first was handed out
    CHECK(env.books.imbalance() == "");
}

TEST_CASE("law: take before a call pays for exactly so many, take after it for at most the window more") {
    int read = 0;
    shuffled_env env;
    env.windows = {{"call", {.in_flight = 4}}};
    int n = 0;
    for (auto&& item : counted(100, read) | ps::take(10) | ps::async_map("call", later{same}) | ps::with(env)) n += item.value.has_value();
    CHECK(n == 10);
    CHECK(env.started == 10);
    env.started = 0, n = 0;
    for (auto&& item : counted(100, read) | ps::async_map("call", later{same}) | ps::take(10) | ps::with(env)) n += item.value.has_value();
    CHECK(n == 10);
    CHECK(env.started <= 10 + 4 * 4);
    CHECK(env.books.totals().left == env.started - 10);
    CHECK(env.books.imbalance() == "");
}

TEST_CASE("law: never more than in_flight launched nor capacity buffered, as the env says at run time") {
    for (unsigned in_flight : {1u, 2u, 7u, 500u}) for (unsigned buffered : {0u, 1u, 5u, 9u}) for (auto deliver : {ps::order::completion, ps::order::source}) {
        shuffled_env env(in_flight);
        ps::window const w{.in_flight = in_flight, .buffered = buffered, .deliver = deliver};
        env.windows = {{"call", w}};
        unsigned given = 0, most_held = 0;
        for (auto&& item : single_pass(300) | ps::async_map("call", later{same}) | ps::with(env)) {
            most_held = std::max(most_held, env.started - given);
            ++given;
            CHECK(item.value);
        }
        CHECK(given == 300);
        CHECK(env.most_running <= in_flight);
        CHECK(most_held <= w.capacity());
        CHECK(most_held >= std::min({w.capacity(), in_flight, 300u}));      // and the window is used
    }
    ps::bare_env env;       // the smallest env has the settings too; 0 cannot hang
    env.windows["call"].in_flight = 0;
    int n = 0;
    for (auto&& item : single_pass(10) | ps::async_map("call", at_once{}) | ps::with(env)) n += item.value.has_value();
    CHECK(n == 10);
}

TEST_CASE("law: completion order hands out every record once; order::source restores input order") {
    for (unsigned seed = 0; seed != 20; ++seed) for (auto deliver : {ps::order::completion, ps::order::source}) {
        shuffled_env env(seed);
        env.windows = {{"call", {.in_flight = 16, .deliver = deliver}}};
        std::vector<int> got;
        for (auto&& item : single_pass(200) | ps::async_map("call", later{same}) | ps::with(env)) got.push_back(item.value->n);
        CHECK(std::ranges::is_sorted(got) == (deliver == ps::order::source));
        std::ranges::sort(got);
        CHECK(std::ranges::equal(got, std::views::iota(0, 200)));
    }
}

TEST_CASE("law: two async stages overlap on one loop") {
    timed_env env;
    constexpr ps::window four{.in_flight = 4};
    int n = 0;
    for (auto&& item : single_pass(40) | ps::async_map<four>(taking{20}) | ps::async_map<four>(taking{20}) | ps::with(env)) n += item.value.has_value();
    CHECK(n == 40);
    CHECK(env.events.now == 220);       // ten rounds of four, and the second stage one round behind; one after the other would be 400
    timed_env again;
    for (auto&& item : single_pass(40) | ps::async_map<four>(taking{20}) | ps::filter([](token const& t) { return t.n % 2 == 0; }) | ps::async_map<four>(taking{20}) | ps::with(again)) (void)item;
    CHECK(again.events.now == 220);
}

TEST_CASE("law: at most capacity parents are open, as the env says at run time") {
    for (unsigned capacity : {0u, 1u, 2u, 9u}) {
        shuffled_env env(capacity);
        env.capacities = {{"parts", capacity}};
        unsigned opened = 0, closed = 0, most_open = 0;
        auto recipe = ps::fan_out("parts", [&](token const&) { most_open = std::max(most_open, ++opened - closed); return std::vector{1, 2, 3}; })
                    | ps::async_map<ps::window{.in_flight = 100}>(later{[](int i) { return i; }}) | ps::gather([&](token t, ps::children<int> c) { ++closed; CHECK(c.results.size() == 3); return t; });
        for (auto&& item : single_pass(100) | recipe | ps::with(env)) CHECK(item.value);
        CHECK(closed == 100);
        CHECK(most_open == std::max(capacity, 1u));
    }
    ps::bare_env env;
    env.capacities["parts"] = 2;
    CHECK(env.capacity("parts", 64) == 2);
    CHECK(env.capacity("other", 64) == 64);
}

TEST_CASE("law: (a|b)|c and a|(b|c) behave the same, in the ledger too") {
    auto const run = [](auto recipe, auto... more) {
        shuffled_env env(7);
        std::vector<std::string> seen;
        for (auto&& item : ((single_pass(200) | recipe) | ... | more) | ps::with(env)) seen.push_back(item.where.text() + (item.value ? "" : std::string(item.value.error().stage())));
        for (auto const& a : env.books.accounts())
            seen.push_back(a.name + ' ' + std::to_string(a.in()) + ' ' + std::to_string(a.made) + ' ' + std::to_string(a.out) + ' ' + std::to_string(a.merged) + ' ' + std::to_string(ps::sum(a.filtered))
                         + ' ' + std::to_string(ps::sum(a.rejected)) + ' ' + std::to_string(a.failed_out) + ' ' + std::to_string(a.absorbed));
        CHECK(env.books.imbalance() == "");
        return seen;
    };
    auto const a = ps::flat_map([](token const& t) { std::vector<token> v; for (int i = 0; i != t.n % 3; ++i) v.emplace_back(t.n); return v; });
    auto const b = ps::fan_out<3>([](token const& t) { return std::vector(std::size_t(t.n % 4), t.n); });
    auto const c = ps::async_map(later{[](int n) -> ps::result<int> { if (n % 5 == 1) return std::unexpected(ps::failure(ps::errc::refused, "no")); return n; }});
    auto const d = ps::gather([](token t, ps::children<int> k) { if (k.born == 3) throw std::runtime_error("three"); return t; });
    auto const e = ps::filter([](token const& t) { return t.n % 7 != 0; });
    auto const expected = run(((a | b) | c) | (d | e));
    CHECK(run(a | (b | (c | (d | e)))) == expected);
    CHECK(run((a | (b | c)) | d, e) == expected);
    CHECK(run(a, b, c, d, e) == expected);
    CHECK(expected.size() > 150);
    using piece = ps::stream<token, ps::scattered>;         // nor does it matter where a virtual call stands
    using child = ps::stream<int, token, ps::scattered>;
    ps::any_stage<token, piece, shuffled_env> const first = a;
    ps::any_stage<piece, child, shuffled_env> const second = b;
    ps::any_stage<child, child, shuffled_env> const third = c;
    ps::any_stage<child, piece, shuffled_env> const fourth = d;
    ps::any_stage<token, piece, shuffled_env> const whole = a | b | c | d | e;
    CHECK(run(first, second, third, fourth, e) == expected);
    CHECK(run(first | b | third, d, e) == expected);
    CHECK(run(whole) == expected);
    CHECK(run(whole) == expected);      // a copy of its stages for each run
}

TEST_CASE("law: a recipe is type-checked without a source or an env") {
    struct essay { std::string text; };
    struct scored { std::size_t n; };
    constexpr auto recipe = ps::filter([](essay const& e) { return !e.text.empty(); }) | ps::fan_out([](essay const& e) { return std::vector{e.text}; })
                          | ps::map([](std::string s) { return s.size(); }) | ps::gather([](essay, ps::children<std::size_t> c) { return scored{c.results.size()}; });
    static_assert(ps::checked<essay>(recipe));
    static_assert(ps::consumes<decltype(recipe), essay> && !ps::consumes<decltype(recipe), int>);
    static_assert(std::same_as<ps::output_t<decltype(recipe), essay>, scored>);
    static_assert(std::same_as<ps::output_t<decltype(recipe | ps::chunk<8>()), essay>, std::vector<scored>>);
    static_assert(std::same_as<ps::output_t<decltype(recipe), ps::result<essay>>, scored>, "a source may give result<essay>");
    static_assert(std::same_as<ps::output_t<decltype(recipe), ps::item<essay>>, scored>, "or item<essay>");
}

TEST_CASE("law: a failure passes later stages untouched") {
    shuffled_env env;
    int touched = 0;
    auto spoil = ps::map("spoil", [](token) -> ps::result<token> { return std::unexpected(ps::failure(ps::errc::schema, "no band").at("essays.csv:3").of("raw text")); });
    auto rest = ps::map([&](token t) { ++touched; return t; }) | ps::filter([&](token const&) { ++touched; return false; }) | ps::tap([&](token const&) { ++touched; })
              | ps::async_map(later{[&](token t) { ++touched; return t; }}) | ps::fan_out([&](token const&) { ++touched; return std::vector{1}; })
              | ps::gather([&](token t, ps::children<int>) { ++touched; return t; }) | ps::flat_map([&](token const&) { ++touched; return std::vector{1}; }) | ps::chunk<4>();
    int n = 0;
    for (auto&& item : single_pass(20) | spoil | rest | ps::in_source_order() | ps::with(env)) {
        REQUIRE(!item.value);
        CHECK(item.where.root.row() == unsigned(n++));
        CHECK(item.value.error().code() == ps::errc::schema);
        CHECK(item.value.error().what() == "no band");
        CHECK(item.value.error().stage() == "spoil");
        CHECK(item.value.error().place() == "essays.csv:3");
        CHECK(item.value.error().raw() == "raw text");
    }
    CHECK(n == 20);
    CHECK(touched == 0);
    CHECK(env.books.totals().rejected == ps::tally{{"spoil/schema", 20}});
    CHECK(env.books.imbalance() == "");
}

TEST_CASE("law: a stop request ends the run with the books balanced, also in a flat_map that nobody gathers") {
    for (unsigned seed = 0; seed != 20; ++seed) for (int at : {1, 5, 50}) {
        shuffled_env env(seed);
        int seen = 0;
        auto recipe = ps::flat_map([](token const& t) { std::vector<token> v; for (int i = 0; i != 5; ++i) v.emplace_back(t.n); return v; })
                    | ps::tap([&](token const&) { if (++seen == at) env.stopping.request_stop(); }) | ps::async_map(later{same});
        int n = 0;
        for (auto&& item : single_pass(1000) | recipe | ps::with(env)) n += item.value.has_value();
        CHECK(n >= at);
        CHECK(n <= at + 32);                // what the window had room for
        auto const rows = env.books.totals();
        CHECK(rows.left == (n % 5 ? 1 : 0));
        CHECK(rows.read == rows.merged + rows.left);
        CHECK(env.books.imbalance() == "");
    }
    CHECK(token::alive == 0);
}

TEST_CASE("law: early exit, a throwing consumer: what is in flight is joined, nothing is left behind") {
    for (int after = 0; after != 30; ++after) {
        shuffled_env env(unsigned(after) + 1);
        auto recipe = ps::async_map(later{same}) | ps::fan_out<3>([](token const& t) { std::vector<token> v; v.emplace_back(t.n); v.emplace_back(t.n); return v; }) | ps::async_map(later{same})
                    | ps::gather([](token t, ps::children<token>) { return t; }) | ps::in_source_order(5) | ps::chunk<3>();
        int n = 0;
        auto const consume = [&] { for (auto&& item : single_pass(1000) | recipe | ps::with(env)) { (void)item; if (n++ == after) throw std::runtime_error("disk full"); } };
        CHECK_THROWS_AS(consume(), std::runtime_error);
        CHECK(env.running == 0);
        CHECK(token::alive == 0);
        CHECK(env.books.imbalance() == "");
    }
}

TEST_CASE("law: each gives what the iterator gives, and ends as it does") {
    auto const everywhere = ps::async_map(later{same}) | ps::filter([](token const& t) { return t.n % 3 != 0; })
                          | ps::fan_out<3>([](token const& t) { std::vector<token> v; for (int i = 0; i != t.n % 4; ++i) v.emplace_back(t.n); return v; }) | ps::async_map(later{same})
                          | ps::gather([](token t, ps::children<token> c) { CHECK(c.results.size() == unsigned(t.n % 4)); return t; });
    for (unsigned seed = 0; seed != 20; ++seed) for (int looked_at : {0, 1, 5}) {
        shuffled_env env(seed);
        std::vector<int> got;
        auto rows = single_pass(100) | everywhere | ps::with(env);
        auto i = rows.begin();
        for (int k = 0; k + 1 < looked_at; ++k, ++i) got.push_back(i->value->n);
        if (looked_at) CHECK(i->value);         // looked at, and not passed: each begins with it
        rows.each([&](auto&& item) { got.push_back(item.value->n); });
        CHECK(i == rows.end());
        rows.each([&](auto&&) { FAIL("it is over"); });
        std::ranges::sort(got);
        CHECK(got.size() == 66);
        CHECK(std::ranges::adjacent_find(got) == got.end());
    }
    for (int after : {1, 7, 60}) {
        shuffled_env env(unsigned(after) + 1);
        int n = 0;
        auto const consume = [&] { (single_pass(1000) | everywhere | ps::with(env)).each([&](auto&&) { if (++n == after) throw std::runtime_error("disk full"); }); };
        CHECK_THROWS_AS(consume(), std::runtime_error);
        CHECK(n == after);
        CHECK(env.books.imbalance() == "");
        CHECK(env.books.totals().written == std::uint64_t(after));      // what the consumer was given is out
        shuffled_env stopped(unsigned(after) + 1);
        n = 0;
        (single_pass(1'000'000) | everywhere | ps::with(stopped)).each([&](auto&&) { if (++n == after) stopped.stopping.request_stop(); });
        CHECK(n >= after);
        CHECK(stopped.books.totals().read < 10'000);
        CHECK(stopped.books.imbalance() == "");
    }
    CHECK(token::alive == 0);
}
