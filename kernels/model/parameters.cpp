#include "parameters.hpp"
#include <algorithm>
#include <iterator>

namespace penstock::train {

parameters::parameters(qwen2_config const& c, adapter_options const& adapters) {
    bool const full = adapters.rank == 0;
    auto const hidden = std::int64_t{c.hidden_size}, q = std::int64_t{c.query_size()}, kv = std::int64_t{c.key_value_size()}, inner = std::int64_t{c.intermediate_size}, rank = std::int64_t{adapters.rank};
    std::int64_t const out[] = {q, kv, kv, hidden, inner, inner, hidden}, in[] = {hidden, hidden, hidden, q, hidden, hidden, inner};

    embedding = add("model.embed_tokens.weight", c.vocab_size, hidden, false, full, parameter::start::normal);
    for (std::uint32_t l = 0; l != c.num_hidden_layers; ++l) {
        auto const prefix = "model.layers." + std::to_string(l) + ".";
        auto& layer = layers.emplace_back();
        std::ranges::fill(layer.weight, -1), std::ranges::fill(layer.bias, -1), std::ranges::fill(layer.a, -1), std::ranges::fill(layer.b, -1);
        auto block = [&](int first, int last, std::string const& part) {       // the projections of one product
            auto name = [&](int p) { return prefix + part + std::string(projection_names[static_cast<std::size_t>(p)]); };
            group();
            std::int64_t low = 0;
            for (int p = first; p != last; ++p) layer.low[p] = low, low += !full && adapters.on(static_cast<projection>(p)) ? rank : 0;
            for (int p = first; p != last; ++p) layer.weight[p] = add(name(p) + ".weight", out[p], in[p], false, full, parameter::start::normal, adapter_room(low));
            weights_ += low * (in[first] + adapter_room(low));
            if (first < 3) {
                group();
                for (int p = first; p != last; ++p) layer.bias[p] = add(name(p) + ".bias", 1, out[p], true, full, parameter::start::zeros);
            }
            if (full) return;
            group();
            for (int p = first; p != last; ++p)
                if (adapters.on(static_cast<projection>(p))) layer.a[p] = add(name(p) + ".lora_A.weight", rank, in[p], false, true, parameter::start::adapter);
            for (int p = first; p != last; ++p)
                if (adapters.on(static_cast<projection>(p))) group(), layer.b[p] = add(name(p) + ".lora_B.weight", out[p], rank, false, true, parameter::start::zeros);
        };
        group();
        layer.input_norm = add(prefix + "input_layernorm.weight", 1, hidden, true, full, parameter::start::ones);
        if (c.head == train::head::regression && l + 1 == c.num_hidden_layers) block(0, 1, "self_attn."), block(1, 3, "self_attn.");      // queries of the last tokens only: a product of their own
        else block(0, 3, "self_attn.");
        block(3, 4, "self_attn.");
        group();
        layer.post_norm = add(prefix + "post_attention_layernorm.weight", 1, hidden, true, full, parameter::start::ones);
        block(4, 6, "mlp.");
        block(6, 7, "mlp.");
    }
    group();
    norm = add("model.norm.weight", 1, hidden, true, full, parameter::start::ones);
    group();
    if (c.head == train::head::regression)
        head = add("score.weight", static_cast<std::int64_t>(c.labels.size()), hidden, false, true, parameter::start::normal);
    else
        head = c.tie_word_embeddings ? embedding : add("lm_head.weight", c.vocab_size, hidden, false, full, parameter::start::normal);
    weights_ = (weights_ + share - 1) / share * share, trained_ = (trained_ + share - 1) / share * share;
}

int parameters::add(std::string name, std::int64_t rows, std::int64_t cols, bool vector, bool trained, parameter::start fresh, std::int64_t room) {
    all_.push_back({std::move(name), rows, cols, vector, trained, fresh, weights_, trained ? trained_ : -1, cols + room});
    weights_ += rows * (cols + room);
    if (trained) trained_ += rows * cols;
    return static_cast<int>(all_.size()) - 1;
}

void parameters::group() {
    weights_ = (weights_ + 31) / 32 * 32;
    trained_ = (trained_ + 31) / 32 * 32;
}

std::int64_t parameters::count(bool trained_only) const {
    std::int64_t n = 0;
    for (auto const& p : all_)
        if (p.trained || !trained_only) n += p.size();
    return n;
}

int parameters::find(std::string_view name) const {
    auto const at = std::ranges::find(all_, name, &parameter::name);
    return at == all_.end() ? -1 : static_cast<int>(std::distance(all_.begin(), at));
}

} // namespace penstock::train
