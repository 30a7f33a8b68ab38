// The program with a model (mock-llm): what it pays, keeps, says and leaves out; what ends it and with which code.
#include "../net/support.hpp"
#include "support.hpp"
#include <penstock/core/env.hpp>
#include "examiner.hpp"
using namespace test;
namespace fs = std::filesystem;

namespace {
bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
std::string url(mock_server const& s, std::string_view path = "/v1") { return "http://127.0.0.1:" + std::to_string(s.port) + std::string(path); }
outcome ask(folder const& in, mock_server const& s, std::string const& more = "", std::string const& before = "OPENAI_API_KEY=" + std::string(secret)) {
    return run(in, "--input '" IELTS_SAMPLE "' --provider openai --model m --base-url " + url(s) + " --output-dir out --batch-size 16 " + more, before);
}
std::string files(folder const& in) {
    std::string all;
    for (auto const* name : {"train.jsonl", "validation.jsonl", "rejects.jsonl"}) all += slurp(in / "out" / name) + '|';
    return all;
}
unsigned number(folder const& in, std::string const& name) {
    auto const text = slurp(in / "out/metadata.json");
    auto const at = text.find("\"" + name + "\": ");
    REQUIRE(at != text.npos);
    return unsigned(std::stoul(text.substr(at + name.size() + 4)));
}
bool anywhere(fs::path const& folder, std::string_view text) {
    for (auto const& e : fs::recursive_directory_iterator(folder)) if (e.is_regular_file() && has(slurp(e.path()), text)) return true;
    return false;
}
/// A question about a small essay, for check().
ielts::question about(std::string_view essay) { return {std::make_shared<ielts::study const>("Is it good?", essay), ielts::criterion::lexical, 6}; }
}

TEST_CASE("examiner: a quote is found whatever the model did to spaces and marks, and stored as the essay has it; a repeated one is dropped") {
    auto const q = about("They said  “it’s fine”, and everybody believe it.");
    auto const r = ielts::check(q, {.evidence_quotes = {"said \"it's fine\"", "They said “it’s fine”", "said \"it's fine\""}, .errors = {{.span = "everybody believe", .type = "Subject-verb agreement", .fix = "everybody believes"}}, .suggestions = {"Look at the verbs."}},
                                penstock::llm::writer::model);
    REQUIRE(r);
    CHECK(r->note.evidence_quotes.size() == 2);
    CHECK(r->note.evidence_quotes[0] == "said  “it’s fine”");
    CHECK(r->note.errors[0].type == "grammar");
    CHECK(r->mapped_types == 1);
    CHECK(r->repeated_quotes == 1);
    auto const wrong = [&](ielts::told t) { auto const x = ielts::check(q, std::move(t), penstock::llm::writer::model); return x ? std::string() : x.error().what(); };
    CHECK(has(wrong({.evidence_quotes = {"it is fine"}, .errors = {}, .suggestions = {"x"}}), "\"it is fine\" is not in the essay"));
    CHECK(has(wrong({.evidence_quotes = {"fine"}, .errors = {{.span = "believed", .type = "grammar", .fix = "believes"}}, .suggestions = {"x"}}), "\"believed\", is not in the essay"));
    CHECK(has(wrong({.evidence_quotes = {"fine"}, .errors = {{.span = "believe it", .type = "grammar", .fix = "believe it"}}, .suggestions = {"x"}}), "changes nothing"));
}
TEST_CASE("examiner: what models call an error") {
    for (auto const& [told, type] : std::initializer_list<std::pair<std::string_view, std::string_view>>{{"grammar", "grammar"}, {"Lexical", "lexical"}, {"word choice", "lexical"}, {"subject-verb agreement", "grammar"}, {"spelling", "lexical"},
             {"article usage", "grammar"}, {"Cohesive device", "coherence"}, {"paragraphing", "coherence"}, {"off-topic", "task"}, {"task response", "task"}, {"clarity", "other"}, {"", "other"}}) { CAPTURE(told); CHECK(ielts::error_type(told) == type); }
}

TEST_CASE("model: the whole run, what it pays, and the second run that pays nothing") {
    mock_server server({"--seed", "3", "--fault", "429:0.1", "--fault", "500:0.05", "--fault", "reset-inside:0.03", "--fault", "short-length:0.1", "--fault", "empty:0.05", "--retry-after", "0"});
    folder here;
    auto const first = ask(here, server);
    CAPTURE(first.err);
    REQUIRE(first.code == 0);
    CHECK(has(first.out, "written by the model: "));
    CHECK(has(slurp(here / "out/metadata.json"), "\"mock_mode\": false"));
    CHECK(number(here, "questions") == 68);
    auto const billed = bill(server.port, "billed");
    CHECK(billed >= 68);
    CHECK(billed <= number(here, "replies") + number(here, "possibly_paid_twice"));
    CHECK_FALSE(anywhere(here.path, secret));
    auto const bytes = files(here);
    REQUIRE(ask(here, server, "--batch-size 3").code == 0);
    CHECK(number(here, "requests") == 0);
    CHECK(files(here) == bytes);
    CHECK(bill(server.port, "billed") == billed);
    server.kill();
    auto const replayed = run(here, "--input '" IELTS_SAMPLE "' --provider openai --model m --output-dir out --replay");      // no key, no server
    CAPTURE(replayed.err);
    CHECK(replayed.code == 0);
    CHECK(files(here) == bytes);
    auto const other = run(here, "--input '" IELTS_SAMPLE "' --provider openai --model another --output-dir out --replay");
    CHECK(other.code == 3);
    CHECK(has(other.err, "holds no reply"));
    CHECK(files(here) == bytes);            // the files of the finished run are as they were
}
TEST_CASE("model: Azure by the seed's environment, in place of --disable-azure") {
    mock_server server({"--seed", "5"});
    folder here;
    auto const env = "AZURE_OPENAI_API_KEY=" + std::string(secret) + " AZURE_OPENAI_ENDPOINT=" + url(server, "") + " AZURE_OPENAI_DEPLOYMENT_SCORER=scorer AZURE_OPENAI_API_VERSION=2024-10-21";
    auto const r = run(here, "--input '" IELTS_SAMPLE "' --output-dir out", env);
    CAPTURE(r.err);
    CHECK(r.code == 0);
    CHECK(has(r.out, "model scorer at http://127.0.0.1"));
    CHECK_FALSE(anywhere(here.path, secret));
    auto const missing = run(here, "--input '" IELTS_SAMPLE "' --output-dir other");
    CHECK(missing.code == 5);
    CHECK(has(missing.err, "AZURE_OPENAI_ENDPOINT"));
    CHECK_FALSE(fs::exists(here / "other/train.jsonl"));
}
TEST_CASE("model: --fallback offline is never silent") {
    folder here;
    auto const r = run(here, "--input '" IELTS_SAMPLE "' --output-dir out --fallback offline");
    CAPTURE(r.err);
    CHECK(r.code == 0);
    CHECK(has(r.err, "the offline writer stands in"));
    CHECK(has(r.out, "68 by the offline writer in its place"));
    CHECK(number(here, "fallback") == 68);
    auto const offline = run_on(here, IELTS_SAMPLE, "--output-dir plain");
    CHECK(offline.code == 0);
    CHECK(slurp(here / "plain/train.jsonl") == slurp(here / "out/train.jsonl"));
    mock_server locked({"--fault", "401:1"});
    auto const refused = ask(here, locked, "--fallback offline --output-dir refused");
    CAPTURE(refused.err);
    CHECK(refused.code == 0);
    CHECK(has(refused.out, "the model was not to be had: "));
    CHECK(slurp(here / "refused/train.jsonl") == slurp(here / "plain/train.jsonl"));
}
TEST_CASE("model: without a key --fallback offline uses the replies that were paid for, and writes only the rest") {
    mock_server server({"--seed", "3"});
    folder here;
    std::string const keyless = "--input '" IELTS_SAMPLE "' --provider openai --model m --fallback offline --output-dir ", no_key = "env -u OPENAI_API_KEY";
    REQUIRE(ask(here, server).code == 0);
    auto const bytes = files(here);
    auto const all = run(here, keyless + "out", no_key);
    CAPTURE(all.err);
    CHECK(all.code == 0);
    CHECK(files(here) == bytes);
    CHECK(number(here, "fallback") == 0);
    CHECK(number(here, "requests") == 0);
    CHECK(has(all.out, "model m, which was not asked: 68 questions, "));
    CHECK(has(all.out, "the model was not to be had: no key for OpenAI"));
    REQUIRE(ask(here, server, "--preview 2 --output-dir some").code == 0);
    auto const rest = run(here, keyless + "some", no_key);
    CHECK(rest.code == 0);
    CHECK(has(rest.out, "60 by the offline writer in its place"));
}
TEST_CASE("model: --replay names no server, and is refused where it could not mean anything") {
    mock_server server({"--seed", "3"});
    folder here;
    REQUIRE(ask(here, server).code == 0);
    CHECK(has(slurp(here / "out/metadata.json"), "\"endpoint\": \"http://127.0.0.1"));
    auto const replayed = ask(here, server, "--replay");
    CHECK(replayed.code == 0);
    CHECK(has(replayed.out, "model m, which was not asked: "));
    CHECK(has(slurp(here / "out/metadata.json"), "\"endpoint\": null"));
    for (auto const* both : {"--provider openai --model m --replay --retry-rejected", "--disable-azure --replay"}) {
        auto const r = run(here, std::string("--input '" IELTS_SAMPLE "' --output-dir out ") + both, "OPENAI_API_KEY=k");
        CAPTURE(r.err);
        CHECK(r.code == 2);
        CHECK(has(r.err, "--replay"));
    }
}
TEST_CASE("model: what the provider refuses is rejected the same by every later run, which sends nothing") {
    mock_server server({"--seed", "3", "--fault", "400:0.05", "--fault", "content-filter:0.05"});
    folder here;
    REQUIRE(ask(here, server).code == 0);
    CHECK(has(slurp(here / "out/rejects.jsonl"), "400"));
    auto const bytes = files(here);
    for (auto const* how : {"", "--replay", "--finish-partial"}) {
        CAPTURE(how);
        auto const r = ask(here, server, how);
        CAPTURE(r.err);
        CHECK(r.code == 0);
        CHECK(number(here, "requests") == 0);
        CHECK(files(here) == bytes);
    }
}
TEST_CASE("model: a wrong key, an exhausted quota, an unknown model, a dead endpoint: one line, its exit code, and the same command goes on") {
    auto const ends = [](folder const& in, mock_server const& server, int code, char const* more = "") {
        auto const r = ask(in, server, more);
        CAPTURE(r.err);
        CHECK(r.code == code);
        CHECK(has(r.err, "127.0.0.1"));
        CHECK(has(r.err, "the same command goes on"));
        CHECK_FALSE(has(r.err, secret));
    };
    for (auto const& wrong : {std::vector<std::string>{"--key", "sk-another"}, {"--model", "another"}, {"--fault", "429-quota:1"}}) {
        CAPTURE(wrong[0]);
        mock_server server(wrong);
        folder here;
        ends(here, server, 5);
        ends(here, server, 5, "--preview 2");
        CHECK(bill(server.port, "requests") <= 2 * 16 + 8 + 1);
        CHECK(bill(server.port, "billed") == 0);
    }
    folder here;
    mock_server dead({"--seed", "3"});
    dead.kill();                                // a closed port
    ends(here, dead, 6);
    mock_server again({"--seed", "3", "--port", std::to_string(dead.port), "--key", std::string(secret)});
    CHECK(ask(here, again).code == 0);
    CHECK(bill(again.port, "billed") == 68);
}
TEST_CASE("model: --preview shows prompt, reply, decoded record and verdict, and its replies are used by the run") {
    mock_server server({"--seed", "3"});
    folder here;
    auto const shown = ask(here, server, "--preview 2");
    CAPTURE(shown.err);
    CHECK(shown.code == 0);
    for (auto const* part : {"system:", "user:", "accepted reply:", "taken as:", "written by: the model\n", "verdict: taken", "2 rows shown, 0 rejected", "Task 2 question:"}) { CAPTURE(part); CHECK(has(shown.out, part)); }
    CHECK_FALSE(fs::exists(here / "out/train.jsonl"));
    auto const paid = bill(server.port, "billed");
    CHECK(paid >= 4);
    REQUIRE(ask(here, server).code == 0);
    CHECK(number(here, "from_journal") >= 8);
}
TEST_CASE("model: --preview says who wrote, shows the reply that was accepted, and what a rejected row was asked") {
    folder here;
    auto const fallback = run(here, "--input '" IELTS_SAMPLE "' --output-dir out --fallback offline --preview 2");
    CAPTURE(fallback.err);
    CHECK(fallback.code == 0);
    CHECK(has(fallback.out, "written by: the offline writer, because the model was not to be had"));
    CHECK(has(fallback.out, "8 answers by the offline writer in the model's place"));
    CHECK_FALSE(has(fallback.out, "accepted reply:"));

    mock_server halves({"--seed", "3", "--fault", "wrong-type:0.5"});       // asked again, most are right
    auto const asked_again = ask(here, halves, "--preview 5 --reask 9 --output-dir again");
    CAPTURE(asked_again.out);
    CHECK(asked_again.code == 0);
    CHECK_FALSE(has(asked_again.out, ", 0 replies asked for again"));
    CHECK(has(asked_again.out, "5 rows shown, 0 rejected"));
    CHECK(has(asked_again.out, "\"evidence_quotes\""));
    CHECK_FALSE(has(asked_again.out, "unexpected"));                        // what the refused replies say

    mock_server wrong({"--fault", "wrong-type:1"});
    auto const rejected = ask(here, wrong, "--preview 2 --output-dir wrong");
    CAPTURE(rejected.out);
    CHECK(rejected.code == 0);
    for (auto const* part : {"system:", "user:", "Task 2 question:", "the last reply:\n    {\"unexpected\":[null]}", "verdict: rejected: Task Response: ", "2 rows shown, 2 rejected"}) { CAPTURE(part); CHECK(has(rejected.out, part)); }
}
TEST_CASE("model: a preview of what has no reply yet is incomplete, and an empty input is none") {
    folder here;
    auto const unanswered = run(here, "--input '" IELTS_SAMPLE "' --provider openai --model m --output-dir out --finish-partial --preview 2");
    CAPTURE(unanswered.out);
    CHECK(unanswered.code == 75);
    CHECK(has(unanswered.out, "0 rows shown, 0 rejected"));
    CHECK(has(unanswered.out, "2 rows have no reply yet: without --finish-partial they are asked for\n"));
    write(here / "empty.csv", "prompt,essay,evaluation,band\n");
    auto const empty = run(here, "--input empty.csv --disable-azure --output-dir out --preview 2");
    CHECK(empty.code == 3);
    CHECK(has(empty.err, "empty.csv has no rows"));
}
TEST_CASE("model: the address of one call instead of the base URL, a key of blanks, a CA file that is not there: said before anything is sent") {
    mock_server server({"--seed", "3"});
    folder here;
    auto const base = "http://127.0.0.1:" + std::to_string(server.port);
    auto const with = [&](std::string const& more, std::string const& before = "OPENAI_API_KEY=k") { return run(here, "--input '" IELTS_SAMPLE "' --output-dir out " + more, before); };
    for (auto const& [url, what] : {std::pair{"/v1/chat/completions", "the base URL: it ends before /chat/completions, with its /v1"}, {"/v1?api-version=2", "the base URL: it has no query (keys go into a header)"}}) {
        auto const r = with("--provider openai --model m --base-url '" + base + url + "'");
        CAPTURE(r.err);
        CHECK(r.code == 2);
        CHECK(has(r.err, what));
    }
    auto const azure = with("--model d", "env AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT='" + base + "/openai/deployments/d/chat/completions?api-version=2024-10-21'");
    CHECK(azure.code == 2);
    CHECK(has(azure.err, "the Azure endpoint: it ends before /openai/deployments"));
    auto const blank = with("--provider openai", "OPENAI_API_KEY='  '");
    CHECK(blank.code == 5);
    CHECK(has(blank.err, "no key for OpenAI"));
    auto const no_ca = with("--provider openai --model m --ca-file nowhere.pem --base-url " + base + "/v1");
    CHECK(no_ca.code == 2);
    CHECK(has(no_ca.err, "the CA file nowhere.pem cannot be read: No such file or directory"));
    CHECK(bill(server.port, "requests") == 0);
    auto const lost = with("--provider openai --model m --base-url " + base);        // without its /v1, as a provider sees it
    CAPTURE(lost.err);
    CHECK(lost.code == 5);
    CHECK(has(lost.err, "404"));
    CHECK_FALSE(has(lost.err, "0 replies"));
    CHECK(bill(server.port, "billed") == 0);
}
TEST_CASE("model: --finish-partial before the first reply is incomplete") {
    folder here;
    auto const r = run(here, "--input '" IELTS_SAMPLE "' --provider openai --model m --output-dir out --finish-partial");
    CHECK(r.code == 75);
    CHECK(has(r.err, "17 rows are left, 1 rejected in "));
    CHECK(has(r.err, "the same command without --finish-partial"));
    CHECK_FALSE(fs::exists(here / "out/train.jsonl"));
}
TEST_CASE("model: what is missing is said with its remedy, and plain http leaves the machine only when asked for") {
    folder here;
    auto const keyless = run(here, "--input '" IELTS_SAMPLE "' --disable-azure --provider openai --output-dir out", "env -u OPENAI_API_KEY");
    CHECK(keyless.code == 5);
    CHECK(has(keyless.err, "no key for OpenAI: set OPENAI_API_KEY"));
    CHECK(has(keyless.err, "--provider offline writes without a model"));
    mock_server server({"--seed", "3"});
    auto const elsewhere = "--input '" IELTS_SAMPLE "' --provider openai --model m --base-url http://0.0.0.0:" + std::to_string(server.port) + "/v1 --output-dir out";     // not loopback's name, and leads here
    auto const refused = run(here, elsewhere);
    CAPTURE(refused.err);
    CHECK(refused.code == 2);
    CHECK(has(refused.err, "plain http"));
    CHECK(bill(server.port, "requests") == 0);
    CHECK(run(here, elsewhere + " --plain-http").code == 0);
    CHECK(bill(server.port, "billed") >= 68);
}
TEST_CASE("model: stopped, the run keeps what was sent; --finish-partial writes what the journal holds; the same command finishes") {
    mock_server server({"--seed", "3", "--latency", "150"});
    folder here;
    auto const line = "--input '" IELTS_SAMPLE "' --provider openai --model m --base-url " + url(server) + " --output-dir out --batch-size 8 ";
    write(here / "stop.sh", "cd '" + here.path.string() + "'\nset -m\nOPENAI_API_KEY=k '" IELTS_PROGRAM "' " + line + " >stdout.txt 2>stderr.txt </dev/null &\nsleep 0.7; kill -INT $!; wait $!\n");
    auto const status = std::system(("timeout 60 bash '" + (here / "stop.sh").string() + "'").c_str());
    CAPTURE(slurp(here / "stderr.txt"));
    CHECK(WEXITSTATUS(status) == 130);
    auto const billed = bill(server.port, "billed");
    CHECK(billed > 0);
    CHECK(billed < 68);
    CHECK_FALSE(fs::exists(here / "out/train.jsonl"));
    auto const partial = run(here, line + "--finish-partial");
    CAPTURE(partial.err);
    CHECK(partial.code == 75);
    CHECK(has(partial.out, "no reply yet"));
    CHECK(has(partial.err, "without --finish-partial"));
    CHECK(fs::exists(here / "out/train.jsonl"));
    CHECK(number(here, "left") > 0);
    CHECK(bill(server.port, "billed") == billed);
    REQUIRE(run(here, line, "OPENAI_API_KEY=k").code == 0);
    CHECK(number(here, "left") == 0);
    CHECK(number(here, "possibly_paid_twice") == 0);
    folder fresh;
    mock_server quick({"--seed", "3"});
    REQUIRE(ask(fresh, quick).code == 0);
    CHECK(files(fresh) == files(here));
    CHECK(bill(server.port, "billed") == bill(quick.port, "billed"));
}
TEST_CASE("model: two processes on one output directory: the second is told in one line") {
    mock_server server({"--latency", "300"});
    folder here;
    auto const line = "--input '" IELTS_SAMPLE "' --provider openai --model m --base-url " + url(server) + " --output-dir out";
    write(here / "two.sh", "cd '" + here.path.string() + "'\n'" IELTS_PROGRAM "' " + line + " >/dev/null 2>&1 </dev/null &\nsleep 0.4\n'" IELTS_PROGRAM "' " + line + " >stdout.txt 2>stderr.txt </dev/null\ncode=$?\nwait\nexit $code\n");
    auto const status = std::system(("timeout 100 bash '" + (here / "two.sh").string() + "'").c_str());
    auto const said = slurp(here / "stderr.txt");
    CAPTURE(said);
    CHECK(WEXITSTATUS(status) == 4);
    CHECK(has(said, "out"));
    CHECK(fs::exists(here / "out/train.jsonl"));        // the first was not disturbed
}
