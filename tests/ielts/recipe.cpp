#include <doctest/doctest.h>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>
#include <penstock/core/env.hpp>
#include <penstock/record/json_decode.hpp>
#include <penstock/record/schema.hpp>
#include <penstock/dataset/chat.hpp>
#include "essays.hpp"
#include "recipe.hpp"
#include "support.hpp"
using namespace ielts;

namespace {
/// Answers in a random order, as models do.
struct shuffled_examiner {
    struct desk { std::mt19937_64 random; std::vector<std::move_only_function<void()>> waiting; };
    desk* at;
    template <class In> requires std::same_as<In, question> using output = marked;
    template <class Env, class Done> void operator()(question q, Env& env, Done done) const {
        at->waiting.push_back([q = std::move(q), done]() mutable { done(check(q, write_told(q), penstock::llm::writer::offline)); });
        env.loop().post([this_ = *this] {
            auto& all = this_.at->waiting;
            auto const i = this_.at->random() % all.size();
            std::swap(all[i], all.back());
            auto answer = std::move(all.back());
            all.pop_back();
            answer();
        });
    }
};
std::vector<std::string> lines(auto recipe, unsigned in_flight) {
    penstock::llm::asking_env env;
    env.windows["examiner"] = {.in_flight = in_flight};
    env.capacities["criteria"] = in_flight / 4 + 2;
    std::vector<std::string> out;
    for (auto&& item : essays::of_file(IELTS_SAMPLE) | recipe | penstock::with(env)) out.push_back(item.value ? item.value->line : "reject: " + item.value.error().what());
    CHECK(env.books.imbalance() == "");
    return out;
}
}

TEST_CASE("recipe: it is checked without a source, and gives examples") {
    auto const plan = recipe({});
    static_assert(penstock::consumes<std::remove_const_t<decltype(plan)>, essay_row>);
    static_assert(std::same_as<penstock::output_t<std::remove_const_t<decltype(plan)>, essay_row>, example>);
}
TEST_CASE("recipe: same bytes whatever the window and the order of the answers") {
    auto const expected = lines(recipe({}), 10);
    CHECK(expected.size() == 18);
    for (unsigned const in_flight : {1u, 7u, 500u}) CHECK(lines(recipe({}), in_flight) == expected);
    for (std::uint64_t seed = 0; seed != 5; ++seed) {
        shuffled_examiner::desk desk{std::mt19937_64(seed), {}};
        CHECK(lines(recipe({}, penstock::async_map("examiner", shuffled_examiner{&desk})), 40) == expected);
    }
}
TEST_CASE("recipe: the sample's rows, their bands, and the one that is rejected") {
    auto const all = lines(recipe({}), 10);
    REQUIRE(all.size() == 18);
    CHECK(all.back() == "reject: band: \"six and a half\" is not a multiple of 0.5 from 0 to 9");
    std::vector<double> overall;
    for (std::size_t i = 0; i + 1 != all.size(); ++i) {
        auto const chat = penstock::json::decode<penstock::dataset::chat>(all[i]);
        REQUIRE(chat);
        REQUIRE(chat->messages.size() == 3);
        auto const r = penstock::json::decode<reply, penstock::json::strict>(chat->messages[2].content);
        REQUIRE_MESSAGE(r, r.error().what());
        overall.push_back(r->overall);
        CHECK(r->per_criterion.size() == 4);
        CHECK(r->votes.value() == std::vector<half_band>{r->overall});
        CHECK(chat->messages[1].content.starts_with("Task 2 Question:\n"));
    }
    CHECK(overall == std::vector<double>{6.5, 3.5, 7.5, 5, 8.5, 4, 6.5, 5.5, 7, 3.5, 6, 5.5, 6.5, 6, 8, 6.5, 4.5});
}
TEST_CASE("recipe: --low-band reject; an empty prompt, an essay without words") {
    int rejects = 0;
    for (auto const& line : lines(recipe({.rule = low_band::reject}), 10)) rejects += line.starts_with("reject: ");
    CHECK(rejects == 3);
    CHECK(read_row({.prompt = " \r\n", .essay = "Words.", .evaluation = "", .band = "6"}, {}).error().what() == "prompt: it is empty");
    auto const empty = read_row({.prompt = "P", .essay = " ...\r", .evaluation = "", .band = "6"}, {});
    REQUIRE_FALSE(empty);
    CHECK(empty.error().what() == "essay: it has no words");
    CHECK(empty.error().raw() == R"({"prompt":"P","essay":" ...\r","evaluation":"","band":"6"})");
}
TEST_CASE("recipe: words that never end make examples like others, with advice of at most 400 characters") {
    auto const of = [](char letter, std::size_t n) { return std::string(n, letter); };
    std::string greek;
    while (greek.size() < 1200) greek += "\xCE\xB1";
    std::vector<essay_row> rows;
    for (std::string const& middle : {of('a', 1200) + "," + of('b', 30), of('x', 1200) + " " + of('x', 1200), "a e" + of('e', 1500), of('q', 210) + "," + of('w', 210), of('q', 210) + "." + "W" + of('w', 210),
                                      greek + " " + greek + "," + greek, of(',', 600) + "goverment"})
        for (auto const* band : {"3.5", "6", "9"}) {
            rows.push_back({.prompt = "Is " + middle + " good?", .essay = "I like " + middle + " because it is good.", .evaluation = "", .band = band});
            rows.push_back({.prompt = "P", .essay = middle, .evaluation = "", .band = band});
        }
    auto const expected = rows.size();
    penstock::llm::asking_env env;
    std::size_t examples = 0;
    for (auto&& item : essays::of_list(std::move(rows)) | recipe({}) | penstock::with(env)) {
        REQUIRE_MESSAGE(item.value, item.value.error().what());
        ++examples;
        for (auto const& note : item.value->notes)
            for (auto const& s : note.suggestions) CHECK_MESSAGE(penstock::code_points(s.value()) <= 400, s.value());
    }
    CHECK(examples == expected);
}
TEST_CASE("recipe: a note that does not fit the schema is a failure of its row, and the run goes on") {
    penstock::llm::asking_env env;
    auto const essay = std::make_shared<study const>("Should dogs vote?", "I agree that they should.");
    int notes = 0;
    std::string said;
    for (auto&& item : std::vector<question>{{essay, criterion::task, 12}, {essay, criterion::task, 6}} | examiner | penstock::with(env))
        if (item.value) ++notes; else said = std::string(item.value.error().stage()) + ": " + item.value.error().what();
    CHECK(notes == 1);
    CHECK(said.starts_with("examiner: "));
    CHECK(env.books.imbalance() == "");
}
TEST_CASE("recipe: a compact answer has the criteria and the overall band alone") {
    auto const all = lines(recipe({.form = response::compact}), 10);
    auto const chat = penstock::json::decode<penstock::dataset::chat>(all[0]);
    REQUIRE(chat);
    CHECK(penstock::json::decode<compact_reply, penstock::json::strict>(chat->messages[2].content));
    CHECK_FALSE(penstock::json::decode<reply, penstock::json::strict>(chat->messages[2].content));
}
TEST_CASE("recipe: the schema of an answer at compile time") {
    constexpr auto schema = penstock::json_schema<reply, "ScoreResponseV1">();
    // Looked into at run time: g++ 12 with UBSan cannot search a text at compile time.
    CHECK(schema.find(R"("overall":{"type":"number","minimum":0,"maximum":9,"multipleOf":0.5})") != schema.npos);
    CHECK(schema.find(R"("required":["per_criterion","overall","votes","dispersion","confidence","meta"])") != schema.npos);
}
