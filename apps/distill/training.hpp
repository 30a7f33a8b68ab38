// What a training is asked to do: the flags of `distill train`, and what they come to with a preset or a named model.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/run/options.hpp>
#include <penstock/train/trainer.hpp>

namespace distill {

enum class device : std::uint8_t { automatic, cpu, cuda };
enum class number : std::uint8_t { float32, bf16 };     ///< what weights and activations are kept in
enum class kept : std::uint8_t { all, products, inputs };       ///< of a layer for the backward; the rest is computed again

penstock::train::precision precision_of(number);
penstock::train::recompute recompute_of(kept);
kept kept_of(penstock::train::recompute);

/// The seed's flags keep their names and defaults. What is not given is left open here, because a preset has defaults of its own.
struct training_options {
    std::string filter = {}, data_dir = {}, output_dir = {}, model_name = "Qwen/Qwen2.5-7B";
    std::optional<unsigned> epochs = {}, batch_size = {}, warmup_steps = {}, max_length = {};
    std::optional<double> learning_rate = {};
    unsigned gradient_accumulation_steps = 1;
    std::optional<unsigned> lora_r = {}, lora_alpha = {};
    std::vector<std::string> lora_targets = {};
    std::string adapter = {};
    bool lora_rslora = false;
    double huber = 0, score_weight = 0, weight_decay = 0, max_grad_norm = 1;
    penstock::train::schedule lr_scheduler = penstock::train::schedule::linear;
    number moments = number::float32;
    std::optional<number> dtype = {};
    std::optional<distill::kept> keep = {};
    std::optional<unsigned> token_budget = {};
    unsigned save_steps = 0;
    std::uint64_t seed = 42;
    std::string resume = {};
    distill::device device = device::automatic;

    static constexpr penstock::run::option flags[] = {
        {.member = "filter", .help = "the filter: a folder with config.yaml", .value = "DIR", .required = true},
        {.member = "data_dir", .help = "what distill prepare wrote: train.jsonl and val.jsonl", .value = "DIR", .required = true},
        {.member = "output_dir", .help = "where model/, training_history.json and training_metadata.json go", .value = "DIR", .required = true},
        {.member = "model_name", .help = "a Hugging Face id in the local cache, a folder, or a preset (tiny, small, medium) that is trained from nothing", .value = "MODEL"},
        {.member = "epochs", .help = "rounds over train.jsonl; 3, or the preset's", .absent = "default", .at_least = 1},
        {.member = "batch_size", .help = "samples a step and rank; 8, or the preset's", .absent = "default", .at_least = 1},
        {.member = "warmup_steps", .help = "steps until the full learning rate; 500, or the preset's", .absent = "default"},
        {.member = "max_length", .help = "tokens of an article; 512, or the preset's", .absent = "default", .at_least = 1},
        {.member = "learning_rate", .help = "2e-5, or the preset's", .absent = "default", .at_least = 0},
        {.member = "gradient_accumulation_steps", .help = "batches that make one step", .at_least = 1},
        {.member = "lora_r", .help = "rank of the adapters; 0 trains all weights; 16, or 0 of a preset", .absent = "default"},
        {.member = "lora_alpha", .help = "their scale; 32", .absent = "default", .at_least = 1},
        {.member = "lora_targets", .help = "the matrices that have adapters, of q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj; all seven if empty", .value = "NAME"},
        {.member = "adapter", .help = "begins with these adapters, as PEFT and distill train write them: their folder, which says rank, alpha and matrices", .value = "DIR"},
        {.member = "lora_rslora", .help = "scale the adapters by alpha / sqrt(rank)"},
        {.member = "huber", .help = "an error beyond this counts linearly; 0 is the mean squared error", .at_least = 0},
        {.member = "score_weight", .help = "an article counts 1 + this times its overall score; 0: all the same", .at_least = 0},
        {.member = "weight_decay", .help = "of the matrices, decoupled as AdamW has it", .at_least = 0},
        {.member = "max_grad_norm", .help = "a longer gradient is cut to it; 0: none is", .at_least = 0},
        {.member = "lr_scheduler", .help = "the learning rate after the warm-up"},
        {.member = "moments", .help = "what AdamW's two moments are kept in; bf16 is rounded stochastically, and takes half the memory"},
        {.member = "dtype", .help = "what weights and activations are kept in; bf16, or float32 of a preset", .absent = "default"},
        {.member = "keep", .help = "what the backward finds in memory: all, the products of matrices, or only each layer's input; the most that fits", .absent = "default"},
        {.member = "token_budget", .help = "tokens of one packed batch, a step of more takes several; what is quickest of what fits", .absent = "default", .at_least = 1},
        {.member = "save_steps", .help = "a checkpoint each so many steps, besides that of each epoch"},
        {.member = "seed", .help = "of fresh weights and the order of samples"},
        {.member = "resume", .help = "goes on from the checkpoint in DIR, or in the output directory", .value = "DIR", .alone = "output-dir"},
        {.member = "device", .help = "automatic: cuda where it is built in and present"},
    };
};

/// A model that is trained from nothing, on machines without a GPU: its shape, the size of the vocabulary that is learned from train.jsonl, and how it is trained.
struct preset {
    std::string_view name;
    std::uint32_t hidden_size, layers, heads, key_value_heads, intermediate_size, vocabulary;
    unsigned epochs, batch_size, warmup_steps, max_length;
    double learning_rate;
};
inline constexpr preset presets[] = {
    {"tiny",   64,  2, 4, 2,  192, 2048, 10, 16, 100, 256, 2e-3},
    {"small",  128, 4, 4, 2,  384, 4096, 10, 16, 200, 384, 1e-3},
    {"medium", 256, 6, 8, 2,  768, 8192, 10, 16, 300, 512, 6e-4},
};
preset const* find_preset(std::string_view name);
/// The model of a preset: tied embeddings, one score a label.
penstock::train::qwen2_config shape_of(preset const&, std::uint32_t vocabulary, std::vector<std::string> labels);

/// Everything decided.
struct training {
    preset const* from_preset = nullptr;            // none: model_name is an id or a folder
    unsigned epochs = 3, batch_size = 8, warmup_steps = 500, max_length = 512, accumulation = 1, lora_r = 16, lora_alpha = 32;
    double learning_rate = 2e-5;
    penstock::train::adapter_options adapters = {};
    number dtype = number::bf16;
    std::optional<std::string> resume_from = {};    // a folder

    std::uint64_t steps(std::uint64_t samples, unsigned ranks = 1) const;       // of the optimizer, all epochs
    /// What a user should know before the run, a line each: a warm-up that outlasts it.
    std::vector<std::string> warnings(std::uint64_t samples, unsigned ranks = 1) const;
};
/// fatal(usage) where a flag's word is none that it takes; reads the configuration of --adapter.
training decide(training_options const&);
/// What the trainer is told: `steps` of the optimizer in all. How much it keeps, and the budget of its batches, where they were not asked for, are for fit (penstock/train/fit.hpp) to say.
penstock::train::trainer_options trainer_options_of(training const&, training_options const&, std::uint64_t steps);

} // namespace distill
