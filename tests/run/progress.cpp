#include <doctest/doctest.h>
#include <penstock/run/progress.hpp>
#include <vector>

namespace run = penstock::run;
using namespace std::chrono_literals;

namespace {
// progress takes plain functions: the fake world is one a thread.
thread_local run::progress::time now;
thread_local std::vector<std::string> statuses, lines;
run::progress::world fake(bool terminal, unsigned width = 80) {
    now = {};
    statuses.clear();
    lines.clear();
    return {.terminal = terminal, .width = width, .now = [] { return now; }, .status = [](std::string_view t) { statuses.emplace_back(t); }, .line = [](std::string_view t) { lines.emplace_back(t); }};
}
}

TEST_CASE("progress: on a terminal one line, ten times a second at most") {
    auto const world = fake(true);
    run::progress p("essays", 1000, world);
    for (int i = 0; i != 400; ++i) { now += 10ms; if (i % 100 == 99) p.reject(); else p.row(); }
    CHECK(statuses.size() == 40);
    CHECK(statuses.back() == "essays 400/1,000 40%  100/s  ETA 0:06  rejects 4");
    CHECK(lines.empty());
    p.finish();
    CHECK(statuses.back() == "");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0] == "essays 400 in 4.0 s  100/s  rejects 4");
    p.finish();
    CHECK(lines.size() == 1);
}

TEST_CASE("progress: the line is never wider than the terminal") {
    auto const world = fake(true, 20);
    run::progress p("a very long name of rows", 1000000, world);
    now += 1s;
    p.at(123456, 7);
    REQUIRE(statuses.size() == 1);
    CHECK(statuses[0].size() == 19);
}

TEST_CASE("progress: elsewhere a plain line every five seconds") {
    auto const world = fake(false);
    {
        run::progress p("rows", 0, world);
        for (int i = 0; i != 120; ++i) { now += 100ms; p.row(); }
        CHECK(statuses.empty());
        REQUIRE(lines.size() == 2);
        CHECK(lines[0] == "rows 50  10/s");
        CHECK(lines[1] == "rows 100  10/s");
    }
    CHECK(lines.size() == 2);
    CHECK(statuses.empty());
}

TEST_CASE("progress: the rate follows the last seconds") {
    auto const world = fake(true);
    run::progress p("rows", 10000, world);
    for (int i = 0; i != 1000; ++i) { now += 10ms; p.row(); }          // 100 a second for 10 s
    for (int i = 0; i != 60; ++i) { now += 100ms; if (i % 10 == 0) p.row(); else p.at(p.rows(), 0); }      // then 1 a second
    CHECK(statuses.back().find("  1.0/s  ETA 2:29:") != std::string::npos);
}

TEST_CASE("progress: an unfinished one takes its line away, one without rows never drew") {
    { auto const world = fake(true); run::progress p("rows", 0, world); now += 1s; p.row(); }
    CHECK(statuses.back() == "");
    { auto const world = fake(true); run::progress p("rows", 0, world); }
    CHECK(statuses.empty());
}
