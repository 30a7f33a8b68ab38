#include <doctest/doctest.h>
#include <penstock/text/ngrams.hpp>
#include <rapidcheck.h>
#include <algorithm>
#include <set>

using strings = std::vector<std::string>;

TEST_CASE("words: runs of letters, marks, numbers and connectors, case-folded") {
    CHECK(penstock::words("Don't STOP, snake_case 3.5!") == strings{"don", "t", "stop", "snake_case", "3", "5"});
    CHECK(penstock::words("Straße ÉTÉ ΣΊΣΥΦΟΣ") == strings{"strasse", "été", "σίσυφοσ"});
    CHECK(penstock::words("e\xCC\x81t\xC3\xA9") == strings{"e\xCC\x81t\xC3\xA9"});                  // a combining mark is in its word
    CHECK(penstock::words("日本語、テキスト") == strings{"日本語", "テキスト"});
    CHECK(penstock::words("हिन्दी भाषा") == strings{"हिन्दी", "भाषा"});                                 // vowel signs are marks
    CHECK(penstock::words("a\xFF" "b\xC3") == strings{"a", "b"});                                   // bytes that are not UTF-8 are in no word
    CHECK(penstock::words(" -\n\t…“”").empty());
    CHECK(penstock::words("").empty());
}
TEST_CASE("word_ngrams: one hash a place; the words count, not what stands between them") {
    auto const grams = penstock::word_ngrams("to be or not to be", 2);
    REQUIRE(grams.size() == 5);
    CHECK(grams[0] == grams[4]);
    CHECK(std::set(grams.begin(), grams.end()).size() == 4);
    CHECK(grams == penstock::word_ngrams("To be -- or, NOT to be?", 2));
    CHECK(penstock::word_ngrams("be to", 2) != penstock::word_ngrams("to be", 2));
    CHECK(penstock::word_ngrams("one two", 3).empty());
    CHECK(penstock::word_ngrams("one two", 0).empty());
}
TEST_CASE("character_ngrams: code points, not bytes; a short text is one of its own length") {
    CHECK(penstock::character_ngrams("abcdef", 5).size() == 2);
    CHECK(penstock::character_ngrams("äöüßé", 5).size() == 1);
    CHECK(penstock::character_ngrams("ab", 5).size() == 1);
    CHECK(penstock::character_ngrams("ab", 5) != penstock::character_ngrams("ba", 5));
    CHECK(penstock::character_ngrams("ab", 5) != penstock::character_ngrams("abc", 5));
    CHECK(penstock::character_ngrams("", 5).empty());
    CHECK(penstock::character_ngrams("abc", 0).empty());
    CHECK(penstock::character_ngrams("a\xFF" "b", 1).size() == 3);
}
TEST_CASE("n-grams: equal hashes for equal windows and for no others; a rolling sum forgets what has left") {
    CHECK(rc::check([] {
        auto const text = *rc::gen::container<std::string>(rc::gen::inRange('a', 'd'));
        auto const n = *rc::gen::inRange<std::size_t>(1, 12);
        auto const grams = penstock::character_ngrams(text, n);
        if (text.size() < n) { RC_ASSERT(grams.size() == (text.empty() ? 0u : 1u)); return; }
        RC_ASSERT(grams.size() == text.size() - n + 1);
        for (std::size_t i = 0; i != grams.size(); ++i) {
            RC_ASSERT(grams[i] == penstock::character_ngrams(text.substr(i, n), n)[0]);
            for (std::size_t j = 0; j != i; ++j) RC_ASSERT((grams[i] == grams[j]) == (text.substr(i, n) == text.substr(j, n)));
        }
    }));
}
TEST_CASE("distinct_ngrams: counts what a set counts, and never across texts") {
    CHECK(rc::check([] {
        auto const texts = *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(rc::gen::element('a', 'b', ' ')));
        penstock::distinct_ngrams counted(3);
        std::set<strings> all;
        std::size_t total = 0;
        for (auto const& t : texts) {
            counted.add(t);
            auto const w = penstock::words(t);
            for (std::size_t i = 0; i + 3 <= w.size(); ++i, ++total) all.insert({w[i], w[i + 1], w[i + 2]});
        }
        RC_ASSERT(counted.total() == total);
        RC_ASSERT(counted.distinct() == all.size());
    }));
    penstock::distinct_ngrams many(3);
    for (int i = 0; i != 40'000; ++i) many.add("the same five words " + std::to_string(i % 1000));     // settles on the way
    CHECK(many.total() == 120'000);
    CHECK(many.distinct() == 1002);
    CHECK(many.ratio() == doctest::Approx(1002. / 120'000));
    CHECK(penstock::distinct_ngrams(3).ratio() == 1);
}
TEST_CASE("n-grams: the same hashes on every machine and compiler") {
    CHECK(penstock::character_ngrams("penstock", 5)[0] == 0xfead88d61ff28907);
    CHECK(penstock::word_ngrams("The quick brown", 3)[0] == 0x336b2d2849fc8fa5);
}
