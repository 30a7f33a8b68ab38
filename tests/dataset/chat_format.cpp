#include <doctest/doctest.h>
#include <penstock/dataset/chat_format.hpp>
#include <penstock/io/json_array.hpp>
#include <penstock/io/jsonl.hpp>
#include <penstock/record/json.hpp>
#include "real_data.hpp"

namespace ps = penstock;
namespace ds = penstock::dataset;
using enum ds::chat_format;

namespace {
constexpr ds::chat_format all_forms[] = {openai, azure, alpaca, sharegpt, chatml, trl, llamafactory};
ds::chat const simple = ds::three_turns("You sort posts.", "A \"post\"\n<é>", "{\"label\":1}");
ds::chat const longer{{{"user", "one"}, {"assistant", "two"}, {"user", "three"}, {"assistant", "four"}}};
std::string written(ds::chat const& c, ds::chat_format f) {
    auto row = ds::write_chat(c, f);
    return row ? *row : "failure: " + row.error().what();
}
std::string why_not(std::string_view row, ds::chat_format f) {
    auto const c = ds::read_chat(row, f);
    return c ? "read" : c.error().what();
}
}

TEST_CASE("chat formats: what each form looks like") {
    auto const c = ds::three_turns("S", "U", "A");
    CHECK(written(c, openai) == R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":"U"},{"role":"assistant","content":"A"}]})");
    CHECK(written(c, azure) == written(c, openai));
    CHECK(written(c, alpaca) == R"({"instruction":"U","input":"","output":"A","system":"S"})");
    CHECK(written(longer, alpaca) == R"({"instruction":"three","input":"","output":"four","history":[["one","two"]]})");
    CHECK(written(c, sharegpt) == R"({"conversations":[{"from":"system","value":"S"},{"from":"human","value":"U"},{"from":"gpt","value":"A"}]})");
    CHECK(written(c, chatml) == R"({"text":"<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n"})");
    CHECK(written(c, trl) == R"({"prompt":[{"role":"system","content":"S"},{"role":"user","content":"U"}],"completion":[{"role":"assistant","content":"A"}]})");
    CHECK(written(longer, llamafactory).starts_with(R"({"messages":[{"role":"user","content":[{"type":"text","value":"one"}],"loss_weight":0},{"role":"assistant","content":[{"type":"text","value":"two"}],"loss_weight":1})"));
    CHECK(ds::file_opening(azure) == "\xEF\xBB\xBF");
    CHECK(ds::file_opening(openai).empty());
    CHECK(written(c, openai) == *ps::json::encode(c));      // the record itself is OpenAI's form
}
TEST_CASE("chat formats: every form gives back what it was given, through every other form too, and is told by its keys") {
    for (auto const first : all_forms) for (auto const& c : {simple, longer}) {
        auto const row = ds::write_chat(c, first);
        REQUIRE(row);
        auto const back = ds::read_chat(*row, first);
        REQUIRE(back);
        CHECK(*back == c);
        CHECK(ds::format_of_row(*row) == (first == azure ? openai : first));
        for (auto const second : all_forms) CHECK(*ds::read_chat(*ds::write_chat(*back, second), second) == c);
    }
    CHECK_FALSE(ds::format_of_row(R"({"question":"a"})"));
    CHECK_FALSE(ds::format_of_row("no JSON"));
}
TEST_CASE("chat formats: weights, alpaca's input, texts in place of lists") {
    auto const weighted = ds::read_chat(R"({"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0}]})", openai);
    REQUIRE(weighted);
    CHECK(weighted->messages[1].weight == false);
    CHECK(written(*weighted, openai).find(R"("content":"b","weight":0)") != std::string::npos);
    CHECK(*ds::read_chat(written(*weighted, llamafactory), llamafactory) == *weighted);
    for (auto const f : {alpaca, sharegpt, chatml, trl}) CHECK(written(*weighted, f).starts_with("failure: message 2 has a weight"));

    auto const divided = ds::read_chat(R"({"instruction":"Name two\nof:","input":"a, b","output":"a"})", alpaca);
    REQUIRE(divided);
    CHECK(divided->messages[0].content == "Name two\nof:\na, b");
    CHECK(written(*divided, alpaca) == R"({"instruction":"Name two\nof:","input":"a, b","output":"a"})");
    CHECK(why_not(R"({"instruction":"Who?","output":"a"})", alpaca) == "read");

    auto const texts = ds::read_chat(R"({"prompt":"a","completion":"b"})", trl);
    REQUIRE(texts);
    CHECK(*texts == ds::chat{{{"user", "a"}, {"assistant", "b"}}});
}
TEST_CASE("chat formats: what a form cannot say, or a chat does not hold, is a failure with its place") {
    CHECK(written({{{"user", "a"}}}, alpaca) == "failure: alpaca holds turns of the user and the assistant in pairs");
    CHECK(written({{{"assistant", "a"}, {"user", "b"}}}, alpaca) == "failure: message 1 is the assistant's: alpaca holds turns of the user and the assistant in pairs");
    CHECK(written({{{"user", "a"}}}, trl) == "failure: a prompt and the assistant's completion are needed");
    CHECK(written({{{"tool", "a"}}}, sharegpt) == "failure: message 1 is the tool's, which sharegpt has no name for");
    CHECK(written({{{"user", "a<|im_end|>b"}}}, chatml) == "failure: message 1 holds <|im_end|>, which is a mark of chatml");
    for (auto const f : all_forms) CHECK(written({}, f) == "failure: a chat without a message");
    CHECK(why_not(R"({"messages":[],"tools":[]})", openai).find("tools") != std::string::npos);
    CHECK(why_not(R"({"messages":[{"role":"user","content":"a","weight":2}]})", openai) == "message 1 has a weight that is neither 0 nor 1");
    CHECK(why_not(R"({"conversations":[{"from":"observation","value":"a"}]})", sharegpt) == "message 1 is from 'observation', which is none of human, gpt, system");
    CHECK(why_not(R"({"text":"<|im_start|>user\na<|im_end|>\nb"})", chatml) == "byte 30 of the text: <|im_start|> is expected");
    CHECK(why_not(R"({"text":"<|im_start|>user a<|im_end|>"})", chatml).find("a role, a line break") != std::string::npos);
    CHECK(why_not(R"({"messages":[{"role":"user","content":[{"type":"image","value":"x"}]}]})", llamafactory) == "message 1 is not one part of type \"text\"");
    CHECK(why_not("{", openai) != "read");
}
TEST_CASE("chat formats: both files of LLaMA-Factory give their own bytes again") {
    if (auto const path = test::real_data("formats/llamafactory_alpaca_en_demo.json")) {
        std::size_t rows = 0;
        for (auto&& row : ps::io::json_array<ps::json::raw>(*path)) {
            REQUIRE(row);
            auto const c = ds::read_chat(row->text(), alpaca);
            REQUIRE(c);
            CHECK(ds::format_of_row(row->text()) == alpaca);
            CHECK(ps::json::raw::of(written(*c, alpaca))->text() == *ps::json::encode(*ps::json::decode<ps::json::raw>(row->text())));
            for (auto const f : {openai, sharegpt, chatml, trl, llamafactory}) CHECK(ds::read_chat(written(*c, f), f)->messages == c->messages);
            ++rows;
        }
        CHECK(rows == 999);
    }
    if (auto const path = test::real_data("formats/llamafactory_v1_sft_demo.jsonl")) {
        std::size_t rows = 0;
        for (auto&& row : ps::io::jsonl<ps::json::raw>(*path)) {
            REQUIRE(row);
            auto text = row->text();
            for (std::size_t at = 0; (at = text.find("\"loss_weight\":", at)) != text.npos; at += 14) text.erase(at + 15, 2);      // 0.0 and 1.0: we write 0 and 1
            CHECK(ds::format_of_row(text) == llamafactory);
            auto const c = ds::read_chat(row->text(), llamafactory);
            REQUIRE(c);
            CHECK(written(*c, llamafactory) == text);
            for (auto const f : {openai, alpaca, sharegpt, chatml, trl}) CHECK(*ds::read_chat(written(*c, f), f) == *c);
            ++rows;
        }
        CHECK(rows == 500);
    }
}
