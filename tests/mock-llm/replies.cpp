// What mock-llm answers, without its sockets: schemas that have no end or no bounds, texts cut between characters, questions asked again, shares of faults.
#include <doctest/doctest.h>
#include <algorithm>
#include <penstock/text/utf8.hpp>
#include "chat.hpp"
#include "invent.hpp"
#include "json.hpp"

using namespace std::string_literals;

namespace {
bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
bool is_utf8(std::string_view text) {
    char32_t c = 0;
    for (std::size_t n = 0; !text.empty(); text.remove_prefix(n)) if (n = penstock::utf8_sequence(text, c); n == 0) return false;
    return true;
}
mock::reply ask(std::string const& body, mock::fault const* f = nullptr, std::uint64_t hash = 1) {
    return mock::answer_chat({}, {.method = "POST", .target = "/v1/chat/completions", .body = body, .authorization = {}, .api_key = {}}, f, hash);
}
/// One question whose reply has this schema.
std::string question(std::string const& schema, std::string const& user = "a few words of ours") {
    return R"({"model":"m","messages":[{"role":"user","content":")" + user + R"("}],"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":)" + schema + "}}}";
}
std::string content(mock::reply const& r) {
    auto const body = mock::json::parse(r.body);
    REQUIRE(body);
    std::string text;
    (*body)["choices"].elements([&](mock::json choice) { text = choice["message"]["content"].plain(); });
    return text;
}
/// Of a reply whose schema is a string.
std::string text_of(mock::reply const& r) {
    auto const text = content(r);
    auto const value = mock::json::parse(text);
    REQUIRE(value);
    return value->plain();
}
}

TEST_CASE("mock-llm: a path that a provider would not know is none of a chat") {
    for (auto const* path : {"/v1/chat/completions", "/v1/chat/completions?x=1", "/openai/v1/chat/completions", "/openai/deployments/a%20b/chat/completions?api-version=2024-10-21"}) { CAPTURE(path); CHECK(mock::is_chat(path)); }
    for (auto const* path : {"/chat/completions", "/v1/chat/completions/chat/completions", "/v1/v1/chat/completions", "/v1/chat/completions/", "/openai/deployments/chat/completions", "/openai/deployments//chat/completions",
                             "/openai/deployments/d/chat/completions/chat/completions", "/v1?x=/chat/completions", ""}) { CAPTURE(path); CHECK_FALSE(mock::is_chat(path)); }
}
TEST_CASE("mock-llm: a schema whose values have no end, or are too large, is a 400") {
    for (auto const* schema : {R"({"type":"object","properties":{"n":{"$ref":"#"}},"required":["n"]})", R"({"type":"object","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"}},"required":["a","b"]})",
                               R"({"type":"array","items":{"$ref":"#"},"minItems":2})", R"({"type":"array","items":{"type":"null"},"minItems":1e15})", R"({"type":"array","items":{"type":"string"},"minItems":99999999999999999999})",
                               R"({"type":"string","minLength":1e15})", R"({"anyOf":[{"$ref":"#"}]})"}) {
        CAPTURE(schema);
        auto const r = ask(question(schema));
        CHECK(r.status == 400);
        CHECK_FALSE(r.billed);
        CHECK(has(r.body, "invalid_json_schema"));
        CHECK(mock::json::parse(r.body));
    }
}
TEST_CASE("mock-llm: a recursive schema with a way out has a value; bounds of lengths and items are kept") {
    for (std::uint64_t hash = 0; hash != 50; ++hash) {
        CHECK(mock::json::parse(content(ask(question(R"({"type":"object","properties":{"n":{"$ref":"#"}}})"), nullptr, hash))));
        CHECK(mock::json::parse(content(ask(question(R"({"type":"object","properties":{"n":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["n"]})"), nullptr, hash))));
        auto const numbers = content(ask(question(R"({"type":"array","items":{"type":"integer","minimum":3,"maximum":5,"multipleOf":0},"minItems":-3,"maxItems":4})"), nullptr, hash));
        auto const list = mock::json::parse(numbers);
        REQUIRE(list);
        unsigned n = 0;
        list->elements([&](mock::json x) { ++n; CHECK(x.number(0) >= 3); CHECK(x.number(9) <= 5); });
        CHECK(n <= 4);
        auto const plain = text_of(ask(question(R"({"type":"string","minLength":30,"maxLength":41})", "für café über naïve Ωμέγα 漢字漢字漢字"), nullptr, hash));
        CHECK(is_utf8(plain));
        auto const characters = std::count_if(plain.begin(), plain.end(), [](char c) { return (c & 0xc0) != 0x80; });
        CHECK(characters >= 30);
        CHECK(characters <= 41);
    }
    CHECK(content(ask(question(R"({"type":"string","minLength":5000,"maxLength":5000})"))).size() == 5002);      // and its quotes
}
TEST_CASE("mock-llm: a reply that is cut is cut between characters") {
    for (std::size_t bytes = 0; bytes != 12; ++bytes) {
        CHECK(is_utf8(mock::clip("aé漢😀b", bytes)));
        CHECK(mock::clip("aé漢😀b", bytes).size() <= bytes);
    }
    CHECK(mock::clip("漢", 3) == "漢");
    for (std::uint64_t hash = 0; hash != 50; ++hash) {
        auto const r = ask(question(R"({"type":"string"})", "漢字漢字漢 é漢字 漢字字漢字漢字 漢字é漢字 漢字漢字漢字 字漢字é字漢字 漢字"), mock::find_fault("cut"), hash);
        CHECK(is_utf8(r.body));
        CHECK(mock::json::parse(r.body));
        CHECK(has(r.body, R"("finish_reason":"length")"));
    }
}
TEST_CASE("mock-llm: a question asked again with a reason has its words from the question") {
    std::string const source = "the grey heron waited by the weir until noon and then flew off without a fish";
    auto const again = R"({"model":"m","messages":[{"role":"system","content":"x"},{"role":"user","content":")" + source + R"("},{"role":"assistant","content":"{}"},)"
                       R"({"role":"user","content":"Your answer was refused for this reason, which is far longer than the text that was asked about in the first place: read it once more."}],)"
                       R"("response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"string"}}}})";
    for (std::uint64_t hash = 0; hash != 20; ++hash) {
        CHECK(has(source, text_of(ask(again, nullptr, hash))));
    }
}
TEST_CASE("mock-llm: the shares of faults are at most 1 together") {
    auto const refused = [](std::vector<std::string> const& texts) { auto const r = mock::parse_faults(texts); return r ? "taken"s : r.error(); };
    CHECK(refused({}) == "taken");
    CHECK(refused({"429:0.1", "500:0.2", "reset-head:0.7"}) == "taken");
    CHECK(refused({"429:0.9", "500:0.9"}) == "the shares of --fault are more than 1 together: a request has one fault or none");
    for (auto const* text : {"429", "429:", "429:1.1", "429:-1", "430:0.1", "429:0.1x", "429:nan"}) { CAPTURE(text); CHECK(has(refused({text}), "not NAME:SHARE")); }
    REQUIRE(mock::parse_faults({"429:0.25"}));
    CHECK(mock::parse_faults({"429:0.25"})->front().share == 0.25);
}
