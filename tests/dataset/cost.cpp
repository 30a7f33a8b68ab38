#include <doctest/doctest.h>
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/cost.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/dataset/tokens.hpp>
#include "run/support.hpp"

namespace ps = penstock;
namespace ds = penstock::dataset;

TEST_CASE("tokens: the pieces of the rule") {
    CHECK(ds::estimated_tokens("") == 0);
    CHECK(ds::estimated_tokens("word") == 1);
    CHECK(ds::estimated_tokens("two words") == 2);
    CHECK(ds::estimated_tokens("nineteenths") == 2);
    CHECK(ds::estimated_tokens("1234") == 4);
    CHECK(ds::estimated_tokens("a.\n\n  b") == 5);
    CHECK(ds::estimated_tokens("{\"band\":6.5}") == 1 + 1 + 1 + 1 + 1 + 1 + 1);
    CHECK(ds::estimated_tokens("語語語") == 3);
}

TEST_CASE("cost: the original's example, in its words") {
    auto const c = ds::price_table().estimate("", 1000, 1'500'000);
    CHECK(c.usd == doctest::Approx(12.0));
    CHECK(!c.known);
    CHECK(c.tokens_per_example() == 1500);
    CHECK(c.text().starts_with("Training examples: 1000\nEstimated tokens: 1,500,000\nEstimated training cost: $12.00\n"));
    CHECK(c.text().find("no model was named") != std::string::npos);
    CHECK(c.text().find("0.008 USD per 1,000 tokens") != std::string::npos);
    CHECK(c.text().find("estimated") != std::string::npos);
}

TEST_CASE("cost: the longest name that fits, or the fallback, which says so") {
    ds::price_table const table;
    CHECK(table.estimate("gpt-4o-mini-2024-07-18", 1, 1'000'000).usd == doctest::Approx(3.0));
    CHECK(table.estimate("gpt-4o-2024-08-06", 1, 1'000'000).usd == doctest::Approx(25.0));
    CHECK(table.estimate("gpt-4o", 1, 1'000'000).source.find("openai.com") != std::string::npos);
    CHECK(!table.estimate("gpt-4omega", 1, 1).known);
    auto const c = table.estimate("other\x1b", 10, 1'000'000);
    CHECK(!c.known);
    CHECK(c.usd == doctest::Approx(8.0));
    CHECK(c.text().find("model other\\x1B is not in the price list of " + std::string(ds::prices_dated)) != std::string::npos);
    for (auto const& p : ds::training_prices) { CHECK(!p.source.empty()); CHECK(p.as_of.size() == 10); CHECK(p.usd_per_million > 0); }
}

TEST_CASE("cost: a price file replaces the table") {
    test::folder dir;
    auto const file = dir.write("p.json", R"({"as_of": "2026-11-01", "prices": [{"model": "m", "usd_per_million": 2.5, "source": "a letter"}]})");
    auto const table = ds::price_table::from_file(file);
    CHECK(table.estimate("m-2", 4, 2'000'000).usd == doctest::Approx(5.0));
    CHECK(table.estimate("m", 4, 2'000'000).text().find("a letter, 2026-11-01") != std::string::npos);
    CHECK(!table.estimate("gpt-4o", 1, 1).known);
    auto const refused = [&](std::string const& path) {
        try { (void)ds::price_table::from_file(path); return std::string("read"); }
        catch (ps::fatal const& e) { CHECK(e.code() == ps::exit_code::usage); return std::string(e.what()); }
    };
    CHECK(refused(dir / "none").ends_with("none: no price file there, or an empty one"));
    CHECK(refused(dir.write("b.json", "[]")).find("b.json: ") != std::string::npos);
    CHECK(refused(dir.write("c.json", R"({"as_of": "x", "prices": [{"model": "m", "usd_per_million": -1, "source": ""}]})")).find("below 0") != std::string::npos);
}

TEST_CASE("summary: nearest rank") {
    auto const s = ds::summarise({5, 1, 4, 2, 3});
    CHECK(s.least == 1); CHECK(s.median == 3); CHECK(s.p95 == 5); CHECK(s.most == 5); CHECK(s.total == 15); CHECK(s.mean == 3.0); CHECK(s.count == 5);
    CHECK(ds::summarise({}).most == 0);
    CHECK(ds::summarise({7}).p95 == 7);
    CHECK(ds::with_commas(0) == "0"); CHECK(ds::with_commas(999) == "999"); CHECK(ds::with_commas(1234567) == "1,234,567");
    CHECK(ds::summarise({1000}).text() == "least 1,000 · median 1,000 · p95 1,000 · most 1,000");
}
