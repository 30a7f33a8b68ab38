#include <penstock/io/json_array.hpp>
#include "io/support.hpp"
using namespace test;

namespace {
struct row { int id; std::string text; };
auto shown = [](row const& r) { return std::to_string(r.id) + r.text; };
strings read(std::string_view bytes, std::size_t piece = std::size_t(-1), io::reading how = {}) { return all(io::json_array<row>(text(bytes, piece), how), shown); }
strings numbers(std::string_view bytes, std::size_t piece = std::size_t(-1)) { return all(io::json_array<int>(text(bytes, piece)), [](int i) { return std::to_string(i); }); }
}

TEST_CASE("json_array: elements one by one, brackets and commas in strings are text") {
    for (std::size_t piece : {1u, 2u, 3u, 17u, 1000u}) {
        CHECK(read(" [ {\"id\":1,\"text\":\"a],}\\\"\"} ,\n{\"id\":2,\"text\":\"\\\\\"}]\n", piece) == strings{"1a],}\"", "2\\"});
        CHECK(numbers("[1,2 , 3]", piece) == strings{"1", "2", "3"});
        CHECK(numbers("\xef\xbb\xbf[\n]", piece).empty());
        CHECK(numbers("[]", piece).empty());
    }
}
TEST_CASE("json_array: a broken element costs itself alone") {
    for (std::size_t piece : {1u, 1000u}) {
        auto const rows = read("[{\"id\":1,\"text\":\"a\"},{\"id\":x},{\"id\":1} {\"id\":2},,{\"id\":3,\"text\":\"c\"},]", piece);
        REQUIRE(rows.size() == 6);
        CHECK(rows[0] == "1a");
        CHECK(has(rows[1], "! memory: row 2, byte 21 | "));
        CHECK(rows[2].ends_with(" | {\"id\":1} {\"id\":2}"));
        CHECK(rows[3] == "! memory: row 4, byte 48 | there is nothing between the commas | ");
        CHECK(rows[4] == "3c");
        CHECK(has(rows[5], "row 6"));
    }
}
TEST_CASE("json_array: a file that ends early: what was whole is given out, then one failure") {
    for (std::size_t piece : {1u, 1000u}) {
        auto const closed = read("[{\"id\":1,\"text\":\"a\"}", piece);
        REQUIRE(closed.size() == 2);
        CHECK(closed[0] == "1a");
        CHECK(closed[1] == "! memory: row 2, byte 20 | the array is not closed: the file is truncated | ");
        CHECK(read("[{\"id\":1,\"text\":\"a\"},", piece).at(1) == "! memory: row 2, byte 21 | the array is not closed: the file is truncated | ");
        auto const cut = read("[{\"id\":1,\"text\":\"a\"},{\"id\":2,", piece);
        REQUIRE(cut.size() == 2);
        CHECK(cut[1] == "! memory: row 2, byte 21 | the element is not closed before the end of the file; nothing behind it can be told apart | {\"id\":2,");
        CHECK(numbers("[1,2", piece) == strings{"1", "! memory: row 2, byte 3 | the array is not closed: the file is truncated | 2"});     // it may have been 23
    }
}
TEST_CASE("json_array: text after the array is one failure") {
    CHECK(numbers("[1] [2]\n", 1) == strings{"1", "! memory: row 2, byte 4 | there is text after the end of the array; it is not read | [2]"});
}
TEST_CASE("json_array: after an element whose brackets do not match, reading goes on at the next line that begins as it did") {
    for (std::size_t piece : {1u, 5u, 1000u}) {
        auto const rows = read("[\n  {\"id\":1,\n  \"text\":\"a\"},\n  {\"id\":2, \"text\": \"b},\n  {\"id\":3,\"text\":\"c\"},\n  {\"id\":4,\"text\":\"d\"},\n  {\"id\":[5,\n    {}},\n  {\"id\":6,\"text\":\"f\"}\n]", piece);
        REQUIRE(rows.size() == 6);
        CHECK(rows[0] == "1a");
        CHECK(rows[1] == "! memory: row 2, byte 30 | the element has a line break inside a string; reading goes on at the next line that begins as an element does | {\"id\":2, \"text\": \"b},");
        CHECK(rows[2] == "3c");
        CHECK(rows[3] == "4d");
        CHECK(has(rows[4], "the element has brackets that do not match"));
        CHECK(rows[5] == "6f");
    }
}
TEST_CASE("json_array: an element over the limit is one failure, held no further than the limit") {
    auto const element = [](std::size_t n) { return "{\"id\":1,\"text\":\"" + std::string(n, 'x') + "\"}"; };
    for (std::size_t piece : {1u, 100u, 1000000u}) {
        auto const rows = read("[" + element(10) + ",\n" + element(10000) + ",\n" + element(20) + "\n]", piece, {.row_limit = 200, .block = 64});
        REQUIRE(rows.size() == 3);
        CHECK(rows[0] == "1" + std::string(10, 'x'));
        CHECK(has(rows[1], "the element is over the limit"));
        CHECK(rows[1].ends_with(" bytes in all]"));
        CHECK(rows[2] == "1" + std::string(20, 'x'));
    }
}
TEST_CASE("json_array: what is no array is fatal") {
    CHECK(fatal_line(ps::exit_code::input, [] { read(""); }) == "memory: is empty: a JSON array was expected");
    CHECK(fatal_line(ps::exit_code::input, [] { read(" {\"id\":1}"); }) == "memory: is not a JSON array: it begins with '{' at byte 1");
}
TEST_CASE("json_array: a file of nothing but broken elements ends in bounded work") {
    std::string bytes = "[\n";
    for (int i = 0; i != 200000; ++i) bytes += "{\n";
    auto const rows = read(bytes, 1 << 20, {.row_limit = 10000});
    CHECK(!rows.empty());
    CHECK(has(rows.back(), "nothing behind it can be told apart"));
}
