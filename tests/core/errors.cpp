#include <doctest/doctest.h>
#include <csignal>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>
#include <penstock/core/dedup.hpp>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/flat_map.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/map.hpp>
#include <penstock/core/parallel.hpp>
#include <penstock/core/tap.hpp>
#include <penstock/core/through.hpp>
#include "support.hpp"
using namespace test;

namespace {
struct disk_full : ps::fatal { disk_full() : ps::fatal(ps::exit_code::output, "/data: no space left") {} };
[[noreturn]] void burst() { throw disk_full(); }

/// Runs 100 rows through a recipe that throws at row 50.
template <class Env, class Recipe> void ends_the_run(Env& env, Recipe const& recipe) {
    std::uint64_t given = 0;
    {
        auto rows = single_pass(100) | recipe | ps::with(env);
        auto i = rows.begin();
        auto const consume = [&] { for (; i != rows.end(); ++i) ++given; };
        CHECK_THROWS_AS(consume(), disk_full);
        CHECK(i == rows.end());             // it is over: nothing more is pulled, and nobody waits
        ++i;
        CHECK(i == rows.end());
    }
    CHECK(given < 199);
    CHECK(env.books.imbalance() == "");
    CHECK(env.books.totals().left > 0);     // at least the record that was in hand
    CHECK(token::alive == 0);
}
/// A failure of every kind at row 10, 20, ...: the records before and after come out.
template <class Recipe> void loses_one_record(Recipe const& recipe) {
    shuffled_env env;
    std::vector<std::string> whats;
    int good = 0;
    for (auto&& item : single_pass(50) | recipe | ps::with(env)) {
        if (item.value) ++good;
        else { whats.push_back(item.value.error().what()); CHECK(item.value.error().code() == ps::errc::internal); CHECK(item.value.error().stage() == "it"); }
    }
    std::ranges::sort(whats);
    CHECK(good == 48);
    CHECK(whats == std::vector<std::string>{"an exception that is not a std::exception", "out of luck"});
    CHECK(env.books.imbalance() == "");
    CHECK(token::alive == 0);
}
void unlucky(int n) {
    if (n == 10) throw std::runtime_error("out of luck");
    if (n == 20) throw 42;
}
constexpr auto same = [](token t) { return t; };
constexpr auto two = [](token const& t) { return std::vector(2, t.n); };
constexpr auto back = [](token t, ps::children<int>) { return t; };
constexpr auto call = ps::async_map("call", later{same});
constexpr auto small_call = ps::async_map("call", later{[](int n) { return n; }});

template <class F> struct launching {       // f(record, done) on the consumer's thread, at once
    F f;
    template <class In> using output = In;
    template <class In> void operator()(In in, auto&, auto done) const { f(std::move(in), std::move(done)); }
};
template <class F> launching(F) -> launching<F>;
}

TEST_CASE("an exception of a user's function is its record's failure, with its what()") {
    loses_one_record(ps::map("it", [](token t) { unlucky(t.n); return t; }));
    loses_one_record(ps::filter("it", [](token const& t) { unlucky(t.n); return true; }));
    loses_one_record(ps::tap("it", [](token const& t) { unlucky(t.n); }));
    loses_one_record(ps::dedup("it", [](token const& t) { unlucky(t.n); return t.n; }));
    loses_one_record(ps::async_map("it", launching{[](token t, auto done) { unlucky(t.n); done(std::move(t)); }}));
    loses_one_record(ps::async_map("it", later{[](token t) { unlucky(t.n); return t; }}));
    loses_one_record(ps::fan_out("it", [](token const& t) { unlucky(t.n); return std::vector{t.n}; }) | small_call | ps::gather(back));
    loses_one_record(ps::fan_out(two) | small_call | ps::gather("it", [](token t, ps::children<int>) { unlucky(t.n); return t; }));
    loses_one_record(ps::flat_map("it", [](token const& t) { unlucky(t.n); return std::vector{t.n}; }));
    // a lazy view: the function throws while the children are read, and it is that child's failure
    loses_one_record(ps::flat_map("it", [](token const& t) { return std::views::single(t.n) | std::views::transform([](int n) { unlucky(n); return n; }); }));
}
TEST_CASE("an exception on the way through a parent's children is that child's failure, and their end") {
    shuffled_env env;
    auto lazily = ps::fan_out("it", [](token const& t) { return std::views::iota(0, 5) | std::views::transform([&t](int i) { if (i == 3) unlucky(t.n); return i; }); });
    auto join = ps::gather([](token t, ps::children<int> c) {
        bool const bad = t.n == 10 || t.n == 20;
        CHECK(c.born == (bad ? 4u : 5u));
        CHECK(c.results.size() == c.born);
        for (auto const& r : c.results) CHECK(r.value.has_value() == !(bad && r.index == 3));
        return t;
    });
    int n = 0;
    for (auto&& item : single_pass(50) | lazily | small_call | join | ps::with(env)) n += item.value.has_value();
    CHECK(n == 50);
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("children may be results: a child that could not be made") {
    shuffled_env env;
    auto halves = [](token const&) { std::vector<ps::result<int>> v{1, std::unexpected(ps::failure(ps::errc::parse, "half a page"))}; return v; };
    int good = 0, bad = 0;
    for (auto&& item : single_pass(10) | ps::flat_map("pages", halves) | ps::with(env)) { ++(item.value ? good : bad); if (!item.value) CHECK(item.value.error().stage() == "pages"); }
    CHECK(good == 10); CHECK(bad == 10);
    CHECK(env.books.imbalance() == "");
    for (auto&& item : single_pass(10) | ps::fan_out(halves) | small_call | ps::gather([](token t, ps::children<int> c) { CHECK(c.results[0].value); CHECK(!c.results[1].value); return t; }) | ps::with(env)) CHECK(item.value);
    CHECK(env.books.imbalance() == "");
}

TEST_CASE("a function that is noexcept is called without a try block") {
    auto const nothrow = [](int i) noexcept { return i; };
    auto const throws = [](int i) { return i; };
    static_assert(!ps::needs_try<decltype(nothrow), int>);
    static_assert(ps::needs_try<decltype(throws), int>);
    static_assert(ps::needs_try<decltype([](std::string) noexcept {}), std::string const&>, "the copy of the argument may throw");
    static_assert(!ps::needs_try<decltype([](std::string const&) noexcept {}), std::string const&>);
    CHECK(ps::attempt("it", nothrow, 1).value() == 1);
}

TEST_CASE("fatal: a user's function ends the run, and the books say what was left") {
    auto const at50 = [](int n) { if (n == 50) burst(); };
    auto const each = [](auto const& recipe) {
        shuffled_env env;
        ends_the_run(env, recipe);
        ends_the_run(env, call | recipe);
        ends_the_run(env, ps::fan_out<3>(two) | small_call | ps::gather(back) | recipe);
    };
    each(ps::map([=](token t) { at50(t.n); return t; }));
    each(ps::filter([=](token const& t) { at50(t.n); return true; }));
    each(ps::tap([=](token const& t) { at50(t.n); }));
    each(ps::dedup([=](token const& t) { at50(t.n); return t.n; }));
    each(ps::fan_out([=](token const& t) { at50(t.n); return std::vector{t.n}; }) | small_call | ps::gather(back));
    each(ps::fan_out<3>([=](token const& t) { return std::views::single(t.n) | std::views::transform([=](int n) { at50(n); return n; }); }) | small_call | ps::gather(back));
    each(ps::fan_out<3>(two) | ps::map([=](int n) { at50(n); return n; }) | small_call | ps::gather(back));
    each(ps::fan_out<3>(two) | small_call | ps::gather([=](token t, ps::children<int>) { at50(t.n); return t; }));
    each(ps::flat_map([=](token const& t) { at50(t.n); return two(t); }));
    each(ps::flat_map([=](token const& t) { return std::views::single(t.n) | std::views::transform([=](int n) { at50(n); return n; }); }));
    each(ps::map([=](token t) { at50(t.n); return t; }) | ps::through(std::views::drop(1)));
}
TEST_CASE("fatal: thrown by launch, answered by an operation, thrown on a worker: it is thrown to the consumer and the join does not hang") {
    shuffled_env env;
    for (auto deliver : {ps::order::completion, ps::order::source}) {
        env.windows = {{"it", {.in_flight = 4, .deliver = deliver}}};
        ends_the_run(env, call | ps::async_map("it", launching{[](token t, auto done) { if (t.n == 50) burst(); done(std::move(t)); }}) | call);
        ends_the_run(env, call | ps::async_map("it", launching{[&](token t, auto done) {
            env.loop().post([t = std::move(t), done]() mutable {
                if (t.n != 50) return done(std::move(t));
                try { burst(); } catch (...) { done(std::current_exception()); }
            });
        }}) | call);
        // the answer came, and then launch threw: the answer stands, and what is fatal is still thrown
        ends_the_run(env, ps::async_map("it", launching{[](token t, auto done) { bool const last = t.n == 50; done(std::move(t)); if (last) burst(); }}));
        // answered with an exception before launch returned
        ends_the_run(env, ps::async_map("it", launching{[](token t, auto done) { if (t.n == 50) done(std::make_exception_ptr(disk_full())); else done(std::move(t)); }}));
    }
    for (int round = 0; round != 20; ++round) {
        ps::bare_env threaded;
        threaded.threads = 3;
        ends_the_run(threaded, ps::parallel([](token t) { if (t.n == 50) burst(); return t; }) | ps::parallel("after", same));
    }
}
TEST_CASE("fatal: also from before a stage whose window is full") {
    shuffled_env env;
    std::vector<std::move_only_function<void()>> never;     // answered only when the run is over
    env.windows = {{"stuck", {.in_flight = 2}}};
    auto fails = ps::async_map(launching{[&](token t, auto done) {
        env.loop().post([&env, t = std::move(t), done, &never]() mutable {
            if (t.n < 2) return done(std::move(t));
            done(std::make_exception_ptr(disk_full()));
            for (auto& f : never) env.loop().post(std::move(f));
            never.clear();
        });
    }});
    auto stuck = ps::async_map("stuck", launching{[&](token t, auto done) { never.push_back([t = std::move(t), done]() mutable { done(std::move(t)); }); }});
    auto const consume = [&] { for (auto&& item : single_pass(100) | fails | stuck | ps::with(env)) FAIL(item.where.word); };
    CHECK_THROWS_AS(consume(), disk_full);
    CHECK(env.books.imbalance() == "");
    CHECK(token::alive == 0);
}
TEST_CASE("launch that answers and then throws: the answer stands, once") {
    shuffled_env env;
    int n = 0;
    for (auto&& item : single_pass(10) | ps::async_map(launching{[](token t, auto done) { done(std::move(t)); throw std::runtime_error("too late"); }}) | ps::with(env)) n += item.value.has_value();
    CHECK(n == 10);
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("done called twice is an assertion; without assertions it does nothing") {
    auto const twice = [] {
        shuffled_env env;
        std::vector<int> got;
        for (auto&& item : single_pass(10) | ps::async_map(launching{[](token t, auto done) { int const n = t.n; done(std::move(t)); done(token(n + 100)); }}) | ps::with(env)) got.push_back(item.value->n);
        return got == std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9} && env.books.imbalance().empty();
    };
#ifdef NDEBUG
    CHECK(twice());
#else
    auto const child = fork();
    if (child == 0) {
        close(2);           // the assertion's text
        signal(SIGABRT, SIG_DFL);
        twice();
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
#endif
}
TEST_CASE("a copy of done that outlives the run does no harm") {
    std::move_only_function<void()> late;
    shuffled_env env;
    {
        auto keep = ps::async_map(launching{[&](token t, auto done) { late = [done] { (void)done; }; done(std::move(t)); }});
        for (auto&& item : single_pass(3) | ps::fan_out(two) | ps::map([](int n) { return token(n); }) | keep | ps::gather([](token t, ps::children<token>) { return t; }) | ps::with(env)) CHECK(item.value);
    }
    late = nullptr;
    CHECK(env.books.imbalance() == "");
    CHECK(token::alive == 0);
}
TEST_CASE("launch stays at one address and outlives its operations, also after an early exit") {
    struct holding {
        std::shared_ptr<int> table = std::make_shared<int>(7);      // each copy of the launcher has the same; the operation borrows
    };
    static int used;
    used = 0;
    {
        shuffled_env env;
        auto borrow = ps::async_map(launching{[h = holding(), &env](token t, auto done) { env.loop().post([table = h.table.get(), t = std::move(t), done]() mutable { used += *table; done(std::move(t)); }); }});
        int n = 0;
        for (auto&& item : single_pass(100) | std::move(borrow) | ps::with(env)) { (void)item; if (++n == 5) break; }
        CHECK(env.books.imbalance() == "");
    }
    CHECK(used >= 5 * 7);
    CHECK(token::alive == 0);
}
TEST_CASE("a failure that passes is not the stage's own, even when it says cancelled") {
    shuffled_env env;
    int n = 0;
    auto gone = ps::map([](token) -> ps::result<token> { return std::unexpected(ps::failure(ps::errc::cancelled, "withdrawn")); });
    for (auto&& item : single_pass(5) | gone | call | ps::with(env)) n += !item.value;
    CHECK(n == 5);
    CHECK(env.books.totals().rejected == ps::tally{{"map/cancelled", 5}});
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("parallel: a thrown exception of any kind is the record's failure; threads are started when first asked for") {
    for (int round = 0; round != 10; ++round) {
        ps::bare_env env;
        env.threads = 2;
        std::vector<std::string> whats;
        int good = 0;
        for (auto&& item : single_pass(50) | ps::parallel("it", [](token t) { unlucky(t.n); return t; }) | ps::with(env)) { if (item.value) ++good; else whats.push_back(item.value.error().what()); }
        std::ranges::sort(whats);
        CHECK(good == 48);
        CHECK(whats == std::vector<std::string>{"an exception that is not a std::exception", "out of luck"});
        CHECK(env.books.imbalance() == "");
    }
    CHECK(token::alive == 0);
}
