/// The trainer over one machine: the model, its optimizer, and the files. What a step sums is scaled by counts known before its first batch, so the split of a step into batches is no
/// part of the result.
#pragma once
#include "../bf16.hpp"
#include "../cpu/threads.hpp"
#include "../files/checksum.hpp"
#include "../model/transformer.hpp"
#include "exchange.hpp"
#include "random.hpp"
#include "shards.hpp"
#include <array>
#include <bit>
#include <charconv>
#include <filesystem>
#include <penstock/core/fatal.hpp>
#include <penstock/train/trainer.hpp>
#include <thread>

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
        std::span<R> masters;
        std::span<std::byte> m, v;          // real, or bf16
        std::span<stretch> stretches;
        std::span<R> scores;                // of batches not yet taken
        std::span<double> loss, factor, squares;       // of the step: its loss, the clipping factor, the gradient's square sums by block; in one piece
        std::span<double> sums() const { return {loss.data(), 2 + squares.size()}; }
    };

public:
    template<class... Stream>
    session(qwen2_config const& c, trainer_options const& o, Stream&&... stream)
        : config_(c), options_(o), table_(c, o.adapters), stream_(std::forward<Stream>(stream)...), net_(config_, table_, o.adapters, limits_of(o)), ranks_(world_of(o) > 1 ? o.ranks : nullptr),
          blocks_(table_.trained(), world_of(o)), own_(own_of(table_, o)) {
        arena size;
        lay_out(size, net_, table_, o);
        buffer_ = B::allocate(size.used());
        arena real(B::data(buffer_));
        memory_ = lay_out(real, net_, table_, o);
        net_.prepare(stream_);
        if (ranks_) device_ranks_ = exchange_on(stream_, *ranks_), exchange_ = device_ranks_ ? device_ranks_.get() : ranks_;
        if (!o.learns) return;
        auto const stretches = stretches_of(table_, own_);
        B::upload(bytes(memory_.stretches), bytes(std::span<stretch const>(stretches)), memory_.stretches.size_bytes(), stream_);
        if (!sharded()) return;
        shards_ = shards_of(table_.trained(), ranks_->world());
        for (auto run : weights_of(table_, shards_)) weight_bytes_.push_back({run.first * width<S>, run.count * width<S>, run.rank});
    }

    static memory_plan plan(qwen2_config const& c, trainer_options const& o) {
        parameters const table(c, o.adapters);
        transformer<B> net(c, table, o.adapters, limits_of(o));
        arena size;
        lay_out(size, net, table, o);
        memory_plan p;
        p.parameters = table.count(false), p.trained = o.learns ? table.count(true) : 0;
        p.weights = static_cast<std::size_t>(table.weights()) * sizeof(S);
        auto const own = static_cast<std::size_t>(own_of(table, o).count);
        if (o.learns) p.gradients = static_cast<std::size_t>(table.trained()) * sizeof(R), p.optimizer = own * ((own_masters ? sizeof(R) : 0) + 2 * moment_width(o));
        p.activations = size.used() - p.weights - p.gradients - p.optimizer;
        if (o.place == place::cpu) {        // a tile of a product (kernels/cpu/onednn.cpp), and the backward of one head of attention (kernels/cpu/loops.ipp)
            auto const threads = o.threads > 0 ? static_cast<std::size_t>(o.threads) : std::max<std::size_t>(std::thread::hardware_concurrency(), 1), width = static_cast<std::size_t>(c.head_dim), longest = static_cast<std::size_t>(o.longest);
            auto const side = [](std::size_t n) { return std::min<std::size_t>(n, 1024); };
            std::size_t const tile = side(std::max<std::size_t>(2 * c.intermediate_size, c.query_size() + 2 * c.key_value_size())) * side(std::max<std::size_t>({c.hidden_size, c.intermediate_size, c.query_size()}));
            p.workspace = threads * (tile + longest * (5 * width + 120) + 300 * width) * sizeof(R);
        }
        p.forward_flops = forward_flops(c, o.tokens, o.longest);
        return p;
    }

    void initialise(std::uint64_t seed) override {
        for (auto const& p : table_.all()) initialise(p, seed);
        seed_ = seed;
    }

    std::vector<std::string> load(safetensors const& file) override {
        for (auto const& t : file.tensors()) refuse_deeper(file, t.name);
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

    packed_step pack(std::span<sample const* const> samples, std::size_t together) const override {
        auto batches = std::make_shared<std::vector<batch>>();
        packed_step all{.samples = samples.size(), .tokens = 0, .terms = 0, .batches = batches};
        for (auto const* s : samples) {
            all.tokens += static_cast<std::int64_t>(s->tokens.size());
            all.terms += config_.head == head::regression ? static_cast<double>(config_.labels.size()) : static_cast<double>(std::ranges::count_if(s->targets, [](std::int32_t t) { return t >= 0; }));
        }
        for (std::size_t first = 0, size = together ? together : samples.size(); first < samples.size(); first += size)
            each_batch(samples.subspan(first, std::min(size, samples.size() - first)), [&](batch b) { batches->push_back(std::move(b)); });
        return all;
    }

    using trainer::step;
    step_report step(packed_step const& samples) override {
        step_report report;
        clear(net_.gradients());
        clear(memory_.sums());
        bool const regression = config_.head == head::regression;
        double count = samples.terms;
        if (ranks_) ranks_->sum(std::span(&count, 1));
        double const scale = count > 0 ? 1 / count : 0;
        for (batch const& b : *static_cast<std::vector<batch> const*>(samples.batches.get())) {
            net_.upload(b, stream_);
            repeated(b, scale, [&] {
                net_.forward(stream_);
                if (regression) net_.regression_loss(memory_.loss.data(), {options_.optimizer.huber}, scale, stream_);
                else net_.language_loss(memory_.loss.data(), scale, stream_);
                net_.backward(stream_);
            });
            if (regression) keep_scores(report.scores);
        }
        report.tokens = samples.tokens;
        if (sharded()) exchange_->reduce_scatter(net_.gradients(), shards_);
        else if (ranks_) exchange_->sum(net_.gradients());
        B::square_sums(own_squares(), std::span<R const>(own(net_.gradients())), blocks_.size, stream_);
        if (sharded()) exchange_->sum(memory_.squares);        // each is zero but at its owner: whatever the order, nothing is rounded
        auto const& o = options_.optimizer;
        B::clip_factor(memory_.factor.data(), std::span<double const>(memory_.squares), o.clip, stream_);
        report.rate = rate_at(o, steps_);
        ++steps_;
        adamw_step const how{report.rate, o.beta1, o.beta2, o.epsilon, o.decay, steps_, seed_};
        if (moments_are_small()) B::adamw(slabs<bf16>(), memory_.stretches, memory_.factor.data(), how, stream_);
        else B::adamw(slabs<R>(), memory_.stretches, memory_.factor.data(), how, stream_);
        if (sharded()) exchange_->all_gather(std::as_writable_bytes(net_.weights()), weight_bytes_);
        if (device_ranks_) {        // who has died is found out here: a GPU would wait for it for good
            double here = 0;
            ranks_->sum(std::span(&here, 1));
        }
        take_scores(report.scores);
        auto sums = get<double>(memory_.sums());
        if (ranks_) ranks_->sum(std::span(sums).first(1));
        report.loss = sums[0];
        double squares = 0;
        for (double x : std::span(sums).subspan(2)) squares += x;
        report.norm = std::sqrt(squares);
        return report;
    }

    std::vector<float> score(std::span<sample const* const> samples) override {
        std::vector<float> all;
        each_batch(samples, [&](batch const& b) {
            net_.upload(b, stream_);
            net_.forward(stream_);
            keep_scores(all);
        });
        take_scores(all);
        return all;
    }
    std::int64_t steps() const override { return steps_; }

    void export_model(std::string const& folder) const override {
        std::vector<std::vector<R>> trained(table_.all().size());          // with adapters: their masters, and the head's
        for (std::size_t i = 0; options_.adapters.rank > 0 && i != trained.size(); ++i)
            if (table_.all()[i].trained) trained[i] = whole(table_.all()[i]);
        if (ranks_ && ranks_->rank() != 0) return;
        std::filesystem::create_directories(folder);
        auto c = config_;
        c.stored_type = stored_type == dtype::BF16 ? "bfloat16" : stored_type == dtype::F32 ? "float32" : "float64";
        std::vector<tensor_out> model, adapter;
        std::vector<R> merged;                  // the matrix that is being written: all of them would be twice the model
        auto out = [&](std::string name, parameter const& p) { return tensor_out{.name = std::move(name), .type = stored_type, .shape = p.vector ? shape{static_cast<std::uint64_t>(p.cols)} : shape{static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)}}; };
        for (std::size_t i = 0; i != table_.all().size(); ++i) {
            auto const& p = table_.all()[i];
            bool const is_adapter = p.name.ends_with(".lora_A.weight") || p.name.ends_with(".lora_B.weight");
            if (options_.adapters.rank > 0 && p.trained) {      // PEFT keeps its numbers in float, and the score head whole
                auto t = out("base_model.model." + p.name, p);
                t.type = real_type, t.bytes = std::as_bytes(std::span(trained[i]));
                adapter.push_back(std::move(t));
            }
            if (is_adapter) continue;
            auto t = out(p.name, p);
            if (int const a = table_.find(adapter_name(p, "A")); a >= 0) {
                auto const &low = trained[static_cast<std::size_t>(a)], &high = trained[static_cast<std::size_t>(table_.find(adapter_name(p, "B")))];
                t.fill = [this, &p, &low, &high, &merged](std::uint64_t at, std::span<std::byte> piece) {
                    if (at == 0) merged = merge(p, low, high);      // pieces come in their order
                    convert(merged, at, piece);
                };
            } else {
                t.fill = [this, &p](std::uint64_t at, std::span<std::byte> piece) { take_stored(p, at / sizeof(S), piece); };
            }
            model.push_back(std::move(t));
        }
        write_safetensors(folder + "/model.safetensors", std::move(model));
        write_text(folder + "/config.json", config_json(c));
        std::filesystem::path const beside = folder + "/adapter";       // not beside the model: transformers would take the folder for an adapter alone
        if (adapter.empty()) {              // nor may an earlier run's lie there: it is of another model
            std::error_code none;
            for (auto const* name : {"adapter_model.safetensors", "adapter_config.json"}) std::filesystem::remove(beside / name, none);
            if (std::filesystem::is_directory(beside, none)) std::filesystem::remove(beside, none);      // where it is empty
            return;
        }
        std::filesystem::create_directories(beside);
        write_safetensors(folder + "/adapter/adapter_model.safetensors", std::move(adapter));
        write_text(folder + "/adapter/adapter_config.json", adapter_config_json(config_, options_.adapters));
    }

    void save(std::string const& path, string_pairs const& state) const override {
        std::vector<tensor_out> all;
        for (auto const& p : table_.all()) {
            if (p.state < 0) continue;
            auto add = [&](std::string name, dtype type, slab const& of) {
                all.push_back({.name = std::move(name), .type = type, .shape = {static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)},
                               .fill = [this, of, &p](std::uint64_t at, std::span<std::byte> piece) { gather(of, p.state + static_cast<std::int64_t>(at / of.width), piece); }});
            };
            auto const moment_type = moments_are_small() ? dtype::BF16 : real_type;
            add(p.name, real_type, masters(p)), add(p.name + ".m", moment_type, moments(memory_.m)), add(p.name + ".v", moment_type, moments(memory_.v));
        }
        string_pairs words = state;
        words.emplace_back("penstock.checkpoint", describe(config_, options_));
        words.emplace_back("penstock.steps", std::to_string(steps_));
        words.emplace_back("penstock.seed", std::to_string(seed_));
        // By tensor, and in no order of theirs: the file has its own. The narrowest type stands last, so all others have been filled when it is.
        std::uint64_t sum = sum_of(words);
        std::vector<checksum> sums(all.size());
        for (std::size_t i = 0; i != all.size(); ++i)
            all[i].fill = [i, &sums, size = elements(all[i].shape) * size_of(all[i].type), name = all[i].name, &sum, fill = std::move(all[i].fill)](std::uint64_t at, std::span<std::byte> piece) {
                fill(at, piece), sums[i].add(piece);
                if (at + piece.size() == size) sum += sum_of(name, sums[i]);
            };
        all.push_back({.name = checksum_name, .type = dtype::U8, .shape = {sizeof sum}, .fill = [&sum](std::uint64_t at, std::span<std::byte> piece) { std::memcpy(piece.data(), reinterpret_cast<std::byte const*>(&sum) + at, piece.size()); }});
        if (!ranks_ || ranks_->rank() == 0) write_safetensors(path, std::move(all), words);
        else if (sharded()) fill_safetensors(std::move(all));
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
        std::uint64_t sum = sum_of(file.metadata()), said = 0;
        for (auto const& t : file.tensors()) {
            if (t.name == checksum_name) continue;
            checksum of;
            of.add(t.bytes);
            sum += sum_of(t.name, of);
        }
        std::memcpy(&said, file.at(checksum_name, {sizeof said}).bytes.data(), sizeof said);
        if (said != sum) throw fatal(exit_code::input, path + ": is damaged: what it holds is not what was written (by its checksum)");
        steps_ = std::stoll(word("penstock.steps")), seed_ = std::stoull(word("penstock.seed"));
        for (auto const& p : table_.all()) {
            if (p.state < 0) continue;
            train::shape const shape{static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)};
            auto take = [&](std::string const& name) {
                std::vector<R> values(static_cast<std::size_t>(p.size()));
                read(file.at(name, shape), 0, std::span(values));
                return values;
            };
            put(p, take(p.name));
            auto const here = owned(p);
            if (here.count == 0) continue;
            for (auto const& [suffix, to] : {std::pair(".m", moments(memory_.m)), std::pair(".v", moments(memory_.v))}) {
                auto const name = p.name + suffix;
                auto const at = static_cast<std::size_t>(here.first - p.state) * to.width, size = static_cast<std::size_t>(here.count) * to.width;
                if (auto const& view = file.at(name, shape); moments_are_small()) {        // bit by bit: converted they would be rounded again
                    if (view.type != dtype::BF16) throw fatal(exit_code::input, path + ": tensor " + name + " is not in bf16, as its checkpoint says");
                    B::upload(to.at(here.first), view.bytes.data() + at, size, stream_);
                } else B::upload(to.at(here.first), reinterpret_cast<std::byte const*>(take(name).data()) + at, size, stream_);
            }
        }
        string_pairs rest;
        for (auto const& pair : file.metadata())
            if (!pair.first.starts_with("penstock.")) rest.push_back(pair);
        return rest;
    }

    std::vector<double> weight(std::string_view name) const override {
        int const i = table_.find(name);
        return i < 0 ? std::vector<double>{} : widened(whole(table_[i]));
    }
    std::vector<double> gradient(std::string_view name) const override {
        int const i = table_.find(name);
        return i < 0 || table_[i].state < 0 || !options_.learns ? std::vector<double>{} : widened(whole(table_[i], {bytes(net_.gradients()), sizeof(R), 0}));
    }
    std::vector<std::string> names() const override {
        std::vector<std::string> all;
        for (auto const& p : table_.all()) all.push_back(p.name);
        return all;
    }

private:
    // A file of more layers than the configuration has is another model's: read as far as it goes, it would be a model that nobody trained.
    void refuse_deeper(safetensors const& file, std::string_view name) const {
        constexpr std::string_view peft = "base_model.model.", layers = "model.layers.";
        auto rest = name.substr(name.starts_with(peft) ? peft.size() : 0);
        std::uint64_t layer = 0;
        if (!rest.starts_with(layers)) return;
        rest.remove_prefix(layers.size());
        if (auto const [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), layer); error == std::errc::invalid_argument || (error == std::errc() && layer < config_.num_hidden_layers)) return;
        throw fatal(exit_code::input, file.shown() + ": tensor " + std::string(name) + " is of a layer that the configuration does not have: its num_hidden_layers is " + std::to_string(config_.num_hidden_layers));
    }

    // What the whole model has of one kind, of which this rank may hold its shard alone: element i of the slab of what is trained lies `width` (i - first) bytes behind data.
    struct slab {
        std::byte* data = nullptr;
        std::size_t width = 0;
        std::int64_t first = 0;
        std::byte* at(std::int64_t i) const { return data + (i - first) * static_cast<std::int64_t>(width); }
    };
    template<class T> static constexpr auto width = static_cast<std::int64_t>(sizeof(T));

    static bool fixed(trainer_options const& o) { return o.static_shapes.value_or(o.place == place::cuda); }
    static std::int64_t rounded_tokens(trainer_options const& o) { return (o.tokens + o.multiple - 1) / o.multiple * o.multiple; }
    static limits limits_of(trainer_options const& o) {
        auto const longest = std::max(o.longest, o.multiple);
        return {.tokens = rounded_tokens(o), .sequences = o.sequences, .longest = longest, .fillings = fixed(o) ? (rounded_tokens(o) + longest - 1) / longest : 1, .recompute = o.recompute, .learns = o.learns, .head_rows = o.place == place::cuda ? head_rows_on_gpu(rounded_tokens(o)) : 0};
    }
    static int world_of(trainer_options const& o) { return o.ranks ? o.ranks->world() : 1; }
    static bool sharded(trainer_options const& o) { return world_of(o) > 1 && o.zero && o.learns; }
    bool sharded() const { return sharded(options_); }
    static shard own_of(parameters const& table, trainer_options const& o) { return sharded(o) ? blocks(table.trained(), o.ranks->world()).of(o.ranks->rank(), o.ranks->world()) : shard{0, table.trained(), 0}; }
    bool moments_are_small() const { return options_.optimizer.moments == precision::bf16; }
    static std::size_t moment_width(trainer_options const& o) { return o.optimizer.moments == precision::bf16 ? sizeof(bf16) : sizeof(R); }

    static memory lay_out(arena& a, transformer<B>& net, parameters const& table, trainer_options const& o) {
        net.lay_out(a);
        memory m;
        auto const own = own_of(table, o);
        if (o.learns) {
            if constexpr (own_masters) m.masters = a.template take<R>(own.count);
            auto const size = own.count * static_cast<std::int64_t>(moment_width(o));
            m.m = a.template take<std::byte>(size), m.v = a.template take<std::byte>(size);
        }
        auto const sums = a.template take<double>(2 + blocks(table.trained(), world_of(o)).count);
        if (sums.data()) m.loss = sums.first(1), m.factor = sums.subspan(1, 1), m.squares = sums.subspan(2);
        m.scores = a.template take<R>(std::max<std::int64_t>(o.sequences, 1024) * net.scores().cols);
        if (o.learns) m.stretches = a.template take<stretch>(static_cast<std::int64_t>(stretches_of(table, own).size()));
        return m;
    }
    template<class T> std::span<T> own(std::span<T> all) const { return all.subspan(static_cast<std::size_t>(own_.first), static_cast<std::size_t>(own_.count)); }
    std::span<double> own_squares() const {
        if (!sharded()) return memory_.squares;
        auto const first = blocks_.first(ranks_->rank(), ranks_->world()), last = blocks_.first(ranks_->rank() + 1, ranks_->world());
        return memory_.squares.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
    }
    template<class M> optimizer_slabs<S, R, M> slabs() const {
        return {net_.weights().data(), memory_.masters.data(), reinterpret_cast<M*>(memory_.m.data()), reinterpret_cast<M*>(memory_.v.data()), net_.gradients().data()};
    }

    static constexpr char const* checksum_name = "penstock.checksum";
    static std::uint64_t sum_of(std::string_view name, checksum all) { return all.add(name), all.value(); }
    static std::uint64_t sum_of(string_pairs const& words) {
        checksum all;
        for (auto const& [key, value] : words) all.add(key), all.add(value);
        return all.value();
    }

    // The part of a parameter that lies in a shard, in elements of the slab of what is trained.
    static shard overlap(std::int64_t first, std::int64_t last, shard const& s) {
        auto const from = std::max(first, s.first), to = std::min(last, s.first + s.count);
        return {from, std::max<std::int64_t>(to - from, 0), s.rank};
    }
    shard owned(parameter const& p) const { return overlap(p.state, p.state + p.size(), own_); }
    slab moments(std::span<std::byte> of) const { return {of.data(), moment_width(options_), own_.first}; }
    slab masters(parameter const& p) const {        // of p: where the weights are the masters, they have places of their own
        if constexpr (own_masters) return {bytes(memory_.masters), sizeof(R), own_.first};
        else return {bytes(net_.weights()), sizeof(R), p.state - p.at};
    }
    // Elements from `first` on, as rank 0 writes them: each piece comes from who holds it.
    void gather(slab const& of, std::int64_t first, std::span<std::byte> piece) const {
        auto const last = first + static_cast<std::int64_t>(piece.size() / of.width);
        auto take = [&](shard const& s) {
            auto const part = piece.subspan(static_cast<std::size_t>(s.first - first) * of.width, static_cast<std::size_t>(s.count) * of.width);
            if (!sharded() || s.rank == ranks_->rank()) B::download(part.data(), of.at(s.first), part.size(), stream_);
            if (sharded()) ranks_->to_root(part, s.rank);
        };
        if (!sharded()) return take({first, last - first, 0});
        for (auto const& s : shards_)
            if (auto const part = overlap(first, last, s); part.count > 0) take(part);
    }
    // A parameter, or its gradient, on every rank.
    std::vector<R> whole(parameter const& p, slab const& of) const {
        std::vector<R> values(static_cast<std::size_t>(p.size()));
        auto const here = owned(p);
        if (here.count > 0) B::download(reinterpret_cast<std::byte*>(values.data() + (here.first - p.state)), of.at(here.first), static_cast<std::size_t>(here.count) * sizeof(R), stream_);
        if (!sharded()) return values;
        std::vector<shard> parts;
        for (auto const& s : shards_)
            if (auto const part = overlap(p.state, p.state + p.size(), s); part.count > 0) parts.push_back({(part.first - p.state) * width<R>, part.count * width<R>, s.rank});
        ranks_->all_gather(std::as_writable_bytes(std::span(values)), parts);
        return values;
    }
    std::vector<R> whole(parameter const& p) const {
        if (p.state >= 0 && options_.learns) return whole(p, masters(p));
        auto const values = widened(stored_values(p));
        return {values.begin(), values.end()};
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
        to.reserve(from.size());
        for (auto x : from) to.push_back(wide(x));
        return to;
    }
    template<class T> static double wide(T x) {
        if constexpr (std::same_as<T, bf16>) return static_cast<double>(widen(x));
        else return static_cast<double>(x);
    }
    static S stored(R x) {
        if constexpr (std::same_as<S, bf16>) return narrow(x);
        else return x;
    }
    // f(first, last) for pieces of [0, count), on the host's threads. f throws nothing, and writes what no other piece does.
    template<class F> void in_pieces(std::int64_t count, std::int64_t piece, F const& f) const {
        auto task = [&](std::int64_t i) { f(i * piece, std::min(count, (i + 1) * piece)); };
        auto const tasks = (count + piece - 1) / piece;
        if (tasks <= 1) return task(0);
        cpu::threads(options_.threads).run(tasks, [](void* t, std::int64_t i) { (*static_cast<decltype(task)*>(t))(i); }, &task);
    }
    void put(parameter const& p, std::vector<R> const& values) {
        std::vector<S> rounded(static_cast<std::size_t>(p.rows * p.ld));        // zeros beside the rows
        in_pieces(p.rows, std::max<std::int64_t>(1, (1 << 18) / p.cols), [&](std::int64_t first, std::int64_t last) {
            for (auto i = first; i != last; ++i) std::transform(values.begin() + i * p.cols, values.begin() + (i + 1) * p.cols, rounded.begin() + i * p.ld, stored);
        });
        B::upload(bytes(net_.weights(p)), bytes(std::span<S const>(rounded)), rounded.size() * sizeof(S), stream_);
        if constexpr (own_masters)
            if (auto const here = owned(p); options_.learns && p.state >= 0 && here.count > 0)
                B::upload(masters(p).at(here.first), reinterpret_cast<std::byte const*>(values.data() + (here.first - p.state)), static_cast<std::size_t>(here.count) * sizeof(R), stream_);
    }
    // Weights as the file has them, from element `first` on: without what lies beside the rows.
    void take_stored(parameter const& p, std::uint64_t first, std::span<std::byte> piece) const {
        auto const from = std::span<S const>(net_.weights(p));
        if (p.ld == p.cols) return B::download(piece.data(), bytes(from) + first * sizeof(S), piece.size(), stream_);
        auto const cols = static_cast<std::size_t>(p.cols), ld = static_cast<std::size_t>(p.ld), last = first + piece.size() / sizeof(S), top = first / cols;
        auto const rows = get<S>(from.subspan(top * ld, ((last + cols - 1) / cols - top) * ld));
        for (auto at = first; at != last;) {
            auto const n = std::min(cols - at % cols, last - at);
            std::copy_n(reinterpret_cast<std::byte const*>(rows.data() + (at / cols - top) * ld + at % cols), n * sizeof(S), piece.data() + (at - first) * sizeof(S));
            at += n;
        }
    }
    std::vector<S> stored_values(parameter const& p) const {
        std::vector<S> values(static_cast<std::size_t>(p.size()));
        take_stored(p, 0, std::as_writable_bytes(std::span(values)));
        return values;
    }
    void initialise(parameter const& p, std::uint64_t seed) {
        auto const key = random::key(seed, p.name);
        std::vector<R> values(static_cast<std::size_t>(p.size()));
        double const bound = 1 / std::sqrt(static_cast<double>(p.cols));
        in_pieces(p.size(), 1 << 14, [&](std::int64_t first, std::int64_t last) {
            for (auto i = static_cast<std::size_t>(first); i != static_cast<std::size_t>(last); ++i)
                switch (p.fresh) {
                case parameter::start::zeros: values[i] = 0; break;
                case parameter::start::ones: values[i] = 1; break;
                case parameter::start::normal: values[i] = static_cast<R>(config_.initializer_range * random::normal(key, i)); break;
                case parameter::start::adapter: values[i] = static_cast<R>(bound * (2 * random::uniform(key, i) - 1)); break;
                }
        });
        put(p, values);
    }
    static std::string adapter_name(parameter const& p, char const* which) {
        return p.vector || !p.name.ends_with(".weight") ? std::string() : p.name.substr(0, p.name.size() - 7) + ".lora_" + which + ".weight";
    }
    std::vector<R> merge(parameter const& w, std::vector<R> const& a, std::vector<R> const& b) const {
        auto const base = stored_values(w);
        std::vector<R> merged(base.size());
        auto const cols = static_cast<std::size_t>(w.cols), rank = a.size() / cols;
        double const scale = options_.adapters.scale();
        in_pieces(w.rows, 16, [&](std::int64_t first, std::int64_t last) {
            constexpr std::size_t width = 512;
            for (auto i = static_cast<std::size_t>(first); i != static_cast<std::size_t>(last); ++i)
                for (std::size_t from = 0; from < cols; from += width) {
                    std::array<double, width> sums{};
                    auto const n = std::min(width, cols - from);
                    for (std::size_t r = 0; r != rank; ++r) {
                        auto const factor = static_cast<double>(b[i * rank + r]);
                        R const* const row = a.data() + r * cols + from;
                        for (std::size_t c = 0; c != n; ++c) sums[c] += factor * static_cast<double>(row[c]);
                    }
                    for (std::size_t c = 0; c != n; ++c) merged[i * cols + from + c] = static_cast<R>(wide(base[i * cols + from + c]) + scale * sums[c]);
                }
        });
        return merged;
    }
    static void convert(std::vector<R> const& from, std::uint64_t at, std::span<std::byte> piece) {       // pieces begin and end between elements
        for (std::size_t i = 0; i != piece.size() / sizeof(S); ++i) {
            S const x = stored(from[at / sizeof(S) + i]);
            std::copy_n(reinterpret_cast<std::byte const*>(&x), sizeof x, piece.data() + i * sizeof x);
        }
    }
    // Scores of several batches come back at once: each way back waits for all that is queued, and nothing would be queued meanwhile.
    void keep_scores(std::vector<float>& to) {
        auto const m = net_.scores();
        auto const count = static_cast<std::size_t>(m.rows * m.cols);
        if (kept_scores_ + count > memory_.scores.size()) take_scores(to);
        B::copy(bytes(memory_.scores.subspan(kept_scores_)), reinterpret_cast<std::byte const*>(m.data), count * sizeof(R), stream_);
        kept_scores_ += count;
    }
    void take_scores(std::vector<float>& to) {
        for (R x : get<R>(std::span<R const>(memory_.scores.first(std::exchange(kept_scores_, 0))))) to.push_back(static_cast<float>(x));
    }
    // What a batch queues, again and again with the same sizes: a machine may keep it as one piece (Cuda's are graphs). All that is passed by value follows from what is named here.
    template<class F> void repeated(batch const& b, double scale, F const& f) {
        if constexpr (requires { B::captured({}, stream_, f); })
            if (config_.head == head::regression)       // a language model's scale is that of its targets, another each step: recorded, it would hardly ever be played
                return B::captured({static_cast<std::int64_t>(b.tokens.size()), b.sequences(), static_cast<std::int64_t>(b.bounds.size()), b.longest, static_cast<std::int64_t>(b.asked.size()), static_cast<std::int64_t>(b.order.size()),
                         static_cast<std::int64_t>(b.distinct.size()), static_cast<std::int64_t>(b.weights.size()), std::bit_cast<std::int64_t>(scale)}, stream_, f);
        f();
    }
    // Batches in the order of the samples, each as full as the budget allows.
    template<class F> void each_batch(std::span<sample const* const> samples, F const& f) const {
        auto const padding = config_.pad_token_id ? static_cast<std::int32_t>(*config_.pad_token_id) : -1;
        auto const l = limits_of(options_);
        static_sizes sizes;
        if (fixed(options_)) sizes = {.tokens = l.tokens, .longest = l.longest, .sequences = l.sequences + l.fillings, .asked = net_.asked_at_once()};
        for (std::size_t first = 0, last = 0; first != samples.size(); first = last) {
            std::int64_t tokens = 0;
            while (last != samples.size() && static_cast<std::int64_t>(last - first) != options_.sequences) {
                auto const more = static_cast<std::int64_t>(samples[last]->tokens.size());
                if (more > options_.longest || more > options_.tokens || more == 0) throw fatal(exit_code::internal, "a sample of " + std::to_string(more) + " tokens does not fit the trainer's memory");
                if (!std::ranges::all_of(samples[last]->tokens, [&](std::int32_t t) { return t >= 0 && static_cast<std::uint32_t>(t) < config_.vocab_size; }))
                    throw fatal(exit_code::input, "a token is none of the model's " + std::to_string(config_.vocab_size) + ": the tokenizer is another model's");
                if (tokens + more > options_.tokens) break;
                tokens += more, ++last;
            }
            f(train::pack(samples.subspan(first, last - first), options_.multiple, padding, sizes));
        }
    }

    qwen2_config config_;
    trainer_options options_;
    parameters table_;
    mutable typename B::stream stream_;
    transformer<B> net_;
    typename B::buffer buffer_ = {};
    memory memory_ = {};
    comm* ranks_;                                       // null: this one alone
    blocks blocks_;
    shard own_;                                         // of what is trained
    std::vector<shard> shards_ = {}, weight_bytes_ = {};
    std::unique_ptr<exchange> device_ranks_ = {};
    exchange* exchange_ = nullptr;                      // in the machine's memory
    std::size_t kept_scores_ = 0;
    std::int64_t steps_ = 0;
    std::uint64_t seed_ = 0;
};

} // namespace penstock::train
