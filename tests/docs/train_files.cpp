#include <penstock/train/config.hpp>
#include <penstock/train/safetensors.hpp>
#include <penstock/train/tokenizer.hpp>
#include <cstdio>
#include <filesystem>

// [tensors]
namespace tr = penstock::train;

std::vector<float> scores_of(std::string const& id_or_folder) {
    auto const folder = tr::find_model(id_or_folder);               // a folder, or an id in the local cache
    auto const config = tr::read_config(folder);                    // what is not built here is refused by its key
    auto const model = tr::safetensors::open(folder);               // one file or shards; mapped and checked, nothing copied
    auto const& weight = model.at("score.weight", {config.labels.size(), config.hidden_size});
    std::vector<float> values(tr::elements(weight.shape));
    tr::read(weight, 0, std::span<float>(values));                  // from F64, F32, F16 or BF16
    return values;
}
// [/tensors]

// [encode]
std::size_t tokens_of(std::vector<std::string> const& articles, tr::tokenizer const& tokenizer) {
    tr::encoder encoder(tokenizer);                                 // one a thread
    std::vector<tr::token> ids;
    for (auto const& a : articles) encoder.encode(a, ids);          // appends
    return ids.size();
}
// [/encode]

// [learn]
tr::tokenizer learned(std::vector<std::string> const& articles, std::string const& folder) {
    tr::tokenizer_training training;
    for (auto const& a : articles) training.add(a);
    auto const tokenizer = training.finish({.vocabulary = 300});
    tokenizer.save(folder);                                         // tokenizer.json and tokenizer_config.json: AutoTokenizer loads them
    return tokenizer;
}
// [/learn]

int main() {
    auto const folder = (std::filesystem::temp_directory_path() / "penstock-docs-train").string();
    std::filesystem::create_directories(folder);
    tr::qwen2_config config{.hidden_size = 8, .num_hidden_layers = 1, .num_attention_heads = 2, .num_key_value_heads = 1, .head_dim = 4, .intermediate_size = 16, .vocab_size = 300};
    config.head = tr::head::regression;
    config.labels = {"agency", "progress"};
    if (auto* const f = std::fopen((folder + "/config.json").c_str(), "w")) { std::fputs(tr::config_json(config).c_str(), f); std::fclose(f); }
    std::vector<float> const weights(16, 0.5f);
    tr::write_safetensors(folder + "/model.safetensors", {{.name = "score.weight", .type = tr::dtype::F32, .shape = {2, 8}, .bytes = std::as_bytes(std::span(weights))}});
    bool const same = scores_of(folder) == weights;
    std::vector<std::string> const articles = {"water falls through the pipe, the pipe turns the wheel", "the wheel turns the mill"};
    auto const tokenizer = learned(articles, folder);
    auto const again = tokens_of(articles, tr::tokenizer::open(folder));
    std::filesystem::remove_all(folder);
    return same && again == tokens_of(articles, tokenizer) && again < 60 ? 0 : 1;
}
