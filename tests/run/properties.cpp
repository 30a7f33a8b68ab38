// Properties of the texts of run/; rapidcheck's header costs 5 s, so they share one unit.
#include <doctest/doctest.h>
#include <penstock/text/utf8.hpp>
#include <penstock/text/json_text.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/run/toml.hpp>
#include <penstock/record/json_text.hpp>
#include <rapidcheck.h>

namespace ps = penstock;
namespace run = penstock::run;

TEST_CASE("toml: a text reads back as itself") {
    CHECK(rc::check([](std::string const& text) {
        auto const all = run::read_toml("k = " + run::toml_text(text) + "\n");
        RC_ASSERT(all && all->size() == 1);
        RC_ASSERT((*all)[0].values[0] == text);
    }));
}
TEST_CASE("toml: any bytes give entries or one line") {
    CHECK(rc::check([](std::string const& text) {
        auto const all = run::read_toml(text);
        RC_ASSERT(all || all.error().find('\n') == std::string::npos);
    }));
}
TEST_CASE("printable: any bytes become UTF-8 without control characters") {
    CHECK(rc::check([](std::vector<std::uint8_t> const& bytes) {
        auto const text = run::printable(std::string(bytes.begin(), bytes.end()));
        for (std::size_t at = 0; at != text.size();) {
            char32_t c = 0;
            auto const n = ps::utf8_sequence(std::string_view(text).substr(at), c);
            RC_ASSERT(n != 0 && c >= 0x20 && !(c >= 0x7F && c < 0xA0));
            at += n;
        }
    }));
}
TEST_CASE("json_text: any bytes become JSON") {
    CHECK(rc::check([](std::vector<std::uint8_t> const& bytes) { RC_ASSERT(!penstock::json::flaw_of(ps::json_text(std::string(bytes.begin(), bytes.end())))); }));
}
