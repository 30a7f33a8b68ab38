#include <doctest/doctest.h>
#include <array>
#include <string>
#include "evaluation.hpp"
using namespace ielts;

namespace {
std::string shown(stated_bands const& all) {
    std::string out;
    for (auto const& b : all) out += (out.empty() ? "" : " ") + (b ? b->low ? "<4" : band_text(b->band) : "-");
    return out;
}
/// The same four bands in a spelling: $c is the criterion, $b its band.
std::string spelt(std::string_view pattern, std::array<std::string_view, 4> bands, std::string_view line_break = "\n") {
    std::string out;
    constexpr std::array<std::string_view, 4> names{"Task Achievement", "Coherence and Cohesion", "Lexical Resource (Vocabulary)", "Grammatical Range and Accuracy"};
    for (std::size_t i = 0; i != 4; ++i)
        for (std::size_t at = 0; at < pattern.size(); ++at)
            if (pattern.substr(at).starts_with("$c")) { out += names[i]; ++at; }
            else if (pattern.substr(at).starts_with("$b")) { out += bands[i]; ++at; }
            else if (pattern[at] == '\n') out += line_break;
            else out += pattern[at];
    return out;
}
}

TEST_CASE("evaluation: every spelling of the data") {
    for (std::string_view const pattern : {
             "## $c:\n- The answer is short.\n- Suggested Band Score: $b\n\n", "## $c:\n- Overall, fine.\n\n**Suggested Band Score ($c): $b**\n\n", "**$c: $b**\nGood enough for a 9.\n\n", "**$c ($b)**\n\nText.\n\n",
             "**$c:** $b\n\n- Text.\n", "### $c: [$b]\nText\n", "**$c: [Band $b]**\n\nText.\n", "**$c:** $b/9\n\nText.\n", "**$c:**\n* Text\n* Band score: $b\n", "### $c:\n**$b**\nText\n", "**$c**:\nText\n- **Suggested Band Score: $b**\n",
             "## $c: (Band Score: $b)\n- Text\n", "$c: $b\n\nText.\n", "1. **$c:** ($b)\nText\n", "**$c:** \n\nText of 3 kinds.\n\n**Suggested Band Score ($c):** $b\n\n", "### $c\n\nText\n\n- **Suggested Band Score**: $b\n", "- Suggested Band Score ($c): **$b**\n"}) {
        CAPTURE(pattern);
        auto const tail = "**Overall Band Score:** 1\n\n**Feedback and Additional Comments:**\n- **Task Achievement:** 2 more examples.\n- Coherence and Cohesion: practise.\n";
        CHECK(shown(read_evaluation(spelt(pattern, {"6", "5.5", "7.0", "4"}) + tail)) == "6 5.5 7 4");
        CHECK(shown(read_evaluation(spelt(pattern, {"6", "5.5", "7.0", "4"}, "\r\n") + tail)) == "6 5.5 7 4");
        CHECK(shown(read_evaluation(spelt(pattern, {"<4", "3.5", "<4", "<4.0"}))) == "<4 3.5 <4 <4");
        CHECK(shown(read_evaluation(spelt(pattern, {"Below 4.0", "3.5", "below 4", "0"}))) == "<4 3.5 <4 0");
    }
}
TEST_CASE("evaluation: what is not stated is not found") {
    CHECK(shown(read_evaluation("")) == "- - - -");
    CHECK(shown(read_evaluation("**Task Achievement:**\n\nThe essay gives 3 reasons and 12 examples.\n\n**Overall Band Score:** 6\n")) == "- - - -");
    CHECK(shown(read_evaluation("Overall Band Score: 6\nSuggested Band Score: 7\n")) == "- - - -");                        // of no section
    CHECK(shown(read_evaluation("**Task Achievement: 6.3**\n**Coherence and Cohesion: 12**\n")) == "- - - -");             // no bands
    CHECK(shown(read_evaluation("- **Coherence and Cohesion:** 5 paragraphs would be better than 3.\n")) == "- - - -");
}
TEST_CASE("evaluation: a label wins over its section, and the first statement counts") {
    auto const twice = "## Lexical Resource:\n- Words.\n- Suggested Band Score (Grammatical Range and Accuracy): 2\n## Grammatical Range and Accuracy:\n- Suggested Band Score (Grammatical Range and Accuracy): 3\n";
    CHECK(shown(read_evaluation(twice)) == "- - - 2");
}
TEST_CASE("evaluation: what is absent gets the essay's band and says so") {
    auto const bands = complete(read_evaluation("**Task Achievement: 6**\n**Coherence and Cohesion:** <4\n"), 5.5, low_band::three_and_a_half);
    REQUIRE(bands);
    CHECK((*bands)[0].band == 6);
    CHECK_FALSE((*bands)[0].by_rule);
    CHECK((*bands)[1].band == 3.5);
    CHECK((*bands)[1].low);
    CHECK((*bands)[2].band == 5.5);
    CHECK((*bands)[2].by_rule);
    auto const refused = complete(read_evaluation("**Coherence and Cohesion:** <4\n"), 5.5, low_band::reject);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == penstock::errc::rejected);
}
TEST_CASE("evaluation: far apart is 1 or more") {
    auto const of = [](double a, double b, double c, double d) { return criterion_bands{criterion_band{a}, criterion_band{b}, criterion_band{c}, criterion_band{d}}; };
    CHECK(far_apart(of(6, 6, 6, 6), 7));
    CHECK(far_apart(of(6, 6, 6, 6), 5));
    CHECK_FALSE(far_apart(of(6, 6, 6, 6.5), 7));
    CHECK_FALSE(far_apart(of(6, 6, 6, 6), 6.5));
}
