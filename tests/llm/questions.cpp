/// Keys and canonical requests: what makes two questions the same, and that it stays so.
#include "support.hpp"
#include <set>
#include <penstock/llm/chat_request.hpp>

using namespace penstock;
using namespace penstock::llm;

namespace {
chat_request const plain{.model = "gpt", .messages = {{role::system, "Be brief."}, {role::user, "Why \"sky\"?\n\xC3\xBC"}}, .temperature = 0.3, .max_output_tokens = 800,
                         .schema = R"({ "type": "object", "properties": { "b": {"type":"string"}, "a": {"type":"number"} } })"};
std::string bytes(chat_request const& r) { auto c = canonical(r); REQUIRE(c); return *c; }
}

TEST_CASE("the canonical form is these bytes and the key these digits: whoever changes them makes every journal worthless") {
    CHECK(bytes(plain) == R"({"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why \"sky\"?\nü"}],"temperature":0.3,"max_output_tokens":800,)"
                          R"("schema_name":"reply","schema":{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"number"}}}})");
    CHECK(bytes({.model = "gpt", .messages = {{role::assistant, ""}}}) == R"({"messages":[{"role":"assistant","content":""}]})");
    auto const q = question_of("openai", plain);
    REQUIRE(q);
    CHECK(q->key().text() == "27e7a993b1832eec141ea65c74d7e0d0");
    CHECK(key::parse(q->key().text()) == q->key());
    CHECK(!key::parse("12"));
    CHECK(!key::parse(std::string(31, '0') + "g"));
}

TEST_CASE("white space and the spelling of numbers in a schema's text do not matter; the order of its members does, because models answer in that order") {
    auto const with = [](std::string schema) { auto r = plain; r.schema = std::move(schema); return bytes(r); };
    CHECK(with(R"({"a":1,"b":[2, 3]})") == with("{ \"a\" :1,\n\t\"b\":[2,3] }"));
    CHECK(with(R"({"a":1,"b":2})") != with(R"({"b":2,"a":1})"));
    CHECK(!canonical({.schema = "{"}));
    CHECK(!canonical({.messages = {{role::user, "\xFF"}}}));
    auto half = plain, other = plain;
    half.temperature = 0.5, other.temperature = 1.0 / 2;
    CHECK(bytes(half) == bytes(other));
}

TEST_CASE("each part of a question makes another key, and none runs over into its neighbour") {
    question const q{"openai", "m", "1", 0, "{}"};
    std::set<key> keys;
    for (auto const& other : {q, question{"azure", "m", "1", 0, "{}"}, question{"openai", "n", "1", 0, "{}"}, question{"openai", "m", "2", 0, "{}"}, question{"openai", "m", "1", 1, "{}"},
                              question{"openai", "m", "1", 0, "{ }"}, question{"openaim", "", "1", 0, "{}"}, question{"openai", "m1", "", 0, "{}"}, question{"openai", "m", "1{}", 0, ""}})
        CHECK(keys.insert(other.key()).second);
    CHECK(keys.contains(q.key()));
    auto drawn = plain;
    drawn.draw = 1;
    CHECK(bytes(drawn) == bytes(plain));
    CHECK(question_of("openai", drawn)->key() != question_of("openai", plain)->key());
}
