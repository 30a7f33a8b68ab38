// The program: the seed's command, its lines and files; leaks and duplicates; what is wrong is said; the baseline with a model and without.
#include <doctest/doctest.h>
#include <algorithm>
#include <filesystem>
#include "../real_data.hpp"
#include "../net/support.hpp"
#include "../run/support.hpp"

namespace {
namespace fs = std::filesystem;
std::string const program = HATE_SPEECH_PROGRAM;
bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
using test::read;
std::size_t lines(std::string const& path) {
    auto const text = read(path);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}
auto run(test::folder const& in, std::string const& arguments, std::string const& before = "") {
    return test::shell("cd '" + in.path() + "' && " + before + " timeout 120 '" + program + "' " + arguments + " </dev/null");
}
std::string post(std::string const& text, std::string const& label, std::string const& split) {
    return R"({"text":")" + text + R"(","label_binary":")" + label + R"(","target_group_norm":"lgbtq","persona_tag":"","rationale_text":null,"split":")" + split + "\"}";
}
std::string unified_of(std::string const& file) { return fs::path(file).parent_path().string(); }
/// A unified folder of these rows.
void unified(test::folder& in, std::string const& train, std::string const& val, std::string const& test = "") {
    fs::create_directory(in.path() + "/u");
    in.write("u/unified_train.json", '[' + train + ']');
    in.write("u/unified_val.json", '[' + val + ']');
    if (!test.empty()) in.write("u/unified_test.json", '[' + test + ']');
}
}

TEST_CASE("the seed's command on the sample: banner, files, samples, SUCCESS") {
    test::folder here;
    auto const r = run(here, "--generate_data --unified_dir " HATE_SPEECH_SAMPLE " --data_output_dir ./out/");
    CHECK(r.code == 0);
    std::string const rule(60, '=');
    CHECK(r.out.starts_with(rule + "\nFINE-TUNING DATA GENERATION\n" + rule + "\nUnified data directory: " HATE_SPEECH_SAMPLE "\nOutput directory: ./out/\nInclude test split: False\nGenerate optimized: True\n"
                            "Template: combined/combined_gptoss_v1.json\nStrategy: combined_optimized\n" + rule + "\n\nGenerating fine-tuning data files...\n\n" + rule + "\nGENERATION COMPLETE\n" + rule
                            + "\n\nSIMPLE format:\n  ✓ out/train.jsonl (15 samples)\n  ✓ out/validation.jsonl (4 samples)\n\nOPTIMIZED format:\n  ✓ out/train_optimized.jsonl (15 samples)\n  ✓ out/validation_optimized.jsonl (4 samples)\n"));
    CHECK(r.out.ends_with(rule + "\n[SUCCESS] Fine-tuning data generation complete\nOutput directory: ./out/\n" + rule + "\n"));
    CHECK_FALSE(has(r.out, "WARNING"));         // its own strategy agrees with the targets, and nothing is over 512 tokens
    CHECK(lines(here.path() + "/out/train.jsonl") == 15);
    CHECK_FALSE(fs::exists(here.path() + "/out/test.jsonl"));
    auto const bytes = read(here.path() + "/out/train_optimized.jsonl");
    CHECK(run(here, "--unified-dir " HATE_SPEECH_SAMPLE " --data-output-dir out --include-test --simple-only").code == 0);
    CHECK(lines(here.path() + "/out/test.jsonl") == 4);
    CHECK_FALSE(fs::exists(here.path() + "/out/train_optimized.jsonl"));      // of the run before
    CHECK(run(here, "--unified-dir " HATE_SPEECH_SAMPLE " --data-output-dir out").code == 0);
    CHECK(read(here.path() + "/out/train_optimized.jsonl") == bytes);
    CHECK_FALSE(fs::exists(here.path() + "/out/test.jsonl"));
}
TEST_CASE("the real data: 2,686, 55 and 147 rows, every answer JSON, and the 578 explained") {
    auto const path = test::real_data("hate/unified_train.json");
    if (!path) return;
    test::folder here;
    auto const r = run(here, "--unified-dir '" + unified_of(*path) + "' --data-output-dir out --include-test");
    REQUIRE(r.code == 0);
    for (auto const& [name, rows] : {std::pair{"train", 2686}, {"validation", 55}, {"test", 147}}) for (auto const* form : {"", "_optimized"}) {
        CHECK(lines(here.path() + "/out/" + name + form + ".jsonl") == static_cast<std::size_t>(rows));
        CHECK(has(r.out, "  ✓ out/" + std::string(name) + form + ".jsonl (" + std::to_string(rows) + " samples)\n"));
    }
    CHECK(has(r.out, "578 rows with split=test inside unified_train.json are in no test set: unified_test.json has its own, 147 rows (the 578"));
    CHECK(has(r.out, "train.jsonl: hate_speech 1,269, not_hate 1,417, reasoning null in 2,075"));      // 658 of the hateful ones, and all others
    CHECK(has(r.out, "1 row repeats a text of the same part"));
    CHECK(has(read(here.path() + "/out/metadata.json"), "\"filtered\": {\n        \"split/split is test\": 578,\n        \"split/split is val\": 364\n      }"));
    auto const theirs = run(here, "--unified-dir '" + unified_of(*path) + "' --data-output-dir other --prompt-template '" + unified_of(*path) + "/combined_gptoss_v1.json'");
    CHECK(has(theirs.out, "strategy combined_optimized asks for the labels hate, normal and the keys classification, rationale; the targets say hate_speech, not_hate"));
    CHECK(has(theirs.out, "2,686 rows are over 512 tokens"));
    CHECK(has(read(here.path() + "/other/metadata.json"), "\"labels_agree\": false"));
    auto const aligned = run(here, "--unified-dir '" + unified_of(*path) + "' --data-output-dir other --align-labels --prompt-template '" + unified_of(*path) + "/combined_gptoss_v1.json'");
    CHECK_FALSE(has(aligned.out, "asks for the labels"));
    CHECK(has(read(here.path() + "/other/metadata.json"), "\"labels_agree\": true"));
    CHECK(read(here.path() + "/other/train.jsonl") == read(here.path() + "/out/train.jsonl"));
}
TEST_CASE("no row has the part's split: the seed's lines, the whole file, and never a row that another part keeps") {
    test::folder here;
    unified(here, post("one", "hate", "x") + ',' + post("TWO", "normal", "x") + ',' + post("three", "normal", "x"), post("two", "normal", "val"), post("three ", "normal", "test"));
    auto const r = run(here, "--unified-dir u --data-output-dir out --simple-only");
    CHECK(r.code == 0);
    CHECK(has(r.out, "WARNING: No samples found with split=train in unified_train.json\nINFO: Using all 3 samples from file instead\nINFO: 2 rows of it are left out: another split keeps the same text\n"));
    CHECK(has(r.out, "✓ out/train.jsonl (1 samples)"));         // two is in validation, three in a test set that is not even written
    CHECK(has(read(here.path() + "/out/metadata.json"), "\"split/kept by val\": 1"));
    CHECK(has(read(here.path() + "/out/metadata.json"), "\"split/kept by test\": 1"));
}
TEST_CASE("duplicates and conflicting labels are said, and dropped when asked to") {
    test::folder here;
    unified(here, post("same words here", "hate", "train") + ',' + post("Same  Words here", "hate", "train") + ',' + post("both ways it goes", "hate", "train") + ',' + post("both ways it goes", "normal", "train") + ','
                    + post("in both parts it stands", "normal", "train") + ',' + post("alone", "normal", "train"), post("in both parts it stands", "normal", "val") + ',' + post("another", "hate", "val"));
    auto const r = run(here, "--unified-dir u --data-output-dir out --simple-only");
    CHECK(has(r.out, "✓ out/train.jsonl (6 samples)"));
    CHECK(has(r.out, "duplicates: 2 rows repeat a text of the same part, 1 of another part; 1 text has both labels (--drop-duplicates drops them)\n"
                     "  unified_train.json row 1 (2 times)\n  unified_train.json row 3 (2 times): with both labels\n  unified_train.json row 5, unified_val.json row 1\n"));
    CHECK(has(r.out, "unified_val.json (2 rows) in unified_train.json (6 rows): 1 equal"));
    auto const dropped = run(here, "--unified-dir u --data-output-dir out --simple-only --drop-duplicates");
    CHECK(has(dropped.out, "✓ out/train.jsonl (2 samples)"));
    CHECK(has(dropped.out, "✓ out/validation.jsonl (2 samples)"));
    CHECK(has(dropped.out, "unified_val.json (2 rows) in unified_train.json (2 rows): 0 equal"));
    auto const about = read(here.path() + "/out/metadata.json");
    for (auto const* reason : {"\"duplicates/both labels\": 2", "\"duplicates/duplicate\": 1", "\"duplicates/also in val\": 1"}) CHECK(has(about, reason));
}
TEST_CASE("a row that is too long for the trainer is counted and named") {
    test::folder here;
    unified(here, post("short", "hate", "train") + ',' + post(std::string(4000, '!'), "normal", "train"), post("v", "hate", "val"));
    auto const r = run(here, "--unified-dir u --data-output-dir out --simple-only");
    CHECK(has(r.out, "WARNING: 1 row is over 512 tokens: a trainer that cuts there cuts into the answer; rows 2 of unified_train.json"));
    CHECK_FALSE(has(run(here, "--unified-dir u --data-output-dir out --simple-only --max-tokens 0").out, "over "));
}
TEST_CASE("what is wrong is one line and its exit code; bad rows are rejects") {
    test::folder here;
    CHECK(run(here, "").code == 3);
    CHECK(has(run(here, "").out, "./data/processed/unified/unified_train.json"));
    unified(here, post("fine", "hate", "train") + ',' + post("what?", "maybe", "train") + ",{\"text\":\"no label\",\"split\":\"train\"}", post("v", "hate", "val"));
    auto const r = run(here, "--unified-dir u --data-output-dir out");
    CHECK(r.code == 0);
    CHECK(has(r.out, "2 rows are in out/rejects.jsonl, the first: u/unified_train.json: row 2: label_binary: expected hate or normal, got \"maybe\""));
    CHECK(lines(here.path() + "/out/rejects.jsonl") == 2);
    CHECK(has(run(here, "--unified-dir u --data-output-dir out --include-test").out, "unified_test.json"));
    CHECK(run(here, "--unified-dir u --data-output-dir out --include-test").code == 3);
    auto const unknown = run(here, "--unified-dir u --data-output-dir out2 --strategy best");
    CHECK(unknown.code == 0);
    CHECK(has(unknown.out, "WARNING: Strategy best not found in template. Using simple format only.\nINFO: strategies of this template: combined_optimized, combined_focused\n"));
    CHECK_FALSE(fs::exists(here.path() + "/out2/train_optimized.jsonl"));
    CHECK(run(here, "--unified-dir u --data-output-dir out --prompt-template mine.json").code == 2);
    here.write("bad.json", R"({"strategies":{"combined_optimized":{"system_prompt":"s","user_template":"{text} {who}"}}})");
    auto const place = run(here, "--unified-dir u --data-output-dir out --prompt-template bad.json");
    CHECK(place.code == 2);
    CHECK(has(place.out, "bad.json, strategy combined_optimized, user_template:1:8"));
    CHECK(run(here, "--unified-dir u --data-output-dir u/unified_val.json").code == 4);
    CHECK(has(run(here, "--stratagy x").out, "--strategy"));
    unified(here, post("what?", "maybe", "train"), post("v", "hate", "val"));
    CHECK(run(here, "--unified-dir u --data-output-dir out").code == 3);
}
TEST_CASE("a template that is refused leaves no trace: no folder, no banner; a bad strategy hurts only the run that uses it") {
    test::folder here;
    unified(here, post("fine", "hate", "train"), post("v", "hate", "val"));
    here.write("t.json", R"({"strategies":{"good":{"system_prompt":"s","user_template":"{persona} {text}"},"half":{"system_prompt":"s"},"none":7,"place":{"system_prompt":"s","user_template":"{text} {who}"},
                             "same":{"system_prompt":"s","user_template":"{persona}: {{text}}"}}})");
    auto const with = [&](std::string const& strategy) { return run(here, "--unified-dir u --data-output-dir out --prompt-template t.json --strategy " + strategy); };
    for (auto const& [name, what] : {std::pair{"half", "t.json, strategy half: "}, {"none", "t.json, strategy none: "}, {"place", "t.json, strategy place, user_template:1:8"}, {"same", "t.json, strategy same, user_template: {text} is nowhere in it"}}) {
        auto const r = with(name);
        CHECK_MESSAGE(r.code == 2, r.out);
        CHECK_MESSAGE(has(r.out, what), r.out);
        CHECK_FALSE(has(r.out, "FINE-TUNING"));
        CHECK_FALSE(fs::exists(here.path() + "/out"));
    }
    CHECK(run(here, "--unified-dir u --data-output-dir out --prompt-template nowhere.json").code == 2);
    CHECK_FALSE(fs::exists(here.path() + "/out"));
    CHECK(with("good").code == 0);
    CHECK(lines(here.path() + "/out/train_optimized.jsonl") == 1);
    CHECK(has(with("other").out, "INFO: strategies of this template: good, half, none, place, same\n"));
}
TEST_CASE("a part of which no row is left gets a warning, and no empty file") {
    test::folder here;
    unified(here, post("one", "hate", "train") + ',' + post("two", "normal", "train"), post("ONE", "hate", "x") + ',' + post("two", "normal", "x"), post("t", "hate", "test"));
    fs::create_directory(here.path() + "/out");
    here.write("out/validation.jsonl", "of the run before\n");
    here.write("out/metadata.json", "{}\n");
    auto const r = run(here, "--unified-dir u --data-output-dir out --include-test");
    CHECK(r.code == 0);
    CHECK(has(r.out, "WARNING: no row of unified_val.json is left, so validation.jsonl and validation_optimized.jsonl are not written\n"));
    CHECK(has(r.out, "✓ out/train.jsonl (2 samples)\n  ✓ out/test.jsonl (1 samples)\n"));
    for (auto const* name : {"validation.jsonl", "validation_optimized.jsonl", "validation.jsonl.partial"}) CHECK_FALSE(fs::exists(here.path() + "/out/" + name));
    CHECK(has(read(here.path() + "/out/metadata.json"), "\"split/kept by train\": 2"));
    unified(here, post("one", "hate", "train"), post("what?", "maybe", "val"));
    CHECK(has(run(here, "--unified-dir u --data-output-dir out --simple-only").out, "WARNING: no row of unified_val.json is left, so validation.jsonl is not written\n"));
}
TEST_CASE("a file that was cut is refused before anything is written, in each of its parts; a broken row in the middle is a reject") {
    auto const rows = post("first", "hate", "train") + ",\n" + post("second", "normal", "train");
    auto const whole = '[' + rows + ']';
    for (auto const& cut : {whole.substr(0, whole.size() - 1), whole.substr(0, whole.size() - 20), '[' + rows + ",\n", '[' + post("first", "hate", "train") + ",\n", '[' + rows + ",\n{\"te", whole + whole, post("first", "hate", "train") + "\n{\"text\":\"se"}) {
        CAPTURE(cut);
        for (auto const* file : {"unified_train.json", "unified_val.json", "unified_test.json"}) {
            test::folder here;
            unified(here, rows, post("v", "hate", "val"), post("t", "hate", "test"));
            here.write(std::string("u/") + file, cut);
            auto const r = run(here, "--unified-dir u --data-output-dir out");
            CHECK(r.code == 3);
            CHECK(has(r.out, std::string("u/") + file + ": row "));
            CHECK(has(r.out, "the end of the file is broken"));
            CHECK_FALSE(fs::exists(here.path() + "/out"));
            if (std::string_view(file) == "unified_val.json") continue;        // the baseline reads the two others
            CHECK(run(here, "baseline --strategy simple --unified-dir u --output-dir b").code == 3);
            CHECK_FALSE(fs::exists(here.path() + "/b"));
        }
    }
    test::folder here;
    unified(here, post("first", "hate", "train") + ",\n{\"text\": nothing},\n" + post("second", "normal", "train"), post("v", "hate", "val"));
    auto const r = run(here, "--unified-dir u --data-output-dir out");
    CHECK(r.code == 0);
    CHECK(has(r.out, "✓ out/train.jsonl (2 samples)"));
    CHECK(lines(here.path() + "/out/rejects.jsonl") == 1);
}
TEST_CASE("baseline offline: naive Bayes, every figure the same again") {
    test::folder here;
    auto const r = run(here, "baseline --strategy combined_optimized --strategy simple --unified-dir " HATE_SPEECH_SAMPLE " --output-dir b");
    CHECK(r.code == 0);
    CHECK(has(r.out, "naive Bayes over words learnt from 15 posts"));
    CHECK(has(r.out, "label \\ answer"));
    CHECK(has(r.out, "\noffline                         5          0"));       // both strategies get the same answers: one row
    CHECK_FALSE(has(r.out, "\nsimple"));
    CHECK_FALSE(has(r.out, "\ncombined_optimized"));
    CHECK_FALSE(fs::exists(here.path() + "/b/predictions_simple.jsonl"));
    auto const first = read(here.path() + "/b/predictions_offline.jsonl");
    CHECK(lines(here.path() + "/b/predictions_offline.jsonl") == 5);
    CHECK(run(here, "baseline --strategy simple --unified-dir " HATE_SPEECH_SAMPLE " --output-dir b --split test").code == 0);
    CHECK(lines(here.path() + "/b/predictions_offline.jsonl") == 4);
    CHECK(first.starts_with(read(here.path() + "/b/predictions_offline.jsonl").substr(0, 40)));
    CHECK(run(here, "baseline --unified-dir " HATE_SPEECH_SAMPLE).code == 2);
    CHECK(run(here, "baseline --strategy nothing --unified-dir " HATE_SPEECH_SAMPLE).code == 2);
    CHECK(run(here, "baseline --strategy simple --strategy simple --unified-dir " HATE_SPEECH_SAMPLE).code == 2);
    CHECK(run(here, "baseline --strategy simple --split nothing --unified-dir " HATE_SPEECH_SAMPLE).code == 3);
    CHECK(run(here, "baseline --strategy simple --provider openai --input - --unified-dir " HATE_SPEECH_SAMPLE).code == 2);
    if (auto const path = test::real_data("hate/unified_test.json")) {
        auto const real = run(here, "baseline --strategy simple --output-dir real --unified-dir '" + unified_of(*path) + "'");
        CHECK(real.code == 0);
        CHECK(has(real.out, "offline                      1009          0     0.706      0.680    0.655    0.667"));
        CHECK(has(real.out, "hate_speech                         298            157"));
    }
}
TEST_CASE("baseline with a model: asked once, replayed for nothing; a missing key, and replies that cannot be read") {
    test::folder here;
    std::string const sample = "--unified-dir " HATE_SPEECH_SAMPLE " ";
    CHECK(run(here, "baseline --strategy simple --provider openai --output-dir b " + sample).code == 5);
    {
        mock_server server({"--seed", "7"});
        auto const asked = "baseline --strategy simple --strategy combined_focused --provider openai --model m --output-dir b --base-url http://127.0.0.1:" + std::to_string(server.port) + "/v1 " + sample;
        auto const r = run(here, asked);
        CHECK_MESSAGE(r.code == 0, r.out);
        CHECK(bill(server.port, "billed") == 10);
        CHECK(has(r.out, "model m at http://127.0.0.1"));
        auto const bytes = read(here.path() + "/b/predictions_simple.jsonl");
        CHECK(run(here, asked).code == 0);
        CHECK(bill(server.port, "billed") == 10);
        CHECK(read(here.path() + "/b/predictions_simple.jsonl") == bytes);
        server.kill();
        CHECK(run(here, asked + "--replay").code == 0);
    }
    mock_server server({"--seed", "7", "--fault", "not-json:1"});
    auto const r = run(here, "baseline --strategy simple --provider openai --model m --output-dir c --base-url http://127.0.0.1:" + std::to_string(server.port) + "/v1 " + sample);
    CHECK_MESSAGE(r.code == 0, r.out);
    CHECK(has(r.out, "simple                          5          5     0.000"));
    CHECK(lines(here.path() + "/c/rejects.jsonl") == 5);
}
