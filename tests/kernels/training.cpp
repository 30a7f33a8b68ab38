// The trainer as its users see it: resume, accumulation, ranks, checkpoints that are not ours.
#include "as_ranks.hpp"
#include "support.hpp"
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <penstock/core/fatal.hpp>
#include <penstock/train/loader.hpp>
#include <penstock/train/trainer.hpp>
#include <thread>
#include <train/random.hpp>
#include <unistd.h>

using namespace kernels_tests;

namespace {

struct folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("penstock-training-" + std::to_string(::getpid()));
    folder() { std::filesystem::create_directories(path); }
    ~folder() { std::filesystem::remove_all(path); }
    std::string operator/(char const* name) const { return (path / name).string(); }
};

trainer_options options(precision p, int rank = 0) {
    trainer_options o{.precision = p, .threads = 1, .tokens = 48, .sequences = 4, .longest = 32, .multiple = 8};
    o.adapters.rank = rank;
    o.optimizer.rate = 1e-2, o.optimizer.decay = 0.01, o.optimizer.warmup = 2, o.optimizer.steps = 12;
    return o;
}

struct course {
    qwen2_config config = tiny(head::regression);
    std::vector<sample> all;
    course() { numbers n(4); all = samples(n, {5, 20, 32, 7, 1, 18, 30, 12}, config); }
    std::vector<sample const*> at(int step, std::size_t count = 4) const {
        std::vector<sample const*> p;
        for (std::size_t i = 0; i != count; ++i) p.push_back(&all[(static_cast<std::size_t>(step) * 3 + i) % all.size()]);
        return p;
    }
};

std::vector<std::vector<double>> everything(trainer const& t) {
    std::vector<std::vector<double>> all;
    for (auto const& name : t.names()) all.push_back(t.weight(name));
    return all;
}

void resumes(precision p, int rank, precision moments = precision::f32) {
    folder const f;
    course const c;
    auto o = options(p, rank);
    o.optimizer.moments = moments;
    auto whole = trainer::make(c.config, o), first = trainer::make(c.config, o), second = trainer::make(c.config, o);
    whole->initialise(1), first->initialise(1), second->initialise(rank ? 1 : 2);       // adapters lie over a base model, which the caller loads
    std::vector<double> losses;
    for (int i = 0; i != 12; ++i) losses.push_back(whole->step(c.at(i)).loss);
    for (int i = 0; i != 5; ++i) CHECK(first->step(c.at(i)).loss == losses[static_cast<std::size_t>(i)]);
    first->save(f / "checkpoint.safetensors", {{"epoch", "3"}, {"history", "[1, 2]"}});
    CHECK(second->resume(f / "checkpoint.safetensors") == string_pairs{{"epoch", "3"}, {"history", "[1, 2]"}});
    CHECK(second->steps() == 5);
    for (int i = 5; i != 12; ++i) CHECK(second->step(c.at(i)).loss == losses[static_cast<std::size_t>(i)]);
    CHECK(everything(*second) == everything(*whole));
    CHECK(losses[8] < losses[0]);      // the same samples
}

std::string refusal(auto const& f) {
    try {
        f();
    } catch (penstock::fatal const& e) {
        return e.what();
    }
    return "";
}

} // namespace

TEST_CASE("run(12) is run(5) and resume(7), bit for bit") {
    resumes(precision::f64, 0);
    resumes(precision::f32, 0);
    resumes(precision::bf16, 0);
    resumes(precision::f32, 3);
    resumes(precision::bf16, 3);
    resumes(precision::f64, 0, precision::bf16);
    resumes(precision::f32, 0, precision::bf16);
    resumes(precision::bf16, 3, precision::bf16);
}

TEST_CASE("a checkpoint that is damaged, foreign or none is refused by its path") {
    folder const f;
    course const c;
    auto const path = f / "c.safetensors";
    auto t = trainer::make(c.config, options(precision::f32));
    t->initialise(1);
    t->save(path, {});
    auto other = options(precision::f32);
    other.optimizer.rate = 2e-2;
    auto u = trainer::make(c.config, other);
    CHECK(refusal([&] { u->resume(path); }).starts_with(path + ": is of another run"));
    auto v = trainer::make(c.config, options(precision::bf16));
    CHECK(refusal([&] { v->resume(path); }).starts_with(path + ": is of another run"));
    auto small = options(precision::f32);
    small.optimizer.moments = precision::bf16;
    auto const said = refusal([&] { trainer::make(c.config, small)->resume(path); });
    CHECK(said.find("moments f32") < said.find("this run"));
    CHECK(said.find("moments bf16") > said.find("this run"));
    CHECK(said.find("moments bf16") != std::string::npos);
    t->export_model(f / "model");
    CHECK(refusal([&] { t->resume(f / "model/model.safetensors"); }) == (f / "model/model.safetensors") + ": is not a checkpoint of this program");
    std::ifstream in(path, std::ios::binary);
    std::string const bytes((std::istreambuf_iterator<char>(in)), {});
    auto const header = bytes.find("\"penstock.steps\":\"0\"");
    REQUIRE(header != std::string::npos);
    for (auto const at : {header + 18, bytes.size() - 1000, bytes.size() - 9, bytes.size() - 1}) {       // a word of the header, tensors, the checksum: one bit each
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        std::ofstream(path, std::ios::binary) << changed;
        CHECK(refusal([&] { t->resume(path); }) == path + ": is damaged: what it holds is not what was written (by its checksum)");
    }
    std::ofstream(path, std::ios::binary) << bytes;
    CHECK(refusal([&] { t->resume(path); }).empty());
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 7);
    CHECK(refusal([&] { t->resume(path); }).find(path) != std::string::npos);
}

TEST_CASE("an exported model is read back to the same scores, with adapters merged") {
    for (int rank : {0, 4}) {
        folder const f;
        course const c;
        auto t = trainer::make(c.config, options(precision::f32, rank));
        t->initialise(1);
        for (int i = 0; i != 4; ++i) t->step(c.at(i));
        t->export_model(f / "model");
        auto o = options(precision::f32);
        o.learns = false;
        auto u = trainer::make(read_config(f / "model"), o);
        CHECK(u->load(safetensors::open(f / "model")).empty());
        auto const a = t->score(c.at(0, 8)), b = u->score(c.at(0, 8));
        REQUIRE(a.size() == 24);
        for (std::size_t i = 0; i != a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(rank ? 1e-5 : 1e-12));
        if (rank == 0) continue;
        auto w = trainer::make(c.config, options(precision::f32, rank));
        w->initialise(1);
        CHECK(w->load(safetensors::open(f / "model/adapter")).size() == 2 + 12 * 2);     // embedding, norm, and what is frozen in two layers
        CHECK(w->score(c.at(0, 8)) == a);
    }
}

TEST_CASE("a first model is that of its seed, on any number of threads") {
    auto config = tiny(head::regression);
    config.vocab_size = 3001;       // several pieces
    for (int threads : {1, 3}) {
        auto o = options(precision::f32);
        o.threads = threads;
        auto t = trainer::make(config, o);
        t->initialise(5);
        auto const w = t->weight("model.embed_tokens.weight");
        REQUIRE(w.size() == 3001 * 12);
        auto const key = penstock::train::random::key(5, "model.embed_tokens.weight");
        std::size_t differ = 0;
        for (std::size_t i = 0; i != w.size(); ++i) differ += w[i] != static_cast<double>(static_cast<float>(config.initializer_range * penstock::train::random::normal(key, i)));
        CHECK(differ == 0);
        CHECK(std::ranges::all_of(t->weight("model.norm.weight"), [](double x) { return x == 1; }));
    }
}

TEST_CASE("adapters are merged as W + scale B A, wide matrices and tall ones") {
    folder const f;
    auto config = tiny(head::regression);
    config.intermediate_size = 1030;        // more columns, and more rows, than a piece has
    auto o = options(precision::f32, 3);
    o.threads = 2, o.adapters.alpha = 5, o.adapters.targets = {true, true, true, true, true, true, true};
    auto t = trainer::make(config, o);
    t->initialise(1);
    course const c;
    for (int i = 0; i != 3; ++i) t->step(c.at(i));
    t->export_model(f / "model");
    auto const file = safetensors::open(f / "model");
    struct { std::string name; std::size_t rows, cols; } const all[] = {{"model.layers.0.mlp.down_proj", 12, 1030}, {"model.layers.1.mlp.up_proj", 1030, 12}};
    for (auto const& [name, rows, cols] : all) {
        CAPTURE(name);
        auto const w = t->weight(name + ".weight"), a = t->weight(name + ".lora_A.weight"), b = t->weight(name + ".lora_B.weight");
        REQUIRE(w.size() == rows * cols);
        REQUIRE(a.size() == 3 * cols);
        std::vector<float> merged(rows * cols);
        read(file.at(name + ".weight", {rows, cols}), 0, std::span(merged));
        double worst = 0, learned = 0;
        for (std::size_t i = 0; i != rows; ++i)
            for (std::size_t j = 0; j != cols; ++j) {
                double sum = 0;
                for (std::size_t r = 0; r != 3; ++r) sum += b[i * 3 + r] * a[r * cols + j];
                worst = std::max(worst, std::abs(static_cast<double>(merged[i * cols + j]) - static_cast<double>(static_cast<float>(w[i * cols + j] + 5.0 / 3 * sum)))), learned = std::max(learned, std::abs(sum));
            }
        CHECK(worst == 0);
        CHECK(learned > 0);
    }
}

TEST_CASE("an export without adapters leaves none of an earlier run beside it") {
    folder const f;
    course const c;
    auto with = trainer::make(c.config, options(precision::f32, 4)), without = trainer::make(c.config, options(precision::f32));
    with->initialise(1), without->initialise(1);
    with->export_model(f / "model");
    CHECK(std::filesystem::exists(f / "model/adapter/adapter_config.json"));
    without->export_model(f / "model");
    CHECK(!std::filesystem::exists(f / "model/adapter"));
    with->export_model(f / "model");
    std::ofstream(f / "model/adapter/notes.txt") << "somebody's own";
    without->export_model(f / "model");
    CHECK(std::filesystem::exists(f / "model/adapter/notes.txt"));
    CHECK(!std::filesystem::exists(f / "model/adapter/adapter_model.safetensors"));
    CHECK(!std::filesystem::exists(f / "model/adapter/adapter_config.json"));
}

TEST_CASE("a file of more layers than the configuration has is refused by its first tensor of those") {
    folder const f;
    auto const deep = tiny(head::regression, true, 4, 2, 3), flat = tiny(head::regression, true, 4, 2, 2);
    for (int rank : {0, 4}) {
        auto t = trainer::make(deep, options(precision::f32, rank)), u = trainer::make(flat, options(precision::f32, rank));
        t->initialise(1), u->initialise(2);
        t->export_model(f / "deep");
        auto const path = rank ? f / "deep/adapter" : f / "deep";
        auto const before = everything(*u);
        auto const said = refusal([&] { u->load(safetensors::open(path)); });
        CAPTURE(said);
        CHECK(said.find(rank ? "tensor base_model.model.model.layers.2.self_attn" : "tensor model.layers.2.input_layernorm.weight is of a layer that the configuration does not have: its num_hidden_layers is 2") != std::string::npos);
        CHECK(everything(*u) == before);
    }
}

TEST_CASE("moments in bf16 learn as those in float do") {
    course const c;
    std::vector<double> last;
    for (auto moments : {precision::f32, precision::bf16}) {
        auto o = options(precision::f32);
        o.optimizer.moments = moments, o.optimizer.steps = 100;
        auto t = trainer::make(c.config, o);
        t->initialise(1);
        double first = 0, loss = 0;
        for (int i = 0; i != 80; ++i) loss = t->step(c.at(0, 8)).loss, first = i == 0 ? loss : first;
        CHECK(loss < first / 4);
        last.push_back(loss / first);
    }
    CHECK(last[0] != last[1]);
    CHECK(std::abs(last[1] - last[0]) < 0.02);
}

TEST_CASE("batches of static sizes, and batches packed ahead, change no bit of a step or a score") {
    cpu::use_library(false);        // which may choose another order of summing for another number of rows
    for (auto top : {head::regression, head::language_model})
        for (auto p : {precision::f32, precision::bf16}) {
            auto const config = tiny(top);
            numbers n(4);
            auto const all = samples(n, {5, 20, 32, 7, 1, 18, 30, 12}, config);
            std::vector<sample const*> pointers;
            for (auto const& s : all) pointers.push_back(&s);
            auto at = [&](int step) { return std::span(pointers).subspan(static_cast<std::size_t>(step % 3), 5); };
            std::vector<std::vector<std::vector<double>>> weights;
            std::vector<std::vector<float>> scores;
            std::vector<double> losses;
            for (int how = 0; how != 3; ++how) {
                auto o = options(p);
                o.tokens = 90, o.static_shapes = how > 0;       // not a multiple of 8, and more than two of the longest
                auto t = trainer::make(config, o);
                t->initialise(1);
                loader<packed_step> packed(2, [&, next = 0]() mutable -> std::optional<packed_step> { return t->pack(at(next++)); });
                for (int i = 0; i != 4; ++i) {
                    auto const report = how == 2 ? t->step(*packed.next()) : t->step(at(i));
                    if (how == 0) losses.push_back(report.loss);
                    CHECK(report.loss == losses[static_cast<std::size_t>(i)]);
                    CHECK(report.tokens == (i % 3 == 0 ? 65 : i % 3 == 1 ? 78 : 88));
                }
                weights.push_back(everything(*t));
                if (top == head::regression) scores.push_back(t->score(pointers));
                else scores.emplace_back();
            }
            CHECK(weights[1] == weights[0]);
            CHECK(weights[2] == weights[0]);
            CHECK(scores[1] == scores[0]);
            CHECK(scores[2] == scores[0]);
        }
    cpu::use_library(true);
}

TEST_CASE("static sizes: only the number of sequences is left") {
    numbers n(4);
    for (auto top : {head::regression, head::language_model}) {
        auto const config = tiny(top);
        for (auto const& lengths : {std::vector<int>{1}, std::vector<int>{32, 32, 26}, std::vector<int>{7, 3, 20, 11}}) {
            auto const all = samples(n, lengths, config);
            std::vector<sample const*> p;
            for (auto const& s : all) p.push_back(&s);
            auto const b = pack(p, 8, 2, {.tokens = 96, .longest = 32, .sequences = 7, .asked = 5});
            CHECK(b.tokens.size() == 96);
            CHECK(b.positions.size() == 96);
            CHECK(std::ranges::max(b.positions) < 32);
            CHECK(b.longest == 32);
            CHECK(b.bounds.size() == 8);
            CHECK(b.pooled_bounds.size() == 8);
            CHECK(std::ranges::is_sorted(b.bounds));
            CHECK(b.bounds.back() == 96);
            CHECK(b.pooled_bounds.back() == static_cast<std::int32_t>(lengths.size()));
            CHECK(b.sequences() == static_cast<std::int64_t>(lengths.size()));
            CHECK(b.order.size() == 96);
            CHECK(b.first.size() == 97);
            CHECK(b.distinct.size() == 96);
            CHECK(b.asked.size() % 5 == 0);
            std::int64_t wanted = 0;
            for (auto const& s : all) wanted += std::ranges::count_if(s.targets, [](auto t) { return t >= 0; });
            auto asked = b.asked;
            std::ranges::sort(asked);
            CHECK(std::ranges::adjacent_find(asked) == asked.end());
            CHECK(std::ranges::count_if(b.targets, [](auto t) { return t >= 0; }) == wanted);
        }
    }
}

TEST_CASE("recomputing changes no bit of a step") {
    course const c;
    std::vector<std::vector<std::vector<double>>> results;
    for (auto r : {recompute::nothing, recompute::rows, recompute::blocks}) {
        auto o = options(precision::bf16, 2);
        o.recompute = r;
        auto t = trainer::make(c.config, o);
        t->initialise(1);
        for (int i = 0; i != 3; ++i) t->step(c.at(i));
        results.push_back(everything(*t));
    }
    CHECK(results[1] == results[0]);
    CHECK(results[2] == results[0]);
    auto const deep = tiny(head::regression, true, 4, 2, 6);
    auto o = options(precision::bf16);
    std::vector<std::size_t> bytes;
    for (auto r : {recompute::nothing, recompute::rows, recompute::blocks}) o.recompute = r, bytes.push_back(plan(deep, o).activations);
    CHECK(bytes[0] > bytes[1]);
    CHECK(bytes[1] > bytes[2]);
}

TEST_CASE("two ranks with a batch each are one rank with two, bit for bit") {
    course const c;
    for (auto p : {precision::f64, precision::f32, precision::bf16}) {
        auto o = options(p);
        o.sequences = 2, o.tokens = 64;        // one rank takes its four samples in two batches
        auto one = trainer::make(c.config, o);
        one->initialise(1);
        std::vector<double> losses;
        for (int i = 0; i != 4; ++i) losses.push_back(one->step(c.at(i)).loss);
        std::vector<std::vector<std::vector<double>>> results(2);
        int const port = free_port();
        auto rank = [&](int r) {
            auto const ranks = connect({.rank = r, .world = 2, .port = port, .seconds = 20});
            auto mine = o;
            mine.ranks = ranks.get();
            auto t = trainer::make(c.config, mine);
            t->initialise(1);
            for (int i = 0; i != 4; ++i) {
                auto const all = c.at(i);
                auto const report = t->step(std::span(all).subspan(static_cast<std::size_t>(r) * 2, 2));
                if (report.loss != doctest::Approx(losses[static_cast<std::size_t>(i)]).epsilon(1e-12)) return;
            }
            results[static_cast<std::size_t>(r)] = everything(*t);
        };
        {
            std::jthread const other([&] { rank(1); });
            rank(0);
        }
        CHECK(results[0] == everything(*one));
        CHECK(results[1] == results[0]);
    }
}

TEST_CASE("a rank that goes ends the others with a word") {
    int const port = free_port();
    std::string said;
    std::jthread other([&] { connect({.rank = 1, .world = 2, .port = port, .seconds = 20}); });      // comes, and goes
    said = refusal([&] {
        auto const c = connect({.rank = 0, .world = 2, .port = port, .seconds = 20});
        double x = 1;
        c->sum(std::span(&x, 1));
    });
    other.join();
    CHECK(said == "rank 0 of 2: rank 1 has gone");
}

TEST_CASE("learning rates are those of transformers") {
    optimizer_options o{.rate = 1, .warmup = 4, .steps = 12};
    CHECK(rate_at(o, 0) == 0);
    CHECK(rate_at(o, 3) == 0.75);
    CHECK(rate_at(o, 4) == 1);
    CHECK(rate_at(o, 8) == 0.5);
    CHECK(rate_at(o, 12) == 0);
    o.schedule = schedule::cosine;
    CHECK(rate_at(o, 8) == doctest::Approx(0.5));
    o.schedule = schedule::constant;
    CHECK(rate_at(o, 11) == 1);
}

TEST_CASE("a token that the model does not have ends the run, and reads no foreign memory") {
    auto const config = tiny(head::regression);
    auto t = trainer::make(config, {.tokens = 90, .longest = 32, .multiple = 8});
    t->initialise(1);
    sample const beyond{.tokens = {1, static_cast<std::int32_t>(config.vocab_size)}, .labels = {1, 2, 3}};
    sample const* const one[] = {&beyond};
    CHECK_THROWS_WITH(t->step(one), "a token is none of the model's 19: the tokenizer is another model's");
}
