// The program that learns: files, the same bytes again, what a kill -9 leaves behind, and what `score` says of the model that `train` kept.
#include <doctest/doctest.h>
#include <cmath>
#include <filesystem>
#include <map>
#include <unistd.h>
#include <penstock/record/json.hpp>
#include <penstock/train/devices.hpp>
#include "real_data.hpp"
#include "support.hpp"

using test::distill;

namespace {

std::string const flags = "train --filter filter --data-dir data --model-name tiny --epochs 2 --batch-size 4 --max-length 48 ";

struct trained {
    test::folder in;
    trained() {
        std::filesystem::copy(DISTILL_SAMPLE "/filter", in.path / "filter", std::filesystem::copy_options::recursive);
        REQUIRE(distill(in, "prepare --filter filter --input '" DISTILL_SAMPLE "/labelled.jsonl' --output-dir data --train-ratio 0.6 --val-ratio 0.2 --test-ratio 0.2").code == 0);
    }
    std::string model(char const* run) const { return test::read(in / (std::string(run) + "/model/model.safetensors")); }
};

struct scored { std::string id; std::map<std::string, double> scores; };
struct row { std::vector<double> labels; std::vector<std::string> dimension_names; };
struct evaluated { double overall_mae = 0; };

} // namespace

TEST_CASE("train writes a model, a history and metadata; the same bytes again; evaluate and score agree with them") {
    trained const t;
    auto const said = distill(t.in, flags + "--output-dir one");
    CAPTURE(said.err);
    REQUIRE(said.code == 0);
    CHECK(said.out.find("✓ New best validation MAE") != std::string::npos);
    for (char const* f : {"model/config.json", "model/model.safetensors", "model/tokenizer.json", "training_history.json", "training_metadata.json", "checkpoint.safetensors"}) CHECK(std::filesystem::exists(t.in.path / "one" / f));
    CHECK(said.err.find("warm-up") != std::string::npos);       // of 100 steps outlasts so short a run
    REQUIRE(distill(t.in, flags + "--output-dir two").code == 0);
    CHECK(t.model("one") == t.model("two"));
    CHECK(test::read(t.in / "one/training_history.json") == test::read(t.in / "two/training_history.json"));
    REQUIRE(distill(t.in, flags + "--output-dir three --seed 7").code == 0);
    CHECK(t.model("one") != t.model("three"));

    auto const verdict = distill(t.in, "evaluate --filter filter --data-dir data --output-dir one");
    CAPTURE(verdict.err);
    REQUIRE(verdict.code == 0);
    auto const report = penstock::json::decode<evaluated>(test::read(t.in / "one/test_evaluation.json"));
    REQUIRE(report);
    REQUIRE(distill(t.in, "score --model one/model --input data/test.jsonl --output scores.jsonl --max-length 48").code == 0);
    auto const rows = test::lines(test::read(t.in / "data/test.jsonl")), scores = test::lines(test::read(t.in / "scores.jsonl"));
    REQUIRE(rows.size() == scores.size());
    double error = 0, count = 0;
    for (std::size_t i = 0; i != rows.size(); ++i) {
        auto const label = penstock::json::decode<row>(rows[i]);
        auto const score = penstock::json::decode<scored>(scores[i]);
        REQUIRE(label);
        REQUIRE(score);
        for (std::size_t d = 0; d != label->labels.size(); ++d, ++count) error += std::abs(score->scores.at(label->dimension_names[d]) - label->labels[d]);
    }
    CHECK(error / count == doctest::Approx(report->overall_mae).epsilon(1e-4));
}

TEST_CASE("score reads a description where there is no content, and writes to standard output") {
    trained const t;
    REQUIRE(distill(t.in, flags + "--output-dir one").code == 0);
    test::write(t.in / "a.jsonl", "{\"id\":1,\"title\":\"Rain\",\"content\":\"It rains in the north.\"}\n{\"id\":1,\"title\":\"Rain\",\"description\":\"It rains in the north.\"}\n{\"id\":1,\"title\":\"Rain\",\"content\":\"\",\"description\":\"It rains in the north.\"}\n{\"id\":1,\"title\":\"Rain\"}\n");
    auto const said = distill(t.in, "score --model one/model --input a.jsonl --output -");
    CHECK(said.code == 0);
    auto const rows = test::lines(said.out);
    REQUIRE(rows.size() == 4);
    CHECK(rows[1] == rows[0]);
    CHECK(rows[2] == rows[0]);
    CHECK(rows[3] != rows[0]);
    CHECK(!std::filesystem::exists(t.in.path / "-"));
}

TEST_CASE("a training that is killed goes on with --resume to the same bytes") {
    trained const t;
    REQUIRE(distill(t.in, flags + "--output-dir whole").code == 0);
    for (int i = 0; i != 3; ++i) {          // each is killed as soon as a checkpoint is there; wherever it is by then
        std::string const name = "killed" + std::to_string(i);
        std::filesystem::create_directories(t.in.path / name);
        auto const status = std::system(("cd '" + t.in.path.string() + "' && { '" DISTILL_PROGRAM "' " + flags + "--output-dir " + name + " >out.txt 2>err.txt </dev/null & p=$!; i=0; while [ $i != 600 ] && [ ! -e " + name +
                                         "/checkpoint.safetensors ]; do sleep 0.0" + std::to_string(i + 1) + "; i=$((i+1)); done; kill -9 $p; wait $p; true; } 2>/dev/null").c_str());
        REQUIRE(status == 0);
        auto const said = distill(t.in, flags + "--output-dir " + name + " --resume");
        CAPTURE(said.err);
        REQUIRE(said.code == 0);
        CHECK(t.model(name.c_str()) == t.model("whole"));
        CHECK(test::read(t.in / (name + "/training_history.json")) == test::read(t.in / "whole/training_history.json"));
    }
    auto const other = distill(t.in, flags + "--output-dir whole --resume --learning-rate 0.5");
    CHECK(other.code == 3);
    CHECK(other.err.find("checkpoint.safetensors: is of another run") != std::string::npos);
}

TEST_CASE("a kill inside a checkpoint's writing leaves the one before") {
    trained const t;
    std::string const more = flags + "--save-steps 1 --output-dir ";
    REQUIRE(distill(t.in, more + "whole").code == 0);
    int inside = 0;
    for (int i = 0; i != 40 && inside != 3; ++i) {
        std::string const name = "cut" + std::to_string(i), file = name + "/checkpoint.safetensors";
        std::filesystem::create_directories(t.in.path / name);
        auto const status = std::system(("cd '" + t.in.path.string() + "' && { '" DISTILL_PROGRAM "' " + more + name + " >out.txt 2>err.txt </dev/null & p=$!; i=0; while [ $i != 200000 ] && ! { [ -e " + file + " ] && [ -e " + file +
                                         ".partial ]; }; do i=$((i+1)); done; kill -9 $p; wait $p; true; } 2>/dev/null").c_str());
        REQUIRE(status == 0);
        if (!std::filesystem::exists(t.in.path / (file + ".partial"))) continue;
        ++inside;
        auto const said = distill(t.in, more + name + " --resume");
        CAPTURE(said.err);
        REQUIRE(said.code == 0);
        CHECK(t.model(name.c_str()) == t.model("whole"));
        CHECK(!std::filesystem::exists(t.in.path / (file + ".partial")));
    }
    CHECK(inside != 0);
}

TEST_CASE("two ranks learn together, to the bytes of one rank that adds up two batches") {
    trained const t;
    auto const both = std::system(("cd '" + t.in.path.string() + "' && export WORLD_SIZE=2 MASTER_PORT=" + std::to_string(10000 + ::getpid() * 13L % 20000) + "; { RANK=1 '" DISTILL_PROGRAM "' " + flags + "--output-dir two >o1 2>e1 & p=$!; RANK=0 '" DISTILL_PROGRAM "' " + flags +
                                   "--output-dir two >o0 2>e0 && wait $p; }").c_str());
    CHECK(both == 0);
    REQUIRE(distill(t.in, flags + "--gradient-accumulation-steps 2 --output-dir one").code == 0);
    CHECK(t.model("two") == t.model("one"));
    CHECK(test::read(t.in / "two/training_history.json") == test::read(t.in / "one/training_history.json"));
    REQUIRE(distill(t.in, flags + "--output-dir other").code == 0);
    CHECK(t.model("other") != t.model("one"));
}

TEST_CASE("plan: a preset trains all its weights; what does not fit is told what would") {
    trained const t;
    auto const planned = distill(t.in, "plan --model-name tiny --memory 4");
    CHECK(planned.code == 0);
    CHECK(planned.out == distill(t.in, "plan --model-name tiny --lora-r 0 --max-length 256 --memory 4").out);
    auto const small = distill(t.in, "plan --model-name tiny --memory 0.012");
    CHECK(small.code == 2);
    CHECK_MESSAGE(small.err.find("nothing of this fits into 0.012 GiB; --keep inputs --token-budget 1024 would") != std::string::npos, small.err);
    CHECK(distill(t.in, "plan --model-name tiny --memory 0.0001").err.find("in bf16, keeping inputs, in batches of 256 tokens it still takes ") != std::string::npos);
}

TEST_CASE("a run that goes on in another folder takes its best model along") {
    trained const t;
    REQUIRE(distill(t.in, flags + "--output-dir one").code == 0);
    REQUIRE(distill(t.in, flags + "--output-dir two --resume one").code == 0);      // nothing is left to do
    for (auto const* name : {"model/model.safetensors", "model/tokenizer.json", "training_history.json", "training_metadata.json"}) CHECK(test::read(t.in / ("two/" + std::string(name))) == test::read(t.in / ("one/" + std::string(name))));
}

TEST_CASE("a GPU that is not there is said in one line that offers the processor, before anything is written; automatic goes on") {
    if (!penstock::train::devices().all.empty()) {
        MESSAGE("skipped: this machine has a GPU");
        return;
    }
    trained const t;
    REQUIRE(distill(t.in, flags + "--output-dir one").code == 0);
    CHECK(test::read(t.in / "out.txt").find("planned on the processor") != std::string::npos);
    for (auto const* words : {"train --filter filter --data-dir data --model-name tiny --output-dir x", "evaluate --filter filter --data-dir data --output-dir one", "score --model one/model --input data/test.jsonl --output x", "plan --model-name tiny --lora-r 0"}) {
        auto const said = distill(t.in, std::string(words) + " --device cuda");
        CAPTURE(said.err);
        CHECK(said.code == 5);
        CHECK(test::lines(said.err).size() == 1);
        CHECK(said.err.find("--device cuda: no CUDA device: ") != std::string::npos);
        CHECK(said.err.find("; --device cpu takes the processor") != std::string::npos);
        CHECK(!std::filesystem::exists(t.in.path / "x"));
    }
    auto const scored = distill(t.in, "score --model one/model --input data/test.jsonl --output x");
    CHECK(scored.code == 0);
    CHECK(scored.err == "distill: scoring on the processor\n");
    CHECK(distill(t.in, "plan --model-name tiny --lora-r 0").out.find(", on the processor\n") != std::string::npos);
}

TEST_CASE("real labels: a small model from nothing beats the mean and the median by far") {
    auto const labelled = test::real_data("news/labelled_sustainability_gemini_part1.jsonl"), config = test::real_data("news/filter_configs/sustainability_v1.config.yaml");
    if (!labelled || !config) return;
    test::folder const f;
    REQUIRE(distill(f, "prepare --filter '" + *config + "' --input '" + *labelled + "' --output-dir data --map climate_impact=climate_impact_potential").code == 0);
    REQUIRE(distill(f, "train --filter '" + *config + "' --data-dir data --output-dir run --model-name tiny --epochs 2").code == 0);
    auto const said = distill(f, "evaluate --filter '" + *config + "' --data-dir data --output-dir run");
    CAPTURE(said.out);
    REQUIRE(said.code == 0);
    auto const report = penstock::json::decode<evaluated>(test::read(f / "run/test_evaluation.json"));
    REQUIRE(report);
    CHECK(report->overall_mae > 0.1);
    CHECK(report->overall_mae <= 1.25);        // 1.71 and 1.63 by the mean and the median
}
