#include <doctest/doctest.h>
#include <cmath>
#include <limits>
#include <map>
#include <penstock/record/json_encode.hpp>
#include "record/rich.hpp"
#include "record/score.hpp"
namespace ps = penstock;
namespace json = penstock::json;

TEST_CASE("encode: compact, on one line, UTF-8 as it is") {
    CHECK(*json::encode(std::string("a\r\n\t\"\\\b\f\x01\x1f\x7f ä 😀/\0", 21)) == "\"a\\r\\n\\t\\\"\\\\\\b\\f\\u0001\\u001f\x7f ä 😀/\\u0000\"");
    struct row { std::string id; std::optional<int> n; std::vector<int> v; std::map<std::string, bool> m; };
    CHECK(*json::encode(row{"x", {}, {}, {}}) == R"({"id":"x","n":null,"v":[],"m":{}})");
    CHECK(*json::encode<json::policy{.empty = json::absent::omit}>(row{"x", {}, {1, 2}, {{"k\n", true}, {"l", false}}}) == R"({"id":"x","v":[1,2],"m":{"k\n":true,"l":false}})");
    struct maybe { std::optional<int> a, b; };
    CHECK(*json::encode<json::policy{.empty = json::absent::omit}>(maybe{}) == "{}"); CHECK(*json::encode<json::policy{.empty = json::absent::omit}>(maybe{{}, 2}) == R"({"b":2})");
    CHECK(*json::encode(json::raw::of(" {\"a b\" : [1,\n\t\"x \\\" y\"] } ").value()) == R"({"a b":[1,"x \" y"]})");
    CHECK(*json::encode(test::mood::loud) == "\"loud\"");
    CHECK(*json::encode(std::string_view("x")) == "\"x\"");
}
TEST_CASE("encode: numbers are as short as they read back the same") {
    CHECK(*json::encode(7.0) == "7"); CHECK(*json::encode(6.5) == "6.5"); CHECK(*json::encode(0.1) == "0.1"); CHECK(*json::encode(0.1f) == "0.1"); CHECK(*json::encode(1e300) == "1e+300");
    CHECK(*json::encode(-0.0) == "-0"); CHECK(*json::encode(1.0 / 3) == "0.3333333333333333"); CHECK(*json::encode(5e-324) == "5e-324"); CHECK(*json::encode(123456789.0) == "123456789");
    CHECK(*json::encode(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808"); CHECK(*json::encode(~std::uint64_t{}) == "18446744073709551615"); CHECK(*json::encode(std::int8_t{-5}) == "-5");
    CHECK(*json::encode(test::band(6.5)) == "6.5"); CHECK(*json::encode(test::band(7)) == "7"); CHECK(*json::encode(ps::number<1, 5>(3)) == "3");
}
TEST_CASE("encode: what JSON cannot say is a failure with its path, and nothing is appended") {
    auto const said = [](auto const& x) { auto r = json::encode(x); return r ? "fine: " + *r : std::string(ps::name(r.error().code())) + " " + r.error().what(); };
    CHECK(said(std::nan("")) == "schema $: NaN is no JSON number");
    CHECK(said(std::vector{1.0, -HUGE_VAL}) == "schema $[1]: infinity is no JSON number"); CHECK(said(HUGE_VALF) == "schema $: infinity is no JSON number");
    CHECK(said(test::message{"user", "ab\xff""cd"}) == "schema $.content: invalid UTF-8 at byte 2 of the text (\\xFF)");
    CHECK(said(std::vector{test::message{"user", "ä"}, test::message{"\xc3", "\xa4"}}) == "schema $[1].role: invalid UTF-8 at byte 0 of the text (\\xC3)");
    CHECK(said(std::map<std::string, int>{{"\xed\xa0\x80", 1}}).starts_with("schema $: invalid UTF-8"));
    CHECK(said(test::mood{9}) == "schema $: the value 9 has no name in its enum");
    CHECK(said(test::slip{}) == "schema $.span: not set; expected a string of 1 to 1000 characters");
    CHECK(said(ps::list<int, 2, 3>{}) == "schema $: got 0; expected an array of 2 to 3 elements");
    std::string out = "before";
    CHECK(!json::encode_to(out, test::message{std::string(1000, 'x'), "\xff"})); CHECK(out == "before");
    CHECK(json::encode_to(out, 1)); CHECK(out == "before1");
}
