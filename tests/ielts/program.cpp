#include <doctest/doctest.h>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <thread>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "about.hpp"
#include "prepare.hpp"
#include "support.hpp"
using namespace test;
namespace fs = std::filesystem;

namespace {
bool has(std::string const& text, std::string_view part) { return text.find(part) != text.npos; }
std::size_t count_lines(std::string const& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }
}

TEST_CASE("ielts: the sample, whole: files, counts, and these very bytes with every compiler") {
    folder here;
    auto const r = run_on(here, IELTS_SAMPLE);
    CAPTURE(r.err);
    REQUIRE(r.code == 0);
    CHECK(r.err.find("18 in") != r.err.npos);
    std::set<std::string> names;
    for (auto const& e : fs::directory_iterator(here / "out")) names.insert(e.path().filename());
    names.erase(".penstock.lock");
    CHECK(names == std::set<std::string>{"train.jsonl", "validation.jsonl", "rejects.jsonl", "metadata.json"});
    CHECK(count_lines(slurp(here / "out/train.jsonl")) == 14);
    CHECK(count_lines(slurp(here / "out/validation.jsonl")) == 3);
    CHECK(count_lines(slurp(here / "out/rejects.jsonl")) == 1);
    CHECK(hash_of(here / "out/train.jsonl") == "201d10eed82040c11cb2dc949f3aedd3");
    CHECK(hash_of(here / "out/validation.jsonl") == "947eb03f979d5b630c28f75c8b7a50c1");

    CHECK(has(r.out, "18 rows read: 17 examples, 0 filtered, 1 rejected (bands/schema 1)"));
    CHECK(has(r.out, "bands: 15 as numbers, 2 as \"<4\", taken as 3.5"));
    CHECK(has(r.out, "all four stated in 16 evaluations (14 as numbers); 4 not stated"));
    CHECK(has(r.out, "at least 1 apart: 1 row,"));
    CHECK(has(r.out, "Training examples: 14\nEstimated tokens: "));
    CHECK(has(r.out, "\nEstimated training cost: $0."));
    CHECK(has(r.out, "0 errors, 0 warnings"));
    CHECK(has(r.out, "One example, row 1 of "));
    CHECK(has(r.out, "Files in out:"));

    auto const meta = slurp(here / "out/metadata.json");
    for (std::string_view const part : {"\"total_examples\": 17", "\"train_examples\": 14", "\"validation_examples\": 3", "\"validation_ratio\": 0.2", "\"mock_mode\": true", "\"train_valid\": true", "\"validation_valid\": true",
                                        "\"dataset_split\": \"train\"", "\"tokens_are_estimated\": true", "\"read\": 18", "\"written\": 17", "\"bands/schema\": 1", "\"numbers\": 15", "\"low\": 2", "\"rows_with_all\": 16", "\"by_rule\": 4", "\"cost_of_grouping\": 2"})
        CHECK_MESSAGE(has(meta, part), part);
    CHECK(has(slurp(here / "out/rejects.jsonl"), "\"row\":18,\"position\":\"0:17\",\"stage\":\"bands\",\"code\":\"schema\",\"reason\":\"band: \\\"six and a half\\\" is not a multiple of 0.5 from 0 to 9\""));
}
TEST_CASE("ielts: same bytes with 1, 7 and 500 requests in flight; another seed divides otherwise") {
    folder here;
    auto const files = [&](std::string const& more) {
        auto const r = run_on(here, IELTS_SAMPLE, more);
        CHECK(r.code == 0);
        return slurp(here / "out/train.jsonl") + '|' + slurp(here / "out/validation.jsonl") + '|' + slurp(here / "out/rejects.jsonl");
    };
    auto const expected = files("");
    for (auto const* more : {"--batch-size 1", "--batch_size 7", "--batch-size 500"}) CHECK(files(more) == expected);
    int others = 0;
    for (auto const* seed : {"1", "2", "3", "4", "5"}) others += files(std::string("--seed ") + seed) != expected;
    CHECK(others > 0);
}
TEST_CASE("ielts: JSONL and JSON inputs with a band as a number give the same rows") {
    folder here;
    auto const row = [](std::string const& band) { return R"({"prompt":"Should dogs vote?","essay":"I agree that they should. Dogs are loyal, because they wait.","evaluation":"**Task Achievement: 6**","band":)" + band + "}"; };
    write(here / "a.jsonl", row("6.5") + "\n" + row("\"6.5\\n\\r\"") + "\n");
    write(here / "b.json", "[" + row("6.5") + ",\n" + row("\"6.5\"") + "]");
    CHECK(run(here, "--input a.jsonl --disable-azure --output-dir a --validation-ratio 0").code == 0);
    CHECK(run(here, "--input b.json --disable-azure --output-dir b --validation-ratio 0").code == 0);
    CHECK(count_lines(slurp(here / "a/train.jsonl")) == 2);
    CHECK(slurp(here / "a/train.jsonl") == slurp(here / "b/train.jsonl"));
}
TEST_CASE("ielts: --num-samples draws with the seed, not the first rows; the rest are filtered") {
    folder here;
    auto const r = run_on(here, IELTS_SAMPLE, "--num-samples 6");
    CHECK(r.code == 0);
    CHECK(has(r.out, ", 12 filtered (sample/not sampled 12), "));
    auto const first = slurp(here / "out/train.jsonl");
    CHECK(run_on(here, IELTS_SAMPLE, "--num-samples 6 --batch-size 500").code == 0);
    CHECK(slurp(here / "out/train.jsonl") == first);
    CHECK(run_on(here, IELTS_SAMPLE, "--num-samples 6 --seed 1").code == 0);
    CHECK(slurp(here / "out/train.jsonl") != first);
    CHECK(run_on(here, IELTS_SAMPLE, "--num-samples all").code == 0);
}
TEST_CASE("ielts: ratio 0 writes no validation file and takes away that of an earlier run; ratio too small warns") {
    folder here;
    CHECK(run_on(here, IELTS_SAMPLE).code == 0);
    CHECK(fs::exists(here / "out/validation.jsonl"));
    auto const r = run_on(here, IELTS_SAMPLE, "--validation-ratio 0");
    CHECK(r.code == 0);
    CHECK_FALSE(fs::exists(here / "out/validation.jsonl"));
    CHECK(has(slurp(here / "out/metadata.json"), "\"validation_valid\": null"));
    auto const small = run_on(here, IELTS_SAMPLE, "--validation-ratio 0.01");
    CHECK(small.code == 0);
    CHECK(has(small.err, "validation.jsonl is empty: 17 rows in 9 groups leave nothing for it"));
    CHECK(fs::file_size(here / "out/validation.jsonl") == 0);
}
TEST_CASE("ielts: few rows are said, not refused") {
    folder here;
    auto const r = run_on(here, IELTS_SAMPLE, "--num-samples 4 --validation-ratio 0");
    CHECK(r.code == 0);
    CHECK(has(r.out, "too_few_examples"));
    CHECK(has(slurp(here / "out/metadata.json"), "\"train_valid\": false"));
}
TEST_CASE("ielts: wrong inputs end with one line and their exit code") {
    folder here;
    write(here / "columns.csv", "prompt,essay,evaluation\na,b,c\n");
    write(here / "empty.csv", "");
    write(here / "header.csv", "prompt,essay,evaluation,band\n");
    write(here / "empty.json", "[]");
    write(here / "empty.jsonl", "");
    write(here / "none.csv", "prompt,essay,evaluation,band\np,e,v,six\np,e,v,\n");
    write(here / "one.csv", "prompt,essay,evaluation,band\np,e,v,six\n");
    write(here / "noise.bin", std::string("\x00\x01\xFF\xFE binary \x7F", 14));
    write(here / "file", "");
    struct { std::string arguments; int code; std::string says; } const cases[] = {
        {"", 2, "--input FILE"},
        {"--dataset x/y", 2, "--input FILE"},
        {"--input '" IELTS_SAMPLE "'", 5, "--disable-azure"},
        {"--input missing.csv --disable-azure", 3, "missing.csv"},
        {"--input . --disable-azure", 3, "directory"},
        {"--input columns.csv --disable-azure --output-dir o", 3, "'band'"},
        {"--input empty.csv --disable-azure --output-dir o", 3, "empty"},
        {"--input header.csv --disable-azure --output-dir o", 3, "no rows"},
        {"--input empty.json --disable-azure --output-dir o", 3, "no rows"},
        {"--input empty.jsonl --disable-azure --output-dir o", 3, "no rows"},
        {"--input one.csv --disable-azure --output-dir o", 3, "no row of one.csv survives: the only one is in o/rejects.jsonl.partial\n"},
        {"--input none.csv --disable-azure --output-dir none", 3, "no row of none.csv survives: all 2 are in none/rejects.jsonl.partial\n"},
        {"--input noise.bin --disable-azure --output-dir o", 3, "noise.bin"},
        {"--input '" IELTS_SAMPLE "' --disable-azure --output-dir file", 4, "file"},
        {"--input '" IELTS_SAMPLE "' --disable-azure --output-dir /proc/nowhere", 4, "/proc/nowhere"},
        {"--colour", 2, "--colour"},
        {"--input a --disable-azure --validation-ratio 1.5", 2, "validation-ratio"},
        {"--input a --disable-azure --validation-ratio 1", 2, "--validation-ratio 1 leaves no row to train on"},
        {"--input a --disable-azure --batch-size 0", 2, "batch-size"},
        {"--input a --disable-azure --low-band 3", 2, "low-band"},
        {"--input '" IELTS_SAMPLE "' --disable-azure --output-dir prices --prices missing.json", 2, "missing.json"},
    };
    for (auto const& c : cases) {
        CAPTURE(c.arguments);
        auto const r = run(here, c.arguments);
        CAPTURE(r.err);
        CHECK(r.code == c.code);
        CHECK(has(r.err, c.says));
        CHECK(count_lines(r.err) <= 4);
        CHECK(r.out.empty());
    }
    CHECK(has(slurp(here / "none/rejects.jsonl.partial"), "not a multiple of 0.5"));
    for (auto const* folder : {"o", "none"}) CHECK_FALSE(fs::exists(here / folder / "rejects.jsonl"));
    CHECK_FALSE(fs::exists(here / "prices"));       // the prices are read before anything else
}
TEST_CASE("ielts: a run that fails leaves the files of the one before as they were") {
    folder here;
    REQUIRE(run_on(here, IELTS_SAMPLE).code == 0);
    auto const files = [&] {
        std::string all;
        for (auto const* name : {"train.jsonl", "validation.jsonl", "rejects.jsonl", "metadata.json"}) all += slurp(here / "out" / name) + '|';
        return all;
    };
    auto const before = files();
    write(here / "none.csv", "prompt,essay,evaluation,band\np,e,v,six\n");
    CHECK(run(here, "--input none.csv --disable-azure --output-dir out").code == 3);
    CHECK(files() == before);
    fs::create_directory(here / "out/validation.jsonl.partial");       // the second file cannot be written
    auto const r = run_on(here, IELTS_SAMPLE, "--seed 7");
    CHECK(r.code == 4);
    CHECK(has(r.err, "out/validation.jsonl: cannot be written"));
    CHECK(files() == before);
    fs::remove(here / "out/validation.jsonl.partial");
    fs::create_directory(here / "out/metadata.json.partial");          // nor the last
    CHECK(run_on(here, IELTS_SAMPLE, "--seed 7").code == 4);
    CHECK(files() == before);
    fs::remove(here / "out/metadata.json.partial");
    CHECK(run_on(here, IELTS_SAMPLE, "--seed 7").code == 0);
    CHECK(files() != before);
}
TEST_CASE("ielts: a line that the check finds too long is reported, and the run is complete") {
    folder here;
    write(here / "long.csv", "prompt,essay,evaluation,band\nP,I like it because it is good. " + std::string(12'000'000, '\x01') + ",,6\n");      // 6 bytes each in JSON: over 64 MiB
    auto const r = run_on(here, "long.csv", "--validation-ratio 0");
    CAPTURE(r.err);
    CHECK(r.code == 0);
    CHECK(has(r.err, "WARNING out/train.jsonl: line_too_long: "));
    CHECK(has(r.out, "out/train.jsonl:1: error: line_too_long: "));
    CHECK(has(slurp(here / "out/metadata.json"), "\"train_valid\": false"));
}
TEST_CASE("ielts: train.jsonl and validation.jsonl are valid each by its own check; a train.jsonl without rows is said") {
    folder here;
    CHECK(run_on(here, IELTS_SAMPLE, "--num-samples 6 --validation-ratio 0.5").code == 0);
    auto const meta = slurp(here / "out/metadata.json");
    CHECK(has(meta, "\"train_valid\": false"));       // fewer than ten
    CHECK(has(meta, "\"validation_valid\": true"));
    penstock::run::metadata about;
    penstock::dataset::lint_report linted;
    linted.files = {{.path = "train.jsonl"}, {.path = "validation.jsonl"}};
    linted.findings = {{penstock::dataset::severity::warning, "duplicate_row", "train.jsonl", 1, ""}, {penstock::dataset::severity::error, "line_too_long", "validation.jsonl", 1, ""}};
    ielts::describe(about, "a.csv", {}, {}, linted, {}, {});
    REQUIRE(about.find("format_validation"));
    CHECK(*about.find("format_validation") == R"({"train_valid":true,"validation_valid":false})");

    write(here / "one.csv", "prompt,essay,evaluation,band\nP,I like it because it is good.,,6\n");
    auto const r = run_on(here, "one.csv", "--validation-ratio 0.9");
    CHECK(r.code == 0);
    CHECK(has(r.err, "train.jsonl is empty: 1 row in 1 group leaves nothing for it"));
}
TEST_CASE("ielts: what a pipe gives is read once, also where a terminal shows the progress") {
    folder here;
    auto const command = "cd '" + here.path.string() + "' && mkfifo pipe && { cat '" IELTS_SAMPLE "' >pipe & } && timeout 60 script -qefc \"'" IELTS_PROGRAM "' --input pipe --disable-azure --output-dir out\" /dev/null >shown.txt </dev/null";
    CHECK(std::system(command.c_str()) == 0);
    auto const shown = slurp(here / "shown.txt");
    CAPTURE(shown);
    CHECK(has(shown, "18 rows read: 17 examples"));
}
TEST_CASE("ielts: a summary that cannot be written is exit code 4, and the files are whole") {
    folder here;
    auto const status = std::system(("cd '" + here.path.string() + "' && timeout 120 '" IELTS_PROGRAM "' --input '" IELTS_SAMPLE "' --disable-azure --output-dir out >/dev/full 2>stderr.txt </dev/null").c_str());
    CHECK(WEXITSTATUS(status) == 4);
    CHECK(slurp(here / "stderr.txt").find("standard output cannot be written") != std::string::npos);
    CHECK(std::filesystem::exists(here / "out/metadata.json"));
}
TEST_CASE("ielts: the command for another check stands at the end, and penstock lint agrees") {
    folder here;
    auto const r = run_on(here, IELTS_SAMPLE, "--output-dir 'a folder'");
    CHECK(r.code == 0);
    std::string const command = "penstock lint --assistant-json 'a folder/train.jsonl' 'a folder/validation.jsonl'";
    CHECK(has(r.out, "\nTo check them again: " + command + "\n"));
    CHECK(std::system(("cd '" + here.path.string() + "' && PATH='" PENSTOCK_TOOL_FOLDER "':$PATH && " + command + " >/dev/null").c_str()) == 0);
}
TEST_CASE("ielts: LOG_LEVEL says how much is told") {
    folder here;
    auto const told = [&](std::string const& level) { return run(here, "--input '" IELTS_SAMPLE "' --disable-azure --output-dir out", "LOG_LEVEL=" + level).err; };
    auto const info = told("INFO"), debug = told("DEBUG");
    CHECK(told("ERROR") == "");
    CHECK(told("WARNING") == "");
    CHECK(has(info, " INFO 1 row is in out/rejects.jsonl, the first: row 18, band: "));
    CHECK_FALSE(has(info, "DEBUG"));
    for (std::string_view const part : {"essays.csv: read as CSV\n", "DEBUG 10 questions in flight, 4 essays open at once\n", "DEBUG rejected: row 18, band: ", "DEBUG committed: out/train.jsonl\n", "DEBUG committed: out/metadata.json\n"})
        CHECK_MESSAGE(has(debug, part), part);
    CHECK(run(here, "--input '" IELTS_SAMPLE "' --disable-azure --output-dir out --num-samples 3", "LOG_LEVEL=error").err == "");
}
TEST_CASE("ielts: LOG_LEVEL, --help with exit codes, demo") {
    folder here;
    CHECK(run(here, "--help", "LOG_LEVEL=loud").code <= 2);
    CHECK(run(here, "--input '" IELTS_SAMPLE "' --disable-azure", "LOG_LEVEL=loud").code == 2);
    auto const help = run(here, "--help");
    CHECK(help.code == 0);
    for (std::string_view const part : {"--dataset", "--dataset-split", "--num-samples", "--validation-ratio", "--output-dir", "--batch-size", "--seed", "--disable-azure", "0.2", "./finetuning_data", "42", "LOG_LEVEL", "130"}) CHECK_MESSAGE(has(help.out, part), part);
    auto const demo = run(here, "demo");
    CHECK(demo.code == 0);
    CHECK(has(demo.out, "Example 3 of 3"));
    CHECK(has(demo.out, "\"the the\" -> \"the\" (grammar)"));
    CHECK_FALSE(has(demo.out, "rejected"));
}
TEST_CASE("ielts: SIGINT ends a run that waits for standard input at once, and what it finished is kept") {
    folder here;
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    auto const child = ::fork();
    if (child == 0) {
        ::dup2(pipe[0], 0);
        ::close(pipe[1]);
        ::signal(SIGINT, SIG_DFL);
        if (::chdir(here.path.c_str()) != 0) ::_exit(126);
        ::dup2(::open("stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 0666), 2);
        ::execl(IELTS_PROGRAM, "ielts", "--input", "-", "--disable-azure", "--output-dir", "out", nullptr);
        ::_exit(127);
    }
    ::close(pipe[0]);
    auto const sample = slurp(IELTS_SAMPLE);
    CHECK(::write(pipe[1], sample.data(), sample.size()) == static_cast<ssize_t>(sample.size()));
    auto const come = [&] { std::error_code none; return fs::exists(here / "out/rejects.jsonl.partial", none); };
    for (int i = 0; i != 500 && !come(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    auto const before = std::chrono::steady_clock::now();
    ::kill(child, SIGINT);
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (std::chrono::steady_clock::now() - before > std::chrono::seconds(10)) ::kill(child, SIGKILL);
    }
    ::close(pipe[1]);
    auto const err = slurp(here / "stderr.txt");
    CAPTURE(err);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 130));
    CHECK(has(err, "stopped by SIGINT"));
    CHECK(has(err, "finished rows and "));
    CHECK(has(err, "run the same command again: ielts --input - --disable-azure --output-dir out"));
    CHECK(count_lines(slurp(here / "out/train.jsonl.partial")) > 5);
}
TEST_CASE("ielts: an interrupted run without validation leaves the validation file of the one before") {
    folder here;
    REQUIRE(run_on(here, IELTS_SAMPLE).code == 0);
    auto const validation = slurp(here / "out/validation.jsonl");
    write(here / "out/validation.jsonl.partial", "of a run before");
    REQUIRE(::mkfifo((here / "pipe").c_str(), 0600) == 0);
    int const writer = ::open((here / "pipe").c_str(), O_RDWR);
    auto const sample = slurp(IELTS_SAMPLE);
    CHECK(::write(writer, sample.data(), sample.size()) == static_cast<ssize_t>(sample.size()));
    auto const r = std::system(("cd '" + here.path.string() + "' && timeout --foreground -s INT 2 '" IELTS_PROGRAM "' --input pipe --disable-azure --output-dir out --validation-ratio 0 >stdout.txt 2>stderr.txt").c_str());
    (void)r;
    ::close(writer);
    CHECK(has(slurp(here / "stderr.txt"), "stopped by SIGINT"));
    CHECK(slurp(here / "out/validation.jsonl") == validation);
    CHECK(fs::exists(here / "out/metadata.json"));
    CHECK_FALSE(fs::exists(here / "out/validation.jsonl.partial"));        // it does not belong to the train.jsonl.partial beside it
    CHECK(run_on(here, IELTS_SAMPLE, "--validation-ratio 0").code == 0);
    CHECK_FALSE(fs::exists(here / "out/validation.jsonl"));
}
TEST_CASE("ielts: SIGINT leaves .partial files, says how to go on, and the same command goes on") {
    folder here;
    auto const sample = slurp(IELTS_SAMPLE);
    auto const header = sample.find('\n') + 1;
    std::string big = sample.substr(0, header);
    for (int i = 0; i != 3000; ++i) big += sample.substr(header);
    write(here / "big.csv", big);
    auto const stopped = std::system(("cd '" + here.path.string() + "' && { timeout --foreground -s INT 2 '" IELTS_PROGRAM "' --input big.csv --disable-azure --output-dir out; echo $? >code; } >stdout.txt 2>stderr.txt").c_str());
    (void)stopped;
    auto const code = slurp(here / "code"), err = slurp(here / "stderr.txt");
    CAPTURE(err);
    CHECK((code == "124\n" || code == "130\n"));       // timeout(1) says 124 for a program that it stopped
    CHECK(has(err, "stopped by SIGINT"));
    CHECK(has(err, ".partial"));
    CHECK(has(err, "--input big.csv --disable-azure --output-dir out"));
    CHECK(fs::exists(here / "out/rejects.jsonl.partial"));
    CHECK(fs::exists(here / "out/train.jsonl.partial"));
    CHECK_FALSE(fs::exists(here / "out/train.jsonl"));
    CHECK_FALSE(fs::exists(here / "out/metadata.json"));
    CHECK(run_on(here, IELTS_SAMPLE).code == 0);
    CHECK_FALSE(fs::exists(here / "out/train.jsonl.partial"));
    CHECK_FALSE(fs::exists(here / "out/rejects.jsonl.partial"));
}
