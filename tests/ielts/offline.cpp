#include <doctest/doctest.h>
#include <algorithm>
#include <string>
#include <vector>
#include "offline.hpp"
using namespace ielts;

namespace {
std::vector<std::string> found(std::string_view essay) {
    std::vector<std::string> out;
    for (auto const& e : find_errors(essay)) out.push_back(std::string(e.span) + " > " + e.fix);
    return out;
}
using texts = std::vector<std::string>;
}

TEST_CASE("errors: what each rule finds, and what it leaves alone") {
    CHECK(found("It is in the the house.") == texts{"the the > the"});
    CHECK(found("He said that that had had a very very long day.").empty());
    CHECK(found("A orange and an banana for a hour in an university.") == texts{"A orange > An orange", "an banana > a banana", "a hour > an hour", "an university > a university"});
    CHECK(found("An MP ate a unit of an honest euro, vitamin A affects an 8.").empty());
    CHECK(found("Many people is here and peoples of the world have informations.") == texts{"Many people is > Many people are", "informations > information"});
    CHECK(found("Unemployment among young people is high.").empty());
    CHECK(found("It can makes a noise, and it doesn't helps.") == texts{"can makes > can make", "doesn't helps > doesn't help"});
    CHECK(found("Their will is strong, and he does not work.").empty());
    CHECK(found("They don\xE2\x80\x99t like kids.") == texts{"don\xE2\x80\x99t > do not", "kids > children"});
    CHECK(found("The kids' rooms are small.").empty());
    CHECK(found("Yesterday i went home. then we ate,drank and slept.") == texts{"i went > I went", "home. then > home. Then", "ate,drank > ate, drank"});
    CHECK(found("It costs 1,000 euros, e.g. in Rome, i.e. there, etc. and so on.").empty());
    CHECK(found("The goverment is more better.") == texts{"goverment > government", "more better > better"});
    CHECK(found("In the other hand, according to me it is good.") == texts{"In the other hand > On the other hand", "according to me > in my opinion"});
    CHECK(found("I will give reasons for my opinion. For my opinion, it is good.") == texts{"For my opinion > In my opinion"});
    std::string const stuck(60, 'a');
    CHECK(found(stuck + "," + stuck + " and " + stuck + " " + stuck).empty());      // too long for a slip of the pen
    CHECK(found("We discuss about it despite of the rain.") == texts{"discuss about > discuss", "despite of > despite"});
}
TEST_CASE("errors: spans are bytes of the essay in order of place and never overlap, fixes differ") {
    std::string const essay = "i think the the goverment can helps kids,kids don't know an useful thing. many people is sad ,i agree.In the other hand peoples are more happier";
    std::size_t end = 0;
    for (auto const& e : find_errors(essay)) {
        CHECK(e.span.data() == essay.data() + e.at);
        CHECK(e.at >= end);
        CHECK(e.fix != e.span);
        end = e.at + e.span.size();
    }
    CHECK(end > 0);
}
TEST_CASE("offline writer: whatever the essay, 1 to 3 verbatim quotes, at most 10 errors, 1 to 3 short suggestions") {
    std::string long_word(3000, 'x');
    std::string emoji;
    for (int i = 0; i != 400; ++i) emoji += "\xF0\x9F\x98\x80";
    for (std::string const& essay : {std::string("Yes."), std::string("word"), long_word, emoji + " and words", std::string("\r\n\r\n a b \r\n c"), std::string("No sentence here just words and words without an end"), std::string("...., ,, a"),
                                     std::string("One. Two. Three. Four."), std::string("i i i i i i i i the the the the"), std::string("bytes \xFF\xFE that are not UTF-8, kids don't")}) {
        CAPTURE(essay.substr(0, 40));
        study const s("Should dogs vote?", essay);
        for (auto const c : criteria)
            for (double const band : {0.0, 3.5, 6.0, 9.0}) {
                auto const a = write_offline(s, c, band);
                CHECK(a.quotes.size() >= 1);
                CHECK(a.quotes.size() <= 3);
                for (auto const q : a.quotes) {
                    CHECK_FALSE(q.empty());
                    CHECK(q.size() <= quote_bytes);
                    CHECK(s.essay.find(q) != s.essay.npos);
                }
                CHECK(a.errors.size() <= most_errors);
                CHECK(a.suggestions.size() >= 1);
                CHECK(a.suggestions.size() <= 3);
                for (auto const& x : a.suggestions) CHECK(x.size() <= 400);
            }
    }
}
TEST_CASE("offline writer: criteria quote different things, and the band counts") {
    study const s("Should museums be free for everybody?", "Museums belong to everybody, so I agree that they should be free. However, guards cost money, which somebody has to pay.\n"
        "Firstly, a family can come for an hour because it costs nothing. For example, my town opened its collection and the shop sold more souvenirs.\nIn conclusion, free museums are an investment.");
    std::vector<std::string_view> all;
    for (auto const c : criteria) for (auto const q : write_offline(s, c, 6).quotes) { CHECK(std::ranges::find(all, q) == all.end()); all.push_back(q); }
    CHECK(write_offline(s, criterion::task, 5).suggestions.size() == 3);
    CHECK(write_offline(s, criterion::task, 6).suggestions.size() == 2);
    CHECK(write_offline(s, criterion::task, 8).suggestions.size() == 1);
    CHECK(write_offline(s, criterion::task, 6).quotes[0] == "Museums belong to everybody, so I agree that they should be free.");
    CHECK(write_offline(s, criterion::task, 6).suggestions == write_offline(s, criterion::task, 6).suggestions);
}
TEST_CASE("text: sentences, paragraphs and words are views of the essay") {
    std::string const essay = "  One is here. Two, e.g. this one, costs 1.50 euros!Three?\r\n\r\n\"Four.\" said I. Five etc. and so on\n";
    auto const a = take_apart(essay);
    std::vector<std::string> sentences;
    for (auto const& s : a.sentences) sentences.emplace_back(s.text);
    CHECK(sentences == texts{"One is here.", "Two, e.g. this one, costs 1.50 euros!", "Three?", "\"Four.\"", "said I.", "Five etc. and so on"});
    CHECK(a.paragraphs.size() == 2);
    CHECK(a.sentences[3].opens_paragraph);
    CHECK(words("don\xE2\x80\x99t well-known 'quoted' a\xC2\xA0" "b") == std::vector<std::string_view>{"don\xE2\x80\x99t", "well-known", "quoted", "a", "b"});
    CHECK(clip("one two three", 9) == "one two");
    CHECK(clip("\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 6) == "\xF0\x9F\x98\x80");
}
