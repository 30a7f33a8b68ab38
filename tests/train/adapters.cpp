// adapter_config.json: what PEFT writes is read, what is not built here is refused by its key.
#include <penstock/train/adapters.hpp>
#include <doctest/doctest.h>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <unistd.h>
#include "support.hpp"
namespace tr = penstock::train;

namespace {
struct file {
    std::string path = (std::filesystem::temp_directory_path() / ("penstock-adapter-" + std::to_string(::getpid()) + ".json")).string();
    explicit file(std::string const& text) { std::ofstream(path) << text; }
    ~file() { std::filesystem::remove(path); }
};
std::string with(std::string const& more) { return R"({"peft_type":"LORA","r":8,"lora_alpha":16,"target_modules":["q_proj","v_proj"])" + more + "}"; }
tr::adapter_options read(std::string const& json) { return tr::read_adapter_config(file(json).path); }
std::string said(std::string const& json) {
    file const f(json);
    auto why = test::error_of([&] { (void)tr::read_adapter_config(f.path); });
    auto const at = why.find(f.path);
    return at == why.npos ? why : why.replace(at, f.path.size(), "f");
}
}

TEST_CASE("adapter_config.json as PEFT writes it") {
    CHECK(read(with("")) == tr::adapter_options{.rank = 8, .alpha = 16});
    // PEFT 0.12, from get_peft_model(...).save_pretrained: every key that it has
    auto const whole = read(R"({"alpha_pattern": {}, "auto_mapping": null, "base_model_name_or_path": "begun", "bias": "none", "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true, "layer_replication": null,
        "layers_pattern": null, "layers_to_transform": null, "loftq_config": {}, "lora_alpha": 12, "lora_dropout": 0.1, "megatron_config": null, "megatron_core": "megatron.core", "modules_to_save": ["classifier", "score"],
        "peft_type": "LORA", "r": 6, "rank_pattern": {}, "revision": null, "target_modules": ["model.layers.self_attn.q_proj", "down_proj"], "task_type": "SEQ_CLS", "use_dora": false, "use_rslora": true})");
    CHECK(whole == tr::adapter_options{.rank = 6, .alpha = 12, .rank_stabilised = true, .targets = {true, false, false, false, false, false, true}});
    CHECK(read(R"({"r":4,"lora_alpha":8.0,"target_modules":"all-linear"})").targets == std::array<bool, 7>{true, true, true, true, true, true, true});
}

TEST_CASE("what would be computed differently here is refused by its key") {
    CHECK(said(R"({"peft_type":"IA3"})") == R"(3: f: "peft_type" is "IA3"; only "LORA" is built here)");
    CHECK(said(with(R"(,"bias":"all")")).starts_with(R"(3: f: "bias" is "all")"));
    for (auto const* key : {"fan_in_fan_out", "use_dora", "lora_bias"}) CHECK(said(with(R"(,")" + std::string(key) + R"(":true)")) == R"(3: f: ")" + std::string(key) + R"(" is true, which is not built here)");
    for (auto const* key : {"layer_replication", "target_parameters", "trainable_token_indices", "alora_invocation_tokens"}) CHECK(said(with(R"(,")" + std::string(key) + R"(":[[0,1]])")).starts_with(R"(3: f: ")" + std::string(key) + R"(" is set)"));
    CHECK(said(with(R"(,"init_lora_weights":"pissa")")) == R"(3: f: "init_lora_weights" is "pissa", which changes the model below; not built here)");
    CHECK(read(with(R"(,"init_lora_weights":"gaussian","layer_replication":null,"exclude_modules":[])")).rank == 8);
    for (auto const* key : {"rank_pattern", "alpha_pattern"}) CHECK(said(with(R"(,")" + std::string(key) + R"(":{"q_proj":4})")).starts_with(R"(3: f: ")" + std::string(key) + R"(" gives some matrices)"));
    CHECK(said(with(R"(,"layers_to_transform":[0,1])")) == R"(3: f: "layers_to_transform" is set, which is not built here)");
    CHECK(said(with(R"(,"layers_to_transform":3)")) == R"(3: f: "layers_to_transform" is set, which is not built here)");
    CHECK(said(with(R"(,"modules_to_save":["embed_tokens"])")).starts_with(R"(3: f: "modules_to_save" has "embed_tokens")"));
    CHECK(said(R"({"lora_alpha":16,"target_modules":["q_proj"]})") == R"(3: f: has no "r")");
    CHECK(said(R"({"r":0,"lora_alpha":16,"target_modules":["q_proj"]})") == R"(3: f: "r" is no whole number of 1 and above)");
    CHECK(said(R"({"r":8,"lora_alpha":2.5,"target_modules":["q_proj"]})") == R"(3: f: "lora_alpha" is no whole number of 1 and above)");
    CHECK(said(R"({"r":8,"lora_alpha":16})") == R"(3: f: has no "target_modules")");
    CHECK(said(R"({"r":8,"lora_alpha":16,"target_modules":[]})") == R"(3: f: "target_modules" is empty)");
    CHECK(said(R"({"r":8,"lora_alpha":16,"target_modules":["q_proj","lm_head"]})") == R"(3: f: "target_modules" has "lm_head", which is none of the seven matrices of a layer)");
    CHECK(said(R"({"r":8,"lora_alpha":16,"target_modules":".*q_proj"})").starts_with(R"(3: f: "target_modules" is a pattern)"));
    CHECK(said("{").starts_with("3: f: is not JSON"));
    CHECK(test::error_of([] { (void)tr::read_adapter_config("/nowhere"); }).starts_with("3: /nowhere"));
}
