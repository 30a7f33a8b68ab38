/// The trainer over one machine: the model, its optimizer, and the files. What a step sums is scaled by counts known before its first batch, so the split of a step into batches is no
/// part of the result.
#pragma once
#include "../bf16.hpp"
#include "../model/transformer.hpp"
#include "random.hpp"
#include <bit>
#include <filesystem>
#include <penstock/core/fatal.hpp>
#include <penstock/train/trainer.hpp>

namespace penstock::train {

std::string describe(qwen2_config const&, trainer_options const&);          // what a checkpoint must agree with
std::string adapter_config_json(qwen2_config const&, adapter_options const&);
void write_text(std::string const& path, std::string const& text);
double forward_flops(qwen2_config const&, std::int64_t tokens, std::int64_t longest);
std::unique_ptr<trainer> make_on_cuda(qwen2_config const&, trainer_options const&);        // fatal(access) where there is no GPU, or no CUDA in this build

template<machine B>
class session final : public trainer {
    using S = typename B::scalar;
    using R = typename B::real;
    static constexpr bool own_masters = !std::same_as<S, R>;
    static constexpr dtype real_type = std::same_as<R, double> ? dtype::F64 : dtype::F32;
    static constexpr dtype stored_type = std::same_as<S, double> ? dtype::F64 : std::same_as<S, float> ? dtype::F32 : dtype::BF16;

    struct memory {
        std::span<R> masters, m, v;
        std::span<stretch> stretches;
        std::span<double> sums;             // loss, squared norm, clipping factor
    };

public:
    template<class... Stream>
    session(qwen2_config const& c, trainer_options const& o, Stream&&... stream)
        : config_(c), options_(o), table_(c, o.adapters), stream_(std::forward<Stream>(stream)...), net_(config_, table_, o.adapters, limits_of(o)) {
        arena size;
        lay_out(size, net_, table_, o);
        buffer_ = B::allocate(size.used());
        arena real(B::data(buffer_));
        memory_ = lay_out(real, net_, table_, o);
        net_.prepare(stream_);
        auto const stretches = cut(table_);
        if (o.learns) B::upload(bytes(memory_.stretches), bytes(std::span<stretch const>(stretches)), memory_.stretches.size_bytes(), stream_);
    }

    static memory_plan plan(qwen2_config const& c, trainer_options const& o) {
        parameters const table(c, o.adapters);
        transformer<B> net(c, table, o.adapters, limits_of(o));
        arena size;
        lay_out(size, net, table, o);
        memory_plan p;
        p.parameters = table.count(false), p.trained = o.learns ? table.count(true) : 0;
        p.weights = static_cast<std::size_t>(table.weights()) * sizeof(S);
        if (o.learns) p.gradients = static_cast<std::size_t>(table.trained()) * sizeof(R), p.optimizer = p.gradients * (own_masters ? 3 : 2);
        p.activations = size.used() - p.weights - p.gradients - p.optimizer;
        p.forward_flops = forward_flops(c, o.tokens, o.longest);
        return p;
    }

    void initialise(std::uint64_t seed) override {
        for (auto const& p : table_.all()) initialise(p, seed);
        seed_ = seed;
    }

    std::vector<std::string> load(safetensors const& file) override {
        std::vector<std::string> missing;
        for (auto const& p : table_.all()) {
            auto const name = p.fresh == parameter::start::adapter || p.name.ends_with(".lora_B.weight") || (file.find(p.name) == nullptr && file.find("base_model.model." + p.name)) ? "base_model.model." + p.name : p.name;
            if (!file.find(name)) {
                missing.push_back(p.name);
                continue;
            }
            auto const shape = p.vector ? train::shape{static_cast<std::uint64_t>(p.cols)} : train::shape{static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)};
            std::vector<R> values(static_cast<std::size_t>(p.size()));
            read(file.at(name, shape), 0, std::span(values));
            put(p, values);
        }
        return missing;
    }

    step_report step(std::span<sample const* const> samples, comm* ranks) override {
        step_report report;
        clear(net_.gradients());
        clear(memory_.sums);
        bool const regression = config_.head == head::regression;
        double count = 0;
        for (auto const* s : samples)
            count += regression ? static_cast<double>(config_.labels.size()) : static_cast<double>(std::ranges::count_if(s->targets, [](std::int32_t t) { return t >= 0; }));
        if (ranks) ranks->sum(std::span(&count, 1));
        double const scale = count > 0 ? 1 / count : 0;
        each_batch(samples, [&](batch const& b) {
            net_.upload(b, stream_);
            repeated(b, scale, [&] {
                net_.forward(stream_);
                if (regression) net_.regression_loss(memory_.sums.data(), {options_.optimizer.huber}, scale, stream_);
                else net_.language_loss(memory_.sums.data(), scale, stream_);
                net_.backward(stream_);
            });
            if (regression) take_scores(report.scores);
            report.tokens += b.bounds[static_cast<std::size_t>(b.sequences())];
        });
        if (ranks && ranks->world() > 1) {
            auto all = get<R>(std::span<R const>(net_.gradients()));
            ranks->sum(std::span(all));
            B::upload(bytes(net_.gradients()), bytes(std::span<R const>(all)), all.size() * sizeof(R), stream_);
        }
        B::square_sum(memory_.sums.data() + 1, net_.gradients(), stream_);
        B::clip_factor(memory_.sums.data() + 2, memory_.sums.data() + 1, options_.optimizer.clip, stream_);
        auto const& o = options_.optimizer;
        report.rate = rate_at(o, steps_);
        ++steps_;
        B::adamw({net_.weights().data(), memory_.masters.data(), memory_.m.data(), memory_.v.data(), net_.gradients().data()}, memory_.stretches, memory_.sums.data() + 2,
                 adamw_step{report.rate, o.beta1, o.beta2, o.epsilon, o.decay, steps_}, stream_);
        auto sums = get<double>(memory_.sums);
        if (ranks) ranks->sum(std::span(sums).first(1));
        report.loss = sums[0], report.norm = std::sqrt(sums[1]);
        return report;
    }

    std::vector<float> score(std::span<sample const* const> samples) override {
        std::vector<float> all;
        each_batch(samples, [&](batch const& b) {
            net_.upload(b, stream_);
            net_.forward(stream_);
            take_scores(all);
        });
        return all;
    }
    std::int64_t steps() const override { return steps_; }

    void export_model(std::string const& folder) const override {
        std::filesystem::create_directories(folder);
        auto c = config_;
        c.stored_type = stored_type == dtype::BF16 ? "bfloat16" : stored_type == dtype::F32 ? "float32" : "float64";
        std::vector<tensor_out> model, adapter;
        std::vector<std::vector<R>> kept;       // merged matrices and masters, until they are written
        kept.reserve(table_.all().size() * 2);
        auto out = [&](std::string name, parameter const& p) { return tensor_out{.name = std::move(name), .type = stored_type, .shape = p.vector ? shape{static_cast<std::uint64_t>(p.cols)} : shape{static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)}}; };
        for (std::size_t i = 0; i != table_.all().size(); ++i) {
            auto const& p = table_.all()[i];
            bool const is_adapter = p.name.ends_with(".lora_A.weight") || p.name.ends_with(".lora_B.weight");
            if (options_.adapters.rank > 0 && p.trained) {      // PEFT keeps its numbers in float, and the score head whole
                auto& values = kept.emplace_back(get<R>(std::span<R const>(master(p))));
                auto t = out("base_model.model." + p.name, p);
                t.type = real_type, t.bytes = std::as_bytes(std::span(values));
                adapter.push_back(std::move(t));
            }
            if (is_adapter) continue;
            auto t = out(p.name, p);
            if (int const a = table_.find(adapter_name(p, "A")); a >= 0) {
                auto& merged = kept.emplace_back(merge(p, table_[a], table_[table_.find(adapter_name(p, "B"))]));
                t.fill = [&merged](std::uint64_t at, std::span<std::byte> piece) { convert(merged, at, piece); };
            } else {
                auto const stored = std::as_bytes(std::span<S const>(net_.weights(p)));
                t.fill = [this, stored](std::uint64_t at, std::span<std::byte> piece) { B::download(piece.data(), stored.data() + at, piece.size(), stream_); };
            }
            model.push_back(std::move(t));
        }
        write_safetensors(folder + "/model.safetensors", std::move(model));
        write_text(folder + "/config.json", config_json(c));
        if (adapter.empty()) return;
        std::filesystem::create_directories(folder + "/adapter");       // not beside the model: transformers would take the folder for an adapter alone
        write_safetensors(folder + "/adapter/adapter_model.safetensors", std::move(adapter));
        write_text(folder + "/adapter/adapter_config.json", adapter_config_json(config_, options_.adapters));
    }

    void save(std::string const& path, string_pairs const& state) const override {
        std::vector<tensor_out> all;
        std::vector<std::vector<R>> kept;
        kept.reserve(table_.all().size() * 3);
        for (auto const& p : table_.all()) {
            if (p.state < 0) continue;
            auto add = [&](std::string name, std::span<R const> values) {
                auto& k = kept.emplace_back(get<R>(values));
                all.push_back({.name = std::move(name), .type = real_type, .shape = {static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)}, .bytes = std::as_bytes(std::span(k))});
            };
            add(p.name, master(p)), add(p.name + ".m", this->state(memory_.m, p)), add(p.name + ".v", this->state(memory_.v, p));
        }
        string_pairs words = state;
        words.emplace_back("penstock.checkpoint", describe(config_, options_));
        words.emplace_back("penstock.steps", std::to_string(steps_));
        words.emplace_back("penstock.seed", std::to_string(seed_));
        write_safetensors(path, std::move(all), words);
    }

    string_pairs resume(std::string const& path) override {
        auto const file = safetensors::open(path);
        auto word = [&](std::string_view key) -> std::string const& {
            for (auto const& [k, v] : file.metadata())
                if (k == key) return v;
            throw fatal(exit_code::input, path + ": is not a checkpoint of this program");
        };
        if (auto const& theirs = word("penstock.checkpoint"), ours = describe(config_, options_); theirs != ours)
            throw fatal(exit_code::input, path + ": is of another run: it says " + theirs + ", this run " + ours);
        steps_ = std::stoll(word("penstock.steps")), seed_ = std::stoull(word("penstock.seed"));
        for (auto const& p : table_.all()) {
            if (p.state < 0) continue;
            auto take = [&](std::string const& name) {
                std::vector<R> values(static_cast<std::size_t>(p.size()));
                read(file.at(name, {static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)}), 0, std::span(values));
                return values;
            };
            put(p, take(p.name));
            auto const m = take(p.name + ".m"), v = take(p.name + ".v");
            B::upload(bytes(state(memory_.m, p)), bytes(std::span<R const>(m)), m.size() * sizeof(R), stream_);
            B::upload(bytes(state(memory_.v, p)), bytes(std::span<R const>(v)), v.size() * sizeof(R), stream_);
        }
        string_pairs rest;
        for (auto const& pair : file.metadata())
            if (!pair.first.starts_with("penstock.")) rest.push_back(pair);
        return rest;
    }

    std::vector<double> weight(std::string_view name) const override {
        int const i = table_.find(name);
        if (i < 0) return {};
        if (table_[i].state >= 0) return widened(get<R>(std::span<R const>(master(table_[i]))));
        return widened(get<S>(std::span<S const>(net_.weights(table_[i]))));
    }
    std::vector<double> gradient(std::string_view name) const override {
        int const i = table_.find(name);
        return i < 0 ? std::vector<double>{} : widened(get<R>(std::span<R const>(net_.gradients(table_[i]))));
    }
    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (auto const& p : table_.all()) all.push_back(p.name);
        return all;
    }

private:
    static limits limits_of(trainer_options const& o) {
        return {.tokens = o.tokens + o.multiple, .sequences = o.sequences, .longest = std::max(o.longest, o.multiple), .recompute = o.recompute, .learns = o.learns};
    }
    static std::vector<stretch> cut(parameters const& table) {
        std::vector<stretch> all;
        for (auto const& p : table.all())
            for (std::int64_t at = 0; p.state >= 0 && at < p.size(); at += stretch::longest)
                all.push_back({p.at + at, p.state + at, p.state + at, std::min(stretch::longest, p.size() - at), !p.vector});
        return all;
    }
    static memory lay_out(arena& a, transformer<B>& net, parameters const& table, trainer_options const& o) {
        net.lay_out(a);
        memory m;
        if (o.learns) {
            if constexpr (own_masters) m.masters = a.template take<R>(table.trained());
            m.m = a.template take<R>(table.trained()), m.v = a.template take<R>(table.trained());
        }
        m.sums = a.template take<double>(3);
        if (o.learns) m.stretches = a.template take<stretch>(static_cast<std::int64_t>(cut(table).size()));
        return m;
    }

    template<class T> static std::byte* bytes(std::span<T> s) { return reinterpret_cast<std::byte*>(s.data()); }
    template<class T> static std::byte const* bytes(std::span<T const> s) { return reinterpret_cast<std::byte const*>(s.data()); }
    template<class T> void clear(std::span<T> s) { B::clear(bytes(s), s.size_bytes(), stream_); }
    template<class T> std::vector<T> get(std::span<T const> s) const {
        std::vector<T> v(s.size());
        B::download(reinterpret_cast<std::byte*>(v.data()), bytes(s), s.size_bytes(), stream_);
        return v;
    }
    template<class T> static std::vector<double> widened(std::vector<T> const& from) {
        std::vector<double> to;
        for (auto x : from) {
            if constexpr (std::same_as<T, bf16>) to.push_back(static_cast<double>(widen(x)));
            else to.push_back(static_cast<double>(x));
        }
        return to;
    }
    static std::span<R> state(std::span<R> slab, parameter const& p) { return slab.subspan(static_cast<std::size_t>(p.state), static_cast<std::size_t>(p.size())); }
    std::span<R> master(parameter const& p) const {
        if constexpr (own_masters) return p.state >= 0 && options_.learns ? state(memory_.masters, p) : std::span<R>{};
        else return net_.weights(p);
    }
    static S stored(R x) {
        if constexpr (std::same_as<S, bf16>) return narrow(x);
        else return x;
    }
    void put(parameter const& p, std::vector<R> const& values) {
        std::vector<S> rounded(values.size());
        std::ranges::transform(values, rounded.begin(), stored);
        B::upload(bytes(net_.weights(p)), bytes(std::span<S const>(rounded)), rounded.size() * sizeof(S), stream_);
        if constexpr (own_masters)
            if (auto const to = master(p); !to.empty()) B::upload(bytes(to), bytes(std::span<R const>(values)), values.size() * sizeof(R), stream_);
    }
    void initialise(parameter const& p, std::uint64_t seed) {
        auto const key = random::key(seed, p.name);
        std::vector<R> values(static_cast<std::size_t>(p.size()));
        double const bound = 1 / std::sqrt(static_cast<double>(p.cols));
        for (std::size_t i = 0; i != values.size(); ++i)
            switch (p.fresh) {
            case parameter::start::zeros: values[i] = 0; break;
            case parameter::start::ones: values[i] = 1; break;
            case parameter::start::normal: values[i] = static_cast<R>(config_.initializer_range * random::normal(key, i)); break;
            case parameter::start::adapter: values[i] = static_cast<R>(bound * (2 * random::uniform(key, i) - 1)); break;
            }
        put(p, values);
    }
    static std::string adapter_name(parameter const& p, char const* which) {
        return p.vector || !p.name.ends_with(".weight") ? std::string() : p.name.substr(0, p.name.size() - 7) + ".lora_" + which + ".weight";
    }
    std::vector<R> merge(parameter const& w, parameter const& a, parameter const& b) const {
        auto const base = widened(get<S>(std::span<S const>(net_.weights(w)))), av = widened(get<R>(std::span<R const>(master(a)))), bv = widened(get<R>(std::span<R const>(master(b))));
        std::vector<R> merged(base.size());
        auto const rank = static_cast<std::size_t>(a.rows), cols = static_cast<std::size_t>(w.cols);
        for (std::size_t i = 0; i != static_cast<std::size_t>(w.rows); ++i)
            for (std::size_t c = 0; c != cols; ++c) {
                double sum = 0;
                for (std::size_t r = 0; r != rank; ++r) sum += bv[i * rank + r] * av[r * cols + c];
                merged[i * cols + c] = static_cast<R>(base[i * cols + c] + options_.adapters.scale() * sum);
            }
        return merged;
    }
    static void convert(std::vector<R> const& from, std::uint64_t at, std::span<std::byte> piece) {       // pieces begin and end between elements
        for (std::size_t i = 0; i != piece.size() / sizeof(S); ++i) {
            S const x = stored(from[at / sizeof(S) + i]);
            std::copy_n(reinterpret_cast<std::byte const*>(&x), sizeof x, piece.data() + i * sizeof x);
        }
    }
    void take_scores(std::vector<float>& to) {
        auto const m = net_.scores();
        for (R x : get<R>(std::span<R const>(m.data, static_cast<std::size_t>(m.rows * m.cols)))) to.push_back(static_cast<float>(x));
    }
    // What a batch queues, again and again with the same sizes: a machine may keep it as one piece (Cuda's are graphs). All that is passed by value follows from what is named here.
    template<class F> void repeated(batch const& b, double scale, F const& f) {
        if constexpr (requires { B::captured({}, stream_, f); })
            B::captured({static_cast<std::int64_t>(b.tokens.size()), b.sequences(), static_cast<std::int64_t>(b.bounds.size()), b.longest, static_cast<std::int64_t>(b.asked.size()), static_cast<std::int64_t>(b.order.size()),
                         static_cast<std::int64_t>(b.distinct.size()), static_cast<std::int64_t>(b.weights.size()), std::bit_cast<std::int64_t>(scale)}, stream_, f);
        else f();
    }
    // Batches in the order of the samples, each as full as the budget allows.
    template<class F> void each_batch(std::span<sample const* const> samples, F const& f) {
        auto const padding = config_.pad_token_id ? static_cast<std::int32_t>(*config_.pad_token_id) : -1;
        for (std::size_t first = 0, last = 0; first != samples.size(); first = last) {
            std::int64_t tokens = 0;
            while (last != samples.size() && static_cast<std::int64_t>(last - first) != options_.sequences) {
                auto const more = static_cast<std::int64_t>(samples[last]->tokens.size());
                if (more > options_.longest || more > options_.tokens || more == 0) throw fatal(exit_code::internal, "a sample of " + std::to_string(more) + " tokens does not fit the trainer's memory");
                if (tokens + more > options_.tokens) break;
                tokens += more, ++last;
            }
            f(pack(samples.subspan(first, last - first), options_.multiple, padding));
        }
    }

    qwen2_config config_;
    trainer_options options_;
    parameters table_;
    mutable typename B::stream stream_;
    transformer<B> net_;
    typename B::buffer buffer_ = {};
    memory memory_ = {};
    std::int64_t steps_ = 0;
    std::uint64_t seed_ = 0;
};

} // namespace penstock::train
