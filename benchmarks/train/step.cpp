// A training step beside PyTorch's, with 2 threads each: at the width of Qwen2.5-0.5B against what the processor's products reach in the same run, at the size of the preset `tiny`, and packed against padded.
// Then scores a second, and the memory that was planned against what a process took. `bench-train-step [ROUNDS] [PART…]`; parts: wide-f32 wide-bf16 tiny packing score memory;
// `alone` leaves PyTorch out; else PENSTOCK_PYTHON names an interpreter that has it, or it is Debian's.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>
#include <penstock/io/jsonl.hpp>
#include <penstock/train/tokenizer.hpp>
#include <penstock/train/trainer.hpp>
#include "cpu/cpu.hpp"
#include "io/peer.hpp"
#include "learning.hpp"
#include "training.hpp"
#ifdef PENSTOCK_WITH_ONEDNN
#include <dnnl.hpp>
extern "C" void omp_set_num_threads(int);
#endif

namespace {
namespace tr = penstock::train;

constexpr int threads = 2;

// --- what is trained -----------------------------------------------------------------------------------------------------------------------------------------------

struct task {
    tr::qwen2_config config;
    tr::precision precision;
    std::int64_t articles, length;
};

std::vector<std::string> dimensions(unsigned count) {
    std::vector<std::string> all;
    for (unsigned d = 0; d != count; ++d) all.push_back("d" + std::to_string(d));
    return all;
}
/// The width of Qwen2.5-0.5B, four of its 24 layers, and so much of its vocabulary that the embedding has its share of the parameters.
tr::qwen2_config wide() {
    tr::qwen2_config c{.hidden_size = 896, .num_hidden_layers = 4, .num_attention_heads = 14, .num_key_value_heads = 2, .head_dim = 64, .intermediate_size = 4864, .vocab_size = 25344, .rope_theta = 1e6};
    c.tie_word_embeddings = true, c.pad_token_id = c.bos_token_id = c.eos_token_id = 0, c.head = tr::head::regression, c.labels = dimensions(8);
    return c;
}
tr::qwen2_config preset(char const* name) {
    auto const& p = *distill::find_preset(name);
    auto c = distill::shape_of(p, p.vocabulary, dimensions(8));
    c.pad_token_id = c.bos_token_id = c.eos_token_id = 0;
    return c;
}
/// Numbers that peers.py makes in the same way.
std::vector<tr::sample> articles(tr::qwen2_config const& c, std::vector<std::size_t> const& lengths) {
    std::vector<tr::sample> all(lengths.size());
    for (std::size_t i = 0; i != all.size(); ++i) {
        for (std::size_t t = 0; t != lengths[i]; ++t) all[i].tokens.push_back(static_cast<std::int32_t>(1 + (i * 7919 + t * 104729 + i * t * 31) % (c.vocab_size - 1)));
        for (std::size_t d = 0; d != c.labels.size(); ++d) all[i].labels.push_back(static_cast<float>((i * 3 + d) % 10));
    }
    return all;
}
tr::trainer_options options(task const& t) {
    tr::trainer_options o{.precision = t.precision, .threads = threads, .tokens = t.articles * t.length, .sequences = t.articles, .longest = t.length};
    o.optimizer = {.rate = 1e-5, .schedule = tr::schedule::constant, .steps = 1000};
    return o;
}
/// Multiplications and additions of a step's products, forward and backward; `pooled`: the last layer's queries, output and MLP on one token a sequence, as we do it and Transformers does not.
double step_flops(task const& t, bool pooled) {
    auto const& c = t.config;
    double const n = static_cast<double>(t.articles * t.length), s = static_cast<double>(t.articles), hidden = c.hidden_size, q = c.query_size(), kv = c.key_value_size(), layers = c.num_hidden_layers;
    double const all = 2 * hidden * 2 * kv, row = 4 * hidden * q + 6 * hidden * c.intermediate_size, attention = 2 * q * static_cast<double>(t.length);     // a token; it sees half of the keys, twice
    double const plain = pooled ? layers - 1 : layers;
    return 3 * (n * plain * (all + row + attention) + (pooled ? n * all + s * (row + 2 * attention) : 0));
}

// --- what products reach -------------------------------------------------------------------------------------------------------------------------------------------

/// What the library reaches with one product that stays in the caches, each thread alone with its own; weights by rows, as models have them (its own layouts are slower: measured).
template<class S> class products {
    std::int64_t m_, n_, k_;
    int times_;
    struct one;
    std::vector<std::unique_ptr<one>> all_;

public:
    products(std::int64_t m, std::int64_t n, std::int64_t k, double flops) : m_(m), n_(n), k_(k), times_(std::max(1, static_cast<int>(flops / (2.0 * static_cast<double>(m * n * k) * threads)))) {
        for (int i = 0; i != threads; ++i) all_.push_back(std::make_unique<one>(m, n, k));
        run();
    }
    double flops() const { return 2.0 * static_cast<double>(m_ * n_ * k_) * threads * times_; }
    void run() {
        std::vector<std::jthread> running;
        for (auto& o : all_) running.emplace_back([&] { for (int i = 0; i != times_; ++i) o->run(); });
    }
};
#ifdef PENSTOCK_WITH_ONEDNN
template<class S> struct products<S>::one {
    static constexpr auto type = std::same_as<S, tr::bf16> ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
    dnnl::engine e{dnnl::engine::kind::cpu, 0};
    dnnl::stream q{e};
    dnnl::matmul::primitive_desc pd;
    dnnl::memory a, b, y;
    dnnl::matmul product;

    one(std::int64_t m, std::int64_t n, std::int64_t k)
        : pd((omp_set_num_threads(1), dnnl::matmul::desc({{m, k}, type, dnnl::memory::format_tag::ab}, {{k, n}, type, dnnl::memory::format_tag::ba}, {{m, n}, type, dnnl::memory::format_tag::ab})), e), a(pd.src_desc(), e),
          b(pd.weights_desc(), e), y(pd.dst_desc(), e), product(pd) {
        for (auto* const p : {&a, &b}) {        // no zeros: a processor may be quicker with them
            auto* const to = static_cast<S*>(p->get_data_handle());
            for (std::size_t i = 0; i != p->get_desc().get_size() / sizeof(S); ++i)
                if constexpr (std::same_as<S, tr::bf16>) to[i] = tr::narrow(static_cast<float>(i % 251) / 251.0F - 0.5F);
                else to[i] = static_cast<float>(i % 251) / 251.0F - 0.5F;
        }
    }
    void run() { omp_set_num_threads(1), product.execute(q, {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, y}}), q.wait(); }
};
#else
template<class S> struct products<S>::one {
    std::int64_t m, n, k;
    tr::cpu::stream q{1};
    std::vector<S> a, b, y;
    one(std::int64_t rows, std::int64_t cols, std::int64_t inner) : m(rows), n(cols), k(inner), a(static_cast<std::size_t>(m * k)), b(static_cast<std::size_t>(n * k)), y(static_cast<std::size_t>(m * n)) {}
    void run() { tr::Cpu<S>::product_nt(tr::matrix<S>{y.data(), m, n, n}, {a.data(), m, k, k}, {b.data(), n, k, k}, nullptr, 1, false, q); }
};
#endif

// --- steps -----------------------------------------------------------------------------------------------------------------------------------------------------------

bool alone = false;         // no PyTorch
bool torch() {
    static bool const there = [] {
        if (alone) return false;
        std::fflush(stdout);
        return (std::getenv("PENSTOCK_PYTHON") || std::system(PENSTOCK_TORCH) == 0) && std::system((std::string(bench::python()) + " -c 'import torch, transformers; print(f\"\\nPyTorch {torch.__version__}, Transformers {transformers.__version__}\")'").c_str()) == 0;
    }();
    return there;
}
/// A trainer with a job, and PyTorch with the same: the model's folder, and what it is to do in words.
struct ours {
    std::vector<tr::sample> all;
    std::vector<tr::sample const*> pointers;
    std::unique_ptr<tr::trainer> trainer;
    double loss = 0;
    ours(task const& t, std::vector<std::size_t> const& lengths) : all(articles(t.config, lengths)), pointers(distill::pointers(all)), trainer(tr::trainer::make(t.config, options(t))) { trainer->initialise(1); }
    void run() { loss = trainer->step(pointers).loss; }
};

/// How many times as long as the first, round by round.
double times_as_long(bench::contender const& c, bench::contender const& first) {
    std::vector<double> all;
    for (std::size_t i = 0; i != c.seconds.size(); ++i) all.push_back(c.seconds[i] / first.seconds[i]);
    return bench::median(all);
}

void step(char const* title, task const& t, unsigned rounds, bool with_ceiling) {
    bench::folder const f;
    std::vector<std::size_t> const lengths(static_cast<std::size_t>(t.articles), static_cast<std::size_t>(t.length));
    ours o(t, lengths);
    o.trainer->export_model(f.path);        // both begin with the same weights: their first losses say that they do the same
    std::vector<bench::contender> all{{"penstock", [&] { o.run(); }}};
    double ceiling_flops = 0;
    if (with_ceiling) {
        auto const add = [&]<class S>(S) {
            double best = 0;
            std::shared_ptr<products<S>> chosen;
            for (auto const [m, n, k] : {std::array<std::int64_t, 3>{2048, 448, 4864}, {1024, 896, 896}, {2048, 2048, 2048}}) {      // the best of them
                auto const p = std::make_shared<products<S>>(m, n, k, 4e11);
                auto const start = std::chrono::steady_clock::now();
                p->run();
                auto const rate = p->flops() / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
                if (rate > best) best = rate, chosen = p;
            }
            ceiling_flops = chosen->flops();
            all.push_back({"products alone", [chosen] { chosen->run(); }});
        };
        if (t.precision == tr::precision::bf16) add(tr::bf16{});
        else add(0.0F);
    }
    double first = 0, theirs = 0;
    if (torch()) {
        auto const p = std::make_shared<bench::peer>("step", f.path, std::to_string(t.articles) + 'x' + std::to_string(t.length) + (t.precision == tr::precision::bf16 ? " bfloat16" : " float32"));
        all.push_back({"PyTorch", [p, &theirs] { auto const said = p->run(); if (theirs == 0) theirs = std::atof(said.c_str()); }});
    }
    o.run(), first = o.loss;
    ours again(t, lengths);     // the race begins where PyTorch begins
    std::swap(o, again);
    bench::race(all, rounds);
    if (theirs != 0 && std::abs(theirs / first - 1) > 0.02) std::printf("\nThe first losses differ: ours %.5f, PyTorch's %.5f.\n", first, theirs);
    double const tokens = static_cast<double>(t.articles * t.length), flops[] = {step_flops(t, true), step_flops(t, false)};
    std::printf("\n### %s\n\n| | GFLOP/s (median of %u) | min | max | of products alone | tokens/s | PyTorch's time, ours is 1 |\n|---|---:|---:|---:|---:|---:|---:|\n", title, rounds);
    auto const* const ceiling = with_ceiling ? &all[1] : nullptr;
    for (auto const& c : all) {
        bool const is_ceiling = &c == ceiling;
        double const work = is_ceiling ? ceiling_flops : c.name == "PyTorch" ? flops[1] : flops[0];
        std::vector<double> rates, shares;
        for (std::size_t i = 0; i != c.seconds.size(); ++i) {
            rates.push_back(work / c.seconds[i] / 1e9);
            if (ceiling) shares.push_back(work / c.seconds[i] / (ceiling_flops / ceiling->seconds[i]));
        }
        auto const [low, high] = std::ranges::minmax(rates);
        std::printf("| %s | %.1f | %.1f | %.1f |", c.name.c_str(), bench::median(rates), low, high);
        ceiling ? std::printf(" %.2f |", bench::median(shares)) : std::printf(" |");
        is_ceiling ? std::printf(" | |\n") : std::printf(" %.0f | %.2f |\n", tokens / bench::median(c.seconds), times_as_long(c, all[0]));
    }
    if (theirs != 0) std::printf("\nPyTorch does %.3f times as many operations: of a regression's last layer we compute the pooled tokens only. An operation takes it %.2f times as long.\n", flops[1] / flops[0], times_as_long(all.back(), all[0]) * flops[0] / flops[1]);
}

// --- real articles ---------------------------------------------------------------------------------------------------------------------------------------------------

struct article { std::optional<std::string> title, content; };
std::string data() { auto const* const d = std::getenv("PENSTOCK_DATA"); return d ? d : ""; }
std::string real_articles() { return data() + "/news/labelled_sustainability_gemini_part1.jsonl"; }

/// The tokenizer that the preset would learn of these articles.
tr::tokenizer learned(std::uint32_t vocabulary, std::vector<std::string>& texts) {
    tr::tokenizer_training learning;
    for (auto&& row : penstock::io::jsonl<article, penstock::json::policy{.missing = penstock::json::missing_keys::keep}>(penstock::io::input(real_articles(), {})))
        if (row) texts.push_back(distill::article_text(row->title.value_or(""), row->content.value_or(""))), learning.add(texts.back());
    return learning.finish({.vocabulary = vocabulary});
}

/// Steps over 512 real articles: as we pack them, and filled up to the longest of each batch of 16, and to 512 tokens.
void packing(unsigned rounds) {
    constexpr std::size_t count = 512, batch = 16, longest = 512;
    std::vector<std::string> texts;
    tr::encoder encoder(learned(distill::find_preset("small")->vocabulary, texts));
    std::vector<std::size_t> lengths;
    for (std::size_t i = 0; i != count; ++i) lengths.push_back(std::min(longest, encoder.encode(texts[i * texts.size() / count]).size()));
    auto to_batch = lengths;
    for (std::size_t i = 0; i != count; ++i) to_batch[i] = *std::ranges::max_element(std::span(lengths).subspan(i / batch * batch, batch));
    task const t{.config = preset("small"), .precision = tr::precision::f32, .articles = batch, .length = longest};
    std::vector<bench::contender> all;
    for (auto const& [name, tokens] : {std::pair("packed", lengths), std::pair("filled up to the longest of 16", to_batch), std::pair("filled up to 512", std::vector(count, longest))}) {
        auto const o = std::make_shared<ours>(t, tokens);
        all.push_back({name, [o] { for (std::size_t i = 0; i != count; i += batch) o->trainer->step(std::span(o->pointers).subspan(i, batch)); }});
    }
    bench::race(all, rounds);
    bench::table("Steps over real articles, `small`, 16 a step", all, {.per = static_cast<double>(std::accumulate(lengths.begin(), lengths.end(), std::size_t{0})), .unit = "tokens of articles/s", .rate = true});
}

/// `distill score`, the program, from text to scores.
void score(unsigned rounds) {
    bench::folder const f;
    std::vector<std::string> texts;
    auto const tokenizer = learned(distill::find_preset("small")->vocabulary, texts);
    ours const o({.config = preset("small"), .precision = tr::precision::f32, .articles = 16, .length = 384}, {1});
    o.trainer->export_model(f.path);
    tokenizer.save(f.path);
    std::vector<bench::contender> all;
    for (auto const& [name, flags] : {std::pair("`distill score`", ""), std::pair("`distill score --dtype bf16`", "--dtype bf16")})
        all.push_back({name, [command = std::string(PENSTOCK_DISTILL) + " score --model " + f.path + " --input " + real_articles() + " --output " + f.path + "/scores.jsonl --max-length 384 " + flags + " >/dev/null 2>&1"] {
            if (std::system(command.c_str()) != 0) std::printf("distill score failed\n");
        }});
    if (torch()) {
        auto const p = std::make_shared<bench::peer>("score", f.path, real_articles());
        all.push_back({"Transformers, batches of 32 by length", [p] { p->run(); }});
    }
    bench::race(all, rounds);
    bench::table("Scores: `small`, articles of up to 384 tokens, from JSON to JSON", all, {.per = static_cast<double>(texts.size()), .unit = "articles/s", .rate = true});
}

// --- memory ------------------------------------------------------------------------------------------------------------------------------------------------------------

double status(char const* key) {        // MiB
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(key)) return std::atof(line.c_str() + std::strlen(key)) / 1024;
    return 0;
}
task memory_task(std::string const& name) { return {.config = wide(), .precision = name == "bf16" ? tr::precision::bf16 : tr::precision::f32, .articles = 8, .length = 512}; }
/// In a process of its own: MiB that three full steps took at their peak, beyond what there was before.
int take(std::string const& name) {
    auto const t = memory_task(name);
    double const before = status("VmRSS:");
    ours o(t, std::vector<std::size_t>(static_cast<std::size_t>(t.articles), static_cast<std::size_t>(t.length)));
    for (int i = 0; i != 3; ++i) o.run();
    std::printf("%.1f\n", status("VmHWM:") - before);
    return 0;
}
void memory(char const* program) {
    std::printf("\n### Memory: the width of 0.5B, 4 layers, 8 articles of 512 tokens\n\n| | planned, MiB | measured peak, MiB | apart |\n|---|---:|---:|---:|\n");
    for (std::string const name : {"float32", "bf16"}) {
        auto const t = memory_task(name);
        double const planned = static_cast<double>(tr::plan(t.config, options(t)).total()) / (1 << 20);
        std::fflush(stdout);
        auto* const child = ::popen((std::string(program) + " take " + name).c_str(), "r");
        double measured = 0;
        if (!child || std::fscanf(child, "%lf", &measured) != 1) std::printf("the process that measures failed\n");
        if (child) ::pclose(child);
        std::printf("| %s | %.1f | %.1f | %.1f %% |\n", name.c_str(), planned, measured, (measured / planned - 1) * 100);
    }
}

} // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 2 && words[0] == "take") return take(words[1]);
    unsigned const rounds = words.empty() ? 5 : static_cast<unsigned>(std::atoi(words[0].c_str()));
    alone = std::erase(words, "alone") != 0;
    auto const wanted = [&](char const* part) { return words.size() < 2 || std::ranges::find(words, part) != words.end(); };
    std::printf("\nLoops: %s. %d threads for each contender.\n", tr::cpu::chosen_name(), threads);
    if (wanted("wide-f32")) step("A step at the width of Qwen2.5-0.5B, float: 4 layers, 8 articles of 512 tokens, AdamW", {wide(), tr::precision::f32, 8, 512}, rounds, true);
    if (wanted("wide-bf16")) step("The same in bf16", {wide(), tr::precision::bf16, 8, 512}, rounds, true);
    if (wanted("tiny")) step("A step of the preset `tiny`: 16 articles of 256 tokens", {preset("tiny"), tr::precision::f32, 16, 256}, rounds, false);
    bool const real = std::filesystem::exists(real_articles());
    if (!real) std::printf("\nPENSTOCK_DATA is not set: packing and scores of real articles were not measured.\n");
    if (real && wanted("packing")) packing(rounds);
    if (real && wanted("score")) score(rounds);
    if (wanted("memory")) memory(argv[0]);
}
