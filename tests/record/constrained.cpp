#include <doctest/doctest.h>
#include <cmath>
#include <limits>
#include <penstock/record/constrained.hpp>
namespace ps = penstock;

using band = ps::number<0.0, 9.0, 0.5>;
using tenths = ps::number<-1.0, 1.0, 0.1>;
using stars = ps::number<1, 5>;
using even = ps::number<-4, 4, 2>;
using share = ps::number<0.0, 1.0>;
using level = ps::one_of<"low", "high">;

static_assert(band::holds(0) && band::holds(6.5) && band::holds(9) && !band::holds(6.3) && !band::holds(9.5) && !band::holds(-0.5));
static_assert(tenths::holds(0.3) && tenths::holds(-0.7) && tenths::holds(0.1 + 0.2) && !tenths::holds(0.35) && !tenths::holds(0.3000001));
static_assert(stars::holds(5) && !stars::holds(0) && even::holds(-2) && !even::holds(3) && share::holds(0.123));
static_assert(!band::holds(std::numeric_limits<double>::quiet_NaN()) && !band::holds(std::numeric_limits<double>::infinity()));
static_assert(std::is_same_v<stars::value_type, std::int64_t> && std::is_same_v<band::value_type, double> && std::is_same_v<share::value_type, double>);
static_assert(stars() == 1 && band() == 0 && band(6.5) + 1 == 7.5 && band(6.5) < band(7) && band(3) == band(3.0));
static_assert(band::rule() == "a number from 0 to 9 in steps of 0.5" && tenths::rule() == "a number from -1 to 1 in steps of 0.1");
static_assert(stars::rule() == "an integer from 1 to 5" && even::rule() == "an integer from -4 to 4 in steps of 2" && share::rule() == "a number from 0 to 1");
static_assert(ps::text<1, 3>::rule() == "a string of 1 to 3 characters" && ps::text<0, 1>::rule() == "a string of 0 to 1 character" && ps::text<2>::rule() == "a string of 2 or more characters");
static_assert(ps::list<int, 2, 2>::rule() == "an array of 2 elements");
static_assert(level() == "low" && level("high").index() == 1 && level("high") != level() && level::rule() == R"(one of "low", "high")" && !level::find("mid"));
static_assert(ps::code_points("aä€😀") == 4);

TEST_CASE("constrained: a value that breaks the rule is refused, by exception or as a result") {
    CHECK_THROWS_AS(band(6.3), std::out_of_range);
    CHECK_THROWS_AS(band(std::nan("")), std::out_of_range);
    CHECK(band::make(9.5).error().code() == ps::errc::schema);
    CHECK(band::make(9.5).error().what().starts_with("expected a number from 0 to 9 in steps of 0.5, got 9.5"));
    CHECK(double(*band::make(7.5)) == 7.5);
    band b = 4;
    CHECK_THROWS(b = 4.2);
    CHECK(b == 4);
    CHECK_THROWS_AS(level("mid"), std::out_of_range);
    CHECK(level::make("mid").error().what() == R"(expected one of "low", "high", got "mid")");
}
TEST_CASE("constrained: text counts code points, not bytes") {
    using three = ps::text<1, 3>;
    CHECK(three("äöü") == "äöü");
    CHECK(three("😀😀😀").value().size() == 12);
    CHECK_THROWS_AS(three("abcd"), std::out_of_range);
    CHECK_THROWS_AS(three(""), std::out_of_range);
    CHECK(three().empty());                                 // not set yet
    CHECK(three::make("äöüß").error().what() == "expected a string of 1 to 3 characters, got 4");
    CHECK(ps::text<3, 3>::holds("€€€")); CHECK(!ps::text<4, 9>::holds("€€€"));
    three t = std::string("ab");
    CHECK(t == std::string("ab")); CHECK(t == three("ab")); CHECK(std::string_view(t) == "ab");
}
TEST_CASE("constrained: a list knows its sizes") {
    using few = ps::list<int, 1, 2>;
    few l{1, 2};
    CHECK(l.size() == 2);
    CHECK_THROWS_AS(l.push_back(3), std::out_of_range);
    CHECK(l.size() == 2);
    CHECK_THROWS_AS((few{1, 2, 3}), std::out_of_range);
    CHECK_THROWS_AS(few(std::vector<int>{}), std::out_of_range);
    CHECK(few::make({1, 2, 3}).error().what() == "expected an array of 1 to 2 elements, got 3");
    l[0] = 7;
    CHECK(l == few{7, 2});
}
