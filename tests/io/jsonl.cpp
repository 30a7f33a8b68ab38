#include <penstock/io/jsonl.hpp>
#include "io/support.hpp"
using namespace test;

namespace {
struct message { std::string role, content; };
struct chat { std::vector<message> messages; };
struct row { int id; std::string text; };
auto shown = [](row const& r) { return std::to_string(r.id) + r.text; };
strings read(std::string_view bytes, std::size_t piece = std::size_t(-1), io::reading how = {}) { return all(io::jsonl<row>(text(bytes, piece), how), shown); }
}

TEST_CASE("jsonl: a record a line, CR LF too; blank lines are skipped and not counted; the last line needs no newline") {
    for (std::size_t piece : {1u, 7u, 1000u}) {
        CHECK(read("{\"id\":1,\"text\":\"a\"}\r\n\n  \t\n{\"text\":\"b\",\"id\":2}", piece) == strings{"1a", "2b"});
        CHECK(read("\xef\xbb\xbf{\"id\":1,\"text\":\"a\"}\n", piece) == strings{"1a"});
    }
    CHECK(read("").empty());
    CHECK(read("\n\n").empty());
}
TEST_CASE("jsonl: a bad row is one failure with file, row and byte, and the next row is read") {
    for (std::size_t piece : {1u, 7u, 1000u}) {
        auto const rows = read("{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\n{\"id\":\"x\",\"text\":\"b\"}\nnonsense\n{\"id\":3,\"text\":\"c\"} {}\n{\"id\":4,\"text\":\"d\"}\n", piece);
        REQUIRE(rows.size() == 6);
        CHECK(rows[0] == "1a");
        CHECK(has(rows[1], "! memory: row 2, byte 20 | "));
        CHECK(rows[1].ends_with(" | {\"id\":2,"));
        CHECK(has(rows[2], "! memory: row 3, byte 29 | $.id: expected"));
        CHECK(has(rows[3], "! memory: row 4, byte 51 | "));
        CHECK(has(rows[4], "! memory: row 5, byte 60 | "));
        CHECK(rows[5] == "4d");
    }
}
TEST_CASE("jsonl: a truncated last line is a failure, wherever it was cut") {
    std::string_view const whole = "{\"id\":1,\"text\":\"a\"}\n{\"id\":23,\"text\":\"b\\u00e9\"}";
    for (std::size_t n = 21; n != whole.size(); ++n) {
        auto const rows = read(whole.substr(0, n), 5);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0] == "1a");
        CHECK(has(rows[1], "! memory: row 2, byte 20 | "));
    }
    CHECK(read(whole, 5)[1] == "23bé");
}
TEST_CASE("jsonl: bytes of the next row never complete this one (simdjson #1834)") {
    using list = std::vector<std::vector<int>>;
    for (std::size_t piece : {1u, 2u, 3u, 100u}) {
        auto const rows = all(io::jsonl<list>(text("[[]\n]\n[[1],\n[2]]\n[[3]]", piece)), [](list const& l) { return std::to_string(l.size()); });
        REQUIRE(rows.size() == 5);
        for (unsigned i = 0; i != 4; ++i) CHECK(rows[i].starts_with("! "));
        CHECK(rows[4] == "1");
    }
}
TEST_CASE("jsonl: invalid UTF-8 is a failure of its row") {
    auto const rows = read("{\"id\":1,\"text\":\"a\xff\"}\n{\"id\":2,\"text\":\"b\"}");
    REQUIRE(rows.size() == 2);
    CHECK(has(rows[0], "UTF-8"));
    CHECK(rows[0].ends_with("{\"id\":1,\"text\":\"a\xff\"}"));
    CHECK(rows[1] == "2b");
}
TEST_CASE("jsonl: a row over the limit is one failure; rows longer than a block are read whole") {
    auto const line = [](std::size_t n) { return "{\"id\":1,\"text\":\"" + std::string(n, 'x') + "\"}\n"; };
    for (std::size_t piece : {1u, 100u, 1000000u}) {
        auto const rows = read(line(10000) + line(1000) + line(10), piece, {.row_limit = 2000, .block = 64});
        REQUIRE(rows.size() == 3);
        CHECK(has(rows[0], "! memory: row 1, byte 0 | the row has 10018 bytes, over the limit of 2000"));
        CHECK(rows[1] == "1" + std::string(1000, 'x'));
        CHECK(rows[2] == "1" + std::string(10, 'x'));
    }
}
TEST_CASE("jsonl: a record owns its strings: rows kept while others are read stay what they were (simdjson #2183)") {
    std::string bytes;
    for (int i = 0; i != 2000; ++i) bytes += "{\"messages\":[{\"role\":\"user\",\"content\":\"message number " + std::to_string(i) + "\"}]}\n";
    std::vector<chat> kept;
    for (auto&& r : io::jsonl<chat>(text(bytes, 333), {.block = 128})) kept.push_back(*std::move(r));
    REQUIRE(kept.size() == 2000);
    for (int i = 0; i != 2000; ++i) CHECK(kept[std::size_t(i)].messages.at(0).content == "message number " + std::to_string(i));
}
TEST_CASE("jsonl: the policy is passed on") {
    auto const strict = all(io::jsonl<row, ps::json::strict>(text("{\"id\":1,\"text\":\"a\",\"more\":2}")), shown);
    CHECK(has(strict.at(0), "unknown key"));
    CHECK(read("{\"id\":1,\"text\":\"a\",\"more\":2}") == strings{"1a"});
}
