#include "training.hpp"
#include <algorithm>
#include <penstock/core/fatal.hpp>

namespace distill {

preset const* find_preset(std::string_view name) {
    auto const at = std::ranges::find(presets, name, &preset::name);
    return at == std::end(presets) ? nullptr : at;
}

penstock::train::qwen2_config shape_of(preset const& p, std::uint32_t vocabulary, std::vector<std::string> labels) {
    penstock::train::qwen2_config c;
    c.hidden_size = p.hidden_size;
    c.num_hidden_layers = p.layers;
    c.num_attention_heads = p.heads;
    c.num_key_value_heads = p.key_value_heads;
    c.head_dim = p.hidden_size / p.heads;
    c.intermediate_size = p.intermediate_size;
    c.vocab_size = vocabulary;
    c.max_position_embeddings = p.max_length;
    c.tie_word_embeddings = true;
    c.head = penstock::train::head::regression;
    c.labels = std::move(labels);
    return c;
}

std::uint64_t training::steps(std::uint64_t samples, unsigned ranks) const {
    // The last batch of an epoch may be short, the last step of an epoch too: nothing is carried over into the next, as in Hugging Face's Trainer.
    auto const a_step = std::uint64_t{batch_size} * accumulation * ranks;
    return (samples + a_step - 1) / a_step * epochs;
}

std::vector<std::string> training::warnings(std::uint64_t samples, unsigned ranks) const {
    std::vector<std::string> out;
    if (auto const all = steps(samples, ranks); warmup_steps >= all)
        out.push_back("the warm-up of " + std::to_string(warmup_steps) + " steps outlasts the run of " + std::to_string(all) + ": the learning rate never reaches " + (warmup_steps == all ? "its decay" : "what --learning-rate says") + "; a tenth would be --warmup-steps " + std::to_string(all / 10));
    return out;
}

training decide(training_options const& o) {
    training t;
    t.from_preset = find_preset(o.model_name);
    if (auto const* const p = t.from_preset) {
        t.epochs = p->epochs, t.batch_size = p->batch_size, t.warmup_steps = p->warmup_steps, t.max_length = p->max_length, t.learning_rate = p->learning_rate;
        t.lora_r = 0, t.dtype = number::float32;
    }
    t.epochs = o.epochs.value_or(t.epochs);
    t.batch_size = o.batch_size.value_or(t.batch_size);
    t.warmup_steps = o.warmup_steps.value_or(t.warmup_steps);
    t.max_length = o.max_length.value_or(t.max_length);
    t.learning_rate = o.learning_rate.value_or(t.learning_rate);
    t.lora_r = o.lora_r.value_or(t.lora_r);
    t.lora_alpha = o.lora_alpha.value_or(t.lora_alpha);
    t.dtype = o.dtype.value_or(t.dtype);
    for (auto const& name : o.lora_targets)
        if (std::ranges::find(penstock::train::projection_names, name) == penstock::train::projection_names.end())
            throw penstock::fatal(penstock::exit_code::usage, "--lora-targets " + name + " is none of q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj");
    if (!o.adapter.empty()) {
        if (o.lora_r || o.lora_alpha || !o.lora_targets.empty() || o.lora_rslora) throw penstock::fatal(penstock::exit_code::usage, "--adapter says rank, alpha and matrices itself: leave the --lora flags out");
        if (t.from_preset) throw penstock::fatal(penstock::exit_code::usage, "--adapter lies over a model that there is: --model-name says which, not a preset");
        t.adapters = penstock::train::read_adapter_config(o.adapter);
        t.lora_r = static_cast<unsigned>(t.adapters.rank), t.lora_alpha = static_cast<unsigned>(t.adapters.alpha);
    } else if (t.lora_r == 0) {
        if (o.lora_alpha || !o.lora_targets.empty() || o.lora_rslora) throw penstock::fatal(penstock::exit_code::usage, "--lora-alpha, --lora-targets and --lora-rslora are of adapters, and there are none: --lora-r says of which rank");
    } else {
        t.adapters = {.rank = static_cast<int>(t.lora_r), .alpha = static_cast<int>(t.lora_alpha), .rank_stabilised = o.lora_rslora};
        for (std::size_t i = 0; i != penstock::train::projection_names.size(); ++i) t.adapters.targets[i] = o.lora_targets.empty() || std::ranges::find(o.lora_targets, penstock::train::projection_names[i]) != o.lora_targets.end();
    }
    t.accumulation = o.gradient_accumulation_steps;
    if (!o.resume.empty()) t.resume_from = o.resume == "output-dir" ? o.output_dir : o.resume;
    return t;
}

penstock::train::precision precision_of(number n) { return n == number::bf16 ? penstock::train::precision::bf16 : penstock::train::precision::f32; }

penstock::train::recompute recompute_of(kept k) { return k == kept::all ? penstock::train::recompute::nothing : k == kept::products ? penstock::train::recompute::rows : penstock::train::recompute::blocks; }
kept kept_of(penstock::train::recompute r) { return r == penstock::train::recompute::nothing ? kept::all : r == penstock::train::recompute::rows ? kept::products : kept::inputs; }

penstock::train::trainer_options trainer_options_of(training const& t, training_options const& o, std::uint64_t steps) {
    namespace train = penstock::train;
    train::trainer_options how{.precision = precision_of(t.dtype)};
    how.longest = t.max_length, how.tokens = std::max(o.token_budget.value_or(4096), t.max_length);
    if (o.keep) how.recompute = recompute_of(*o.keep);
    how.optimizer = {.rate = t.learning_rate, .decay = o.weight_decay, .clip = o.max_grad_norm, .schedule = o.lr_scheduler, .warmup = t.warmup_steps, .steps = static_cast<std::int64_t>(steps), .huber = o.huber, .moments = precision_of(o.moments)};
    how.adapters = t.adapters;
    return how;
}

} // namespace distill
