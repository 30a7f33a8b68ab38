#include <algorithm>
#include "configuration.hpp"
#include "place.hpp"
#include "support.hpp"
#include "training.hpp"

namespace {
std::string said(std::string const& yaml) {
    auto const entries = distill::training_configuration(yaml);
    if (!entries) return entries.error();
    std::string out;
    for (auto const& e : *entries) {
        out += (out.empty() ? "" : "; ") + e.key + '@' + std::to_string(e.line) + " =";
        for (auto const& v : e.values) out += ' ' + v;
    }
    return out;
}
}

TEST_CASE("the seed's YAML becomes flags with their lines") {
    CHECK(said("filter:\n  path: \"filters/uplifting/v1\"\n  name: \"uplifting\"\n  version: \"1.0\"\n\nmodel:\n  name: \"Qwen/Qwen2.5-7B\"\n  max_length: 512\n\n"
               "training:\n  epochs: 3\n  batch_size: 8\n  learning_rate: 2e-5\n  warmup_steps: 500\n")
          == "filter@2 = filters/uplifting/v1; model_name@7 = Qwen/Qwen2.5-7B; max_length@8 = 512; epochs@11 = 3; batch_size@12 = 8; learning_rate@13 = 2e-5; warmup_steps@14 = 500");
    CHECK(said("seed: 7\nresume: null\n") == "seed@1 = 7");
    CHECK(said("map: [a=b, c=d]\n") == "map@1 = a=b c=d");
    CHECK(said("") == "");
    CHECK(said("model:\n  size: 7\n") == "2: no such key: model.size");
    CHECK(said("optimizer:\n  x: 7\n") == "2: no such key: optimizer.x");
    CHECK(said("training:\n  epochs: {a: 1}\n") == "2: epochs is a group of keys where a value should be");
    CHECK(said("seed: 1\ntraining:\n  seed: 2\n") == "3: seed is said twice, here and in line 1");
    CHECK(said("- a\n") == "1: is no map of keys and values");
    CHECK(said("a: [\n").find("is not YAML") != std::string::npos);
}

TEST_CASE("a YAML file is a --config file: flags win over it, its mistakes are named with their line") {
    test::folder const f;
    test::write(f / "filter/config.yaml", test::two_dimensions());
    test::write(f / "rows.jsonl", R"({"id":"1","title":"t","content":"c","two_analysis":{"a":3,"b":4}})" "\n");
    test::write(f / "c.yaml", "filter:\n  path: filter\nseed: 7\n");
    auto const r = test::distill(f, "prepare --config c.yaml --input rows.jsonl --output-dir out");
    CHECK_MESSAGE(r.code == 0, r.err);
    CHECK(test::read(f / "out/metadata.json").find("\"seed\": 7") != std::string::npos);
    CHECK(test::distill(f, "prepare --config c.yaml --input rows.jsonl --output-dir out --seed 8").code == 0);
    CHECK(test::read(f / "out/metadata.json").find("\"seed\": 8") != std::string::npos);
    test::write(f / "c.yaml", "filter:\n  path: filter\nsead: 7\n");
    CHECK(test::distill(f, "prepare --config c.yaml --input rows.jsonl --output-dir out").err.find("c.yaml:3: unknown key") != std::string::npos);
    test::write(f / "c.yaml", "a: [\n");
    CHECK(test::distill(f, "prepare --config c.yaml --input rows.jsonl --output-dir out").code == 2);
}

TEST_CASE("what a training comes to: the seed's defaults for a named model, the preset's own, flags above both") {
    auto const named = distill::decide({.model_name = "Qwen/Qwen2.5-1.5B"});
    CHECK(!named.from_preset);
    CHECK(named.epochs == 3);
    CHECK(named.batch_size == 8);
    CHECK(named.learning_rate == 2e-5);
    CHECK(named.warmup_steps == 500);
    CHECK(named.max_length == 512);
    CHECK(named.lora_r == 16);
    CHECK(named.lora_alpha == 32);
    CHECK(!named.resume_from);
    auto const tiny = distill::decide({.output_dir = "out", .model_name = "tiny", .epochs = 2, .resume = "output-dir"});
    REQUIRE(tiny.from_preset);
    CHECK(tiny.epochs == 2);
    CHECK(tiny.lora_r == 0);
    CHECK(tiny.learning_rate == tiny.from_preset->learning_rate);
    CHECK(tiny.resume_from == "out");
    CHECK(distill::decide({.model_name = "tiny", .lora_r = 8, .resume = "elsewhere"}).resume_from == "elsewhere");
    for (auto const& p : distill::presets) {
        auto const c = distill::shape_of(p, p.vocabulary, {"a", "b"});
        CHECK(penstock::train::parse_config(penstock::train::config_json(c), "c") == c);
        CHECK(distill::find_preset(p.name) == &p);
    }
}

TEST_CASE("steps of a run, and a warm-up that outlasts it") {
    auto t = distill::decide({.model_name = "x"});
    CHECK(t.steps(6176) == 772 * 3);        // the seed's own run: 772 steps an epoch
    CHECK(t.steps(1) == 3);
    CHECK(t.steps(17, 2) == 6);
    t.accumulation = 4;
    CHECK(t.steps(64) == 6);
    CHECK(t.warnings(1000000).empty());
    REQUIRE(t.warnings(64).size() == 1);
    CHECK(t.warnings(64)[0] == "the warm-up of 500 steps outlasts the run of 6: the learning rate never reaches what --learning-rate says; a tenth would be --warmup-steps 0");
}

TEST_CASE("which GPU: that of the rank, shared where they are fewer; automatic passes over those that are too old") {
    using distill::device;
    using penstock::train::device_list;
    device_list const two{{{"old", 7, 5, 1, 1}, {"A", 8, 0, 1, 1}, {"B", 9, 0, 1, 1}}, {}}, old{{{"old", 7, 5, 1, 1}}, {}}, none{{}, "no CUDA device: for a reason"};
    CHECK(distill::place_of(device::automatic, {}, two).name == "GPU 1 (A)");
    CHECK(distill::place_of(device::automatic, {}, two).sharing == 1);
    CHECK(distill::place_of(device::cuda, {.rank = 0, .world = 6, .local_rank = 0, .local_world = 3}, two).sharing == 2);
    CHECK(distill::place_of(device::cpu, {.rank = 0, .world = 6, .local_rank = 0, .local_world = 3}, two).sharing == 3);
    CHECK(distill::place{}.memory() > (1 << 20));
    CHECK(distill::place_of(device::cuda, {.rank = 1, .world = 3, .local_rank = 1, .local_world = 3}, two).index == 2);
    CHECK(distill::place_of(device::cuda, {.rank = 2, .world = 3, .local_rank = 2, .local_world = 3}, two).index == 1);
    CHECK(distill::place_of(device::cpu, {}, two).where == penstock::train::place::cpu);
    for (auto const& list : {old, none}) CHECK(distill::place_of(device::automatic, {}, list).where == penstock::train::place::cpu);
    CHECK(test::error_of([&] { distill::place_of(device::cuda, {}, old); }) == "5: --device cuda: old has compute capability 7.5, the trainer needs 8.0; --device cpu takes the processor");
    CHECK(test::error_of([&] { distill::place_of(device::cuda, {}, none); }) == "5: --device cuda: no CUDA device: for a reason; --device cpu takes the processor");
}
