// --tokenizer: every program that counts tokens counts as that tokenizer does, and no longer calls its numbers estimates.
#include <penstock/dataset/chat.hpp>
#include <penstock/train/tokenizer.hpp>
#include "counting.hpp"
#include "named.hpp"

namespace {

test::outcome start(test::folder const& in, std::string const& program, std::string const& arguments) {
    auto const status = std::system(("cd '" + in.path.string() + "' && '" + program + "' " + arguments + " >out.txt 2>err.txt </dev/null").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, test::read(in / "out.txt"), test::read(in / "err.txt")};
}
struct turn { std::string role, content; };
struct chat { std::vector<turn> messages; };
/// Of a chat file, as dataset/tokens.hpp counts one, by that model.
std::uint64_t tokens_of(std::string const& path, std::string const& model) {
    penstock::train::encoder encoder(penstock::train::tokenizer::open(model));
    std::uint64_t all = 0;
    for (auto const& line : test::lines(test::read(path))) {
        auto const row = penstock::json::decode<chat>(line);
        REQUIRE(row);
        all += 3;
        for (auto const& m : row->messages) all += 3 + encoder.count(m.role) + encoder.count(m.content);
    }
    return all;
}
std::uint64_t number_after(std::string const& text, std::string const& key) {
    auto const at = text.find(key);
    REQUIRE_MESSAGE(at != text.npos, key);
    return std::strtoull(text.c_str() + text.find_first_of("0123456789", at + key.size()), nullptr, 10);
}

} // namespace

TEST_CASE("lint, ielts, hate-speech and intents count with --tokenizer") {
    test::folder const f;
    auto const model = test::cached_model(f);
    auto const said = start(f, APPS "/ielts", "--input '" APPS_SOURCE "/ielts/sample/essays.csv' --disable-azure --output-dir ielts --tokenizer '" + model + "'");
    CAPTURE(said.err);
    REQUIRE(said.code == 0);
    auto const about = test::read(f / "ielts/metadata.json");
    CHECK(number_after(about, "\"total_tokens\"") == tokens_of(f / "ielts/train.jsonl", model));
    CHECK(about.find("\"tokens_are_estimated\": false") != about.npos);
    REQUIRE(start(f, APPS "/ielts", "--input '" APPS_SOURCE "/ielts/sample/essays.csv' --disable-azure --output-dir estimated").code == 0);
    CHECK(number_after(test::read(f / "estimated/metadata.json"), "\"total_tokens\"") != tokens_of(f / "ielts/train.jsonl", model));
    auto const linted = start(f, PENSTOCK_TOOL, "lint ielts/train.jsonl --json --min-examples 1 --tokenizer '" + model + "'");
    CHECK(number_after(linted.out, "\"total\"") == tokens_of(f / "ielts/train.jsonl", model));

    auto const hate = start(f, APPS "/hate-speech", "--unified-dir '" APPS_SOURCE "/hate-speech/sample' --data-output-dir hate --simple-only --max-tokens 1 --tokenizer '" + model + "'");
    CAPTURE(hate.err);
    REQUIRE(hate.code == 0);
    CHECK(hate.out.find("; tokens a row: ") != hate.out.npos);
    CHECK(hate.out.find("estimated") == hate.out.npos);
    CHECK(test::read(f / "hate/metadata.json").find("\"tokens_are_estimated\": false") != std::string::npos);

    // what a run of intents would cost is said before anything is sent: without --yes nothing is
    auto const asked = [&](std::string const& more) { return start(f, "env", "OPENAI_API_KEY=sk-none '" APPS "/intents' --use-openai --test --base-url http://127.0.0.1:9 --model m --output i.json " + more); };
    auto const estimated = asked(""), counted = asked("--tokenizer '" + model + "'");
    CHECK(estimated.code == 2);
    CHECK_MESSAGE(counted.code == 2, counted.err);
    CHECK(number_after(estimated.err, ", about") != number_after(counted.err, ", about"));
    for (auto const* program : {"ielts", "hate-speech"}) CHECK(start(f, std::string(APPS "/") + program, "--input '" APPS_SOURCE "/ielts/sample/essays.csv' --tokenizer Qwen/None").code != 0);
}
