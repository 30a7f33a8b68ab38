#include <doctest/doctest.h>
#include <penstock/dataset/fold.hpp>
#include <penstock/dataset/leakage.hpp>
#include <algorithm>
#include <random>
#include <set>

namespace ds = penstock::dataset;

TEST_CASE("leakage: equal after folding, near, and neither; a file's own copies are no leak") {
    ds::leakage l;
    l.begin("train.jsonl");
    l.add("Museums should be free for everybody who wants to come in");
    l.add("Is it better to live in a village or in a city, and why?");
    l.add("Museums should be free for everybody who wants to come in");
    l.add("?!");
    l.begin("validation.jsonl");
    l.add("MUSEUMS should be free\r\nfor everybody who wants to come in");
    l.add("Is it better to live in a village or in a city, and why not?");
    l.add("Nothing of this kind was ever asked before");
    l.add("Nothing of this kind was ever asked before");
    l.add("?!");        // of no letters: in every file
    REQUIRE(l.pairs().size() == 1);
    CHECK(l.pairs()[0].exact == 1);
    CHECK(l.pairs()[0].near == 1);
    CHECK(l.total() == 2);
    REQUIRE(l.leaks().size() == 2);
    CHECK((l.leaks()[0].row == 1 && l.leaks()[0].of_row == 1 && l.leaks()[0].exact));
    CHECK((l.leaks()[1].row == 2 && l.leaks()[1].of_row == 2 && !l.leaks()[1].exact));
    CHECK(l.leaks()[1].jaccard > 0.8);
    CHECK(l.text() ==
        "validation.jsonl (5 rows) in train.jsonl (4 rows): 1 equal, 1 near (Jaccard of character 5-grams at least 0.8)\n"
        "  row 1 says what row 1 says\n"
        "  row 2 is like row 2: 0.89\n");
}
TEST_CASE("leakage: three files are three pairs; few are shown, all are counted; rows as the caller numbers them") {
    ds::leakage l({.near_duplicates = false, .shown = 2});
    for (auto const* name : {"train", "validation", "test"}) {
        l.begin(name);
        for (std::uint64_t i = 0; i != 10; ++i) l.add("row number " + std::to_string(i), 100 + i);
    }
    REQUIRE(l.pairs().size() == 3);
    for (auto const& p : l.pairs()) { CHECK(p.exact == 10); CHECK(p.near == 0); CHECK(p.of_file < p.file); }
    CHECK(l.leaks().size() == 6);
    CHECK(l.leaks()[0].row == 100);
    CHECK(l.text().find("  and 8 more\n") != std::string::npos);
    CHECK(l.text().find("Jaccard") == std::string::npos);
}
TEST_CASE("leakage: the rows that leak are those that a comparison with every row finds, in whatever order a file comes") {
    std::mt19937_64 random(3);
    auto const letters = [&] { std::string t; for (auto n = 20 + random() % 60; n != 0; --n) t += static_cast<char>('a' + random() % 4); return t; };
    std::vector<std::string> train, validation;
    for (int i = 0; i != 150; ++i) train.push_back(letters());
    for (int i = 0; i != 150; ++i) {
        auto t = i % 3 == 0 ? letters() : train[random() % train.size()];
        if (i % 3 == 1) t[random() % t.size()] = 'x';
        if (i % 5 == 0) t.insert(0, "  ");
        validation.push_back(std::move(t));
    }
    auto const leaking = [&](std::vector<std::string> const& first) {
        ds::leakage l({.shown = 1000});
        l.begin("train");
        for (auto const& t : first) l.add(t);
        l.begin("validation");
        for (auto const& t : validation) l.add(t);
        std::set<std::uint64_t> rows;
        for (auto const& x : l.leaks()) rows.insert(x.row - 1);
        return rows;
    };
    std::set<std::uint64_t> expected;
    for (std::size_t v = 0; v != validation.size(); ++v)
        for (auto const& t : train) if (penstock::jaccard(ds::fold(t), ds::fold(validation[v])) >= 0.8) expected.insert(v);
    CHECK(expected.size() > 50);
    CHECK(leaking(train) == expected);
    std::ranges::reverse(train);
    CHECK(leaking(train) == expected);
}
