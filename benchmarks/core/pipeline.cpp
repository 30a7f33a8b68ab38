/// What the pull protocol costs a record: map|filter|map over ints and over records parsed from JSON, an asynchronous stage whose call completes at
/// once, and allocations, beside the hand-written loop, std's views and range-v3's. Same functions, same inputs, one run.
#include <cstdlib>
#include <new>
#include <numeric>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/core/async_map.hpp>
#include <penstock/core/env.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>
#include <penstock/record/json.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/iota.hpp>
#include <range/v3/view/transform.hpp>
#include "cut.hpp"
#include "measure.hpp"
namespace ps = penstock;

static std::size_t allocations = 0;
void* operator new(std::size_t n) {
    ++allocations;
    if (void* p = std::malloc(n)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace {
int volatile const ten_million = 10'000'000;     // volatile: or the hand-written loop is folded away

constexpr auto triple = [](int i) noexcept { return i * 3; };
constexpr auto even = [](int i) noexcept { return i % 2 == 0; };
constexpr auto next = [](int i) noexcept { return i + 1; };

void ints() {
    int const n = ten_million;
    constexpr auto recipe = ps::map(triple) | ps::filter(even) | ps::map(next);
    std::vector<bench::contender> all{
        {"hand-written loop", [&] { long sum = 0; for (int i = 0; i < n; ++i) if (int const t = triple(i); even(t)) sum += next(t); bench::keep(sum); }},
        {"std::views", [&] {
            long sum = 0;
            for (int i : std::views::iota(0, n) | std::views::transform(triple) | std::views::filter(even) | std::views::transform(next)) sum += i;
            bench::keep(sum);
        }},
        {"range-v3", [&] {
            long sum = 0;
            for (int i : ranges::views::iota(0, n) | ranges::views::transform(triple) | ranges::views::filter(even) | ranges::views::transform(next)) sum += i;
            bench::keep(sum);
        }},
        {"penstock, iterated", [&] {
            ps::bare_env env;
            long sum = 0;
            for (auto&& item : std::views::iota(0, n) | recipe | ps::with(env)) sum += *item.value;
            bench::keep(sum);
        }},
        {"penstock, each()", [&] {
            ps::bare_env env;
            long sum = 0;
            auto rows = std::views::iota(0, n) | recipe | ps::with(env);
            rows.each([&](auto&& item) { sum += *item.value; });
            bench::keep(sum);
        }},
        {"penstock, iterated, one stage behind a virtual call", [&] {
            ps::bare_env env;
            long sum = 0;
            for (auto&& item : std::views::iota(0, n) | tripled() | ps::filter(even) | ps::map(next) | ps::with(env)) sum += *item.value;
            bench::keep(sum);
        }},
        {"penstock, each(), one stage behind a virtual call", [&] {
            ps::bare_env env;
            long sum = 0;
            auto rows = std::views::iota(0, n) | tripled() | ps::filter(even) | ps::map(next) | ps::with(env);
            rows.each([&](auto&& item) { sum += *item.value; });
            bench::keep(sum);
        }},
        {"penstock, each(), two stages behind virtual calls", [&] {
            ps::bare_env env;
            long sum = 0;
            auto rows = std::views::iota(0, n) | tripled() | even_only() | ps::map(next) | ps::with(env);
            rows.each([&](auto&& item) { sum += *item.value; });
            bench::keep(sum);
        }},
    };
    bench::race(all, 9);
    bench::table("core: map | filter | map over 10,000,000 ints", all, {.per = double(n), .unit = "ns/record"});
}

struct essay { std::string id, text; int band; };
constexpr auto parse = [](std::string_view line) { return ps::json::decode<essay>(line); };
constexpr auto good = [](essay const& e) { return e.band >= 5; };
constexpr auto size = [](essay e) { return e.id.size() + e.text.size(); };

void records() {
    std::vector<std::string> file;
    for (int i = 0; i != 200'000; ++i)
        file.push_back(R"({"id":"essay-)" + std::to_string(i) + R"(","text":")" + std::string(std::size_t(80 + i % 200), char('a' + i % 26)) + R"(","band":)" + std::to_string(i % 10) + "}");
    std::vector<std::string_view> const lines(file.begin(), file.end());     // a source hands out its own records: a vector of strings would be copied, string by string
    auto const parsed = [](auto const& r) { return r.has_value(); };
    auto const taken = [](auto r) { return *std::move(r); };
    std::vector<bench::contender> all{
        {"hand-written loop", [&] { std::size_t sum = 0; for (auto l : lines) if (auto r = parse(l); r && good(*r)) sum += size(*std::move(r)); bench::keep(sum); }},
        {"std::views (parses kept rows twice)", [&] {
            std::size_t sum = 0;
            for (auto n : lines | std::views::transform(parse) | std::views::filter(parsed) | std::views::transform(taken) | std::views::filter(good) | std::views::transform(size)) sum += n;
            bench::keep(sum);
        }},
        {"range-v3 (parses kept rows twice)", [&] {
            std::size_t sum = 0;
            for (auto n : lines | ranges::views::transform(parse) | ranges::views::filter(parsed) | ranges::views::transform(taken) | ranges::views::filter(good) | ranges::views::transform(size)) sum += n;
            bench::keep(sum);
        }},
        {"penstock, iterated", [&] {
            ps::bare_env env;
            std::size_t sum = 0;
            for (auto&& item : lines | ps::map(parse) | ps::filter(good) | ps::map(size) | ps::with(env)) if (item.value) sum += *item.value;
            bench::keep(sum);
        }},
        {"penstock, each()", [&] {
            ps::bare_env env;
            std::size_t sum = 0;
            auto rows = lines | ps::map(parse) | ps::filter(good) | ps::map(size) | ps::with(env);
            rows.each([&](auto&& item) { if (item.value) sum += *item.value; });
            bench::keep(sum);
        }},
    };
    bench::race(all, 15);
    bench::table("core: parse | filter | map over 200,000 JSON records of about 200 bytes", all, {.per = double(lines.size()), .unit = "ns/record"});

    auto const count = [&](auto&& run) { auto const before = allocations; run(); return double(allocations - before) / double(lines.size()); };
    auto const by_hand = count(all[0].run), by_range = count(all[3].run);
    std::printf("\n| allocations a record | by hand | penstock |\n|---|---:|---:|\n| parse, filter, map | %.4f | %.4f |\n", by_hand, by_range);
}

struct at_once {        ///< an operation that completes before it returns: what is left is the stage's own work
    template <class In> using output = In;
    template <class In, class Env, class Done> void operator()(In in, Env&, Done done) const { done(std::move(in)); }
};
struct posted {         ///< through the loop, as a reply from a socket comes
    template <class In> using output = In;
    template <class In, class Env, class Done> void operator()(In in, Env& env, Done done) const { env.loop().post([in, done]() mutable { done(in); }); }
};
void calls() {
    constexpr int n = 1'000'000;
    auto const through = [&](auto stage) {
        ps::bare_env env;
        long sum = 0;
        for (auto&& item : std::views::iota(0, n) | stage | ps::with(env)) sum += *item.value;
        bench::keep(sum);
    };
    std::vector<bench::contender> all{
        {"map", [&] { through(ps::map([](int i) noexcept { return i; })); }},
        {"async_map, completes at once", [&] { through(ps::async_map<ps::window{.in_flight = 64}>(at_once{})); }},
        {"async_map, posted to the loop", [&] { through(ps::async_map<ps::window{.in_flight = 64}>(posted{})); }},
    };
    bench::race(all, 7);
    bench::table("core: one call a record, 64 in flight, 1,000,000 records", all, {.per = double(n), .unit = "ns/record"});
    auto const before = allocations;
    all[1].run();
    std::printf("\nasync_map that completes at once: %.4f allocations a record\n", double(allocations - before) / n);
}
} // namespace

int main() {
    ints();
    records();
    calls();
}
