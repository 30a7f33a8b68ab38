/// A model in training or in use, whatever machine and number format it runs on. All memory is taken when it is made: what fits then, fits to the end.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <penstock/train/adapters.hpp>
#include <penstock/train/comm.hpp>
#include <penstock/train/config.hpp>
#include <penstock/train/safetensors.hpp>
#include <penstock/train/sample.hpp>
#include <span>
#include <string>
#include <vector>

namespace penstock::train {

enum class precision : std::uint8_t { f64, f32, bf16 };     ///< what weights and activations are stored in; f64 is for checks
enum class place : std::uint8_t { cpu, cuda };                  ///< where it runs; cuda needs a GPU and a build with CUDA (devices.hpp)
enum class schedule : std::uint8_t { linear, cosine, constant };        ///< after the warm-up; linear and cosine end at zero

/// What the backward computes again instead of keeping.
enum class recompute : std::uint8_t {
    nothing,
    rows,           ///< norms and SwiGLU: no products, a third of the memory less
    blocks,         ///< everything but a layer's input: a third more products, a fifth or less of the memory
};

/// Defaults are those of Hugging Face's Trainer.
struct optimizer_options {
    double rate = 2e-5, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0;
    double clip = 1;                    ///< of the gradient's norm; 0: not
    train::schedule schedule = schedule::linear;
    std::int64_t warmup = 0, steps = 1;
    double huber = 0;                   ///< 0: mean squared error
    precision moments = precision::f32; ///< bf16: rounded stochastically, half the memory; else what gradients are kept in
    friend bool operator==(optimizer_options const&, optimizer_options const&) = default;
};

struct trainer_options {
    train::precision precision = precision::f32;
    train::place place = place::cpu;
    int device_index = 0;               ///< of the GPU
    int threads = 0;                    ///< of the CPU; 0: all
    adapter_options adapters = {};
    optimizer_options optimizer = {};
    std::int64_t tokens = 4096;         ///< the budget of one packed batch; a step of more takes several
    std::int64_t sequences = 64;        ///< at most in one packed batch
    std::int64_t longest = 512;
    std::int64_t multiple = 64;         ///< packed batches are filled up to it, so that sizes of products repeat
    train::recompute recompute = recompute::nothing;
    bool learns = true;                 ///< false: only scores
    comm* ranks = nullptr;              ///< of this run, if they are several; lives longer than the trainer
    bool zero = true;                   ///< ZeRO-1: a rank keeps masters and moments of its own shard alone, and updates that
    std::optional<bool> static_shapes = {};         ///< every batch is filled up to the whole budget, and tables to their capacity, so that the sizes of products and launches repeat; unset: on a GPU
};

/// The rate of step `step`, counted from 0, as transformers' get_linear_schedule_with_warmup and its brothers.
double rate_at(optimizer_options const&, std::int64_t step);

struct step_report {
    double loss = 0;                    ///< the mean over all samples of the step, of all ranks
    double norm = 0;                    ///< of the gradient, before clipping
    double rate = 0;
    std::int64_t tokens = 0;            ///< of this rank
    std::vector<float> scores = {};     ///< regression: of this rank's samples, a row each, before the step
};

/// Bytes by kind, of this rank; what `distill plan` prints. Exact but for `workspace`: the same walk lays the memory out.
struct memory_plan {
    std::int64_t parameters = 0, trained = 0;
    std::size_t weights = 0, gradients = 0, optimizer = 0, activations = 0;
    std::size_t workspace = 0;          ///< on the CPU: what each of its threads works in, at most
    double forward_flops = 0;           ///< a full batch of `tokens` in sequences of `longest`
    std::size_t total() const { return weights + gradients + optimizer + activations + workspace; }
};
memory_plan plan(qwen2_config const&, trainer_options const&);

/// The samples of one step (of one rank) as packed batches. Nothing of the samples is needed any more.
struct packed_step {
    std::size_t samples = 0;
    std::int64_t tokens = 0;                    ///< of the samples, without what fills batches
    double terms = 0;                           ///< what the loss is a mean of: labels, or targets
    std::shared_ptr<void const> batches = {};   ///< the trainer's own
};

/// With several ranks, everything but load, score and pack is everybody's call, in the same order; files are written by rank 0 alone.
class trainer {
public:
    virtual ~trainer() = default;
    static std::unique_ptr<trainer> make(qwen2_config const&, trainer_options const&);

    /// Fresh weights: normal with the configuration's initializer_range, norms one, biases zero; the same for the same seed everywhere.
    virtual void initialise(std::uint64_t seed) = 0;
    /// Weights by Hugging Face's names. What the file lacks keeps what it has (a fresh score head over a language model's trunk) and is named in the answer; another shape is fatal(input).
    virtual std::vector<std::string> load(safetensors const&) = 0;
    /// config.json, model.safetensors and, with adapters, PEFT's two files in adapter/; the model holds the adapters merged.
    virtual void export_model(std::string const& folder) const = 0;

    /// One step of the optimizer over this rank's samples; the loss is the mean over the samples of all ranks (a language model's: over all targets).
    step_report step(std::span<sample const* const> samples) { return step(pack(samples)); }
    virtual step_report step(packed_step const& samples) = 0;
    /// The host's half of a step: on any thread, while steps are taken (loader.hpp). `together`: a packed batch has only samples of the same so many; 0: as many as fit. Ranks that have so many each give the bits of one rank
    /// that has all (to which order rounding is due).
    virtual packed_step pack(std::span<sample const* const> samples, std::size_t together = 0) const = 0;
    /// A row of scores for each sample.
    virtual std::vector<float> score(std::span<sample const* const> samples) = 0;
    /// Steps taken so far.
    virtual std::int64_t steps() const = 0;

    /// Everything that the next step depends on, in one file (.partial, fsync, rename), and the caller's own words with it. It holds the whole, so any number of ranks, and any machine, goes on from it.
    virtual void save(std::string const& path, string_pairs const& state) const = 0;
    /// The caller's words. fatal(input) with the path where the file is damaged or of another model, format or optimizer.
    virtual string_pairs resume(std::string const& path) = 0;

    /// By Hugging Face's name, in the layout of the file; empty: there is none, or it is frozen. For checks.
    virtual std::vector<double> weight(std::string_view name) const = 0;
    virtual std::vector<double> gradient(std::string_view name) const = 0;
    virtual std::vector<std::string> names() const = 0;
};

} // namespace penstock::train
