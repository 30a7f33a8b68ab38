#include <atomic>
#include <doctest/doctest.h>
#include <thread>
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>
#include "support.hpp"
using namespace test;

constexpr int ten_million = 10'000'000;

TEST_CASE("again: a stop request is noticed while a filter drops ten million records") {
    ps::bare_env env;
    int seen = 0;
    auto drop = ps::filter([&](auto const&) { if (++seen == 1000) env.stopping.request_stop(); return false; });
    for (auto&& item : std::views::iota(0, ten_million) | drop | ps::with(env)) FAIL(item.where.word);
    CHECK(seen == ps::patience);      // the first `again` after record 1000
    seen = 0, env.stopping = {};
    for (auto&& item : single_pass(ten_million) | drop | ps::with(env)) FAIL(item.where.word);
    CHECK(seen == 1000);              // a source that may be slow is asked at each row
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("again: also from another thread, and without it the ten million are read") {
    ps::bare_env env;
    std::uint64_t seen = 0;
    std::atomic<bool> begun = false;
    auto drop = ps::filter([&](token const&) { if (++seen == 1) { begun = true; begun.notify_one(); } return false; });
    {
        std::jthread other([&] { begun.wait(false); env.stopping.request_stop(); });
        for (auto&& item : single_pass(2'000'000'000) | drop | ps::with(env)) FAIL(item.where.word);
    }
    CHECK(seen < 2'000'000'000);
    CHECK(env.books.totals().filtered.at("filter/no") == seen);
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("again: a reply reaches the consumer while the filter before the call still drops") {
    shuffled_env env;
    int seen = 0;
    auto recipe = ps::filter([&](token const& t) { ++seen; return t.n == 0; }) | ps::async_map(later{[](token t) { return t; }});
    for (auto&& item : single_pass(1'000'000) | recipe | ps::with(env)) {
        CHECK(item.value->n == 0);
        CHECK(seen <= 1 + 2 * int(ps::patience));
        break;
    }
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("again: calls before a dropping filter stay topped up") {
    shuffled_env env;
    auto recipe = ps::async_map<ps::window{.in_flight = 8}>(later{[](token t) { return t; }}) | ps::filter([](token const& t) { return t.n == 99'999; })
                | ps::async_map(later{[](token t) { return t; }});
    int n = 0;
    for (auto&& item : single_pass(100'000) | recipe | ps::with(env)) n += item.value->n;
    CHECK(n == 99'999);
    CHECK(env.most_running >= 8);
    CHECK(env.books.imbalance() == "");
}
namespace {
struct never {      // answers `cancelled` when stopped, as a transport does
    ps::bare_env* env; std::vector<std::move_only_function<void()>>* open;
    template <class In> using output = In;
    void operator()(token, ps::bare_env&, auto done) const { open->push_back([done]() mutable { done(std::unexpected(ps::failure(ps::errc::cancelled, "stopped"))); }); }
};
}
TEST_CASE("a stop request ends a wait: nothing comes after it but what was in flight") {
    ps::bare_env env;
    std::vector<std::move_only_function<void()>> open;
    std::stop_callback closes(env.stop_token(), [&] { env.loop().post([&] { for (auto& f : open) f(); }); });
    std::jthread other([&] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); env.stopping.request_stop(); });
    for (auto&& item : single_pass(100) | ps::async_map<ps::window{.in_flight = 4}>(never{&env, &open}) | ps::with(env)) FAIL(item.where.word);
    CHECK(env.books.totals().left == 4);
    CHECK(env.books.totals().rejected.empty());
    CHECK(env.books.imbalance() == "");
}
