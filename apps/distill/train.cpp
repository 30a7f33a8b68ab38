// distill train: learns from train.jsonl, keeps what does best on val.jsonl. After an epoch, and when it is stopped, everything that the next step depends on lies in checkpoint.safetensors.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <optional>
#include <utility>
#include <penstock/core/position.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/record/json.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/run/progress.hpp>
#include <penstock/train/fit.hpp>
#include <penstock/train/loader.hpp>
#include "commands.hpp"
#include "evaluation.hpp"
#include "learning.hpp"
#include "place.hpp"
#include "training.hpp"

namespace distill {
namespace {

using penstock::exit_code;
using penstock::fatal;
namespace run = penstock::run;
namespace train = penstock::train;
namespace io = penstock::io;

struct run_facts {
    std::string adapter;                // that it began with
    bool lora_rslora = false;
    std::int64_t token_budget = 0;
    std::string keep;
};
// training_metadata.json, by the original's names; what it did not have comes last.
struct facts {
    std::string filter_name, filter_version;
    std::vector<std::string> dimension_names;
    std::uint64_t num_dimensions = 0;
    std::string model_name;
    std::int64_t num_parameters = 0, num_trainable_parameters = 0;
    unsigned epochs = 0, batch_size = 0;
    double learning_rate = 0;
    unsigned max_length = 0, warmup_steps = 0;
    std::uint64_t train_examples = 0, val_examples = 0;
    double best_val_mae = 0;
    unsigned best_epoch = 0;
    bool include_prompt = false;
    std::string training_mode = "knowledge_distillation";
    unsigned gradient_accumulation_steps = 1, lora_r = 0, lora_alpha = 0, ranks = 1;
    std::vector<std::string> lora_targets;
    std::string dtype, moments, lr_scheduler;
    double huber = 0, score_weight = 0, weight_decay = 0, max_grad_norm = 0;
    std::uint64_t seed = 0;
    run_facts run;
};

// What a checkpoint keeps of the run besides the trainer's own.
struct position_in_run {
    std::string model;                  // adapters lie over it, and it is not in the checkpoint
    double best_val_mae = -1;
    unsigned best_epoch = 0;
    std::uint64_t data = 0;             // a print of the samples: another data set would not go on, it would go wrong
    std::uint64_t seed = 0, step = 0;   // the order of samples follows from it, and from how many make a step
    std::int64_t tokens = 0;            // the budget of a batch: with another the same steps are summed in another order
    unsigned max_length = 0;
    error_sums epoch;
    std::vector<epoch_record> history;
};

std::string json(auto const& x) {
    auto text = penstock::json::encode(x);
    if (!text) throw fatal(exit_code::internal, "a report cannot be written: " + text.error().what());
    return *std::move(text);
}
void write(std::string const& path, std::string const& text) {
    io::atomic_file f(path);
    f.write(text + "\n");
    f.commit();
}

std::uint64_t print_of(std::vector<train::sample> const& samples) {
    std::uint64_t h = samples.size();
    for (auto const& s : samples) {
        for (auto t : s.tokens) h = penstock::mix(h ^ static_cast<std::uint64_t>(t));
        for (auto const* part : {&s.labels, &s.weights})
            for (float x : *part) h = penstock::mix(h ^ std::bit_cast<std::uint32_t>(x));
    }
    return h;
}

struct model_source {
    train::qwen2_config config;
    train::tokenizer tokenizer;
    std::string folder;                 // empty: from nothing
};

model_source open_model(training const& t, training_options const& o, filter const& of, std::vector<training_row> const& rows) {
    std::vector<std::string> labels;
    for (auto const& d : of.dimensions) labels.push_back(d.name);
    if (t.from_preset) {
        train::tokenizer_training learning;
        for (auto const& r : rows) learning.add(article_text(r.title, r.content));
        auto tokenizer = learning.finish({.vocabulary = t.from_preset->vocabulary});
        auto config = shape_of(*t.from_preset, static_cast<std::uint32_t>((tokenizer.size() + 63) / 64 * 64), labels);
        config.max_position_embeddings = std::max(config.max_position_embeddings, t.max_length);
        config.pad_token_id = config.bos_token_id = config.eos_token_id = tokenizer.find("<|endoftext|>");
        return {config, std::move(tokenizer), {}};
    }
    auto const folder = train::find_model(o.model_name);
    auto config = train::read_config(folder);
    config.head = train::head::regression, config.labels = labels;
    if (!config.pad_token_id) config.pad_token_id = config.eos_token_id ? config.eos_token_id : std::optional<std::uint32_t>(0);
    return {config, train::tokenizer::open(folder), folder};
}

void show(char const* what, error_sums const& e) { std::printf("%s\n  Loss: %.4f\n  MAE: %.4f\n  RMSE: %.4f\n", what, e.loss / e.rows, e.mae(), e.rmse()); }

// What is missing of a model that is trained further is the head, and adapters; a trunk with holes would be trained from noise without a word.
void load(train::trainer& model, std::string const& folder) {
    for (auto const& name : model.load(train::safetensors::open(folder)))
        if (name != "score.weight" && !name.ends_with(".lora_A.weight") && !name.ends_with(".lora_B.weight")) throw fatal(exit_code::input, folder + ": lacks " + name);
}

std::vector<std::string> targets_of(train::adapter_options const& a) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i != train::projection_names.size(); ++i)
        if (a.on(static_cast<train::projection>(i))) names.emplace_back(train::projection_names[i]);
    return names;
}

position_in_run position_of(std::string const& path) {
    auto const file = train::safetensors::open(path);
    for (auto const& [key, value] : file.metadata())
        if (key == "distill") {
            auto read = penstock::json::decode<position_in_run>(value);
            if (!read) throw fatal(exit_code::input, path + ": " + read.error().what());
            return *std::move(read);
        }
    return {};          // of somebody else, as the trainer will say
}

// The budget of a batch and what the backward keeps, where the flags leave them open: as rank 0 finds for its memory, and all ranks do.
void fit_memory(train::trainer_options& how, training_options const& o, place const& on, train::qwen2_config const& config, std::span<train::sample const* const> samples, std::int64_t together, position_in_run const& at, train::comm& ranks) {
    double found[2] = {};
    if (ranks.rank() == 0) {
        std::vector<std::int64_t> lengths;
        for (auto const* s : samples) lengths.push_back(static_cast<std::int64_t>(s->tokens.size()));
        auto const memory = on.memory();
        train::fit_question ask{.lengths = lengths, .a_step = together, .memory = memory};
        if (o.token_budget) ask.tokens = how.tokens;
        else if (at.tokens > 0) ask.tokens = at.tokens;
        if (o.keep) ask.recompute = how.recompute;
        auto fitted = train::fit(config, how, ask);
        if (!fitted && !o.token_budget && at.tokens > 0) {
            std::fprintf(stderr, "distill: the checkpoint's batches of %lld tokens do not fit here; smaller ones give the same but for rounding\n", static_cast<long long>(at.tokens));
            ask.tokens.reset();
            fitted = train::fit(config, how, ask);
        }
        if (!fitted) {
            char said[160];
            std::snprintf(said, sizeof said, "this training does not fit into the %.3f GiB that %s has for it; ", static_cast<double>(memory) / (1 << 30), on.name.c_str());
            throw fatal(exit_code::usage, said + what_would_fit(config, how, {.format = o.resume.empty(), .adapters = find_preset(o.model_name) == nullptr && o.adapter.empty() && o.resume.empty()}, memory));
        }
        found[0] = static_cast<double>(fitted->tokens), found[1] = static_cast<double>(fitted->recompute);
    }
    ranks.sum(found);
    how.tokens = static_cast<std::int64_t>(found[0]), how.recompute = static_cast<train::recompute>(found[1]);
}

// The samples of a step, packed: what the loader makes.
struct next_step {
    std::vector<train::sample const*> samples;
    train::packed_step packed;
};

exit_code work(training_options const& o, run::job& job) {
    auto const t = decide(o);
    auto const network = train::comm_from_environment();
    auto const on = place_of(o.device, network);
    auto const of = read_filter(o.filter);
    auto const ranks = train::connect(network);
    bool const first = ranks->rank() == 0;
    auto const train_rows = read_rows(o.data_dir + "/train.jsonl", of, job.stop.get_token()), val_rows = read_rows(o.data_dir + "/val.jsonl", of, job.stop.get_token());
    if (job.stopped()) return exit_code::interrupted;

    auto source = open_model(t, o, of, train_rows);
    if (t.max_length > source.config.max_position_embeddings) throw fatal(exit_code::usage, "--max-length " + std::to_string(t.max_length) + " is more than the model's " + std::to_string(source.config.max_position_embeddings) + " positions");
    std::optional<run::output_directory> folder;
    if (first) folder.emplace(o.output_dir);
    auto const cache = first ? *folder / "cache" : std::string();       // one of the ranks writes it
    auto train_samples = as_samples(train_rows, source.tokenizer, t.max_length, source.config, cache);
    auto const val_samples = as_samples(val_rows, source.tokenizer, t.max_length, source.config, cache);
    if (o.score_weight > 0)
        for (std::size_t i = 0; i != train_samples.size(); ++i) train_samples[i].weights.assign(of.dimensions.size(), static_cast<float>(1 + o.score_weight * of.overall(train_rows[i].labels)));
    auto const all = pointers(train_samples), val = pointers(val_samples);
    auto const world = static_cast<std::size_t>(ranks->world()), share = std::size_t{t.batch_size} * t.accumulation, a_step = share * world, steps_per_epoch = (all.size() + a_step - 1) / a_step, steps = steps_per_epoch * t.epochs;

    auto how = trainer_options_of(t, o, steps);
    how.ranks = ranks.get();
    on.to(how);
    auto const checkpoint = t.resume_from ? *t.resume_from + "/checkpoint.safetensors" : std::string();
    auto at = t.resume_from ? position_of(checkpoint) : position_in_run{};
    fit_memory(how, o, on, source.config, all, t.batch_size, at, *ranks);
    auto const plan = train::plan(source.config, how);
    auto const model = train::trainer::make(source.config, how);
    model->initialise(o.seed);
    if (!source.folder.empty()) load(*model, source.folder);
    if (!o.adapter.empty()) load_adapter(*model, o.adapter);

    std::vector<std::string> names;
    for (auto const& d : of.dimensions) names.push_back(d.name);
    auto const print = penstock::mix(print_of(train_samples)) ^ print_of(val_samples);
    if (t.resume_from) {
        auto const& path = checkpoint;
        model->resume(path);
        if (at.max_length != t.max_length) throw fatal(exit_code::input, path + ": is of a run with --max-length " + std::to_string(at.max_length) + ", this run has " + std::to_string(t.max_length));
        if (at.seed != o.seed || at.step != a_step)
            throw fatal(exit_code::input, path + ": is of a run with --seed " + std::to_string(at.seed) + " and " + std::to_string(at.step) + " articles a step, this run has " + std::to_string(o.seed) + " and " + std::to_string(a_step));
        if (t.lora_r > 0 && at.model != o.model_name) throw fatal(exit_code::input, path + ": its adapters lie over " + at.model + ", this run has --model-name " + o.model_name);
        if (at.data != print) throw fatal(exit_code::input, path + ": is of other training data or validation data than " + o.data_dir + " holds, or of another tokenizer");
    }
    if (t.resume_from && first && at.best_epoch > 0) {        // the best model so far, and the history, lie where the run began
        std::error_code e;
        if (!std::filesystem::equivalent(*t.resume_from, o.output_dir, e)) {
            std::filesystem::copy(*t.resume_from + "/model", *folder / "model", std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing, e);
            if (e) throw fatal(exit_code::input, *t.resume_from + "/model: cannot be copied to " + (*folder / "model") + ": " + e.message());
            write(*folder / "training_history.json", json(at.history));
        }
    }
    at.data = print, at.seed = o.seed, at.step = a_step, at.tokens = how.tokens, at.max_length = t.max_length, at.model = o.model_name;

    auto stopped = [&] {        // by anyone: a checkpoint is everybody's work
        double ranks_stopped = job.stopped();
        ranks->sum(std::span(&ranks_stopped, 1));
        return ranks_stopped > 0;
    };
    auto save = [&] { model->save(first ? *folder / "checkpoint.safetensors" : std::string(), {{"distill", json(at)}}); };
    if (first) {
        std::printf("%s %s: %zu dimensions, %zu articles to learn from, %zu to judge by\n%s: %lld parameters, %lld of them trained; %.1f MiB planned on %s (batches of %lld tokens, keeping %s); %u epochs of %zu steps%s\n", penstock::printable(of.name).c_str(), penstock::printable(of.version).c_str(),
                    names.size(), all.size(), val.size(), penstock::printable(o.model_name).c_str(), static_cast<long long>(plan.parameters), static_cast<long long>(plan.trained), static_cast<double>(plan.total()) / (1 << 20), penstock::printable(on.name).c_str(), static_cast<long long>(how.tokens), std::string(penstock::enum_name(kept_of(how.recompute))).c_str(), t.epochs, steps_per_epoch,
                    t.resume_from ? ", resumed" : "");
        for (auto const& w : t.warnings(all.size(), static_cast<unsigned>(world))) std::fprintf(stderr, "distill: %s\n", w.c_str());
    }

    // Which samples a step has follows from (seed, its number) alone, so a place in the run is a number; the loader goes through them from where the trainer stands.
    train::loader<next_step> loader(2, [&, step = static_cast<std::size_t>(model->steps()), order = std::vector<std::size_t>(), of_epoch = ~std::size_t{0}]() mutable -> std::optional<next_step> {
        if (step == steps) return std::nullopt;
        if (auto const epoch = step / steps_per_epoch; epoch != of_epoch) {
            order.resize(all.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            auto const salt = penstock::mix(penstock::mix(o.seed) ^ epoch);
            std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(penstock::mix(salt ^ i), i); });
            of_epoch = epoch;
        }
        next_step next;
        auto const from = step++ % steps_per_epoch * a_step + share * static_cast<std::size_t>(ranks->rank());
        for (auto i = from; i < std::min(from + share, all.size()); ++i) next.samples.push_back(all[order[i]]);
        next.packed = model->pack(next.samples, t.batch_size);
        return next;
    });

    auto const begun = std::chrono::steady_clock::now();
    auto const seconds_since = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(); };
    std::int64_t tokens = 0;
    auto const steps_before = static_cast<std::size_t>(model->steps());     // of another process: this one knows nothing of its time
    while (static_cast<std::size_t>(model->steps()) < steps) {
        auto const epoch = static_cast<unsigned>(static_cast<std::size_t>(model->steps()) / steps_per_epoch);
        if (first) std::printf("\nEpoch %u/%u\n========================================\n", epoch + 1, t.epochs), std::fflush(stdout);
        {
            std::optional<run::progress> bar;
            if (first) bar.emplace("articles", all.size());
            for (auto step = static_cast<std::size_t>(model->steps()) % steps_per_epoch; step != steps_per_epoch; ++step) {
                auto const next = loader.next();
                auto const report = model->step(next->packed);
                if (!std::isfinite(report.loss)) throw fatal(exit_code::usage, "the loss of step " + std::to_string(model->steps()) + " is no number: the training has diverged; try a smaller --learning-rate, or --dtype float32");
                error_sums here{.absolute = std::vector<double>(names.size()), .square = std::vector<double>(names.size())};
                for (std::size_t i = 0; i < next->samples.size(); i += t.batch_size) {       // batch by batch, as ranks add them up
                    auto const count = std::min<std::size_t>(t.batch_size, next->samples.size() - i);
                    error_sums batch;
                    batch.add(std::span(report.scores).subspan(i * names.size(), count * names.size()), std::span(next->samples).subspan(i, count));
                    here.add(batch);
                }
                at.epoch.add(here, *ranks);
                tokens += report.tokens;
                if (bar) {
                    char text[96];
                    std::snprintf(text, sizeof text, "loss %.4f  MAE %.4f  %.0f tokens/s", at.epoch.loss / at.epoch.rows, at.epoch.mae(), static_cast<double>(tokens) / seconds_since());
                    bar->note(text), bar->at(std::min((step + 1) * a_step, all.size()), 0);
                }
                if (step + 1 == steps_per_epoch) break;
                bool const stop = stopped();
                if (stop || (o.save_steps != 0 && static_cast<std::size_t>(model->steps()) % o.save_steps == 0)) save();
                if (stop) {
                    job.goes_on = "the same command with --resume goes on";
                    return exit_code::interrupted;
                }
            }
        }
        error_sums validation;
        validation.add(score_all(*model, val, names.size()), val);
        auto const seconds = seconds_since();
        auto const done = static_cast<double>(static_cast<std::size_t>(model->steps()) - steps_before), left = static_cast<double>(steps - static_cast<std::size_t>(model->steps()));
        at.history.push_back({epoch + 1, at.epoch.by_name(names), validation.by_name(names)});
        bool const best = at.best_val_mae < 0 || validation.mae() < at.best_val_mae;
        if (best) at.best_val_mae = validation.mae(), at.best_epoch = epoch + 1;
        if (best) model->export_model(first ? *folder / "model" : std::string());
        if (first) {
            show("Training:", at.epoch);
            show("\nValidation:", validation);
            std::printf("  %.0f tokens/s, %.0f s, about %.0f s to go\n", static_cast<double>(tokens) / seconds, seconds, seconds / done * left);
            if (best) {
                source.tokenizer.save(*folder / "model");
                std::printf("\n✓ New best validation MAE: %.4f\n  Model saved to: %s\n", validation.mae(), penstock::printable(*folder / "model").c_str());
            }
            write(*folder / "training_history.json", json(at.history));
            std::fflush(stdout);
        }
        at.epoch = {};
        save();
        if (stopped()) {
            job.goes_on = "the same command with --resume goes on";
            return exit_code::interrupted;
        }
    }
    if (!first) return exit_code::complete;
    write(*folder / "training_metadata.json", json(facts{.filter_name = of.name, .filter_version = of.version, .dimension_names = names, .num_dimensions = names.size(), .model_name = o.model_name, .num_parameters = plan.parameters,
        .num_trainable_parameters = plan.trained, .epochs = t.epochs, .batch_size = t.batch_size, .learning_rate = t.learning_rate, .max_length = t.max_length, .warmup_steps = t.warmup_steps, .train_examples = all.size(),
        .val_examples = val.size(), .best_val_mae = at.best_val_mae, .best_epoch = at.best_epoch, .gradient_accumulation_steps = t.accumulation, .lora_r = t.lora_r, .lora_alpha = t.lora_alpha, .ranks = static_cast<unsigned>(world),
        .lora_targets = targets_of(t.adapters), .dtype = std::string(penstock::enum_name(t.dtype)), .moments = std::string(penstock::enum_name(o.moments)), .lr_scheduler = std::string(penstock::enum_name(o.lr_scheduler)), .huber = o.huber, .score_weight = o.score_weight, .weight_decay = o.weight_decay,
        .max_grad_norm = o.max_grad_norm, .seed = o.seed, .run = {o.adapter, t.adapters.rank_stabilised, how.tokens, std::string(penstock::enum_name(kept_of(how.recompute)))}}));
    job.finished = true;
    std::printf("\nBest validation MAE %.4f, of epoch %u\n%s\n", at.best_val_mae, at.best_epoch, validation_gate(at.best_val_mae).c_str());
    return exit_code::complete;
}

} // namespace

std::unique_ptr<run::command_base> train_command() { return run::command<training_options>("train", "a model from train.jsonl, kept where it does best on val.jsonl", work); }

} // namespace distill
