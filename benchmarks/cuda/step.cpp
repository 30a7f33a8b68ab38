// cuda-step: what a training step costs on a GPU, and what it could cost. For run.sh:
//   config MODEL FOLDER             config.json of tiny, 0.5B, 1.5B, 3B or 7B
//   samples FOLDER ROWS COUNT FILE  COUNT random samples to train on (and 64 to validate) with the lengths of news, pages, abstracts, answers or tiny
//   train FOLDER SAMPLES BATCH CELL RESULTS [lora] [nothing|rows|blocks] [TOKENS]   one cell: four rounds of steps, the first of them warm-up; a line of JSON is appended to RESULTS
//   ops [tiny]                      every operation alone beside its floor
//   table RESULTS                   all cells of the file
// The floor of a kernel is the larger of its bytes over the bandwidth and its operations over the rate of products that this very run has measured, on random data.
#include "task.hpp"
#include <chrono>
#include <cuda/cuda.hpp>
#include <cuda/profile.hpp>
#include <filesystem>
#include <map>
#include <model/parameters.hpp>
#include <optional>
#include <penstock/train/devices.hpp>
#include <penstock/train/fit.hpp>
#include <penstock/train/loader.hpp>
#include <set>

namespace {
using namespace cuda_bench;
using B = Cuda<bf16>;
using clock_type = std::chrono::steady_clock;

#ifdef PENSTOCK_EMULATED
constexpr bool emulated = true;
#else
constexpr bool emulated = false;
#endif
constexpr double nominal = 989e12;      // dense bf16 of an H100 and an H200, by their data sheet

double median(std::vector<double> v) {
    std::ranges::sort(v);
    return v.empty() ? 0 : (v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2;
}
double seconds_since(clock_type::time_point t) { return std::chrono::duration<double>(clock_type::now() - t).count(); }

/// Random numbers on the GPU.
template<class T> class array {
public:
    array(std::int64_t rows, std::int64_t cols, B::stream& s, double scale = 1) : rows_(rows), cols_(cols), buffer_(B::allocate(static_cast<std::size_t>(rows * cols) * sizeof(T) + 16)) {
        std::uint64_t random = static_cast<std::uint64_t>(rows * 31 + cols);
        std::vector<T> piece(static_cast<std::size_t>(std::min<std::int64_t>(rows * cols, 1 << 20)));
        for (auto& x : piece) {
            double const y = scale * (number(random) + number(random) + number(random) + number(random) - 2);
            if constexpr (std::same_as<T, bf16>) x = narrow(static_cast<float>(y));
            else x = static_cast<T>(y);
        }
        for (std::int64_t at = 0; at < rows * cols; at += static_cast<std::int64_t>(piece.size()))
            B::upload(B::data(buffer_) + static_cast<std::size_t>(at) * sizeof(T), reinterpret_cast<std::byte const*>(piece.data()), std::min(piece.size(), static_cast<std::size_t>(rows * cols - at)) * sizeof(T), s);
    }
    array(std::vector<T> const& x, B::stream& s) : rows_(1), cols_(static_cast<std::int64_t>(x.size())), buffer_(B::allocate(x.size() * sizeof(T) + 16)) {
        B::upload(B::data(buffer_), reinterpret_cast<std::byte const*>(x.data()), x.size() * sizeof(T), s);
    }
    matrix<T> all() const { return {reinterpret_cast<T*>(B::data(buffer_)), rows_, cols_, cols_}; }
    std::span<T> line() const { return {all().data, static_cast<std::size_t>(rows_ * cols_)}; }
    std::byte* bytes() const { return B::data(buffer_); }

private:
    std::int64_t rows_, cols_;
    B::buffer buffer_;
};

/// What this GPU does, now: products of large matrices, and copying.
struct ceilings {
    double flops = 0, bytes = 0;
    explicit ceilings(B::stream& s) {
        std::int64_t const n = emulated ? 96 : 8192, words = emulated ? 1 << 16 : std::int64_t{1} << 29;
        {
            array<bf16> const x(n, n, s), w(n, n, s), y(n, n, s);
            auto run = [&](int times) { for (int i = 0; i != times; ++i) B::product_nt(y.all(), x.all(), w.all(), nullptr, 1, false, s); };
            run(3);
            cuda::profile::start();
            run(emulated ? 1 : 20);
            for (auto const& l : cuda::profile::stop()) flops = l.flops / l.seconds;
        }
        array<float> const from(1, words, s), to(1, words, s);
        auto wait = [&] { float x; B::download(reinterpret_cast<std::byte*>(&x), to.bytes(), sizeof x, s); };
        for (int times : {2, 10}) {
            wait();
            auto const start = clock_type::now();
            for (int i = 0; i != times; ++i) B::copy(to.bytes(), from.bytes(), static_cast<std::size_t>(words) * 4, s);
            wait();
            bytes = 8.0 * static_cast<double>(words) * times / seconds_since(start);
        }
    }
    double floor(double work_flops, double work_bytes) const { return std::max(work_flops / flops, work_bytes / bytes); }
};

// --- a cell ------------------------------------------------------------------------------------------------------------------------------------------------------------

struct work { double flops = 0, bytes = 0; };

/// What a step must do, by the file of the operation: real tokens, each operand once. Products are counted as they are launched.
std::map<std::string, work> work_of(qwen2_config const& c, std::span<sample const* const> step, double trained, train::recompute level) {
    double const hidden = c.hidden_size, q = c.query_size(), kv = c.key_value_size(), inner = c.intermediate_size, whole = c.num_hidden_layers - 1.0;      // the last layer works on one token a sample
    double n = 0, pairs = 0;
    std::set<std::int32_t> distinct;
    for (auto const* s : step) {
        auto const length = static_cast<double>(s->tokens.size());
        n += length, pairs += length * length / 2;
        distinct.insert(s->tokens.begin(), s->tokens.end());
    }
    bool const again = level != recompute::nothing;
    return {{"attention", {14 * q * pairs * whole, n * whole * 2 * (7 * q + 6 * kv)}},
            {"norm", {0, n * (2 * whole + 1) * hidden * (again ? 24 : 16)}},
            {"swiglu", {0, n * whole * inner * (again ? 22 : 16)}},
            {"rope", {0, n * 8 * (whole * (q + kv) + kv)}},
            {"rows", {0, n * (2 * whole * (q + 2 * kv) + 4 * kv + 4 * hidden)}},
            {"embed", {0, hidden * (6 * n + 8 * static_cast<double>(distinct.size()))}},
            {"sums", {0, 4 * trained}},
            {"adamw", {0, 30 * trained}},
            {"memory", {0, 4 * trained}}};
}

double squared_error(trainer& t, std::vector<sample const*> const& all) {
    auto const scores = t.score(all);
    double sum = 0;
    for (std::size_t i = 0; i != all.size(); ++i)
        for (std::size_t d = 0; d != dimensions; ++d) sum += std::pow(static_cast<double>(scores[i * dimensions + d]) - static_cast<double>(all[i]->labels[d]), 2);
    return sum / static_cast<double>(all.size() * dimensions);
}

/// Adapters as PEFT starts them, in a file: `initialise` would draw the billions of frozen numbers too.
std::string new_adapters(qwen2_config const& c, adapter_options const& o, std::string const& folder) {
    parameters const all(c, o);
    std::vector<std::vector<float>> kept;
    kept.reserve(all.all().size());
    std::vector<tensor_out> out;
    std::uint64_t random = 1;
    for (auto const& p : all.all()) {
        bool const a = p.fresh == parameter::start::adapter;
        if (!a && !p.name.ends_with(".lora_B.weight")) continue;
        auto& values = kept.emplace_back(static_cast<std::size_t>(p.size()));
        for (auto& x : values) x = a ? static_cast<float>((2 * number(random) - 1) / std::sqrt(static_cast<double>(p.cols))) : 0;
        out.push_back({.name = "base_model.model." + p.name, .type = dtype::F32, .shape = {static_cast<std::uint64_t>(p.rows), static_cast<std::uint64_t>(p.cols)}, .bytes = std::as_bytes(std::span(values))});
    }
    std::filesystem::create_directories(folder + "/adapter");
    write_safetensors(folder + "/adapter/adapter_model.safetensors", std::move(out));
    return folder + "/adapter";
}

int train_cell(std::vector<std::string> const& words) {
    std::string const folder = words.at(0), cell = words.at(3), results = words.at(4);
    auto const batch = static_cast<std::size_t>(std::stoul(words.at(2)));
    bool lora = false;
    std::optional<recompute> level;
    std::optional<std::int64_t> tokens;
    for (std::size_t i = 5; i < words.size(); ++i)
        if (words[i] == "lora") lora = true;
        else if (words[i] == "nothing") level = recompute::nothing;
        else if (words[i] == "rows") level = recompute::rows;
        else if (words[i] == "blocks") level = recompute::blocks;
        else tokens = std::stoll(words[i]);

    auto const config = read_config(folder);
    auto const samples = read_samples(words.at(1));
    std::vector<sample const*> learned, held_out;
    for (auto const& s : samples) (learned.size() + validation < samples.size() ? learned : held_out).push_back(&s);
    auto const each = learned.size() / batch / rounds;

    B::stream s;
    ceilings const top(s);
    std::printf("products reach %.0f TFLOP/s, copies %.2f TB/s\n", top.flops / 1e12, top.bytes / 1e12);
    auto const [before, memory] = cuda::device_memory();
    trainer_options o{.precision = precision::bf16, .place = place::cuda, .sequences = static_cast<std::int64_t>(batch), .longest = emulated ? 32 : 512, .multiple = emulated ? 8 : 64};
    o.optimizer = {.rate = 5e-5, .schedule = schedule::constant, .steps = 1000};
    if (lora) o.adapters = {.rank = 16, .alpha = 32, .targets = {true, true, true, true, true, true, true}}, o.optimizer.rate = 5e-4;
    std::vector<std::int64_t> lengths;
    for (auto const* x : learned) lengths.push_back(static_cast<std::int64_t>(x->tokens.size()));
    auto const room = memory_to_plan(memory - before);
    if (auto const fitted = fit(config, o, {.lengths = lengths, .a_step = static_cast<std::int64_t>(batch), .memory = room, .tokens = tokens, .recompute = level})) o = *fitted;
    else throw fatal(exit_code::usage, "this model does not fit into the " + std::to_string(room >> 30) + " GiB of memory that the GPU has for it");
    auto const planned = plan(config, o);
    auto const trainer = trainer::make(config, o);
    bool const fresh = !std::filesystem::exists(folder + "/model.safetensors") && !std::filesystem::exists(folder + "/model.safetensors.index.json");
    if (fresh) trainer->initialise(1);
    else trainer->load(safetensors::open(folder));
    if (lora && !fresh) trainer->load(safetensors::open(new_adapters(config, o.adapters, folder)));
    std::printf("batches of %lld tokens, computed again: %s; %.1f GiB planned%s\n", static_cast<long long>(o.tokens), o.recompute == recompute::nothing ? "nothing" : o.recompute == recompute::rows ? "rows" : "blocks",
                static_cast<double>(planned.total()) / (1 << 30), fresh ? "; weights of our own, no other trainer has them" : "");

    auto at = [&](std::size_t step) { return std::span(learned).subspan(step % (each * rounds) * batch, batch); };
    std::vector<double> seconds, tokens_a_second, flops_a_second;
    double loss = 0;
    loader<packed_step> packed(2, [&, step = std::size_t{0}]() mutable -> std::optional<packed_step> { return trainer->pack(at(step++)); });     // the next steps' batches, meanwhile
    for (std::size_t round = 0; round != rounds; ++round) {
        double real = 0, flops = 0;
        auto const start = clock_type::now();
        for (std::size_t i = round * each; i != (round + 1) * each; ++i) loss = trainer->step(*packed.next()).loss;
        double const t = seconds_since(start);
        for (std::size_t i = 0; i != each; ++i)
            for (auto const* x : at(round * each + i)) real += static_cast<double>(x->tokens.size()), flops += flops_of(config, static_cast<double>(x->tokens.size()), lora);
        if (round == 0) continue;
        seconds.push_back(t / static_cast<double>(each)), tokens_a_second.push_back(real / t), flops_a_second.push_back(flops / t);
    }
    double const error = squared_error(*trainer, held_out);
    std::size_t const measured = cuda::device_memory().taken - before;

    int const profiled = emulated ? 1 : 3;
    cuda::profile::start();
    for (int i = 0; i != profiled; ++i) trainer->step(at(static_cast<std::size_t>(i)));
    auto const lines = cuda::profile::stop();
    std::map<std::string, work> floors;
    for (int i = 0; i != profiled; ++i)
        for (auto const& [file, w] : work_of(config, at(static_cast<std::size_t>(i)), static_cast<double>(planned.trained), o.recompute)) floors[file].flops += w.flops, floors[file].bytes += w.bytes;
    std::map<std::string, double> spent;
    double all = 0;
    for (auto const& l : lines) {
        spent[l.file] += l.seconds, all += l.seconds;
        if (l.file == "products") floors["products"].flops += l.flops;
    }
    std::vector<std::pair<double, std::string>> order;
    for (auto const& [file, t] : spent) order.emplace_back(-t, file);
    std::ranges::sort(order);
    json_line kernels;
    std::printf("%-14s %10s %10s %7s\n", "ms a step", "spent", "floor", "ratio");
    for (auto const& [negative, file] : order) {
        double const ms = -negative * 1e3 / profiled, floor = top.floor(floors[file].flops, floors[file].bytes) * 1e3 / profiled;
        std::printf("%-14s %10.3f %10.3f %7.2f\n", file.c_str(), ms, floor, floor > 0 ? ms / floor : 0);
        char pair[64];
        std::snprintf(pair, sizeof pair, "[%.4g, %.4g]", ms, floor);
        kernels.raw(file, pair);
    }
    std::printf("%-14s %10.3f of %.3f a step without the profile; what takes longest:\n", "together", all * 1e3 / profiled, median(seconds) * 1e3);
    for (std::size_t i = 0; i != std::min<std::size_t>(lines.size(), 12); ++i) {
        auto const& l = lines[i];
        std::printf("  %9.3f ms %6.0f times  %s, %s", l.seconds * 1e3 / profiled, static_cast<double>(l.times) / profiled, l.file.c_str(), l.kernel.c_str());
        if (l.flops > 0) std::printf(", %.0f TFLOP/s", l.flops / l.seconds / 1e12);
        std::printf("\n");
    }

    double const rate = median(tokens_a_second), flops = median(flops_a_second), gib = 1.0 / (1 << 30);
    json_line line;
    line.add("cell", cell).add("arm", "penstock").add("tokens_per_s", rate).add("samples_per_s", static_cast<double>(batch) / median(seconds)).add("step_ms", median(seconds) * 1e3);
    line.add("step_ms_least", *std::ranges::min_element(seconds) * 1e3).add("step_ms_most", *std::ranges::max_element(seconds) * 1e3);
    line.add("mfu", flops / nominal).add("mfu_of_measured", flops / top.flops).add("products_tflops", top.flops / 1e12).add("copy_tbs", top.bytes / 1e12);
    line.add("planned_gib", static_cast<double>(planned.total()) * gib).add("measured_gib", static_cast<double>(measured) * gib);
    auto const allowed = planned.total() + (memory - before - room);       // what memory_to_plan keeps back is for what no plan counts
    line.add("memory", measured > allowed ? "FAILED" : "as planned");
    line.add("batch_tokens", static_cast<double>(o.tokens)).add("recompute", o.recompute == recompute::nothing ? "nothing" : o.recompute == recompute::rows ? "rows" : "blocks");
    line.add("loss", loss).add("validation", error).add("same_weights", fresh ? "no" : "yes").raw("kernels_ms_and_floor", kernels.text());
    line.append_to(results);
    std::printf("%s: %.0f tokens/s, %.1f samples/s, %.1f %% of 989 TFLOP/s, %.1f %% of what products reach here; validation %.5f\n", cell.c_str(), rate, static_cast<double>(batch) / median(seconds), flops / nominal * 100, flops / top.flops * 100, error);
    if (measured > allowed)
        std::printf("%s: FAILED: %.2f GiB of memory taken, %.2f planned, and %.2f beside the plan kept for the driver, scratch memory and graphs\n", cell.c_str(), static_cast<double>(measured) * gib, static_cast<double>(planned.total()) * gib,
                    static_cast<double>(memory - before - room) * gib);
    return 0;
}

// --- operations alone --------------------------------------------------------------------------------------------------------------------------------------------------

class operations {
public:
    explicit operations(bool tiny) : tiny_(tiny), top_(stream_) {
        std::printf("products reach %.0f TFLOP/s, copies %.2f TB/s\n%-44s %10s %10s %9s %9s %7s\n", top_.flops / 1e12, top_.bytes / 1e12, "", "ms", "floor", "TB/s", "TFLOP/s", "ratio");
        for (auto const* model : {"0.5B", "7B"}) rows(model);
        for (auto [length, width] : {std::pair(512, 64), {512, 128}, {1024, 64}, {1024, 128}, {2048, 64}, {2048, 128}, {8192, 64}, {8192, 128}}) attention("no groups", 2048 / width, 2048 / width, width, length);      // the shapes of published tables: 16k tokens, 2,048 wide
        attention("0.5B", 14, 2, 64, 512), attention("1.5B", 12, 2, 128, 512), attention("7B", 28, 4, 128, 512), attention("7B", 28, 4, 128, 128);
    }

private:
    template<class F> void measure(std::string const& name, work const& w, F const& f) {
        int const times = tiny_ ? 1 : 10;
        for (int i = 0; i != (tiny_ ? 0 : 3); ++i) f();
        cuda::profile::start();
        for (int i = 0; i != times; ++i) f();
        double t = 0;
        for (auto const& l : cuda::profile::stop()) t += l.seconds / times;
        double const floor = top_.floor(w.flops, w.bytes);
        std::printf("%-44s %10.4f %10.4f %9.2f %9.1f %7.2f\n", name.c_str(), t * 1e3, floor * 1e3, w.bytes / t / 1e12, w.flops / t / 1e12, t / floor);
    }
    std::vector<std::int32_t> counted(std::int64_t count, std::int64_t step = 1) const {
        std::vector<std::int32_t> all;
        for (std::int64_t i = 0; i != count; ++i) all.push_back(static_cast<std::int32_t>(i * step));
        return all;
    }

    void rows(std::string const& model) {
        auto c = shape_of(model);
        std::int64_t n = 32768;
        if (tiny_) c = shape_of("tiny"), n = 24;
        std::int64_t const hidden = c.hidden_size, q = c.query_size(), kv = c.key_value_size(), inner = c.intermediate_size, length = tiny_ ? 12 : 512;
        double const d = static_cast<double>(n), h = static_cast<double>(hidden), i = static_cast<double>(inner), elements = static_cast<double>(q + 2 * kv);
        auto& s = stream_;
        std::string const at = model + ", ";
        {
            array<bf16> const gate_up(n, 2 * inner, s), y(n, inner, s), dx(n, 2 * inner, s);
            measure(at + "swiglu", {0, d * i * 6}, [&] { B::swiglu(y.all(), gate_up.all(), s); });
            measure(at + "swiglu backward", {0, d * i * 10}, [&] { B::swiglu_backward(dx.all(), y.all(), gate_up.all(), s); });
        }
        array<bf16> const x(n, hidden, s), delta(n, hidden, s), sum(n, hidden, s), y(n, hidden, s), weight(1, hidden, s), wide(n, q + 2 * kv, s), table(c.vocab_size, hidden, s);
        array<float> const rstd(1, n, s), dw(1, hidden, s), angles(length, c.head_dim, s), sums(1, q + 2 * kv, s);
        measure(at + "residual and norm", {0, d * h * 8}, [&] { B::add_norm(y.all(), sum.all(), rstd.line(), x.all(), delta.all(), weight.line(), 1e-6, s); });
        measure(at + "norm backward", {0, d * h * 8}, [&] { B::norm_backward(sum.all(), dw.line(), y.all(), x.all(), rstd.line(), weight.line(), s); });
        std::vector<std::int32_t> where, tokens;
        std::uint64_t random = 3;
        for (std::int64_t t = 0; t != n; ++t) where.push_back(static_cast<std::int32_t>(t % length)), tokens.push_back(static_cast<std::int32_t>(number(random) * c.vocab_size));
        array<std::int32_t> const positions(where, s), ids(tokens, s), last(counted(n / length, length), s);
        measure(at + "rope", {0, d * 4 * static_cast<double>(q + kv)}, [&] { B::rotate(wide.all(), static_cast<int>(c.num_attention_heads + c.num_key_value_heads), static_cast<int>(c.head_dim), positions.line(), angles.all(), 1, s); });
        measure(at + "column sum", {0, d * 2 * elements}, [&] { B::column_sum(sums.line(), wide.all(), s); });
        measure(at + "scatter", {0, d * 2 * h}, [&] { B::scatter(y.all(), x.all().top(n / length), last.line(), s); });
        measure(at + "embed", {0, d * 4 * h}, [&] { B::embed(y.all(), ids.line(), table.all(), s); });
        auto order = counted(n);
        std::ranges::sort(order, {}, [&](std::int32_t r) { return std::pair(tokens[static_cast<std::size_t>(r)], r); });
        std::vector<std::int32_t> first, distinct;
        for (std::size_t r = 0; r != order.size(); ++r)
            if (auto const t = tokens[static_cast<std::size_t>(order[r])]; distinct.empty() || distinct.back() != t) first.push_back(static_cast<std::int32_t>(r)), distinct.push_back(t);
        first.push_back(static_cast<std::int32_t>(n));
        array<std::int32_t> const sorted(order, s), begins(first, s), which(distinct, s);
        {
            array<float> const gradient(c.vocab_size, hidden, s);
            measure(at + "embed backward", {0, h * (2 * d + 8 * static_cast<double>(distinct.size()))}, [&] { B::embed_backward(gradient.all(), x.all(), {sorted.line(), begins.line(), which.line()}, s); });
        }
        std::int64_t const trained = tiny_ ? 4096 : std::int64_t{1} << 28;
        std::vector<stretch> cut;
        for (std::int64_t p = 0; p < trained; p += stretch::longest) cut.push_back({p, p, p, std::min(stretch::longest, trained - p), true});
        array<bf16> const weights(1, trained, s);
        array<float> const masters(1, trained, s), m(1, trained, s, 1e-3), v(1, trained, s, 0), gradients(1, trained, s, 1e-3);
        array<stretch> const stretches(cut, s);
        array<double> const factor(std::vector<double>{1, 0}, s);
        double const p = static_cast<double>(trained);
        measure(at + "adamw", {0, p * 30}, [&] { B::adamw(optimizer_slabs<bf16, float>{weights.line().data(), masters.line().data(), m.line().data(), v.line().data(), gradients.line().data()}, stretches.line(), factor.line().data(), {.rate = 1e-9}, s); });
        array<bf16> const small_m(1, trained, s, 1e-3), small_v(1, trained, s, 0);
        measure(at + "adamw, moments in bf16", {0, p * 22}, [&] { B::adamw(optimizer_slabs<bf16, float, bf16>{weights.line().data(), masters.line().data(), small_m.line().data(), small_v.line().data(), gradients.line().data()}, stretches.line(), factor.line().data(), {.rate = 1e-9}, s); });
        std::int64_t const block = 1 << 16;
        array<double> const squares(std::vector<double>(static_cast<std::size_t>((trained + block - 1) / block)), s);
        measure(at + "square sums", {0, p * 4}, [&] { B::square_sums(squares.line(), gradients.line(), block, s); });
    }

    void attention(std::string const& name, int heads, int kv_heads, int width, std::int64_t length) {
        std::int64_t const sequences = tiny_ ? 1 : 16384 / length;
        if (tiny_) length = 20, heads = 2 * heads / kv_heads, kv_heads = 2;
        std::int64_t const n = sequences * length, q = heads * width, kv = kv_heads * width;
        auto& s = stream_;
        array<bf16> const qkv(n, q + 2 * kv, s), o(n, q, s), d_o(n, q, s), d(n, q + 2 * kv, s);
        array<float> const lse(n, heads, s);
        array<std::int32_t> const bounds(counted(sequences + 1, length), s);
        sequence_bounds const b{bounds.line(), bounds.line(), static_cast<std::int32_t>(length)};
        attention_shape const shape{heads, kv_heads, width};
        auto const x = qkv.all(), dx = d.all();
        auto const Q = x.columns(0, q), K = x.columns(q, kv), V = x.columns(q + kv, kv);
        double const pairs = static_cast<double>(sequences) * static_cast<double>(length * length) / 2 * static_cast<double>(q), row = 2 * static_cast<double>(n);
        std::string const what = "attention " + name + ", " + std::to_string(heads) + "/" + std::to_string(kv_heads) + " of " + std::to_string(width) + ", T " + std::to_string(length);
        measure(what, {4 * pairs, row * static_cast<double>(2 * q + 2 * kv)}, [&] { B::attention(o.all(), lse.all(), Q, K, V, shape, b, s); });
        measure(what + ", backward", {10 * pairs, row * static_cast<double>(4 * q + 4 * kv)}, [&] {
            B::attention_backward(dx.columns(0, q), dx.columns(q, kv), dx.columns(q + kv, kv), d_o.all(), Q, K, V, o.all(), matrix<float const>(lse.all()), shape, b, s);
        });
    }

    B::stream stream_;
    bool tiny_;
    ceilings top_;
};

// --- the table ---------------------------------------------------------------------------------------------------------------------------------------------------------

std::string field(std::string const& line, std::string const& key) {       // of a line that we or hf.py wrote
    auto at = line.find("\"" + key + "\": ");
    if (at == std::string::npos) return {};
    at += key.size() + 4;
    if (line[at] == '"') return line.substr(at + 1, line.find('"', at + 1) - at - 1);
    auto const text = line.substr(at, line.find_first_of(",}", at) - at);
    return text == "null" ? "" : text;
}
double value(std::string const& text) { return text.empty() ? NAN : std::strtod(text.c_str(), nullptr); }

int table(std::string const& path) {
    std::ifstream in(path);
    if (!in) throw fatal(exit_code::input, path + ": cannot be read");
    std::vector<std::string> cells, lines;
    for (std::string line; std::getline(in, line);) {
        auto const cell = field(line, "cell");
        if (cell.empty()) continue;
        if (std::ranges::find(cells, cell) == cells.end()) cells.push_back(cell);
        lines.push_back(line);
    }
    std::printf("| cell | trainer | tokens/s | samples/s | %% of 989 | %% of measured | GiB | planned | validation loss | against ours |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---|\n");
    for (auto const& cell : cells) {
        double ours = NAN, our_loss = NAN, products = NAN;       // what products reached in our run stands beside theirs too
        for (auto const& l : lines)
            if (field(l, "cell") == cell && field(l, "arm") == "penstock") ours = value(field(l, "tokens_per_s")), our_loss = value(field(l, "validation")), products = value(field(l, "products_tflops")) * 1e12;
        for (auto const& l : lines) {
            if (field(l, "cell") != cell) continue;
            auto const arm = field(l, "arm");
            if (auto const why = field(l, "failed"); !why.empty()) {
                std::printf("| %s | %s | failed: %s | | | | | | | |\n", cell.c_str(), arm.c_str(), why.c_str());
                continue;
            }
            double const rate = value(field(l, "tokens_per_s")), loss = value(field(l, "validation")), mfu = value(field(l, "mfu"));
            char against[80] = "";
            if (arm != "penstock" && !std::isnan(ours)) {
                bool const equal = std::abs(our_loss - loss) <= 0.05 * loss;
                std::snprintf(against, sizeof against, equal ? "%.2f times as fast" : "losses differ (%.2f times as fast)", ours / rate);
            }
            auto cut = [](double x, char const* format, double scale = 1) {
                char text[32];
                std::snprintf(text, sizeof text, format, x * scale);
                return std::isnan(x) ? std::string() : std::string(text);
            };
            std::printf("| %s | %s | %.0f | %s | %s | %s | %s | %s | %s | %s |\n", cell.c_str(), arm.c_str(), rate, cut(value(field(l, "samples_per_s")), "%.1f").c_str(), cut(mfu, "%.1f", 100).c_str(),
                        cut(mfu * nominal / products, "%.1f", 100).c_str(), (cut(value(field(l, "measured_gib")), "%.1f") + (field(l, "memory") == "FAILED" ? " FAILED" : "")).c_str(), cut(value(field(l, "planned_gib")), "%.1f").c_str(), cut(loss, "%.5f").c_str(), against);
        }
    }
    return 0;
}

int run(std::vector<std::string> words) {
    std::string const what = words.empty() ? "" : words[0];
    if (!words.empty()) words.erase(words.begin());
    if (what == "config" && words.size() == 2) {
        std::filesystem::create_directories(words[1]);
        std::ofstream out(words[1] + "/config.json");
        out << config_json(shape_of(words[0]));
        return out.flush() ? 0 : 4;
    }
    if (what == "samples" && words.size() == 4) return write_samples(words[3], make_samples(read_config(words[0]), words[1], std::stoul(words[2]) + validation)), 0;
    if (what == "train" && words.size() >= 5) return train_cell(words);
    if (what == "ops" && words.size() <= 1) return operations(words.size() == 1 && words[0] == "tiny"), 0;
    if (what == "table" && words.size() == 1) return table(words[0]);
    std::fprintf(stderr, "cuda-step config MODEL FOLDER | samples FOLDER ROWS COUNT FILE | train FOLDER SAMPLES BATCH CELL RESULTS [lora] [nothing|rows|blocks] [TOKENS] | ops [tiny] | table RESULTS\n");
    return 2;
}

} // namespace

int main(int count, char** words) {
    try {
        return run({words + 1, words + count});
    } catch (penstock::fatal const& e) {
        std::fprintf(stderr, "cuda-step: %s\n", e.what());
        return static_cast<int>(e.code());
    } catch (std::exception const& e) {
        std::fprintf(stderr, "cuda-step: %s\n", e.what());
        return 1;
    }
}
