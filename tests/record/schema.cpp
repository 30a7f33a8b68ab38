#include <doctest/doctest.h>
#include <map>
#include <penstock/record/json_text.hpp>
#include <penstock/record/schema.hpp>
#include "record/rich.hpp"
#include "record/score.hpp"
namespace ps = penstock;

namespace {
struct pair { int a; std::optional<std::string> b; };
struct scores { ps::number<0.0, 9.0, 0.5> band; ps::number<1, 5> stars; ps::number<0.25, 1.0> share; std::map<std::string, double> by; std::array<bool, 2> two; ps::one_of<"a \"b\"", "c"> choice; ps::json::raw any; };
}
static_assert(ps::json_schema<pair>() == R"({"type":"object","properties":{"a":{"type":"integer","minimum":-2147483648,"maximum":2147483647},"b":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["a"],"additionalProperties":false})");
static_assert(ps::json_schema<scores>() == R"({"type":"object","properties":{"band":{"type":"number","minimum":0,"maximum":9,"multipleOf":0.5},"stars":{"type":"integer","minimum":1,"maximum":5},)"
    R"("share":{"type":"number","minimum":0.25,"maximum":1},"by":{"type":"object","additionalProperties":{"type":"number"}},"two":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"boolean"}},)"
    R"("choice":{"type":"string","enum":["a \"b\"","c"]},"any":{}},"required":["band","stars","share","by","two","choice","any"],"additionalProperties":false})");
static_assert(ps::json_schema<test::tree>() == R"({"type":"object","properties":{"name":{"type":"string"},"below":{"type":"array","items":{"$ref":"#"}}},"required":["name","below"],"additionalProperties":false})");
static_assert(ps::json_schema<test::mood>() == R"({"type":"string","enum":["calm","brisk","loud"]})");
static_assert(ps::json_schema<std::vector<ps::text<1, 3>>>() == R"({"type":"array","items":{"type":"string","minLength":1,"maxLength":3}})");
static_assert(ps::json_schema<ps::list<int, 0, 3>>().starts_with(R"({"type":"array","maxItems":3,"items":)"));
namespace { struct strictly { ps::text<1, 100> span; std::optional<int> n; ps::list<pair, 1, 3> pairs; }; }
static_assert(ps::strict_schema<strictly>() == R"({"type":"object","properties":{"span":{"type":"string"},"n":{"anyOf":[{"type":"integer"},{"type":"null"}]},"pairs":{"type":"array","minItems":1,"maxItems":3,"items":)"
    R"({"type":"object","properties":{"a":{"type":"integer"},"b":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["a","b"],"additionalProperties":false}}},"required":["span","n","pairs"],"additionalProperties":false})");

TEST_CASE("schema: is JSON, in static storage, the same each time") {
    CHECK(ps::json::flaw_of(ps::json_schema<test::score>()).what == "");
    CHECK(ps::json_schema<test::score>().data() == ps::json_schema<test::score>().data());
    CHECK(ps::json_schema<test::score>().data()[ps::json_schema<test::score>().size()] == '\0');
    CHECK(ps::json_schema<test::score, "ScoreResponseV1">().starts_with(R"({"$schema":"https://json-schema.org/draft/2020-12/schema","title":"ScoreResponseV1","type":"object",)"));
    CHECK(ps::json::flaw_of(ps::json_schema<test::score, "ScoreResponseV1">()).what == "");
}
