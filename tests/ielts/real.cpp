// Every number that is promised about the real file.
#include <doctest/doctest.h>
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>
#include <penstock/core/env.hpp>
#include <penstock/dataset/chat.hpp>
#include <penstock/dataset/fold.hpp>
#include <penstock/record/json_decode.hpp>
#include "pipeline.hpp"
#include "support.hpp"
using namespace ielts;

namespace {
constexpr auto file_name = "ielts/chillies_test_491.csv";
std::vector<essay_row> rows_of(std::string const& path) {
    std::vector<essay_row> out;
    for (auto&& row : essays::of_file(path)) { REQUIRE(row); out.push_back(*std::move(row)); }
    return out;
}
struct counting final : receiver {
    std::map<std::string, int> said, types;
    int examples = 0, quotes = 0, spans = 0, places = 0, shared = 0, far = 0, ruled = 0;
    void take(penstock::position const&, penstock::result<example> const& made) override {
        REQUIRE(made);
        auto const& e = *made;
        ++examples;
        far += far_apart(e.bands, e.overall.band);
        auto const chat = penstock::json::decode<penstock::dataset::chat>(e.line);
        REQUIRE(chat);
        CHECK(chat->messages[1].content.find(e.essay) != std::string::npos);
        auto const r = penstock::json::decode<reply, penstock::json::strict>(chat->messages[2].content);
        REQUIRE_MESSAGE(r, r.error().what());
        CHECK(r->overall == e.overall.band);
        REQUIRE(r->per_criterion.size() == criterion_count);
        std::vector<std::set<std::string>> by_criterion;
        for (auto const c : criteria) {
            auto const& note = r->per_criterion[index(c)];
            CHECK(note.name == ielts::name(c));
            CHECK(note.band == e.bands[index(c)].band);
            ruled += e.bands[index(c)].by_rule;
            CHECK((note.evidence_quotes.size() >= 1 && note.evidence_quotes.size() <= 3));
            CHECK((note.suggestions.size() >= 1 && note.suggestions.size() <= 3));
            std::set<std::string> own;
            for (auto const& q : note.evidence_quotes) { ++quotes; own.insert(q.value()); CHECK(e.essay.find(q.value()) != std::string::npos); }
            CHECK(own.size() == note.evidence_quotes.size());
            for (auto const& other : by_criterion) for (auto const& q : own) shared += other.contains(q);
            by_criterion.push_back(std::move(own));
            for (auto const& error : note.errors) { ++spans; ++types[std::string(error.type.value())]; CHECK(e.essay.find(error.span.value()) != std::string::npos); CHECK(error.fix.value() != error.span.value()); }
            for (auto const& s : note.suggestions) { ++places; ++said[s.value()]; CHECK(penstock::code_points(s.value()) <= 400); }
        }
    }
};
}

TEST_CASE("real: 453 bands are numbers, 38 are \"<4\"; 489 evaluations state all four criteria") {
    auto const path = test::real_data(file_name);
    if (!path) return;
    auto const rows = rows_of(*path);
    CHECK(rows.size() == 491);
    int numbers = 0, low = 0, all = 0, as_numbers = 0, less_than = 0, below = 0;
    std::vector<std::size_t> incomplete;
    for (std::size_t i = 0; i != rows.size(); ++i) {
        auto const band = read_band(rows[i].band, low_band::three_and_a_half);
        REQUIRE(band);
        ++(band->low ? low : numbers);
        auto const stated = read_evaluation(rows[i].evaluation);
        if (!std::ranges::all_of(stated, [](auto const& b) { return b.has_value(); })) { incomplete.push_back(i); continue; }
        ++all;
        auto const lows = std::ranges::count_if(stated, [](auto const& b) { return b->low; });
        if (lows == 0) ++as_numbers;
        else { CHECK(lows == 4); ++(rows[i].evaluation.find("Below 4.0") != std::string::npos ? below : less_than); }
    }
    CHECK(numbers == 453);
    CHECK(low == 38);
    CHECK(all == 489);
    CHECK(as_numbers == 479);      // and one says "Below 4.0": with it 480 state a figure
    CHECK(below == 1);
    CHECK(less_than == 9);
    REQUIRE(incomplete == std::vector<std::size_t>{208, 454});
    CHECK(std::ranges::none_of(read_evaluation(rows[208].evaluation), [](auto const& b) { return b.has_value(); }));
    auto const twice = read_evaluation(rows[454].evaluation);       // its lexical section is labelled as the grammatical one
    CHECK((twice[0]->band == 3 && twice[1]->band == 2 && !twice[2] && twice[3]->band == 2));
}
TEST_CASE("real: every row becomes an example; quotes and spans are verbatim, answers pass the schema, advice is not canned") {
    auto const path = test::real_data(file_name);
    if (!path) return;
    penstock::llm::asking_env env;
    counting counted;
    run_all(essays::of_file(*path), {}, env, counted);
    auto const& [said, types, examples, quotes, spans, places, shared, far, ruled] = counted;
    CHECK(env.books.imbalance() == "");
    CHECK(examples == 491);
    CHECK(far == 143);
    CHECK(ruled == 5);
    CHECK(quotes > 4000);
    CHECK(spans > 300);
    CHECK(types.size() == 4);       // no rule finds an error of the task itself
    CHECK(shared * 100 < quotes);   // two essays of a sentence or two have nothing else to quote
    int most = 0;
    for (auto const& [text, n] : said) most = std::max(most, n);
    CHECK(most * 10 <= places);
    MESSAGE(places << " suggestions, the most frequent " << most << " times; " << quotes << " quotes, " << shared << " of them under two criteria; " << spans << " errors");
}
TEST_CASE("real: no essay and no prompt is on both sides") {
    auto const path = test::real_data(file_name);
    if (!path) return;
    test::folder here;
    auto const r = test::run_on(here, *path);
    CAPTURE(r.err);
    REQUIRE(r.code == 0);
    CHECK(r.out.find("491 rows read: 491 examples, 0 filtered, 0 rejected") != std::string::npos);
    std::map<std::string, int> sides;       // folded prompt or essay: 1 train, 2 validation, 3 both
    std::map<std::string, std::pair<std::string, std::string>> known;       // user turn, by the rows themselves
    std::vector<std::string> lines[2] = {test::lines_of(test::slurp(here / "out/train.jsonl")), test::lines_of(test::slurp(here / "out/validation.jsonl"))};
    CHECK(lines[0].size() == 393);
    CHECK(lines[1].size() == 98);
    CHECK(test::hash_of(here / "out/train.jsonl") == "9a01a480d368008bc6fa07e666855ed6");       // these very bytes with every compiler
    CHECK(test::hash_of(here / "out/validation.jsonl") == "73ea75ad19f2c9b16d215701257ba379");
    auto const rows = rows_of(*path);
    for (int side = 0; side != 2; ++side)
        for (auto const& line : lines[side]) {
            auto const chat = penstock::json::decode<penstock::dataset::chat>(line);
            REQUIRE(chat);
            auto const& user = chat->messages[1].content;
            auto const row = std::ranges::find_if(rows, [&](essay_row const& x) { return user.find("\n" + x.prompt + "\n") != user.npos && user.find("\n" + x.essay + "\n") != user.npos; });
            REQUIRE(row != rows.end());
            sides["p" + penstock::dataset::fold(row->prompt)] |= side + 1;
            sides["e" + penstock::dataset::fold(row->essay)] |= side + 1;
        }
    CHECK(sides.size() == 350 + 487);
    CHECK(std::ranges::none_of(sides, [](auto const& s) { return s.second == 3; }));
}
