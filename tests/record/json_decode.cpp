#include <doctest/doctest.h>
#include <cmath>
#include <map>
#include <memory>
#include <unordered_map>
#include <cstring>
#include <penstock/core/env.hpp>
#include <penstock/core/map.hpp>
#include <penstock/record/json.hpp>
#include "record/rich.hpp"
#include "record/score.hpp"
namespace ps = penstock;
namespace json = penstock::json;

namespace {
struct two { int a = -1; std::string b; };
struct long_keys { int a_key_of_sixteen; int a_key_that_is_longer_than_the_sixty_four_bytes_which_simdjson_pads_with_x; int a_key_that_is_longer_than_the_sixty_four_bytes_which_simdjson_pads_with_y; int short_; int seven_7; int eight__8; };
template <class T, json::policy P = json::policy{}> std::string said(std::string_view text) {
    auto r = json::decode<T, P>(text);
    return r ? "fine" : std::string(ps::name(r.error().code())) + " " + r.error().what();
}
}

TEST_CASE("decode: each thing that can be wrong has its own message and path") {
    CHECK(said<two>(R"({"b":"x"})") == "schema $.a: missing");
    CHECK(said<two>(R"({"a":1,"b":7.5})") == "schema $.b: expected a string, got a number (7.5)");
    CHECK(said<two>(R"({"a":"7.5","b":""})") == "schema $.a: expected an integer from -2147483648 to 2147483647, got a string (\"7.5\")");
    CHECK(said<two>(R"({"a":2147483648,"b":""})") == "schema $.a: expected an integer from -2147483648 to 2147483647, got 2147483648");
    CHECK(said<two>(R"({"a":1.5,"b":""})") == "schema $.a: expected an integer from -2147483648 to 2147483647, got 1.5");
    CHECK(said<two>(R"({"a":null,"b":""})") == "schema $.a: expected an integer from -2147483648 to 2147483647, got null");
    CHECK(said<two>(R"({"a":1,"a":2,"b":""})") == "schema $.a: stands there twice");
    CHECK(said<two>(R"({"a":1,"\u0061":2,"b":""})") == "schema $.a: stands there twice");
    CHECK(said<two, json::strict>(R"({"a":1,"c d":2,"b":""})") == R"(schema $["c d"]: unknown key; known are a, b)");
    CHECK(said<two>(R"([])") == "schema $: expected an object, got an array");
    CHECK(said<double>("[1]") == "schema $: expected a number, got an array"); CHECK(said<std::string>("{}") == "schema $: expected a string, got an object");
    CHECK(said<std::optional<bool>>("{}") == "schema $: expected a boolean, got an object"); CHECK(said<test::mood>("[]").starts_with("schema $: expected one of"));
    CHECK(said<two>(R"("text")") == "schema $: expected an object, got a string (\"text\")");
    CHECK(said<std::vector<two>>(R"([{"a":1,"b":""},{"a":true,"b":""}])") == "schema $[1].a: expected an integer from -2147483648 to 2147483647, got true");
    CHECK(said<std::map<std::string, std::vector<int>>>(R"({"x":[1],"odd key":[1,{}]})") == "schema $[\"odd key\"][1]: expected an integer from -2147483648 to 2147483647, got an object");
    CHECK(said<std::map<std::string, int>>(R"({"x":1,"x":2})") == "schema $.x: stands there twice");
    CHECK(said<std::array<int, 2>>("[1]") == "schema $: expected an array of 2 elements, got 1");
    CHECK(said<std::array<int, 2>>("[1,2,3]") == "schema $: expected an array of 2 elements, got 3");
    CHECK(said<test::mood>("\"angry\"") == R"(schema $: expected one of "calm", "brisk", "loud", got a string ("angry"))");
    CHECK(said<double>("1e999") == "schema $: expected a number that fits (up to 1.8e308), got 1e999");
    CHECK(said<float>("3.5e38") == "schema $: expected a number that fits (up to 3.4e38), got 3.5e38");
    CHECK(said<bool>("1") == "schema $: expected a boolean, got a number (1)");
}
TEST_CASE("decode: constrained values are checked where they stand") {
    auto const reply = [](std::string_view criterion) { return R"({"per_criterion":[{"name":"c","band":6,"evidence_quotes":[],"errors":[],"suggestions":[]},)" + std::string(criterion) +
        R"(],"overall":6.5,"votes":[6.5],"dispersion":0,"confidence":"high","meta":{"prompt_hash":"","model":"","schema_version":"v1","rubric_version":"","token_usage":{"input_tokens":1,"output_tokens":2}}})"; };
    auto const criterion = [](std::string_view band, std::string_view errors) { return R"({"name":"c","band":)" + std::string(band) + R"(,"evidence_quotes":[],"errors":[)" + std::string(errors) + R"(],"suggestions":[]})"; };
    CHECK(said<test::score, json::strict>(reply(criterion("7.0", ""))) == "fine");
    CHECK(said<test::score>(reply(criterion("\"7.5\"", ""))) == "schema $.per_criterion[1].band: expected a number from 0 to 9 in steps of 0.5, got a string (\"7.5\")");
    CHECK(said<test::score>(reply(criterion("7.3", ""))) == "schema $.per_criterion[1].band: expected a number from 0 to 9 in steps of 0.5, got 7.3");
    CHECK(said<test::score>(reply(criterion("9.5", ""))) == "schema $.per_criterion[1].band: expected a number from 0 to 9 in steps of 0.5, got 9.5");
    CHECK(said<test::score>(reply(criterion("7", R"({"span":"a","type":"spelling","fix":"b"})")))
          == R"(schema $.per_criterion[1].errors[0].type: expected one of "grammar", "lexical", "coherence", "task", "other", got a string ("spelling"))");
    CHECK(said<test::score>(reply(criterion("7", R"({"span":"a","type":"task","fix":""})"))) == R"(schema $.per_criterion[1].errors[0].fix: expected a string of 1 to 1000 characters, got 0 (""))");
    std::string eleven;
    for (int i = 0; i != 11; ++i) eleven += std::string(i ? "," : "") + R"({"span":"a","type":"task","fix":"b"})";
    CHECK(said<test::score>(reply(criterion("7", eleven))) == "schema $.per_criterion[1].errors: expected an array of 0 to 10 elements, got 11");
}
TEST_CASE("decode: text that is no JSON says at which byte, even where the record was wrong before it") {
    for (auto [text, what] : {std::pair{R"({"a":1,"b":"x")", "parse byte 14: expected ',' or '}', got the end"}, {R"({"a":1,"b":"x"}x)", "parse byte 15: something after the value: 'x'"},
                              {R"({"a":1,"b":"x"} {})", "parse byte 16: something after the value: '{}'"}, {"", "parse byte 0: no value"}, {R"({"a":"x",)", "parse byte 9: expected a key in quotes, got the end"},
                              {R"({"a":1,"b":"\ud800"})", "parse byte 12: half a surrogate pair (\\ud800)"}, {R"({"a":1,"b":"\udfff"})", "parse byte 12: half a surrogate pair (\\udfff)"},
                              {R"({"a":1,"b":"\q"})", "parse byte 12: no escape that JSON knows (\\q)"}, {"{\"a\":1,\"b\":\"\xff\"}", "parse byte 12: invalid UTF-8 (\\xFF)"},
                              {R"({"a":1,"b":"x",})", "parse byte 15: expected a key in quotes, got '}'"}, {R"({"a":01,"b":"x"})", "parse byte 5: a number with a leading zero"},
                              {R"({"a":1,"b":"x","skipped":[tru]})", "parse byte 26: expected a value, got 't'"}, {R"({"a":1,"b":"x","skipped":[}})", "parse byte 26: expected a value, got '}'"},
                              {R"({"a":1,"b":"x","skipped":{"y":"\u12"}})", "parse byte 31: no escape that JSON knows (\\u)"}, {R"({"a":1,"b":"x"]})", "parse byte 14: expected ',' or '}', got ']'"}})
        CHECK_MESSAGE(said<two>(text) == what, text);
    for (auto text : {"01", "-01", "1.", "1.e2", ".5", "+1", "- 1", "1e", "0x10", "NaN", "Infinity", "1 2", "1,2", "1]", "1],[2", "[1", "]", "nullx", "truefalse"}) CHECK_MESSAGE(said<double>(text).starts_with("parse"), text);
    CHECK(said<bool>("truex").starts_with("parse")); CHECK(said<std::optional<int>>("nullx").starts_with("parse"));
}
TEST_CASE("decode: what stands in the padding does not change the result (simdjson #1834)") {
    for (std::string_view text : {"[[]", "[[1]", "[", "[1", "{\"a\":{}", "{\"a\":[1]", "[{\"a\":1}", "{\"a\":1", "[\"", "[1,", "tru", "1"}) for (char fill : {']', '}', '\n', '"', '0', 'e', '\0'}) {
        std::string padded(text);
        padded.append(simdjson::SIMDJSON_PADDING, fill);
        auto r = json::decode_padded<json::raw>(padded.data(), text.size());
        if (text == "1") { REQUIRE(r); CHECK(r->text() == "1"); } else { REQUIRE_MESSAGE(!r, padded); CHECK(r.error().code() == ps::errc::parse); }
        CHECK(!json::decode_padded<std::vector<std::vector<int>>>(padded.data(), text.size()));
        CHECK(!json::decode_padded<std::map<std::string, std::map<std::string, int>>>(padded.data(), text.size()));
    }
}
TEST_CASE("decode: nothing is read beyond the padding") {
    for (std::string_view text : {R"({"a_key_of_sixteen":1})", R"({"a)", R"({"a_key_that_is_longer_than_the_sixty_four_bytes_which_simdjson_pads_with_z":1})", R"({"":1})", "7", "\"x\"", "[]"}) {
        std::unique_ptr<char[]> exact(new char[text.size() + simdjson::SIMDJSON_PADDING]);      // ASan guards its end
        std::memcpy(exact.get(), text.data(), text.size());
        std::memset(exact.get() + text.size(), 'y', simdjson::SIMDJSON_PADDING);
        CHECK(!json::decode_padded<long_keys>(exact.get(), text.size()));
    }
}
TEST_CASE("decode: a depth bomb is a failure") {
    CHECK(said<std::vector<int>>(std::string(100'000, '[')) == "parse byte 1024: nested deeper than 1024");
    CHECK(said<json::raw>(std::string(100'000, '[') + std::string(100'000, ']')) == "parse byte 1024: nested deeper than 1024");
    CHECK(said<two>(R"({"a":1,"b":"","skipped":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}").starts_with("parse byte 1047: nested deeper"));
    auto const nest = [](int n) { std::string s; for (int i = 0; i != n; ++i) s += R"({"name":"","below":[)"; for (int i = 0; i != n; ++i) s += "]}"; return s; };
    CHECK(said<test::tree>(nest(512)) == "fine");
    CHECK(said<test::tree>(nest(513)).ends_with("nested deeper than 1024"));
    CHECK(said<test::tree>(nest(50'000)).ends_with("nested deeper than 1024"));
}
TEST_CASE("decode: keys in any order, with escapes, long, alike in their first bytes") {
    auto r = json::decode<two>(R"( { "\u0062" : "x" , "a" : 7.0e0 } )");
    REQUIRE(r);
    CHECK(r->a == 7); CHECK(r->b == "x");
    auto l = json::decode<long_keys>(R"({"eight__8":6,"seven_7":5,"short_":4,"a_key_that_is_longer_than_the_sixty_four_bytes_which_simdjson_pads_with_y":3,)"
                                     R"("a_key_that_is_longer_than_the_sixty_four_bytes_which_simdjson_pads_with_x":2,"a_key_of_sixteen":1,"short":0,"eight__8_":0,"a_key_of_sixteem":0})");
    REQUIRE(l);
    CHECK(l->a_key_of_sixteen == 1); CHECK(l->short_ == 4); CHECK(l->seven_7 == 5); CHECK(l->eight__8 == 6);
    CHECK(l->a_key_that_is_longer_than_the_sixty_four_bytes_which_simdjson_pads_with_x == 2); CHECK(l->a_key_that_is_longer_than_the_sixty_four_bytes_which_simdjson_pads_with_y == 3);
}
TEST_CASE("decode: numbers") {
    CHECK(*json::decode<std::uint64_t>("18446744073709551615") == 18446744073709551615u);
    CHECK(*json::decode<std::int64_t>("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    CHECK(said<std::uint64_t>("18446744073709551616").starts_with("schema")); CHECK(said<std::uint64_t>("-1").starts_with("schema"));
    CHECK(*json::decode<std::uint8_t>("255") == 255); CHECK(said<std::uint8_t>("256") == "schema $: expected an integer from 0 to 255, got 256");
    CHECK(*json::decode<int>("1e2") == 100);
    CHECK(*json::decode<double>("1e-999") == 0); CHECK(*json::decode<float>("-1e-60") == 0);
    CHECK(std::signbit(*json::decode<double>("-0"))); CHECK(std::signbit(*json::decode<double>("-0.0")));
    CHECK(*json::decode<double>("123456789012345678901234567890") == 123456789012345678901234567890.0);
    CHECK(*json::decode<double>("0.1000000000000000055511151231257827021181583404541015625") == 0.1);      // 1.8e-36 by simdjson 3.0.1
    CHECK(*json::decode<double>("0.12345678901234567890123") == 0.12345678901234567890123); CHECK(*json::decode<double>("0.00000000000000000001234567890123456789") == 1.234567890123456789e-20);
    CHECK(*json::decode<float>("16777217") == 16777216.0f);
    CHECK(*json::decode<float>("1.00000005960464477540") == 1.00000011920928955078125f);    // just above the tie: by way of double it would round down
}
TEST_CASE("decode: strings") {
    CHECK(*json::decode<std::string>(R"("\u0000\n\t\"\\\/\b\f\r ä \ud83d\ude00")") == std::string("\0\n\t\"\\/\b\f\r ä 😀", 17));
    CHECK(*json::decode<std::string>("\"\"") == "");
    std::string far(100'000, 'x');
    CHECK(*json::decode<std::string>('"' + far + "\\n\"") == far + '\n');
    CHECK(*json::decode<std::string>("  \"x\"  ") == "x");
}
TEST_CASE("decode: optionals, raw values, maps, arrays of bool") {
    struct row { std::optional<int> n; std::optional<json::raw> r; json::raw any; std::unordered_map<std::string, int> m; std::vector<bool> f; };
    auto r = json::decode<row>(R"({"any": {"a" : [1, "x y"] } , "m":{"k\n":1},"f":[true,false]})");
    REQUIRE(r);
    CHECK(!r->n); CHECK(!r->r); CHECK(r->any.text() == R"({"a":[1,"x y"]})"); CHECK(r->m.at("k\n") == 1); CHECK(r->f == std::vector{true, false});
    r = json::decode<row>(R"({"n":null,"r":null,"any":null,"m":{},"f":[]})");
    REQUIRE(r);
    CHECK(!r->n); CHECK(!r->r); CHECK(r->any.text() == "null");
    CHECK(json::raw::of(" [1, 2] ")->text() == "[1,2]"); CHECK(*json::raw::of("{ \"a \\\" b\" :\n{ }}") == *json::raw::of("{\"a \\\" b\":{}}")); CHECK(json::raw::of("[1,").error().what() == "byte 3: expected a value, got the end");
    CHECK(said<row>(R"({"any":[1 2],"m":{},"f":[]})").starts_with("parse byte 10"));
}
TEST_CASE("decode: lenient takes what strict refuses") {
    auto r = json::decode<two, json::lenient>(R"({"a":" 12 ","b":17.50,"x":[],"a":"13"})");
    REQUIRE(r);
    CHECK(r->a == 13); CHECK(r->b == "17.50");
    CHECK(double(*json::decode<test::band, json::lenient>("\"6.5\"")) == 6.5); CHECK(*json::decode<bool, json::lenient>("\"true\"") == true);
    CHECK(said<test::band, json::lenient>("\"6.3\"") == "schema $: expected a number from 0 to 9 in steps of 0.5, got a string (\"6.3\")");
    CHECK(said<test::band, json::lenient>("\"<4\"").starts_with("schema $: expected a number")); CHECK(said<double, json::lenient>("\"\"").starts_with("schema"));
    CHECK(said<double, json::lenient>("\"0x10\"").starts_with("schema")); CHECK(said<int, json::lenient>("\"nan\"").starts_with("schema"));
    CHECK(said<two, json::lenient>(R"({"a":1})") == "schema $.b: missing");
    CHECK(said<std::string, json::lenient>("tru").starts_with("parse"));
    constexpr json::policy keep{.missing = json::missing_keys::keep};
    auto k = json::decode<two, keep>(R"({"a":null})");
    REQUIRE(k);
    CHECK(k->a == -1);
    struct nested { two inner; std::vector<int> v; };
    auto n = json::decode<nested, json::lenient>(R"({"inner":{"a":1,"b":"x"},"v":[1],"v":[2,3],"inner":{"b":"y","a":2}})");
    REQUIRE(n);
    CHECK(n->inner.a == 2); CHECK(n->v == std::vector{2, 3});
    CHECK((*json::decode<std::map<std::string, std::vector<int>>, json::lenient>(R"({"x":[1],"x":[2]})"))["x"] == std::vector{2});
}
TEST_CASE("decode: as a stage, where the failure keeps the text") {
    ps::bare_env env;
    std::vector<std::string> lines{R"({"a":1,"b":"x"})", R"({"a":1})"};
    int n = 0;
    for (auto&& item : lines | ps::map("read", json::parse<two>) | ps::with(env)) {
        if (n++ == 0) { REQUIRE(item.value); CHECK(item.value->b == "x"); }
        else { REQUIRE(!item.value); CHECK(item.value.error().raw() == R"({"a":1})"); CHECK(item.value.error().stage() == "read"); CHECK(item.value.error().what() == "$.b: missing"); }
    }
    CHECK(n == 2);
}
