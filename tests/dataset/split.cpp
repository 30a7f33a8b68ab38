#include <doctest/doctest.h>
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/split.hpp>
#include <algorithm>
#include <set>

namespace ps = penstock;
namespace ds = penstock::dataset;

namespace {
ds::split_row row(std::uint64_t i, std::string stratum, std::vector<std::string> keys = {}) {
    ds::split_row r{.position = i, .stratum = std::move(stratum)};
    for (auto const& k : keys) r.keys.push_back(ds::fingerprint_of(k));
    return r;
}
}

TEST_CASE("split: without shared keys every stratum gets its share") {
    std::vector<ds::split_row> rows;
    for (std::uint64_t i = 0; i != 1000; ++i) rows.push_back(row(i, i % 10 < 7 ? "6.0" : "9.0", {"essay " + std::to_string(i)}));
    auto const s = ds::split(rows, {.ratio = 0.2, .seed = 42});
    CHECK(s.validation == 200);
    REQUIRE(s.strata.size() == 2);
    CHECK(s.strata[0].validation == 140); CHECK(s.strata[1].validation == 60);
    CHECK(s.cost() == 0); CHECK(s.components == 1000); CHECK(s.grouped == 0); CHECK(s.largest == 1);
    CHECK(ds::split(rows, {.ratio = 0.2, .seed = 42}).sides == s.sides);
    CHECK(ds::split(rows, {.ratio = 0.2, .seed = 43}).sides != s.sides);
}

TEST_CASE("split: ratio 0 is all train, 1 all validation, beyond is fatal") {
    std::vector<ds::split_row> rows;
    for (std::uint64_t i = 0; i != 50; ++i) rows.push_back(row(i, "a"));
    CHECK(ds::split(rows, {.ratio = 0}).validation == 0);
    CHECK(ds::split(rows, {.ratio = 1}).validation == 50);
    CHECK(ds::split({}, {}).sides.empty());
    for (double const bad : {-0.1, 1.1, 0. / 0.}) {
        try { (void)ds::split(rows, {.ratio = bad}); FAIL("accepted"); }
        catch (ps::fatal const& e) { CHECK(e.code() == ps::exit_code::usage); }
    }
}

TEST_CASE("split: small strata share the remainder by size of it") {
    std::vector<ds::split_row> rows;
    for (std::uint64_t i = 0; i != 20; ++i) rows.push_back(row(i, "s" + std::to_string(i / 2), {std::to_string(i)}));
    auto const s = ds::split(rows, {.ratio = 0.2});
    CHECK(s.validation == 4);       // two rows a stratum: each wants 0.4 of one, and four of ten get it
    CHECK(s.wanted == 4);
}

TEST_CASE("split: a chain of shared keys is one component; what grouping cost is said") {
    std::vector<ds::split_row> rows;
    for (std::uint64_t i = 0; i != 60; ++i) rows.push_back(row(i, "a", {"essay" + std::to_string(i), "prompt" + std::to_string(i / 30)}));    // two prompts of 30
    for (std::uint64_t i = 60; i != 100; ++i) rows.push_back(row(i, "a", {"essay" + std::to_string(i)}));
    rows[0].keys.push_back(ds::fingerprint_of("bridge"));
    rows[59].keys.push_back(ds::fingerprint_of("bridge"));      // both prompts hang together: 60 rows
    auto const s = ds::split(rows, {.ratio = 0.2});
    CHECK(s.largest == 60); CHECK(s.grouped == 60); CHECK(s.components == 41);
    CHECK(std::all_of(s.sides.begin(), s.sides.begin() + 60, [&](auto side) { return side == s.sides[0]; }));
    CHECK(s.sides[0] == ds::side::train);
    CHECK(s.validation == 20);      // the single rows make up for it
    CHECK(s.cost() == 0);
    std::vector<ds::split_row> const whole(rows.begin(), rows.begin() + 60);
    auto const stuck = ds::split(whole, {.ratio = 0.2});        // one component: all or nothing
    CHECK(stuck.validation == 0); CHECK(stuck.wanted == 12); CHECK(stuck.cost() == 12);
    CHECK(stuck.text().find("moved 12 rows from where the shares wanted them") != std::string::npos);
    CHECK(stuck.text().find("the largest has 60 rows") != std::string::npos);
}

TEST_CASE("split: the table says shares of both sides") {
    std::vector<ds::split_row> rows;
    for (std::uint64_t i = 0; i != 100; ++i) rows.push_back(row(i, i % 4 ? "5.0" : "7.5"));
    CHECK(ds::split(rows, {.ratio = 0.2}).text() ==
        "  stratum    rows   train  of train  validation  of validation  wanted\n"
        "  5.0          75      60     75.0%          15          75.0%      15\n"
        "  7.5          25      20     25.0%           5          25.0%       5\n"
        "  all         100      80     80.0%          20          20.0%      20\n"
        "  0 rows share something with another row; 100 groups, the largest has 1 row; keeping groups together moved 0 rows from where the shares wanted them\n");
}

TEST_CASE("split: the same on every machine") {
    std::vector<ds::split_row> rows;
    for (std::uint64_t i = 0; i != 12; ++i) rows.push_back(row(i, "a", {"row " + std::to_string(i)}));
    auto const s = ds::split(rows, {.ratio = 0.25, .seed = 42});
    std::string sides;
    for (auto x : s.sides) sides += x == ds::side::train ? 't' : 'v';
    CHECK(sides == "tttttttvtvtv");
}

TEST_CASE("split_in_three: shares of all rows, strata in each, groups whole") {
    std::vector<ds::split_row> rows;
    for (std::uint64_t i = 0; i != 1000; ++i) rows.push_back(row(i, i % 10 < 7 ? "often" : "rare", {"row " + std::to_string(i)}));
    auto const s = ds::split_in_three(rows, {.validation = 0.1, .test = 0.2});
    CHECK(s.count(ds::side::test) == 200); CHECK(s.count(ds::side::validation) == 100); CHECK(s.count(ds::side::train) == 700);
    for (auto const part : {ds::side::train, ds::side::validation, ds::side::test}) {
        std::uint64_t rare = 0;
        for (std::size_t i = 0; i != rows.size(); ++i) rare += s.sides[i] == part && rows[i].stratum == "rare";
        CHECK(rare * 10 == s.count(part) * 3);
    }
    for (std::uint64_t i = 0; i != 1000; ++i) rows[i].keys.push_back(ds::fingerprint_of("group " + std::to_string(i / 4)));
    auto const grouped = ds::split_in_three(rows, {.validation = 0.1, .test = 0.2});
    for (std::size_t i = 0; i != rows.size(); ++i) CHECK(grouped.sides[i] == grouped.sides[i / 4 * 4]);
    CHECK(ds::split_in_three(rows, {.validation = 0, .test = 0}).count(ds::side::train) == 1000);
    CHECK(ds::split_in_three(rows, {.validation = 0.5, .test = 0.5}).count(ds::side::train) == 0);
    CHECK(ds::split_in_three(rows, {.validation = 0, .test = 1}).count(ds::side::test) == 1000);
    CHECK_THROWS_AS(ds::split_in_three(rows, {.validation = 0.6, .test = 0.5}), ps::fatal);
}
