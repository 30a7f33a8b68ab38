// A small random Qwen2 language model as Hugging Face's cache keeps one: models--Qwen--Small/snapshots/HASH with two shards and their index, vocab.json and merges.txt, and no tokenizer.json.
#pragma once
#include <algorithm>
#include <map>
#include <penstock/record/json.hpp>
#include <penstock/record/json_raw.hpp>
#include <penstock/train/trainer.hpp>
#include <penstock/train/tokenizer.hpp>
#include "support.hpp"

namespace test {

using members = std::map<std::string, penstock::json::raw>;

/// The snapshot's folder; `lost` leaves that tensor out.
inline std::string cached_model(folder const& in, std::string const& lost = {}) {
    namespace train = penstock::train;
    auto const root = in / "hub/models--Qwen--Small", snapshot = root + "/snapshots/0123abcd";
    write(root + "/refs/main", "0123abcd");

    train::tokenizer_training learning;
    for (auto const& line : lines(read(DISTILL_SAMPLE "/labelled.jsonl"))) learning.add(line);
    auto const tokenizer = learning.finish({.vocabulary = 600});
    std::filesystem::create_directories(snapshot);
    tokenizer.save(snapshot);
    auto const whole = penstock::json::decode<members>(read(snapshot + "/tokenizer.json"));
    REQUIRE(whole);
    auto const model = penstock::json::decode<members>(whole->at("model").text());
    REQUIRE(model);
    write(snapshot + "/vocab.json", model->at("vocab").text());
    std::string merges = "#version: 0.2\n";
    auto const rules = penstock::json::decode<std::vector<std::string>>(model->at("merges").text());
    REQUIRE(rules);
    for (auto const& m : *rules) merges += m + '\n';
    write(snapshot + "/merges.txt", merges);
    std::filesystem::remove(snapshot + "/tokenizer.json");

    train::qwen2_config config{.hidden_size = 48, .num_hidden_layers = 2, .num_attention_heads = 4, .num_key_value_heads = 2, .head_dim = 12, .intermediate_size = 96, .vocab_size = 640, .max_position_embeddings = 128, .rope_theta = 1e6};
    config.tie_word_embeddings = true, config.bos_token_id = config.eos_token_id = tokenizer.find("<|endoftext|>");     // no pad_token_id, as in the real ones
    auto const random = train::trainer::make(config, {.threads = 1, .tokens = 64, .sequences = 2, .longest = 32});
    random->initialise(5);
    random->export_model(snapshot);
    auto const file = train::safetensors::open(snapshot);
    std::vector<train::tensor_out> shards[2];
    std::string index;
    std::size_t bytes = 0, i = 0;
    for (auto const& t : file.tensors()) {
        auto const shard = i++ * 2 / file.tensors().size();
        bytes += t.bytes.size();
        if (t.name == lost) continue;
        shards[shard].push_back({.name = std::string(t.name), .type = t.type, .shape = {t.shape.begin(), t.shape.end()}, .bytes = t.bytes});
        index += (index.empty() ? "\"" : ", \"") + std::string(t.name) + "\": \"model-0000" + std::to_string(shard + 1) + "-of-00002.safetensors\"";
    }
    for (std::size_t s : {0u, 1u}) train::write_safetensors(snapshot + "/model-0000" + std::to_string(s + 1) + "-of-00002.safetensors", std::move(shards[s]), {{"format", "pt"}});
    write(snapshot + "/model.safetensors.index.json", "{\"metadata\": {\"total_size\": " + std::to_string(bytes) + "}, \"weight_map\": {" + index + "}}");
    std::filesystem::remove(snapshot + "/model.safetensors");
    return snapshot;
}

} // namespace test
