#include <doctest/doctest.h>
#include "bands.hpp"
using ielts::low_band;
using ielts::read_band;

TEST_CASE("bands: what data sets write") {
    for (auto const& [text, band] : {std::pair{"6.5\n\r", 6.5}, {" 7 ", 7.0}, {"7.0", 7.0}, {"0", 0.0}, {"9\r\r\r", 9.0}, {"8.50", 8.5}, {"\xEF\xBB\xBF" "4\n\n\r", 4.0}}) {
        CAPTURE(text);
        auto const b = read_band(text, low_band::reject);
        REQUIRE(b);
        CHECK(b->band == band);
        CHECK_FALSE(b->low);
    }
}
TEST_CASE("bands: \"<4\" by rule") {
    for (auto const* text : {"<4", "<4\r\n\r", " < 4", "<4.0", "Below 4", "below 4.0"}) {
        CAPTURE(text);
        auto const b = read_band(text, low_band::three_and_a_half);
        REQUIRE(b);
        CHECK(b->band == 3.5);
        CHECK(b->low);
        auto const refused = read_band(text, low_band::reject);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == penstock::errc::rejected);
    }
}
TEST_CASE("bands: what cannot be read is a failure, never a guess") {
    for (auto const* text : {"", " \r\n", "six", "6.3", "6.25", "9.5", "10", "-1", "+6", "6,5", "6.", ".5", "6.5 or 7", "Band 6.5", "<5", "<", ">4", "6..5", "nan", "6e0", "<4.5", "<<4"}) {
        CAPTURE(text);
        auto const b = read_band(text, low_band::three_and_a_half);
        REQUIRE_FALSE(b);
        CHECK(b.error().code() == penstock::errc::schema);
        CHECK(b.error().what().starts_with("band: "));
    }
}
TEST_CASE("bands: as text") {
    CHECK(ielts::band_text(0) == "0");
    CHECK(ielts::band_text(6.5) == "6.5");
    CHECK(ielts::band_text(9) == "9");
}
