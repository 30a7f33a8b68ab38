#include <doctest/doctest.h>
#include <penstock/text/json_text.hpp>
#include <penstock/run/main.hpp>
#include <penstock/run/nearest.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/run/toml.hpp>

namespace ps = penstock;
namespace run = penstock::run;

TEST_CASE("printable: nothing in it moves a terminal's cursor") {
    CHECK(run::printable("plain ü 語 \\") == "plain ü 語 \\");
    CHECK(run::printable("a\x1b[2J\r\n\t\x7f") == "a\\x1B[2J\\r\\n\\t\\x7F");
    CHECK(run::printable("\xC2\x9B" "31m") == "\\u{009B}31m");                 // CSI as one C1 character
    CHECK(run::printable("x\xE2\x80\xAEy") == "x\\u{202E}y");                   // right-to-left override
    CHECK(run::printable("\xFF\xC0\xAF\xED\xA0\x80") == "\\xFF\\xC0\\xAF\\xED\\xA0\\x80");
    CHECK(run::printable(std::string_view("\0", 1)) == "\\x00");
    CHECK(run::printable("abcdef", 3) == "abc…");
    CHECK(run::printable("abc", 3) == "abc");
    CHECK(run::printable("aüb", 2) == "aü…");
}

TEST_CASE("json_text and json_indented") {
    CHECK(ps::json_text("a\"b\\c\n\x01ü") == "\"a\\\"b\\\\c\\n\\u0001ü\"");
    CHECK(ps::json_text("\xFF") == "\"\xEF\xBF\xBD\"");
    CHECK(ps::json_indented(R"({"a":1,"b":{},"c":{"d":[1,2,[3,"]"]]},"e":[{"f":null},{}],"g":"x,{\"}"})") ==
        "{\n  \"a\": 1,\n  \"b\": {},\n  \"c\": {\n    \"d\": [1, 2, [3, \"]\"]]\n  },\n  \"e\": [\n    {\n      \"f\": null\n    },\n    {}\n  ],\n  \"g\": \"x,{\\\"}\"\n}\n");
    CHECK(ps::json_indented("{}") == "{}\n");
}

TEST_CASE("nearest: the name that was meant, or none") {
    constexpr std::string_view names[] = {"num-samples", "output-dir", "seed", "config"};
    CHECK(run::nearest("num-sampels", names) == "num-samples");
    CHECK(run::nearest("sed", names) == "seed");
    CHECK(run::nearest("esed", names) == "seed");
    CHECK(run::nearest("output", names) == "output-dir");
    CHECK(run::nearest("x", names) == "");
    CHECK(run::nearest("", names) == "");
    CHECK(run::nearest("validation", names) == "");
    CHECK(run::nearest(std::string(100000, 'a'), names) == "");
}

TEST_CASE("toml: entries, sections, lists, escapes") {
    auto const all = run::read_toml("a = 1\n\"b c\" = 'x\\n'  # c\n[demo]\na = [\n  1, # one\n  \"t\\u00fc\\t\",\n]\nflag = true");
    REQUIRE(all);
    REQUIRE(all->size() == 4);
    CHECK((*all)[0].values[0] == "1"); CHECK((*all)[1].key == "b c"); CHECK((*all)[1].values[0] == "x\\n");
    CHECK((*all)[2].section == "demo"); CHECK((*all)[2].values == std::vector<std::string>{"1", "tü\t"}); CHECK((*all)[2].line == 4); CHECK((*all)[2].list);
    CHECK((*all)[3].values[0] == "true");
    CHECK(run::read_toml("")->empty());
    CHECK(run::read_toml("a = \"\\q\"").error() == "1: a text holds an unknown escape; a backslash is written \\\\");
    CHECK(run::read_toml("a = \"\\ud800\"").error() == "1: \\u names no character");
    CHECK(run::read_toml("a = \"\"\"x\"\"\"").error() == "1: a text of several lines is not supported; write \\n");
    CHECK(run::read_toml("a =\n").error() == "1: a value is missing or needs quotes");
    CHECK(run::read_toml("[a\n").error() == "1: a section is `[name]`");
    CHECK(run::read_toml("a = [1 2]").error() == "1: the values of a list are separated by commas");
}

TEST_CASE("error_lines: four lines at most, each escaped") {
    CHECK(run::error_lines("x", "no such file") == "x: no such file");
    CHECK(run::error_lines("x", "1\n2\x1b\n3\n4\n5") == "x: 1\n  2\\x1B\n  3\n  4");
    CHECK(run::error_lines("x", "") == "x: ");
}
