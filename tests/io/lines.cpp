#include <algorithm>
#include <ranges>
#include <penstock/core/env.hpp>
#include <penstock/core/map.hpp>
#include <penstock/io/lines.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/transform.hpp>
#include "io/support.hpp"
using namespace test;

namespace {
using lines_view = decltype(io::lines(std::declval<io::input>()));
static_assert(std::ranges::input_range<lines_view> && std::ranges::view<lines_view> && !std::ranges::forward_range<lines_view>);
static_assert(ranges::input_range<lines_view> && ranges::view_<lines_view>);
auto as_is = [](std::string const& s) { return s; };
strings read(std::string_view bytes, std::size_t piece = std::size_t(-1), io::reading how = {}) { return all(io::lines(text(bytes, piece), how), as_is); }
}

TEST_CASE("lines: LF and CR LF end a line, an empty one is a row, the last one needs no end") {
    for (std::size_t piece : {1u, 2u, 3u, 100u}) {
        CHECK(read("a\nb\r\n\nc", piece) == strings{"a", "b", "", "c"});
        CHECK(read("a\n", piece) == strings{"a"});
        CHECK(read("\n", piece) == strings{""});
        CHECK(read("a\rb\n", piece) == strings{"a\rb"});
        CHECK(read("\xef\xbb\xbf" "a\nb", piece) == strings{"a", "b"});
    }
}
TEST_CASE("lines: an empty file, and one of a byte order mark, have no rows") {
    CHECK(read("").empty());
    CHECK(read("\xef\xbb\xbf", 1).empty());
}
TEST_CASE("lines: what is not UTF-8 is a failure with row, byte and bytes; the next line is read") {
    for (std::size_t piece : {1u, 5u, 100u}) {
        CHECK(read("good\nb\xff" "d\nü\n\xc3\nlast", piece) == strings{"good", "! memory: row 2, byte 5 | the line is not UTF-8 | b\xff" "d", "ü", "! memory: row 4, byte 12 | the line is not UTF-8 | \xc3", "last"});
    }
}
TEST_CASE("lines: a line over the limit is one failure, held no further than the limit, and the next line is read") {
    std::string const big(100000, 'x');
    auto const bytes = "a\n" + big + "\nb\n";
    for (std::size_t piece : {1u, 7u, 1000000u}) {
        auto const rows = read(bytes, piece, {.row_limit = 100, .block = 64});
        REQUIRE(rows.size() == 3);
        CHECK(rows[0] == "a");
        CHECK(rows[1] == "! memory: row 2, byte 2 | the row has 100000 bytes, over the limit of 100 | " + std::string(100, 'x') + " ... [100000 bytes in all]");
        CHECK(rows[2] == "b");
    }
    CHECK(read(std::string(100, 'y') + "\n" + std::string(101, 'z'), 7, {.row_limit = 100, .block = 64}).at(0) == std::string(100, 'y'));
}
TEST_CASE("lines: a bad row keeps 64 KiB of itself and says how much there was") {
    auto const rows = read(std::string(200000, '\xff'));
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].size() < 66000);
    CHECK(rows[0].ends_with(" ... [200000 bytes in all]"));
}
TEST_CASE("lines: UTF-16 is fatal and says so") {
    CHECK(fatal_line(ps::exit_code::input, [] { read(std::string_view("\xff\xfe" "a\0", 4)); }) == "memory: is UTF-16 text; convert it to UTF-8 first");
}
TEST_CASE("lines: nothing is read before it is looked at") {
    folder const f;
    auto const path = f.write("a.txt", "one\n");
    auto rows = io::lines(path);
    f.write("a.txt", "two\nthree\n");       // the same inode, truncated and written again
    CHECK(all(rows, as_is) == strings{"two", "three"});
}
TEST_CASE("lines: std's and range-v3's views see each row once, and a predicate leaves it whole") {
    auto const rows = [] { return io::lines(text("apple\nbee\ncherry\n")); };
    auto const size_of = [](auto&& r) { return r->size(); };
    auto const longer = [](auto&& r) { return r->size() > 3; };
    std::vector<std::size_t> a, b;
    for (auto n : rows() | std::views::filter(longer) | std::views::transform(size_of)) a.push_back(n);
    for (auto n : rows() | ranges::views::filter(longer) | ranges::views::transform(size_of)) b.push_back(n);
    CHECK(a == std::vector<std::size_t>{5, 6});
    CHECK(b == a);
    std::vector<std::string> moved;
    for (auto&& r : rows() | std::views::filter(longer)) moved.push_back(*std::move(r));
    CHECK(moved == strings{"apple", "cherry"});
}
TEST_CASE("lines: a source of a recipe, failures travel as failures") {
    ps::bare_env env;
    std::vector<std::string> out;
    {
        auto run = io::lines(text("one\nt\xffo\nthree")) | ps::map([](std::string s) { return s + "!"; }) | ps::with(env);
        for (auto& i : run) out.push_back(std::to_string(i.where.row()) + (i.value ? *i.value : i.value.error().place()));
    }
    CHECK(out == strings{"0one!", "1memory: row 2, byte 4", "2three!"});
    CHECK(env.books.imbalance().empty());
    CHECK(ps::sum(env.books.accounts().front().rejected) == 1);
}
