// With a model (mock-llm): what is asked, paid and kept, and that the rounds depend on replies, never on timing.
#include "../net/support.hpp"
#include "support.hpp"
#include <algorithm>
#include <penstock/core/loop.hpp>
#include "data_file.hpp"
#include "provider.hpp"
#include "validate.hpp"
using namespace test;

namespace {
std::string flags(mock_server const& s, std::string const& more = "") {
    return "--provider openai --model m --base-url http://127.0.0.1:" + std::to_string(s.port) + "/v1 --examples-per-intent 30 --edge-cases 12 --batch-size 4 --output out/set.json " + more;
}
std::string const key = "OPENAI_API_KEY=" + std::string(secret);
bool anywhere(std::filesystem::path const& folder, std::string_view text) {
    for (auto const& e : std::filesystem::recursive_directory_iterator(folder)) if (e.is_regular_file() && has(slurp(e.path()), text)) return true;
    return false;
}
}

TEST_CASE("model: nothing is sent before its cost is agreed to") {
    mock_server server;
    folder here;
    std::filesystem::create_directory(here / "out");
    auto const r = run(here, flags(server), key);
    CAPTURE(r.err);
    CHECK(r.code == 2);
    CHECK(has(r.err, "--yes goes on"));
    CHECK(has(r.err, "$"));
    CHECK(bill(server.port, "requests") == 0);
    auto const none = intents::estimate_of(the_grammar(), {.examples_per_intent = 1000}, 10);
    CHECK(none.requests == 1000);
    CHECK(none.input_tokens > 200'000);
    CHECK(none.output_tokens > 200'000);
}
TEST_CASE("model: rounds give the same file whatever the timing; a second run pays nothing; the key is nowhere") {
    folder here;
    std::filesystem::create_directory(here / "out");
    std::string bytes;
    {
        mock_server server({"--seed", "3", "--fault", "429:0.05", "--retry-after", "0"});
        auto r = run(here, flags(server, "--yes --log-level DEBUG"), key);
        for (int again = 0; r.code == 75 && again != 4; ++again) { CHECK(has(r.err, "the same command goes on")); r = run(here, flags(server, "--yes"), key); }       // its inventions repeat themselves: the bound stops it
        CAPTURE(r.err);
        REQUIRE(r.code == 0);
        CHECK(has(r.err, "by the model "));
        CHECK(has(r.out, "model m at http://127.0.0.1"));
        CHECK_FALSE(anywhere(here.path, secret));
        bytes = slurp(here / "out/set.json");
        auto const file = intents::read_data((here / "out/set.json").string());
        CHECK(file.rows.size() == 312);
        CHECK(has(bytes, "\"generation_method\":\"model\""));
        CHECK(has(bytes, "\"model_used\":\"m\""));
        CHECK(has(bytes, "\"use_openai\":true"));
        auto const paid = bill(server.port, "billed");
        REQUIRE(run(here, flags(server, "--yes"), key).code == 0);
        CHECK(bill(server.port, "billed") == paid);
        CHECK(slurp(here / "out/set.json") == bytes);
    }
    auto const replayed = run(here, "--provider openai --model m --examples-per-intent 30 --edge-cases 12 --batch-size 4 --output out/set.json --replay");      // neither key nor server
    CAPTURE(replayed.err);
    CHECK(replayed.code == 0);
    CHECK(slurp(here / "out/set.json") == bytes);
}
TEST_CASE("model: a prompt names what is there already, and asks for as many as are missing") {
    intents::wish w{.intent = intents::intent::translation, .audience = intents::audience::child, .complexity = intents::complexity::simple, .round = 2, .wanted = 3, .manner = {"how do you say dog?"}, .seen = {"what is cat in Thai?"}};
    auto const asked = intents::prompt(w);
    REQUIRE(asked.messages.size() == 2);
    auto const& user = asked.messages[1].content;
    for (auto const* part : {"Write 3 messages", "translated between languages", "a child", "one short sentence", "- how do you say dog?", "write nothing like them:\n- what is cat in Thai?"}) { CAPTURE(part); CHECK(has(user, part)); }
    w.seen.clear();
    CHECK_FALSE(has(intents::prompt(w).messages[1].content, "exist already"));
}
TEST_CASE("model: a wrong key, one line, its exit code, and no file") {
    mock_server server({"--fault", "401:1"});
    folder here;
    std::filesystem::create_directory(here / "out");
    auto const r = run(here, flags(server, "--yes"), key);
    CAPTURE(r.err);
    CHECK(r.code == 5);
    CHECK(has(r.err, "the same command goes on"));
    CHECK_FALSE(has(r.err, secret));
    CHECK_FALSE(std::filesystem::exists(here / "out/set.json"));
}
TEST_CASE("model: a text that the validator would not pass is left out, and a reply of such texts only is asked for again with the reason") {
    CHECK(has(intents::objection("Translate {topic} please", intents::intent::translation), "unfilled slots"));
    CHECK(has(intents::objection("write a poem about rain", intents::intent::translation), "asks for creative_writing"));
    CHECK(intents::objection("how do they say rain in Rome?", intents::intent::translation).empty());
    mock_server server({"--text", R"({"texts":["why is [TOPIC] so?"]})"});
    folder here;
    std::filesystem::create_directory(here / "out");
    auto const r = run(here, flags(server, "--yes --log-level DEBUG"), key);
    CAPTURE(r.err);
    CHECK(r.code == 5);
    CHECK(has(r.err, "no text can be used: unfilled slots"));
    CHECK(has(r.err, "no reply of m was usable"));
    CHECK_FALSE(std::filesystem::exists(here / "out/set.json"));
}
TEST_CASE("model: a run that would cost more than twice what was announced stops") {
    mock_server server({"--text", R"({"texts":["why do you say so, my friend?"]})"});
    folder here;
    std::filesystem::create_directory(here / "out");
    auto const r = run(here, flags(server, "--yes"), key);
    CAPTURE(r.err);
    CHECK(r.code == 75);
    CHECK(has(r.err, "stopped at twice the "));
    CHECK_FALSE(std::filesystem::exists(here / "out/set.json"));
    auto const told = r.err.find("at least ");
    REQUIRE(told != r.err.npos);
    auto const announced = std::stoull(r.err.substr(told + 9));
    auto const sent = static_cast<std::uint64_t>(bill(server.port, "requests"));
    CAPTURE(announced);
    CHECK(sent >= 2 * announced);
    CHECK(sent < 3 * announced);        // those that were under way came as well
}
