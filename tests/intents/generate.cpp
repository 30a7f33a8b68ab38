// The grammar and what it gives: the bounds that the data set promises, over all of its 12,000 rows.
#include "support.hpp"
#include <algorithm>
#include <map>
#include <set>
#include <penstock/dataset/fold.hpp>
#include <penstock/record/constrained.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/text/ngrams.hpp>
#include <penstock/text/utf8.hpp>
#include "evidence.hpp"
#include "metrics.hpp"
#include "typos.hpp"
using namespace intents;

intents::grammar const& test::the_grammar() {
    static grammar const g;
    return g;
}
std::vector<example> const& test::whole_set() {
    static std::vector<example> const rows = [] {
        generator g(the_grammar(), {});
        for (std::size_t i = 0; i != intent_count; ++i) g.intent_rows(static_cast<intent>(i));
        g.edge_rows();
        return g.release();
    }();
    return rows;
}

TEST_CASE("the whole set: 12,000 texts, none twice, none near another, no slot left, no frame behind more than one row in two hundred") {
    auto const& rows = test::whole_set();
    REQUIRE(rows.size() == 12'000);
    std::set<std::string> texts;
    std::map<std::string, unsigned> frames;
    for (auto const& r : rows) {
        CAPTURE(r.text);
        CHECK(texts.insert(penstock::dataset::fold(r.text)).second);
        CHECK(r.text.find_first_of("{}|*") == r.text.npos);
        CHECK(r.text.find("  ") == r.text.npos);
        CHECK(r.text.find("//") == r.text.npos);
        CHECK(r.confidence >= 0.3);
        CHECK(r.confidence <= 0.99);
        REQUIRE_FALSE(r.metadata.frames.empty());
        for (auto const& f : r.metadata.frames) ++frames[f];
        auto const length = penstock::code_points(r.text);
        if (!r.metadata.edge_case) { CHECK(length >= 3); CHECK(length <= 1000); }
        CHECK(r.metadata.edge_case.has_value() == (r.metadata.generation_method == "edge_case_generator"));
    }
    auto const most = std::ranges::max_element(frames, {}, [](auto const& f) { return f.second; });
    INFO(most->first);
    CHECK(most->second <= 60);
    auto const d = metrics_of(rows);
    std::printf("whole set: distinct word trigrams %.4f (CLINC150: 0.51), near-duplicates %.4f, %zu frames, the most used one in %u rows\n", d.uniqueness_score, d.near_duplicate_rate, frames.size(), most->second);
    CHECK(d.uniqueness_score >= 0.45);
    for (auto const& [name, ratio] : d.uniqueness_by_intent) { CAPTURE(name); CHECK(ratio >= 0.30); }
    CHECK(d.near_duplicate_rate <= 0.01);
    CHECK(d.distinct_texts == 1);
    CHECK(d.topic_coverage == 1);
    CHECK(d.style_variety == 1);
}

TEST_CASE("English: no word twice, no article after a possessive, no verb in -s behind a plural, no a before a vowel's sound") {
    auto const bad = [](std::string_view text) -> std::string {
        auto const words = penstock::words(text);
        for (std::size_t n = 1; n < words.size(); ++n) {
            auto const& before = words[n - 1];
            auto const& word = words[n];
            if (before == word && word.size() > 1 && (word == "the" || word == "of" || word == "short" || word == "average" || word == "an")) return before + ' ' + word;
            if ((before == "our" || before == "my" || before == "the" || before == "an") && (word == "the" || word == "an")) return before + ' ' + word;
        }
        std::string line = " ";
        for (auto const& w : words) line += w + ' ';
        for (std::string_view const wrong : {" grandparents wants ", " grandparents keeps ", " grandparents says ", " volunteers also wants ", " volunteers keeps ", " volunteers has ", " customers keeps ", " customers also wants ", " students has to ", " kids in my class says ", " kids in my class likes ",
                                            " is oysters ", " is lentils ", " is chestnuts ", " results looks ", " healthy is chestnuts ", " a short short ", " an neon ", " an numa ", " an risc ", " an rest ", " an simd "})
            if (line.find(wrong) != line.npos) return std::string(wrong);
        return {};
    };
    CHECK(bad("Our the dropout rate fell") == "our the");
    for (auto const& r : test::whole_set()) if (r.metadata.edge_case != edge_case::typos_and_errors && !r.metadata.language) { CAPTURE(r.text); CHECK(bad(r.text) == ""); }
}
TEST_CASE("style and technical level: what says please is not neutral, experts name their terms") {
    std::size_t expert = 0, without = 0;
    for (auto const& r : test::whole_set()) {
        CAPTURE(r.text);
        if (r.text.starts_with("Please")) CHECK(r.metadata.style != style::neutral);
        if (!r.metadata.edge_case && r.audience == audience::expert) { ++expert; without += r.metadata.technical_level == 0; }
    }
    std::printf("expert rows without a technical term: %zu of %zu\n", without, expert);
    CHECK(without * 5 < expert);
}
TEST_CASE("shares: every intent has its rows, and audiences and complexities theirs, to the row") {
    std::map<intent, unsigned> by_intent;
    std::map<audience, unsigned> by_audience;
    std::map<complexity, unsigned> by_complexity;
    std::map<edge_case, unsigned> by_kind;
    for (auto const& r : test::whole_set()) {
        if (r.metadata.edge_case) { ++by_kind[*r.metadata.edge_case]; continue; }
        ++by_intent[r.intent];
        ++by_audience[r.audience];
        ++by_complexity[r.complexity];
    }
    for (auto const& [i, n] : by_intent) CHECK(n == 1000);
    for (std::size_t a = 0; a != audience_count; ++a) CHECK(by_audience[static_cast<audience>(a)] == 100 * audience_share[a]);
    for (std::size_t c = 0; c != complexity_count; ++c) CHECK(by_complexity[static_cast<complexity>(c)] == 100 * complexity_share[c]);
    CHECK(by_kind.size() == edge_case_count);
    for (auto const& [k, n] : by_kind) { CHECK(n >= 333); CHECK(n <= 334); }
    for (std::uint64_t n : {0u, 1u, 7u, 99u, 1000u, 12345u}) {
        std::uint64_t total = 0;
        for (auto const& c : cells_of(n)) total += c.rows;
        CHECK(total == n);
    }
}

TEST_CASE("labels describe the text: more complex is longer, experts speak in terms, children do not") {
    std::map<complexity, std::pair<double, double>> words;
    std::map<audience, std::pair<double, double>> long_words;           // of nine letters and more
    std::map<audience, std::pair<double, double>> terms;
    for (auto const& r : test::whole_set()) if (!r.metadata.edge_case) {
        evidence const shown(r.text);
        auto& w = words[r.complexity];
        w.first += static_cast<double>(shown.words().size());
        ++w.second;
        for (auto const& word : shown.words()) { long_words[r.audience].first += word.size() >= 9; ++long_words[r.audience].second; }
        terms[r.audience].first += r.metadata.technical_level;
        ++terms[r.audience].second;
    }
    auto const mean = [](std::pair<double, double> const& p) { return p.first / p.second; };
    CHECK(mean(words[complexity::simple]) * 1.5 < mean(words[complexity::moderate]));
    CHECK(mean(words[complexity::moderate]) * 1.5 < mean(words[complexity::complex]));
    for (std::size_t a = 0; a != audience_count; ++a) std::printf("%s: %.1f %% long words, technical level %.2f\n", std::string(penstock::enum_name(static_cast<audience>(a))).c_str(), 100 * mean(long_words[static_cast<audience>(a)]), mean(terms[static_cast<audience>(a)]));
    CHECK(mean(long_words[audience::child]) * 1.5 < mean(long_words[audience::general]));
    CHECK(mean(long_words[audience::general]) * 1.5 < mean(long_words[audience::expert]));
    CHECK(mean(terms[audience::child]) < mean(terms[audience::general]));
    CHECK(mean(terms[audience::general]) < mean(terms[audience::expert]));
}

TEST_CASE("edge cases: each kind is what it is called") {
    std::set<std::string> languages;
    std::map<intent, unsigned> mixed;
    unsigned tiny = 0, huge = 0;
    for (auto const& r : test::whole_set()) {
        if (!r.metadata.edge_case) { CHECK_FALSE(r.metadata.language); CHECK_FALSE(r.metadata.second_intent); continue; }
        CAPTURE(r.text);
        switch (*r.metadata.edge_case) {
        case edge_case::mixed_intent:
            REQUIRE(r.metadata.second_intent);
            CHECK(*r.metadata.second_intent != r.intent);
            CHECK(r.metadata.has_multiple_parts);
            CHECK(r.confidence < 0.7);
            break;
        case edge_case::extreme_length:
            (r.metadata.length <= 4 ? tiny : huge) += 1;
            CHECK((r.metadata.length <= 4 || r.metadata.length >= 60));
            break;
        case edge_case::multiple_languages:
            REQUIRE(r.metadata.language);
            languages.insert(*r.metadata.language);
            break;
        default: break;
        }
    }
    CHECK(tiny > 100);
    CHECK(huge > 100);
    CHECK(languages == std::set<std::string>{"de", "es", "fr", "it", "ja", "nl", "pt", "ru", "sv", "zh"});
}

TEST_CASE("typos: keys beside the right one, or neighbours that changed places; the rest of the text stands") {
    for (char c = 'a'; c <= 'z'; ++c) {
        REQUIRE_FALSE(neighbours(c).empty());
        for (char const beside : neighbours(c)) { CAPTURE(c); CAPTURE(beside); CHECK(neighbours(beside).find(c) != std::string_view::npos); }      // who is beside whom is mutual
    }
    CHECK(neighbours('1').empty());
    intents::random dice(7);
    for (int n = 0; n != 200; ++n) {
        std::string const before = "Could you Explain the difference between weather and climate, please?";
        auto const after = mistyped(before, dice);
        REQUIRE(after.size() == before.size());
        std::size_t differ = 0;
        for (std::size_t i = 0; i != before.size(); ++i) {
            if (before[i] == after[i]) continue;
            ++differ;
            bool const swapped = (i != 0 && after[i] == before[i - 1] && after[i - 1] == before[i]) || (i + 1 != before.size() && after[i] == before[i + 1] && after[i + 1] == before[i]);
            auto const lower = [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); };
            CHECK((swapped || neighbours(lower(before[i])).find(lower(after[i])) != std::string_view::npos));
        }
        CHECK(differ >= 2);
        CHECK(differ <= 10);
    }
    CHECK(mistyped("?!", dice) == "?!");
    CHECK(mistyped("ab 12", dice) == "ab 12");
}

TEST_CASE("the same seed says the same, another seed something else; a set that the grammar cannot fill is refused in one line") {
    auto const made = [](std::uint64_t seed) {
        generator g(test::the_grammar(), {.examples_per_intent = 20, .edge_cases = 30, .seed = seed});
        for (std::size_t i = 0; i != intent_count; ++i) g.intent_rows(static_cast<intent>(i));
        g.edge_rows();
        std::string all;
        for (auto const& r : g.rows()) all += r.text + '\n';
        return all;
    };
    CHECK(made(3) == made(3));
    CHECK(made(3) != made(4));
    generator g(test::the_grammar(), {.examples_per_intent = 0, .edge_cases = 60'000, .seed = 1});
    CHECK_THROWS_WITH_AS(g.edge_rows(), doctest::Contains("ask for fewer"), penstock::fatal);
}
