#include <doctest/doctest.h>
#include <cstdint>
#include <string>
#include <penstock/record/json_text.hpp>
namespace json = penstock::json;

TEST_CASE("json text: well-formed") {
    for (auto text : {"0", "-0", "1.5e+7", "1E-2", "\"\"", "\"\\u00e4\\ud83d\\ude00\\/\"", "[]", "{}", " [ 1 , {\"a\" : [ ] } , null ] ", "true", "false", "{\"a\":1,\"a\":2}", "\"\x7f\""})
        CHECK_MESSAGE(json::flaw_of(text).what == "", text);
    std::string const deep(1024, '['), shut(1024, ']');
    CHECK(json::flaw_of(deep + shut).what == "");
}
TEST_CASE("json text: the first byte that is wrong, and why") {
    struct { std::string_view text; std::size_t at; char const* what; } const cases[] = {
        {"", 0, "no value"}, {" ", 1, "no value"}, {"01", 0, "a number with a leading zero"}, {"-", 1, "expected a digit, got the end"}, {"1.", 2, "expected a digit, got the end"},
        {"1e", 2, "expected a digit, got the end"}, {"+1", 0, "expected a value, got '+'"}, {"nul", 0, "expected a value, got 'n'"}, {"nullx", 4, "something after the value: 'x'"},
        {"[1,]", 3, "expected a value, got ']'"}, {"[1 2]", 3, "expected ',' or ']', got '2'"}, {"{\"a\":1,}", 7, "expected a key in quotes, got '}'"}, {"{\"a\" 1}", 5, "expected ':', got '1'"},
        {"{a:1}", 1, "expected a key in quotes, got 'a'"}, {"[1}", 2, "expected ',' or ']', got '}'"}, {"{\"a\":[}", 6, "expected a value, got '}'"}, {"1 2", 2, "something after the value: '2'"},
        {"\"a", 0, "a string that does not end"}, {"\"a\nb\"", 2, "a control character in a string, which must be escaped"}, {"\"\\x\"", 1, "no escape that JSON knows (\\x)"},
        {"\"\\u12g4\"", 1, "no escape that JSON knows (\\u)"}, {"\"\\ud800\"", 1, "half a surrogate pair (\\ud800)"}, {"\"\\udc00\\ud800\"", 1, "half a surrogate pair (\\udc00)"},
        {"\"\\ud800\\u0041\"", 1, "half a surrogate pair (\\ud800)"}, {"[1, \"\xc3\"]", 5, "invalid UTF-8 (\\xC3)"}, {"\"\xed\xa0\x80\"", 1, "invalid UTF-8 (\\xED)"},
        {"\"\xc0\x80\"", 1, "invalid UTF-8 (\\xC0)"}, {"\"\xf4\x90\x80\x80\"", 1, "invalid UTF-8 (\\xF4)"}, {"\xef\xbb\xbf{}", 0, "expected a value, got '\xef\xbb\xbf'"},
        {"ä", 0, "expected a value, got 'ä'"}, {"[1,2", 4, "expected ',' or ']', got the end"}, {"{", 1, "expected a key in quotes, got the end"}, {"[", 1, "expected a value, got the end"},
    };
    for (auto const& c : cases) {
        auto const f = json::flaw_of(c.text);
        CHECK_MESSAGE(f.what == c.what, c.text);
        CHECK_MESSAGE(f.at == c.at, c.text);
    }
    auto const bomb = json::flaw_of(std::string(100'000, '['));
    CHECK(bomb.at == 1024); CHECK(bomb.what == "nested deeper than 1024");
}
TEST_CASE("json text: an excerpt is short, on one line and in UTF-8") {
    CHECK(json::detail::excerpt("a\nb\r\t\x01\x7f\xff ä") == "a\\nb\\r\\t\\x01\\x7F\\xFF ä");
    auto const cut = json::detail::excerpt(std::string(59, 'x') + "äöü");
    CHECK(cut == std::string(59, 'x') + "ä…");      // at most 60 bytes of the text, and no half character
    CHECK(json::detail::path_of("band") == ".band"); CHECK(json::detail::path_of("a b") == "[\"a b\"]"); CHECK(json::detail::path_of("1a") == "[\"1a\"]"); CHECK(json::detail::path_of("") == "[\"\"]");
}
TEST_CASE("json text: every string survives escaping and back, wherever its special characters stand") {
    for (std::size_t length : {0u, 1u, 7u, 8u, 9u, 15u, 16u, 17u, 40u}) for (std::size_t at = 0; at <= length; ++at) for (char special : {'"', '\\', '\n', '\0', '\x1f', '\x7f', 'x'}) {
        std::string s(length, 'a');
        if (at < length) s[at] = special;
        if (at + 3 < length) s.replace(at + 1, 2, "ä");
        std::string out = "before";
        {
            json::detail::appender a(out);
            CHECK(a.text(s));
            CHECK(a.finish());
        }
        REQUIRE(json::flaw_of(std::string_view(out).substr(6)).what == "");
        std::string back;
        CHECK(json::detail::append_unescaped(back, std::string_view(out).substr(7, out.size() - 8)));
        CHECK(back == s);
    }
}
