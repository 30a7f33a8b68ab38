/// OpenAI's and Azure's wire: the bytes that are sent, and what is made of the shapes that come back. Bodies in our own words, shapes as the providers send them.
#include "support.hpp"
#include <penstock/llm/impl/hidden_key.hpp>
#include <penstock/llm/policy/ruling.hpp>
#include <penstock/llm/provider/azure.hpp>
#include <penstock/llm/provider/openai.hpp>

using namespace penstock;
using namespace penstock::llm;

namespace {
constexpr auto secret = "sk-a-secret-key-0123456789";
chat_request const asked{.model = "gpt-4o mini", .messages = {{role::system, "Be brief."}, {role::user, "Is it \xC3\xBC?\n"}}, .temperature = 0.3, .max_output_tokens = 800,
                         .schema = "{ \"type\": \"object\" }", .schema_name = "verdict", .schema_version = "3", .draw = 2};
net::response answered(int status, std::string body, std::initializer_list<std::pair<char const*, char const*>> headers = {}) {
    net::response r;
    r.status = status;
    r.body = std::move(body);
    for (auto [n, v] : headers) r.headers.add(n, v);
    return r;
}
std::string header(net::request const& r, std::string_view name) { for (auto const& h : r.headers) if (h.name == name) return h.value; return "(none)"; }
}

TEST_CASE("openai: a request is these bytes, the schema in the strict form; version and draw are not sent") {
    auto const r = openai::request(asked, {}, secret);
    REQUIRE(r);
    CHECK(r->method == "POST");
    CHECK(r->to == net::url{.tls = true, .host = "api.openai.com", .port = 443, .target = "/v1/chat/completions"});
    CHECK(header(*r, "Authorization") == std::string("Bearer ") + secret);
    CHECK(header(*r, "Content-Type") == "application/json");
    CHECK(header(*r, "OpenAI-Organization") == "(none)");
    CHECK(r->body == R"({"model":"gpt-4o mini","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Is it ü?\n"}],"temperature":0.3,"max_completion_tokens":800,)"
                     R"("response_format":{"type":"json_schema","json_schema":{"name":"verdict","schema":{"type":"object"},"strict":true}}})");
    CHECK(r->body.find(secret) == r->body.npos);
}

TEST_CASE("openai: servers of one's own: any base URL, no key, max_tokens, free text") {
    auto const r = openai::request({.model = "m", .messages = {{role::user, "hi"}}, .max_output_tokens = 5}, {.base_url = "http://127.0.0.1:8000/v1/", .organization = "o", .project = "p", .max_tokens = true}, "");
    REQUIRE(r);
    CHECK(r->to == net::url{.tls = false, .host = "127.0.0.1", .port = 8000, .target = "/v1/chat/completions"});
    CHECK(header(*r, "Authorization") == "(none)");
    CHECK(header(*r, "OpenAI-Organization") == "o");
    CHECK(header(*r, "OpenAI-Project") == "p");
    CHECK(r->body == R"({"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":5})");
    auto const [line, code] = support::fatal_of([] { (void)openai::request(asked, {.base_url = "api.openai.com"}, secret); });
    CHECK(support::one_line(line));
    CHECK(code == exit_code::usage);
    CHECK(!openai::request({.model = "m", .messages = {{role::user, "\xFF"}}}, {}, secret));
}

TEST_CASE("azure: the deployment is in the path, the key in api-key, no model in the body") {
    auto const r = azure::request(asked, {.url = "https://mine.openai.azure.com/"}, secret);
    REQUIRE(r);
    CHECK(r->to.host == "mine.openai.azure.com");
    CHECK(r->to.target == "/openai/deployments/gpt-4o%20mini/chat/completions?api-version=2024-10-21");
    CHECK(header(*r, "api-key") == secret);
    CHECK(header(*r, "Authorization") == "(none)");
    CHECK(r->body.starts_with(R"({"messages":[)"));
}

TEST_CASE("a completion is read: text, tokens, why it ended; unknown and null members are passed over") {
    auto const r = openai::reply(answered(200, R"({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18","system_fingerprint":null,"choices":[{"index":0,
        "message":{"role":"assistant","content":"{\"score\":7}","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":120,"completion_tokens":30,"total_tokens":150,
        "prompt_tokens_details":{"cached_tokens":64,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":12,"audio_tokens":0}}})"), secret, 0);
    REQUIRE(r);
    CHECK(r->text == R"({"score":7})");
    CHECK(r->refusal.empty());
    CHECK(r->finish == finish::stop);
    CHECK(r->model == "gpt-4o-mini-2024-07-18");
    CHECK(r->tokens == usage{120, 64, 30, 12});
    auto const bare = openai::reply(R"({"choices":[{"message":{"content":"hi"},"finish_reason":"length"}]})");
    REQUIRE(bare);
    CHECK(bare->finish == finish::length);
    CHECK(bare->tokens == usage{});
}

TEST_CASE("a refusal and a filtered reply are replies without text") {
    auto const refused = openai::reply(R"({"choices":[{"message":{"content":null,"refusal":"I cannot help with that."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}})");
    REQUIRE(refused);
    CHECK(refused->text.empty());
    CHECK(refused->refusal == "I cannot help with that.");
    auto const filtered = azure::reply(R"({"choices":[{"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":true,"severity":"high"},"violence":{"filtered":false,"severity":"safe"},
        "jailbreak":{"filtered":true,"detected":true},"custom":{"error":{"code":"x"}}}}],"prompt_filter_results":[{"prompt_index":0}]})");
    REQUIRE(filtered);
    CHECK(filtered->finish == finish::filtered);
    CHECK(filtered->filtered == "hate, jailbreak");
    CHECK(filtered->text.empty());
}

TEST_CASE("what is no completion is an error that is asked again: half a body, another document, no choices, an error with status 200") {
    for (auto const* body : {"", "{\"choices\":[{\"message\":{\"content\":\"ha", "<html>", "[]", "{}", "{\"choices\":[]}", "{\"choices\":null}", "{\"error\":{\"message\":\"upstream died\"}}"}) {
        CAPTURE(body);
        auto const r = openai::reply(answered(200, body), secret, 0);
        REQUIRE(!r);
        CHECK(r.error().status == 200);
        CHECK(!r.error().message.empty());
        CHECK(rule(r.error()).act == act::retry);
    }
    CHECK(openai::reply(answered(200, "{\"error\":{\"message\":\"upstream died\"}}"), secret, 0).error().message == "upstream died");
}

TEST_CASE("errors in each server's shape") {
    struct line { int status; char const* body; char const* code; char const* message; act what; };
    for (auto const& [status, body, code, message, what] : std::initializer_list<line>{
             {429, R"({"error":{"message":"Too many requests","type":"requests","param":null,"code":"rate_limit_exceeded"}})", "rate_limit_exceeded", "Too many requests", act::retry},
             {429, R"({"error":{"message":"No money","type":"insufficient_quota","param":null,"code":"insufficient_quota"}})", "insufficient_quota", "No money", act::stop},
             {401, R"({"error":{"message":"Wrong key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}})", "invalid_api_key", "Wrong key", act::stop},
             {404, R"({"error":{"code":"DeploymentNotFound","message":"No such\ndeployment"}})", "DeploymentNotFound", "No such deployment", act::stop},
             {400, R"({"error":{"message":"The prompt was filtered","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation",
                 "content_filter_result":{"hate":{"filtered":true,"severity":"high"},"self_harm":{"filtered":false}}}}})", "content_filter", "The prompt was filtered (hate)", act::reject},
             {400, R"({"error":{"message":"Filtered","code":"content_filter","inner_error":{"content_filter_results":{"violence":{"filtered":true}}}}})", "content_filter", "Filtered (violence)", act::reject},
             {400, R"({"error":{"message":"Bad schema","type":"invalid_request_error","param":"response_format","code":null}})", "", "Bad schema", act::stop},
             {400, R"({"object":"error","message":"maximum context length","type":"BadRequestError","param":null,"code":400})", "400", "maximum context length", act::reject},
             {503, R"({"error":"server busy, please try again.  maximum pending requests exceeded"})", "", "server busy, please try again.  maximum pending requests exceeded", act::retry},
             {429, "[{\"error\":{\"code\":429,\"message\":\"Quota per minute\",\"status\":\"RESOURCE_EXHAUSTED\"}}]\n", "429", "Quota per minute", act::retry},
             {502, "<html>Bad\r\nGateway</html>", "", "<html>Bad  Gateway</html>", act::retry},
             {500, "", "", "", act::retry}}) {
        CAPTURE(body);
        auto const r = openai::reply(answered(status, body), secret, 0);
        REQUIRE(!r);
        CHECK(r.error().status == status);
        CHECK(r.error().code == code);
        CHECK(r.error().message == message);
        CHECK(rule(r.error()).act == what);
    }
}

TEST_CASE("the headers' words: Retry-After, x-should-retry; and a key that a server repeats is struck out") {
    auto const r = azure::reply(answered(429, "{\"error\":{\"message\":\"slow down\"}}", {{"Retry-After", "4"}, {"x-should-retry", "true"}}), secret, 0);
    REQUIRE(!r);
    CHECK(r.error().retry_after == std::chrono::seconds(4));
    CHECK(r.error().should_retry == true);
    CHECK(openai::reply(answered(500, "", {{"x-should-retry", "false"}}), secret, 0).error().should_retry == false);
    auto const told = openai::reply(answered(401, std::string("{\"error\":{\"message\":\"Incorrect API key provided: ") + secret + "\"}}"), secret, 0);
    CHECK(told.error().message == "Incorrect API key provided: [key]");
    CHECK(openai::reply(answered(502, std::string("you sent ") + secret), secret, 0).error().text().find(secret) == std::string::npos);
}

TEST_CASE("a key that a server repeats is struck out before anything is cut, also as JSON escapes it") {
    for (std::size_t before : {0u, 150u, 180u, 190u, 199u, 200u, 260u}) {
        auto const r = openai::reply(answered(400, std::string(before, 'x') + "Authorization: Bearer " + secret + " is wrong"), secret, 0);
        CAPTURE(r.error().message);
        CHECK(r.error().message.find("sk-a") == std::string::npos);
    }
    auto const wrong_shape = openai::reply(answered(200, std::string("{\"choices\":\"") + std::string(30, 'x') + secret + "\"}"), secret, 0);
    REQUIRE(!wrong_shape);
    CHECK(wrong_shape.error().message.find("sk-a") == std::string::npos);
    for (auto const* text : {"sk-a-secret-key-0123456789", "sk\\u002da-secret\\u002Dkey-0123456789", "\\u0073k-a-secret-key-0123456789", "sk\\\\u002da-secret-key-0123456789"}) {
        std::string told = std::string("told ") + text + " twice " + text;
        detail::hide(told, secret);
        CHECK(told == "told [key] twice [key]");
    }
    std::string slash = "a\\/b/c-key";
    detail::hide(slash, "a/b/c-key");
    CHECK(slash == "[key]");
    for (auto const* text : {"sk-a-secret-key-012345678", "sk-a-secret-key-\\u003", "\\", "sk\\\\-"}) { std::string told = text; detail::hide(told, secret); CHECK(told == text); }
    std::string word = "ollama run ollama";
    detail::hide(word, "ollama", 16);
    CHECK(word == "ollama run ollama");
}

TEST_CASE("a reply is a reply however its tokens are counted") {
    struct line { char const* said; usage read; };
    for (auto const& [said, read] : std::initializer_list<line>{{R"({"prompt_tokens":-1,"completion_tokens":30})", {0, 0, 30, 0}}, {R"({"prompt_tokens":12.5,"completion_tokens":"7"})", {12, 0, 7, 0}}, {"null", {}}, {"\"many\"", {}}, {"[]", {}},
             {R"({"prompt_tokens":1e300,"completion_tokens":99999999999999999999})", {1'000'000'000'000, 0, 1'000'000'000'000, 0}}, {R"({"prompt_tokens":3,"completion_tokens":{"a":1}})", {3, 0, 0, 0}},
             {R"({"prompt_tokens":18446744073709551615,"completion_tokens":1})", {1'000'000'000'000, 0, 1, 0}}}) {
        CAPTURE(said);
        auto const r = openai::reply(std::string(R"({"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"usage":)") + said + "}");
        REQUIRE(r);
        CHECK(r->text == "hi");
        CHECK(r->tokens == read);
    }
}
