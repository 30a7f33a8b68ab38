// The small parts: rows, answers, strategies and their labels, scores.
#include <doctest/doctest.h>
#include <penstock/core/fatal.hpp>
#include <penstock/record/json.hpp>
#include "../run/support.hpp"
#include "../real_data.hpp"
#include "bag_of_words.hpp"
#include "posts.hpp"
#include "scores.hpp"
#include "strategies.hpp"

namespace {
hate::unified_row row(std::string label, std::optional<std::string> tag = "arab", std::optional<std::string> group = "middle_east", std::optional<std::string> rationale = {}) {
    return {.text = "a \"post\" {with} braces", .label_binary = std::move(label), .target_group_norm = std::move(group), .persona_tag = std::move(tag), .rationale_text = std::move(rationale), .split = "train"};
}
std::string said(hate::unified_row r, hate::reasoning how = hate::reasoning::given) { return *penstock::json::encode(hate::answer_of(*hate::read_post(std::move(r)), how)); }
bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
hate::strategy prompt(std::string system, std::string user = "{text}") { return {.name = "s", .system_prompt = std::move(system), .user_template = std::move(user), .from = "t.json, strategy s"}; }
}

TEST_CASE("posts: the persona is the tag, else the group, else GENERAL") {
    CHECK(hate::read_post(row("hate"))->persona == "ARAB");
    CHECK(hate::read_post(row("hate", "unknown"))->persona == "MIDDLE_EAST");
    CHECK(hate::read_post(row("hate", ""))->persona == "MIDDLE_EAST");
    CHECK(hate::read_post(row("hate", std::nullopt, std::nullopt))->persona == "GENERAL");
    CHECK(hate::simple_user(*hate::read_post(row("hate"))) == "Analyze this text for hate speech:\n\nPersona: ARAB\nText: \"a \"post\" {with} braces\"");
}
TEST_CASE("posts: an answer always is JSON of four keys, and says nothing that the data does not") {
    CHECK(said(row("hate", "arab", "middle_east", "a \"word\"")) == R"({"classification":"hate_speech","confidence":"high","reasoning":"a \"word\"","protected_group":"MIDDLE_EAST"})");
    for (auto const* nothing : {"", "NA", "None"}) CHECK(said(row("hate", "arab", "middle_east", nothing)) == R"({"classification":"hate_speech","confidence":"high","reasoning":null,"protected_group":"MIDDLE_EAST"})");
    CHECK(said(row("normal", "arab", "middle_east", "rude")) == R"({"classification":"not_hate","confidence":"high","reasoning":null,"protected_group":null})");
    CHECK(has(said(row("normal"), hate::reasoning::placeholder), R"("reasoning":"This text does not contain hate speech.")"));
    CHECK(has(said(row("hate"), hate::reasoning::placeholder), R"("reasoning":"This text was labelled)"));
    CHECK(has(said(row("hate", "arab", "middle_east", "word"), hate::reasoning::placeholder), R"("reasoning":"word")"));
}
TEST_CASE("posts: an empty text and another label are rejects that say so") {
    auto empty = row("hate");
    empty.text = " \n";
    CHECK(hate::read_post(empty).error().what() == "text: it is empty");
    CHECK(hate::read_post(row("offensive")).error().what() == "label_binary: expected hate or normal, got \"offensive\"");
    CHECK(has(hate::read_post(row("offensive")).error().raw(), "\"label_binary\":\"offensive\""));
}

TEST_CASE("strategies: those that come with the program agree with the targets, take every place, and leave room for the answer") {
    auto const all = hate::strategies::load("combined/combined_gptoss_v1.json");
    CHECK(all.source() == "built in");
    for (auto const* name : {"combined_optimized", "combined_focused"}) {
        auto const* const s = all.find(name);
        REQUIRE(s);
        CHECK_MESSAGE(hate::disagreement(*s).empty(), hate::disagreement(*s));
        CHECK(hate::aligned(*s).system_prompt == s->system_prompt);
        CHECK(hate::aligned(*s).user_template == s->user_template);
        CHECK(has(hate::prompting(*s).user(*hate::read_post(row("hate"))), "Text: \"a \"post\" {with} braces\""));      // as it is: braces of a text are no places
    }
    CHECK(all.find("nothing") == nullptr);
}
TEST_CASE("strategies: another set of labels or keys is said, and aligned") {
    auto const theirs = prompt("Label posts 'hate' or 'normal' (not 'not_hate', 'hateful').\n{\"classification\": \"hate\", \"rationale\": \"why\"} or {\"classification\": \"normal\", \"rationale\": \"why\"}",
                               "HATE: \"send them back\" normal: no\n- normal (does not attack)\nnormally and hate as words stay\n{text}\n{{\"classification\": \"[hate/normal]\", \"rationale\": \"[why]\"}}");
    CHECK(hate::disagreement(theirs) == "t.json, strategy s asks for the labels hate, normal and the keys classification, rationale; the targets say hate_speech, not_hate and classification, confidence, reasoning, protected_group");
    auto const ours = hate::aligned(theirs);
    std::string const lacking = ", \"confidence\": \"high\", \"medium\" or \"low\", \"protected_group\": the group that is attacked or null";
    CHECK(hate::disagreement(ours).empty());
    CHECK(ours.system_prompt.starts_with("Label posts 'hate_speech' or 'not_hate' (not 'normal', 'hateful').\n{\"classification\": \"hate_speech\", \"reasoning\": \"why\"" + lacking + "} or {\"classification\": \"not_hate\", \"reasoning\": \"why\"" + lacking + '}'));
    CHECK(ours.user_template == "hate_speech: \"send them back\" normal: no\n- not_hate (does not attack)\nnormally and hate as words stay\n{text}\n{{\"classification\": \"[hate_speech/not_hate]\", \"reasoning\": \"[why]\"" + lacking + "}}");
    CHECK_FALSE(has(ours.system_prompt, "The form of every answer"));       // one form of the answer, not one beside another
    auto const prose = hate::aligned(prompt("Give a brief rationale (rationales are short).\nRationale first: {\"rationale\": \"why\", \"label\": \"hate\" }, else {\"label\": \"normal\"}", "{persona} {text}"));
    CHECK(prose.system_prompt == "Give a brief reasoning (rationales are short).\nReasoning first: {\"reasoning\": \"why\", \"classification\": \"hate_speech\"" + lacking
                                 + " }, else {\"classification\": \"not_hate\", \"confidence\": \"high\", \"medium\" or \"low\", \"reasoning\": a text or null, \"protected_group\": the group that is attacked or null}");
    CHECK(prose.user_template == "{persona} {text}");
    CHECK(hate::aligned(prose).system_prompt == prose.system_prompt);
    CHECK(has(hate::aligned(prompt("A rationale is a reason.")).system_prompt, "A rationale is a reason."));       // no key of that name: the writer's own word
    CHECK(has(hate::disagreement(prompt("Is it hateful?")), "the labels (none that is known) and the keys (none)"));
    CHECK(hate::disagreement(hate::aligned(prompt("Is it hateful?"))).empty());
    if (auto const path = test::real_data("hate/combined_gptoss_v1.json")) {
        auto const all = hate::strategies::load(*path);
        for (auto const* name : {"combined_optimized", "combined_focused", "combined_conservative"}) {
            auto const* const s = all.find(name);
            REQUIRE(s);
            CHECK(has(hate::disagreement(*s), "the labels hate, normal and the keys classification, rationale"));
            CHECK(hate::disagreement(hate::aligned(*s)).empty());
            CHECK_FALSE(has(hate::aligned(*s).system_prompt, "'hate'"));
            for (auto const* gone : {"rationale", "The form of every answer"}) CHECK_FALSE(has(hate::aligned(*s).system_prompt + hate::aligned(*s).user_template, gone));
            hate::prompting{*s};
            hate::prompting{hate::aligned(*s)};
        }
    }
}
TEST_CASE("strategies: a file that is none, a place that is none, a brace that is open: one line with its place") {
    test::folder here;
    auto const refused = [&](std::string const& text) {
        auto const path = here.write("t.json", text);
        try { hate::prompting{*hate::strategies::load(path).find("s")}; return std::string("taken"); }
        catch (penstock::fatal const& e) { CHECK(e.code() == penstock::exit_code::usage); return std::string(e.what()); }
    };
    auto const with = [](std::string const& user) { return R"({"strategies":{"s":{"system_prompt":"a {literal} brace","user_template":")" + user + R"("}}})"; };
    CHECK(refused(with("{text} {target_group} {persona} {{x}}")) == "taken");
    CHECK(has(refused(with("{text} {group}")), "strategy s, user_template:1:8"));
    CHECK(has(refused(with("{text")), "is not closed"));
    CHECK(has(refused("{}"), "is no template file"));
    CHECK(has(refused("{\"strategies\":{\"s\":{\"system_prompt\":\"x\"}}}"), "user_template"));
    CHECK_THROWS_AS(hate::strategies::load("nowhere.json"), penstock::fatal);
}

TEST_CASE("scores: what is not answered is wrong, and a hateful post that is not answered is missed") {
    hate::scores s;
    for (int i = 0; i != 6; ++i) s.add(true, true, "a");
    s.add(true, false, "a");
    s.add(true, std::nullopt, "b");
    for (int i = 0; i != 2; ++i) s.add(false, true, "b");
    for (int i = 0; i != 9; ++i) s.add(false, false, "b");
    s.add(false, std::nullopt, "");
    CHECK(s.rows() == 20);
    CHECK(s.unparsable() == 2);
    CHECK(s.accuracy() == doctest::Approx(0.75));
    CHECK(s.precision() == doctest::Approx(0.75));
    CHECK(s.recall() == doctest::Approx(0.75));
    CHECK(s.f1() == doctest::Approx(0.75));
    CHECK(s.groups.at("b").false_positives == 2);
    CHECK(s.groups.at("b").not_hate == 11);
    CHECK(s.groups.at("b").missed == 1);
    CHECK(s.groups.at("(none)").not_hate == 1);
    CHECK(hate::scores{}.f1() == 0);
}
TEST_CASE("bag of words: learns what tells the labels apart") {
    hate::bag_of_words bag;
    CHECK(bag.log_odds("anything") == 0);
    for (auto const* t : {"send them all back", "they are all criminals", "all of them are vermin"}) bag.learn(t, true);
    for (auto const* t : {"a lovely day at the sea", "the law was passed today", "my neighbours made soup"}) bag.learn(t, false);
    CHECK(bag.log_odds("THEM all") > 0);
    CHECK(bag.log_odds("soup by the sea") < 0);
    CHECK(bag.learnt() == 6);
}
