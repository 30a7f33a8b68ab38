#include "session.hpp"
#include "../cpu/cpu.hpp"
#include <charconv>
#include <cmath>
#include <numbers>
#include <penstock/io/atomic_file.hpp>

namespace penstock::train {

double rate_at(optimizer_options const& o, std::int64_t step) {
    auto const at = static_cast<double>(step), warmup = static_cast<double>(o.warmup), steps = static_cast<double>(o.steps);
    if (step < o.warmup) return o.rate * at / std::max(1.0, warmup);
    double const progress = std::min(1.0, (at - warmup) / std::max(1.0, steps - warmup));
    switch (o.schedule) {
    case schedule::linear: return o.rate * (1 - progress);
    case schedule::cosine: return o.rate * (1 + std::cos(std::numbers::pi * progress)) / 2;
    default: return o.rate;
    }
}

double forward_flops(qwen2_config const& c, std::int64_t tokens, std::int64_t longest) {
    double const hidden = c.hidden_size, q = c.query_size(), kv = c.key_value_size(), inner = c.intermediate_size, n = static_cast<double>(tokens), length = static_cast<double>(longest), layers = c.num_hidden_layers;
    double const kv_work = 2 * hidden * 2 * kv, rest = 2 * hidden * q * 2 + 6 * hidden * inner, attention = 2 * q * length;       // a token; attention sees half the keys, twice
    if (c.head == head::language_model) return n * (layers * (kv_work + rest + attention) + 2 * hidden * c.vocab_size);
    return n * ((layers - 1) * (kv_work + rest + attention) + kv_work) + n / length * (rest + 2 * attention + 2 * hidden * static_cast<double>(c.labels.size()));
}

std::string describe(qwen2_config const& c, trainer_options const& o) {
    auto const& a = o.adapters;
    auto const& p = o.optimizer;
    std::string s = "layers " + std::to_string(c.num_hidden_layers) + ", hidden " + std::to_string(c.hidden_size) + ", vocabulary " + std::to_string(c.vocab_size) + ", dimensions " + std::to_string(c.labels.size());
    s += ", format " + std::string(o.precision == precision::bf16 ? "bf16" : o.precision == precision::f32 ? "f32" : "f64");
    s += ", adapters " + std::to_string(a.rank) + "/" + std::to_string(a.alpha) + (a.rank_stabilised ? "s" : "");
    for (std::size_t i = 0; i != projection_names.size(); ++i)
        if (a.on(static_cast<projection>(i))) s += " " + std::string(projection_names[i]);
    s += ", heads " + std::to_string(c.num_attention_heads) + "/" + std::to_string(c.num_key_value_heads) + ", inner " + std::to_string(c.intermediate_size);
    for (double x : {c.rope_theta, p.rate, p.beta1, p.beta2, p.epsilon, p.decay, p.clip, p.huber}) {
        char digits[32];        // as short as they read back the same: a rate of 2e-7 is not one of 4e-7
        s.append(", ").append(digits, std::to_chars(digits, digits + sizeof digits, x).ptr);
    }
    s += std::string(", moments ") + (p.moments == precision::bf16 ? "bf16" : o.precision == precision::f64 ? "f64" : "f32");
    return s + ", schedule " + std::to_string(static_cast<int>(p.schedule)) + " " + std::to_string(p.warmup) + "/" + std::to_string(p.steps);
}

std::string adapter_config_json(qwen2_config const& c, adapter_options const& a) {
    std::string targets;
    for (std::size_t i = 0; i != projection_names.size(); ++i)
        if (a.on(static_cast<projection>(i))) targets += (targets.empty() ? "\"" : ", \"") + std::string(projection_names[i]) + "\"";
    bool const regression = c.head == head::regression;
    return "{\n  \"base_model_name_or_path\": null,\n  \"bias\": \"none\",\n  \"fan_in_fan_out\": false,\n  \"inference_mode\": true,\n  \"init_lora_weights\": true,\n  \"lora_alpha\": " + std::to_string(a.alpha) +
           ",\n  \"lora_dropout\": 0.0,\n  \"modules_to_save\": " + (regression ? "[\"score\"]" : "null") + ",\n  \"peft_type\": \"LORA\",\n  \"r\": " + std::to_string(a.rank) + ",\n  \"target_modules\": [" + targets +
           "],\n  \"task_type\": \"" + (regression ? "SEQ_CLS" : "CAUSAL_LM") + "\",\n  \"use_rslora\": " + (a.rank_stabilised ? "true" : "false") + "\n}\n";
}

void write_text(std::string const& path, std::string const& text) {
    io::atomic_file f(path);
    f.write(text);
    f.commit();
}

memory_plan plan(qwen2_config const& c, trainer_options const& o) {
    switch (o.precision) {
    case precision::f64: return session<Cpu<double>>::plan(c, o);
    case precision::f32: return session<Cpu<float>>::plan(c, o);
    default: return session<Cpu<bf16>>::plan(c, o);
    }
}

std::unique_ptr<trainer> trainer::make(qwen2_config const& c, trainer_options const& o) {
    if (o.place == place::cuda) return make_on_cuda(c, o);
    switch (o.precision) {
    case precision::f64: return std::make_unique<session<Cpu<double>>>(c, o, o.threads);
    case precision::f32: return std::make_unique<session<Cpu<float>>>(c, o, o.threads);
    default: return std::make_unique<session<Cpu<bf16>>>(c, o, o.threads);
    }
}

} // namespace penstock::train
