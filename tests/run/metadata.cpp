#include <doctest/doctest.h>
#include <penstock/core/env.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>
#include <penstock/record/json_text.hpp>
#include <penstock/run/metadata.hpp>
#include "support.hpp"

namespace ps = penstock;
namespace run = penstock::run;

namespace {
void pipeline(ps::bare_env& env) {
    std::vector<int> numbers;
    for (int i = 0; i != 100; ++i) numbers.push_back(i);
    auto recipe = ps::filter("parity", [](int n) -> std::string_view { return n % 2 ? "odd" : ""; })
                | ps::map("check", [](int n) -> ps::result<int> { if (n % 10 == 4) return std::unexpected(ps::failure(ps::errc::schema, "four")); return n; });
    for (auto&& item : numbers | recipe | ps::with(env)) (void)item;
}
std::string text_of(char const* epoch) {
    test::variable time("SOURCE_DATE_EPOCH", epoch);
    ps::bare_env env;
    pipeline(env);
    std::vector<run::setting> const settings = {{.name = "seed", .value = "7", .json = "7", .from = run::source::flag, .where = "--seed"}, {.name = "output-dir", .value = "\"out\"", .json = "\"out\""}};
    run::program const p{.name = "recipe", .about = {}};
    std::string const line = "recipe --seed 7";
    run::job const job{.of = p, .settings = settings, .command_line = line, .stop = std::stop_source{}};
    run::metadata m;
    m.set("dataset", "a \"name\"");
    m.set("total_examples", std::size_t{40});
    m.set("validation_ratio", 0.2);
    m.set("mock_mode", true);
    m.set_members(R"({"text":"a,}b","number":1.5,"list":[1,{"x":2}],"object":{"y":[]},"none":null})");
    m.set(env.books);
    m.set(job);
    m.set_versions_and_timings();
    return m.text();
}
bool holds(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
}

TEST_CASE("metadata: the ledger, the configuration, the versions; JSON") {
    auto const text = text_of(nullptr);
    CHECK(!ps::json::flaw_of(text));
    CHECK(text.starts_with("{\n  \"dataset\": \"a \\\"name\\\"\",\n  \"total_examples\": 40,\n  \"validation_ratio\": 0.2,\n  \"mock_mode\": true,\n  \"text\": \"a,}b\",\n  \"number\": 1.5,\n  \"list\": [\n"));
    CHECK(holds(text, "\"ledger\": {\n    \"read\": 100,\n    \"written\": 40,\n    \"filtered\": {\n      \"parity/odd\": 50\n    },\n    \"rejected\": {\n      \"check/schema\": 10\n    },\n    \"left\": 0,\n"));
    CHECK(holds(text, "\"parity\": {\n"));
    CHECK(holds(text, "\"configuration\": {\n    \"seed\": 7,\n    \"output-dir\": \"out\"\n  }"));
    CHECK(holds(text, "\"configuration_from\": {\n    \"seed\": \"--seed\"\n  }"));
    CHECK(holds(text, "\"penstock\": \"0.1.0\""));
    CHECK(holds(text, "\"simdjson\": \""));
    CHECK(holds(text, "\"seconds\": 0."));
}

TEST_CASE("metadata: with SOURCE_DATE_EPOCH the same bytes every time") {
    auto const first = text_of("1700000000");
    CHECK(first == text_of("1700000000"));
    CHECK(holds(first, "\"started\": \"2023-11-14T22:13:20Z\",\n    \"finished\": \"2023-11-14T22:13:20Z\"\n"));
    CHECK(!holds(first, "\"seconds\""));
    test::variable time("SOURCE_DATE_EPOCH", "not a number");
    CHECK(run::time_of_day() > std::chrono::system_clock::time_point(std::chrono::seconds(1700000000)));
}

TEST_CASE("metadata: a name set twice keeps its place; what is no number is null") {
    run::metadata m;
    m.set("a", 1);
    m.set("b", 2);
    m.set("a", "three");
    m.set("c", 0. / 0.);
    CHECK(m.text() == "{\n  \"a\": \"three\",\n  \"b\": 2,\n  \"c\": null\n}\n");
    CHECK(m.find("z") == nullptr);
}

TEST_CASE("metadata: a record that is no JSON ends the run with exit code 1 and its path") {
    run::metadata m;
    m.set_json("fine", ps::result<std::string>("[1]"));
    auto const refused = [](auto f) -> std::string { try { f(); return "taken"; } catch (ps::fatal const& e) { return e.code() == ps::exit_code::internal ? e.what() : "another code"; } };
    auto const wrong = [] { return ps::result<std::string>(std::unexpected(ps::failure(ps::errc::schema, "mean: it is not finite"))); };
    CHECK(refused([&] { m.set_json("figures", wrong()); }) == "metadata: figures: mean: it is not finite");
    CHECK(refused([&] { m.set_members(wrong()); }) == "metadata: mean: it is not finite");
    CHECK(m.text() == "{\n  \"fine\": [1]\n}\n");
}

TEST_CASE("metadata: sums that do not hold end the run with exit code 1") {
    ps::bare_env env;
    pipeline(env);
    CHECK_NOTHROW(run::require_balance(env.books));
    ps::ledger wrong;
    wrong.begin_run();
    wrong.open("source", 0, 0).made = 3;
    try { run::require_balance(wrong); FAIL("balanced"); }
    catch (ps::fatal const& e) { CHECK(e.code() == ps::exit_code::internal); CHECK(std::string_view(e.what()).starts_with("the sums of this run do not hold: source: in 0 + made 3 != ")); }
}
