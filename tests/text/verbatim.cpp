#include <doctest/doctest.h>
#include <penstock/text/verbatim.hpp>
#include <rapidcheck.h>
#include <string>

using penstock::verbatim;

namespace {
std::string const essay = "Many people say:\n\n“Cities  are loud”, but it’s  not   the whole truth.\tAs Smith's «report» shows, 5 % moved away...";
std::string found(std::string_view quote) {
    auto const at = verbatim(essay).find(quote);
    if (!at) return "nothing";
    CHECK(at->data() >= essay.data());                              // bytes of the text, not of the quote
    CHECK(at->data() + at->size() <= essay.data() + essay.size());
    return std::string(*at);
}
}

TEST_CASE("verbatim: white space and the shape of quotation marks may differ, and the text's own bytes come back") {
    CHECK(found("Many people say: \"Cities are loud\"") == "Many people say:\n\n“Cities  are loud”");
    CHECK(found("it's not the whole truth") == "it’s  not   the whole truth");
    CHECK(found("  the whole\n truth. As Smith’s \"report\" shows ") == "the whole truth.\tAs Smith's «report» shows");
    CHECK(found("\"but it's not\"") == "but it’s  not");            // in marks of the model's own
    CHECK(found("…not the whole truth…") == "not   the whole truth");
    CHECK(found("'... 5 % moved away ...'") == "5 % moved away");
    CHECK(found("moved away...") == "moved away...");               // dots that stand there are kept
}
TEST_CASE("verbatim: nothing else may differ") {
    for (auto const* quote : {"cities are loud", "Cities are very loud", "it is not", "", "   ", "\"\"", "...", "truth As Smith", "Many people say: Cities", "zzz"}) CHECK(found(quote) == "nothing");
    CHECK_FALSE(verbatim("").find("a"));
}
TEST_CASE("verbatim: every part of a text is found, with its white space changed or not, and stands where it says") {
    CHECK(rc::check([] {
        auto const text = *rc::gen::container<std::string>(rc::gen::element('a', 'b', '.', ' ', '\n', '\'', '"', '\xc2', '\xa0', '\xe2', '\x80', '\x99'));
        auto const from = *rc::gen::inRange<std::size_t>(0, text.size() + 1), size = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
        auto const part = text.substr(from, size);
        auto const at = verbatim(text).find(part);
        if (at) {
            RC_ASSERT(at->data() >= text.data() && at->data() + at->size() <= text.data() + text.size());
            RC_ASSERT(verbatim(*at).find(part).has_value());        // what came back says what was asked for
        }
        auto const ascii = part.find_first_not_of("ab.") == part.npos;
        if (ascii && part.find_first_of("ab") != part.npos) RC_ASSERT(at && *at == part);
    }));
}
