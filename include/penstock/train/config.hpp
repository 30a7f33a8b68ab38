/// The shape of a Qwen2 or Qwen2.5 model, as config.json says it, and where on this machine a model lies. What the trainer would compute differently from what the
/// file asks for (a sliding window, scaled rotary angles, another activation) is refused here, by the key's name, instead of being learned wrongly.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::train {

/// What stands on top of the trunk.
enum class head : std::uint8_t {
    language_model,         ///< lm_head: Qwen2ForCausalLM
    regression,             ///< score.weight, one row a dimension: Qwen2ForSequenceClassification with problem_type "regression"
};

/// Defaults are those of Hugging Face's Qwen2Config where a file may leave the key out; sizes must stand in it.
struct qwen2_config {
    std::uint32_t hidden_size = 0;
    std::uint32_t num_hidden_layers = 0;
    std::uint32_t num_attention_heads = 0;
    std::uint32_t num_key_value_heads = 0;          ///< num_attention_heads where it is not said
    std::uint32_t head_dim = 0;                     ///< hidden_size / num_attention_heads where it is not said
    std::uint32_t intermediate_size = 0;
    std::uint32_t vocab_size = 0;                   ///< rows of the embedding, more than the tokenizer has tokens
    std::uint32_t max_position_embeddings = 32768;
    double rms_norm_eps = 1e-6;
    double rope_theta = 10000;                      ///< "rope_theta", or "rope_theta" of "rope_parameters"
    double initializer_range = 0.02;
    bool tie_word_embeddings = false;
    std::optional<std::uint32_t> bos_token_id = {}, eos_token_id = {}, pad_token_id = {};      ///< the first of a list
    train::head head = train::head::language_model;
    std::vector<std::string> labels = {};           ///< regression: "id2label" in the order of ids; the dimensions
    std::string stored_type = "float32";            ///< "dtype" or "torch_dtype": float32, bfloat16, float16, float64

    std::uint32_t query_size() const { return num_attention_heads * head_dim; }
    std::uint32_t key_value_size() const { return num_key_value_heads * head_dim; }
    friend bool operator==(qwen2_config const&, qwen2_config const&) = default;
};

/// path: a config.json or the folder that holds one. fatal(input) with the key that is missing, of a wrong type, or says what is not built here.
qwen2_config read_config(std::string const& path);
/// As read_config; shown stands for the path in errors.
qwen2_config parse_config(std::string_view json, std::string const& shown);
/// A config.json that Hugging Face's AutoModel reads; a regression says "problem_type": "regression", because float labels would be taken for yes and no without it.
std::string config_json(qwen2_config const&);

/// The folder of a model: the argument itself if it is one, else a Hugging Face id ("Qwen/Qwen2.5-0.5B", "Qwen/Qwen2.5-0.5B@revision") in the local cache: HF_HUB_CACHE,
/// else HF_HOME/hub, else XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub. Nothing is downloaded. fatal(input) with the places that were looked at.
std::string find_model(std::string const& folder_or_id);

} // namespace penstock::train
