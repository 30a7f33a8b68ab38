#include <penstock/io/csv.hpp>
#include <penstock/record/constrained.hpp>
#include "io/support.hpp"
using namespace test;

namespace {
struct pair { std::string a, b; };
auto shown = [](pair const& p) { return p.a + "|" + p.b; };
strings read(std::string_view bytes, std::size_t piece = std::size_t(-1), io::reading how = {}) { return all(io::csv<pair>(text(bytes, piece), how), shown); }
std::string refusal(std::string_view bytes, io::reading how = {}) { return fatal_line(ps::exit_code::input, [&] { read(bytes, 3, how); }); }
}

TEST_CASE("csv: RFC 4180: quotes, newlines and delimiters in quotes, doubled quotes, CR LF, a byte order mark, no newline at the end") {
    for (std::size_t piece : {1u, 2u, 3u, 5u, 1000u}) {
        CHECK(read("a,b\n1,2\n3,4\n", piece) == strings{"1|2", "3|4"});
        CHECK(read("\xef\xbb\xbf" "a,b\r\n1,2\r\n3,4", piece) == strings{"1|2", "3|4"});
        CHECK(read("a,b\n\"x\ny\",\"1,2\"\n\"say \"\"hi\"\"\",\"\"\"\"\n", piece) == strings{"x\ny|1,2", "say \"hi\"|\""});
        CHECK(read("a,b\n\"\",\n,\"\"", piece) == strings{"|", "|"});
        CHECK(read("\"a\",\"b\"\r\n\"1\",\"2\"\r\n", piece) == strings{"1|2"});
    }
}
TEST_CASE("csv: a lone CR stays in its cell, quoted or not; a quote inside an unquoted cell is text") {
    for (std::size_t piece : {1u, 1000u}) {
        CHECK(read("a,b\n\"6.5\n\r\",x\ry\n5'\"6,\"\r\r\n\"\r\n", piece) == strings{"6.5\n\r|x\ry", "5'\"6|\r\r\n"});
    }
}
TEST_CASE("csv: the header names columns in any order, others are ignored; blank lines are no rows") {
    CHECK(read("id,b,x,a\n7,2,-,1\n\n8,4,-,3\n\r\n") == strings{"1|2", "3|4"});
    CHECK(read("\n\na,b\n1,2") == strings{"1|2"});
    struct one { std::string a; };
    CHECK(all(io::csv<one>(text("a\n1\n\n2\n")), [](one const& o) { return o.a; }) == strings{"1", "", "2"});
}
TEST_CASE("csv: what makes a file unreadable is fatal, with the header that was found") {
    CHECK(refusal("") == "memory: is empty: a CSV file begins with a header");
    CHECK(refusal("\n\n") == "memory: is empty: a CSV file begins with a header");
    CHECK(refusal("a,c\n1,2\n") == "memory: column 'b' is missing; the header is 'a,c'");
    CHECK(refusal("a,b,a\n1,2,3\n") == "memory: two columns are named 'a'; the header is 'a,b,a'");
    CHECK(refusal("a,b,\x1b[31m\n1,2,3\n", {.extra = io::extra_columns::fatal}) == "memory: column '\\x1B[31m' is not one of the record's; the header is 'a,b,\\x1B[31m'");
    CHECK(has(refusal("a,b\xff\n"), "the header is not UTF-8: 'a,b\\xFF'"));
    CHECK(has(refusal("\"a,b\n"), "the header cannot be read: the quote that opens at byte 0 is not closed"));
}
TEST_CASE("csv: a ragged row is one failure, and the next row is read") {
    for (std::size_t piece : {1u, 1000u}) {
        CHECK(read("a,b\n1,2\n1\n1,2,3\n3,4\n", piece) == strings{"1|2", "! memory: row 2, byte 8 | the row has 1 cells, the header has 2 | 1",
                                                                  "! memory: row 3, byte 10 | the row has 3 cells, the header has 2 | 1,2,3", "3|4"});
    }
}
TEST_CASE("csv: text after a closing quote is a failure that ends with its line") {
    for (std::size_t piece : {1u, 1000u}) {
        CHECK(read("a,b\n\"x\"y,\"z\n3,4\n\"1\"\r,2\n5,6", piece) == strings{"! memory: row 1, byte 4 | there is text after the closing quote at byte 6 | \"x\"y,\"z", "3|4",
                                                                             "! memory: row 3, byte 16 | there is text after the closing quote at byte 18 | \"1\"\r,2", "5|6"});
    }
}
TEST_CASE("csv: a quote that is never closed does not swallow the file") {
    for (std::size_t piece : {1u, 1000u}) {
        CHECK(read("a,b\n1,2\n3,\"4\n5,6\n7,8\n", piece) == strings{"1|2", "! memory: row 2, byte 8 | the quote that opens at byte 10 is not closed before the end of the file; reading goes on at the next line | 3,\"4", "5|6", "7|8"});
        CHECK(read("a,b\n\"x\ny\",\"4\n5,6", piece) == strings{"! memory: row 1, byte 4 | the quote that opens at byte 10 is not closed before the end of the file; reading goes on at the next line | \"x\ny\",\"4", "5|6"});
        CHECK(read("a,b\n1,\"", piece).size() == 1);
        std::string bytes = "a,b\n1,\"2\n";
        for (int i = 0; i != 50; ++i) bytes += "3,4\n";
        bytes += "5,\"6\"\n";
        auto const rows = read(bytes, piece, {.row_limit = 100, .block = 16});
        REQUIRE(rows.size() == 52);
        CHECK(rows[0] == "! memory: row 1, byte 4 | the quote that opens at byte 6 is not closed within the limit of 100 bytes; reading goes on at the next line | 1,\"2");
        CHECK(rows[1] == "3|4");
        CHECK(rows[51] == "5|6");
    }
}
TEST_CASE("csv: a row over the limit is one failure and the next row is read") {
    std::string const big(5000, 'x');
    for (std::size_t piece : {1u, 30u, 100000u}) for (std::size_t block : {16u, 100000u}) {
        io::reading const how{.row_limit = 100, .block = block};
        auto const unquoted = read("a,b\n1,2\n" + big + ",2\n3,4\n", piece, how);
        CHECK(unquoted == strings{"1|2", "! memory: row 2, byte 8 | the row is over the limit of 100 bytes | " + big.substr(0, 100) + " ... [5002 bytes in all]", "3|4"});
        auto const quoted = read("a,b\n1,\"" + big + "\"\n3,4\n", piece, how);
        REQUIRE(quoted.size() == 2);
        CHECK(has(quoted[0], "row 1, byte 4"));
        CHECK(quoted[1] == "3|4");
    }
}
TEST_CASE("csv: a row that is not UTF-8 is a failure") {
    CHECK(read("a,b\n1,\xc3\n\xc3\xbc,2\n") == strings{"! memory: row 1, byte 4 | the row is not UTF-8 | 1,\xc3", "ü|2"});
}
TEST_CASE("csv: tabs as delimiter") { CHECK(read("a\tb\n1,5\t2\n", 1, {.delimiter = '\t'}) == strings{"1,5|2"}); }

namespace {
enum class color { red, green };
struct typed { double d; int i; unsigned char u; bool yes; std::optional<double> maybe; std::optional<std::string> absent; color c; ps::number<0, 9, 0.5> band; std::vector<int> list; ps::text<1, 5> word; };
auto reason = [](std::string_view row) {
    auto const bytes = "d,i,u,yes,maybe,c,band,list,word\n" + std::string(row) + "\n";
    auto rows = all(io::csv<typed>(text(bytes)), [](typed const& t) {
        return std::to_string(t.d) + " " + std::to_string(t.i) + " " + std::to_string(t.u) + " " + (t.yes ? "yes" : "no") + " " + (t.maybe ? std::to_string(*t.maybe) : "none") + " " + std::to_string(int(t.c)) + " " + std::to_string(t.list.size());
    });
    REQUIRE(rows.size() == 1);
    auto const what = rows[0].find(" | ");
    return what == rows[0].npos ? rows[0] : rows[0].substr(what + 3, rows[0].rfind(" | ") - what - 3);
};
}
TEST_CASE("csv: typed cells") {
    CHECK(reason("6.5,-3,255,true,,green,6.5,\"[1,2]\",abc") == "6.500000 -3 255 yes none 1 2");
    CHECK(reason(" 1e3 ,+4,0,0,\"2.5\",red,0,[],\"a \"\"b\"") == "1000.000000 4 0 no 2.500000 0 0");
    CHECK(reason("\"6.5\n\r\",1,1,1,,red,1,[],a") == "column d: '6.5\\n\\r' is not a number");
    CHECK(reason("nan,1,1,1,,red,1,[],a") == "column d: 'nan' is not a number");
    CHECK(reason(",1,1,1,,red,1,[],a") == "column d: '' is not a number");
    CHECK(reason("1,1.5,1,1,,red,1,[],a") == "column i: '1.5' is not a whole number");
    CHECK(reason("1,99999999999,1,1,,red,1,[],a") == "column i: '99999999999' is out of range");
    CHECK(reason("1,1,-1,1,,red,1,[],a") == "column u: '-1' is not a whole number from 0");
    CHECK(reason("1,1,1,maybe,,red,1,[],a") == "column yes: 'maybe' is not true or false");
    CHECK(reason("1,1,1,1,x,red,1,[],a") == "column maybe: 'x' is not a number");
    CHECK(reason("1,1,1,1,,blue,1,[],a") == "column c: 'blue' is not one of the values");
    CHECK(has(reason("1,1,1,1,,red,6.3,[],a"), "column band: "));
    CHECK(has(reason("1,1,1,1,,red,6,[x],a"), "column list: "));
    CHECK(has(reason("1,1,1,1,,red,6,[],toolong"), "column word: "));
}
TEST_CASE("csv: a row over the limit, of which only a beginning is held, is not asked for its UTF-8 (found by fuzzing)") {
    io::csv_splitter rows(text("\"\n\xceJ\",,0\n\xde,1\n", 1), {.row_limit = 1, .block = 1});
    while (auto const* row = rows.next()) CHECK((row->fault.empty() || !rows.utf8()));
}
