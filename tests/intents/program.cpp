// The program as a person runs it: files, reports, exit codes, wrong input.
#include "support.hpp"
#include <algorithm>
#include <map>
#include <set>
#include <penstock/record/enums.hpp>
#include <penstock/run/output_directory.hpp>
#include "data_file.hpp"
#include "validate.hpp"
using namespace test;
namespace fs = std::filesystem;

namespace {
/// A data set in our layout, one row a pair of text and intent.
std::string set_of(std::vector<std::pair<std::string, std::string>> const& rows, std::string const& more = "") {
    std::string out = R"({"metadata":{"generated_at":"1970-01-01T00:00:00Z","total_examples":)" + std::to_string(rows.size()) + R"(,"statistics":{},"diversity_metrics":{}},"examples":[)";
    for (auto const& [text, intent] : rows) out += std::string(&text == &rows[0].first ? "" : ",") + R"({"text":")" + text + R"(","intent":")" + intent + R"(","audience":"general","complexity":"simple","confidence":0.9)" + more + "}";
    return out + "]}";
}
}

TEST_CASE("program: a small set, its report, its log, and the same bytes again") {
    folder here;
    auto const r = run(here, "--test --output out.json");
    CAPTURE(r.err);
    REQUIRE(r.code == 0);
    CHECK(has(r.out, "out.json: PASSED, 112 rows (12 edge cases)"));
    CHECK(fs::exists(here / "out.json.validation_report.txt"));
    CHECK(has(slurp(here / "data_generation.log"), "seed 42"));
    auto const bytes = slurp(here / "out.json");
    CHECK_FALSE(has(bytes, here.path.string()));
    CHECK(hash_of(here / "out.json") == "bf4255c3bb64a0661bd814d02da2042a");         // the same with g++ and clang++
    REQUIRE(run(here, "--test --output other.json --seed 42").code == 0);
    CHECK(slurp(here / "other.json") == bytes);
    REQUIRE(run(here, "--test --output other.json --seed 0").code == 0);
    CHECK(slurp(here / "other.json") != bytes);
    REQUIRE(run(here, "--test --output dated.json", "SOURCE_DATE_EPOCH=0").code == 0);
    CHECK(has(slurp(here / "dated.json"), "\"generated_at\":\"1970-01-01T00:00:00Z\""));
}
TEST_CASE("program: the default set passes its own check") {
    folder here;
    auto const r = run(here, "");
    CAPTURE(r.err);
    REQUIRE(r.code == 0);
    CHECK(has(r.out, "training_data.json: PASSED, 12,000 rows (2,000 edge cases), 0 with an error"));
    CHECK(hash_of(here / "training_data.json") == "2600d5c849b397030f887a2ddae353b6");
    CHECK(run(here, "--validate-only training_data.json").code == 0);

    auto const cut = run(here, "split training_data.json --output-dir parts");
    CAPTURE(cut.err);
    REQUIRE(cut.code == 0);
    std::map<std::string, std::string> side_of;
    std::size_t rows = 0;
    for (std::string const side : {"train", "validation", "test"}) {
        auto const part = intents::read_data((here / ("parts/training_data." + side + ".json")).string());
        CHECK(part.layout.empty());
        rows += part.rows.size();
        for (auto const& row : part.rows) for (auto const& f : row.frames) {
            CAPTURE(f);
            auto const [at, fresh] = side_of.try_emplace(f, side);
            CHECK(at->second == side);
        }
        if (side != "train") { CHECK(part.rows.size() > 1000); CHECK(part.rows.size() < 1500); }
    }
    CHECK(rows < 12'000);
    CHECK(rows > 11'500);
    CHECK(has(cut.out, std::to_string(12'000 - rows) + " rows are made of frames of different sides"));
}
TEST_CASE("program: combine keeps a text once") {
    folder here;
    REQUIRE(run(here, "--test --output a.json").code == 0);
    REQUIRE(run(here, "--test --output b.json --seed 7").code == 0);
    auto const r = run(here, "combine a.json b.json a.json --output all.json");
    CAPTURE(r.err);
    REQUIRE(r.code == 0);
    CHECK(has(r.out, "a.json: 112 rows, left out 112 equal"));
    CHECK(run(here, "--validate-only all.json").code == 0);
    auto const all = intents::read_data((here / "all.json").string()).rows;
    CHECK(all.size() > 112);
    CHECK(all.size() <= 224);
    write(here / "foreign.json", set_of({{"Why is it so?", "weather"}}));
    auto const none = run(here, "combine foreign.json");
    CHECK(none.code == 3);
    CHECK(has(none.err, "no row of these files survives"));
    CHECK_FALSE(fs::exists(here / "combined.json"));
}
TEST_CASE("program: combine and split keep the config of their files") {
    folder here;
    REQUIRE(run(here, "--test --output a.json").code == 0);
    REQUIRE(run(here, "--test --output b.json --seed 7").code == 0);
    auto const config = intents::read_data((here / "a.json").string()).config;
    CHECK(has(config, "\"seed\":42"));
    REQUIRE(run(here, "split a.json").code == 0);
    CHECK(intents::read_data((here / "a.train.json").string()).config == config);
    REQUIRE(run(here, "combine a.json --output one.json").code == 0);
    CHECK(intents::read_data((here / "one.json").string()).config == config);
    write(here / "bare.json", R"({"examples":[{"text":"why is it so?","intent":"question_answering","audience":"child","complexity":"simple","confidence":0.9}]})");
    REQUIRE(run(here, "combine a.json b.json bare.json --output all.json").code == 0);
    CHECK(intents::read_data((here / "all.json").string()).config == "{\"sources\":[" + config + ',' + intents::read_data((here / "b.json").string()).config + ",null]}");
}
TEST_CASE("program: split leaves out rows without our labels, and says how many") {
    folder here;
    std::string rows = R"({"examples":[{"text":"is it so?","intent":"question_answering","audience":"martian","complexity":"simple"},{"text":"is it so?","intent":"question_answering","audience":"child","complexity":0.4},)"
                       R"({"text":"","intent":"question_answering","audience":"child","complexity":"simple"},17)";
    for (int n = 0; n != 20; ++n) rows += R"(,{"text":"what is )" + std::to_string(n * n * 7919) + R"(?","intent":"question_answering","audience":"child","complexity":"simple"})";
    write(here / "x.json", rows + "]}");
    auto const r = run(here, "split x.json");
    CAPTURE(r.err);
    REQUIRE(r.code == 0);
    CHECK(has(r.out, "left out 4 rows without our labels"));
    std::size_t kept = 0;
    for (std::string const side : {"train", "validation", "test"}) kept += intents::read_data((here / ("x." + side + ".json")).string()).rows.size();
    CHECK(kept == 20);
    write(here / "x.json", set_of({{"Why is it so?", "weather"}}));
    auto const none = run(here, "split x.json");
    CHECK(none.code == 3);
    CHECK(has(none.err, "has no row that can be split"));
}
TEST_CASE("program: what the validator says, rule by rule") {
    folder here;
    auto const report = [&](std::string const& text) { write(here / "x.json", text); auto const r = run(here, "--validate-only x.json"); return std::pair(r.code, r.out + r.err); };
    using rows = std::vector<std::pair<std::string, std::string>>;
    auto const finds = [&](rows const& of, std::string_view rule, int code, std::string const& more = "") {
        auto const [got, text] = report(set_of(of, more));
        CAPTURE(text);
        CHECK(got == code);
        CHECK(has(text, std::string(rule) + ": "));
    };
    finds({{"Create a schedule for {activity}", "task_planning"}}, "ERROR    placeholder", 3);
    finds({{"?", "question_answering"}}, "ERROR    too-short", 3);
    finds({{"Why is it raining?", "question_answering"}, {"why is  it RAINING?", "question_answering"}}, "ERROR    duplicate", 3);
    finds({{"Why is it raining?", "question_answering"}, {"why is  it RAINING?", "reasoning"}}, "ERROR    two-labels", 3);
    finds({{"Why is it raining so much in Bergen today?", "question_answering"}, {"Why is it raining so much in Bergen today", "question_answering"}}, "WARNING  near-duplicate", 0);
    finds({{"Why is it raining?", "weather"}}, "ERROR    label", 3);
    finds({{"write a story about frogs", "translation"}}, "ERROR    another-intent", 3);
    finds({{"purple", "conversation"}}, "WARNING  no-cue", 0);
    finds({{"why is it so", "question_answering"}}, "WARNING  question-mark", 0);
    finds({{"why no no no no no no no no no no no?", "question_answering"}}, "ERROR    repetition", 3);
    for (auto const* slot : {"{topic1}", "{your topic}", "[TOPIC]", "[your topic]", "<topic>"}) { CAPTURE(slot); finds({{std::string("why is ") + slot + " so?", "question_answering"}}, "ERROR    placeholder", 3); }
    for (auto const* none : {"what is <table> for?", "why is a[i] null?", "what is vector<int> for?", "why is 3 < 4 and 5 > 4?", "why does it say [sic]?", "what is <h1> for?"}) {
        CAPTURE(none);
        auto const [code, text] = report(set_of({{none, "question_answering"}}));
        CAPTURE(text);
        CHECK(code == 0);
    }
    auto const one = set_of({{"Why is it raining?", "question_answering"}});
    auto const other = [&](std::string_view from, std::string_view to, std::string_view rule) {
        auto text = one;
        text.replace(text.find(from), from.size(), to);
        auto const [code, told] = report(text);
        CAPTURE(told);
        CHECK(code == 3);
        CHECK(has(told, "ERROR    " + std::string(rule) + ": "));
    };
    other("0.9", "\"0.9\"", "type");
    other("\"Why is it raining?\"", "17", "type");
    other("\"total_examples\":1", "\"total_examples\":2", "count");
    other(",\"statistics\":{}", "", "metadata");
    // An edge case may be short, but not carry a slot.
    auto const [fine, said] = report(set_of({{"?", "question_answering"}}, R"(,"metadata":{"edge_case":"extreme_length"})"));
    CAPTURE(said);
    CHECK(fine == 0);
    finds({{"{topic}?", "question_answering"}}, "ERROR    placeholder", 3, R"(,"metadata":{"edge_case":"vague_request"})");
    finds({{"so what?", "reasoning"}}, "ERROR    label", 3, R"(,"metadata":{"edge_case":"sleepy"})");
    auto const [odd, layout] = report(R"([{"text":"why is it so?","intent":"question_answering","complexity":0.5},{"text":"and how do birds fly?","intent":"question_answering","complexity":0.7}])");
    CAPTURE(layout);
    CHECK(odd == 3);
    CHECK(has(layout, "1 error,"));             // an unknown layout is one finding
    CHECK(has(layout, "the file is a bare array"));
    auto const [mixed, unreadable] = report(R"({"metadata":{},"examples":[{"text":"why is it so?","intent":"question_answering","audience":"child","complexity":"simple","confidence":0.9},17,{"text":["a"]}]})");
    CAPTURE(unreadable);
    CHECK(mixed == 3);
    CHECK(has(unreadable, "ERROR    unreadable: rows that cannot be read: 2 rows"));
}
TEST_CASE("program: wrong input ends with one line and its exit code") {
    folder here;
    write(here / "empty.json", "");
    write(here / "broken.json", "{\"examples\": [");
    write(here / "other.json", "{\"rows\": []}");
    fs::create_directory(here / "folder");
    write(here / "none.json", "{\"metadata\":{},\"examples\":[]}");
    struct attempt { std::string arguments; int code; std::string says; };
    for (auto const& [arguments, code, says] : std::vector<attempt>{
             {"--validate-only missing.json", 3, "missing.json"}, {"--validate-only empty.json", 3, "is empty"}, {"--validate-only broken.json", 3, "broken.json is no"}, {"--validate-only other.json", 3, "\"examples\""},
             {"--validate-only none.json", 3, "has no rows"}, {"--validate-only .", 3, ""}, {"--examples-per-intent -3", 2, "examples-per-intent"}, {"--examples-per-intent 0 --edge-cases 0", 2, "leave nothing"},
             {"--examples-per-intent 0 --edge-cases 100000", 2, "ask for fewer"}, {"--output empty.json/x.json --test", 4, "empty.json"}, {"--example-per-intent 3", 2, "examples-per-intent"}, {"--log-level LOUD", 2, "log-level"},
             {"--temperature 9", 2, "temperature"}, {"combine", 2, "FILE"}, {"combine missing.json", 3, "missing.json"}, {"split none.json", 3, "has no rows"}, {"split other.json --validation 0.6 --test 0.6", 2, "less than 1"},
             {"--use-openai --test", 5, "OPENAI_API_KEY"}, {"--output folder --test", 4, "is a folder"}, {"--output /proc/x.json --test", 4, "/proc"}, {"--test --api-key k", 2, "--api-key"},
             {"--test --replay", 2, "--replay"}, {"--validate-only other.json --test", 2, "--test"}, {"--test --edge-cases 3", 2, "--test"}, {"splitt x.json", 2, ""}}) {
        CAPTURE(arguments);
        auto const r = run(here, arguments, "env -u OPENAI_API_KEY");
        CAPTURE(r.err);
        CHECK(r.code == code);
        CHECK(has(r.err, says));
        CHECK(std::ranges::count(r.err, '\n') <= 6);
    }
    CHECK_FALSE(fs::exists(here / "training_data.json"));
    CHECK(has(run(here, "--help").out, "--examples-per-intent"));
}
TEST_CASE("program: what cannot be written is said before anything else, and two runs never write into one folder at once") {
    folder here;
    fs::create_directory(here / "taken.json");
    CHECK(run(here, "--test --output taken.json").code == 4);
    CHECK_FALSE(fs::exists(here / "data_generation.log"));          // nothing is begun that cannot be written
    penstock::run::output_directory const held(here.path.string());
    auto const r = run(here, "--test");
    CHECK(r.code == 4);
    CHECK(has(r.err, "in use by another run"));
    CHECK_FALSE(fs::exists(here / "data_generation.log"));
}
TEST_CASE("program: real files of the original") {
    folder here;
    if (auto const path = real_data("intents/betterprompts_training_data.json")) {
        auto const r = run(here, "--validate-only '" + *path + "'");
        CHECK(r.code == 3);
        CHECK(has(r.out, "duplicate: texts that are equal to an earlier one but for case and spaces: 468 rows"));
        CHECK(has(r.out, "placeholder: unfilled slots such as {topic}, [TOPIC] or <topic>: 12 rows"));
    }
    if (auto const path = real_data("intents/betterprompts_training_data_large.json")) {
        auto const r = run(here, "--validate-only '" + *path + "'");
        CHECK(r.code == 3);
        CHECK(has(r.out, "duplicate: texts that are equal to an earlier one but for case and spaces: 9,540 rows"));      // 11,000 rows, 1,460 texts
        CHECK(has(r.out, "layout: the file is laid out otherwise"));
        CHECK(has(r.out, "4 errors, 3 warnings"));
    }
}
