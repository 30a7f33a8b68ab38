// Several ranks, over TCP: what they add up to, what each keeps, and what they say when something is wrong. Each rank is a thread here.
#include "as_ranks.hpp"
#include "support.hpp"
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <penstock/core/fatal.hpp>
#include <penstock/train/trainer.hpp>
#include <unistd.h>

using namespace kernels_tests;

namespace {

struct folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("penstock-ranks-" + std::to_string(::getpid()));
    folder() { std::filesystem::create_directories(path); }
    ~folder() { std::filesystem::remove_all(path); }
    std::string operator/(std::string const& name) const { return (path / name).string(); }
};
std::string contents(std::string const& path) {
    std::ifstream f(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(f), {}};
}

struct way {
    precision format = precision::f32, moments = precision::f32;
    int adapters = 0;
    bool zero = true;
};
trainer_options options(way const& w) {
    trainer_options o{.precision = w.format, .threads = 1, .tokens = 64, .sequences = 1, .longest = 32, .multiple = 8};      // a sample a batch, so that one rank takes several batches
    o.adapters.rank = w.adapters;
    o.optimizer.rate = 1e-2, o.optimizer.decay = 0.01, o.optimizer.warmup = 1, o.optimizer.steps = 12, o.optimizer.moments = w.moments, o.optimizer.clip = 0.5;
    o.zero = w.zero;
    return o;
}

struct course {
    qwen2_config config = tiny(head::regression);
    std::vector<sample> all;
    course() { numbers n(4); all = samples(n, {5, 20, 32, 7, 1, 18, 30, 12}, config); }
    // A rank's part of a step over `count` samples.
    std::vector<sample const*> at(int step, int count, int rank = 0, int world = 1) const {
        std::vector<sample const*> p;
        for (int i = count * rank / world; i != count * (rank + 1) / world; ++i) p.push_back(&all[static_cast<std::size_t>(step * 3 + i) % all.size()]);
        return p;
    }
};

// Steps [first, last) of `count` samples on `world` ranks, from the checkpoint `from` if there is one; ends with the checkpoint `to`.
void run(way const& w, int world, int count, int first, int last, std::string const& from, std::string const& to) {
    course const c;
    auto work = [&](comm* ranks) {
        auto o = options(w);
        o.ranks = ranks;
        auto t = trainer::make(c.config, o);
        t->initialise(1);
        if (!from.empty()) t->resume(from);
        for (int i = first; i != last; ++i) {
            auto const report = t->step(c.at(i, count, ranks ? ranks->rank() : 0, world));
            if (!(report.norm > 0.5)) throw std::runtime_error("nothing was clipped");
        }
        t->save(to, {});
    };
    if (world == 1) return work(nullptr);
    CHECK(on_ranks(world, [&](comm& ranks) { work(&ranks); }) == silent(world));
}

} // namespace

TEST_CASE("ranks: sums in their order, whole or dealt out, of any size; gathered again") {
    for (int world : {2, 3, 4})
        CHECK(on_ranks(world, [&](comm& ranks) {
            auto require = [](bool holds, char const* what) { if (!holds) throw std::runtime_error(what); };
            constexpr std::size_t n = 700001;       // pieces of 1 MiB, and a rest
            auto value_at = [](int rank, std::size_t i) { return rank == 0 ? 1e8F : rank == 1 ? static_cast<float>(i % 7) : rank == 2 ? -1e8F : 3.5F; };      // in float the order shows
            auto sum_at = [&](std::size_t i) {
                float sum = 0;
                for (int r = 0; r != world; ++r) sum += value_at(r, i);
                return sum;
            };
            std::vector<float> x(n), y(n);
            for (std::size_t i = 0; i != n; ++i) x[i] = y[i] = value_at(ranks.rank(), i);
            ranks.sum(std::span(x));
            for (std::size_t i = 0; i != n; ++i) require(x[i] == sum_at(i), "the sum");
            std::vector<shard> shards{{0, 300000, world - 1}, {300000, 5, 0}, {300005, 0, 1}, {400000, 300001, 1}};      // not all of it, not in order, one empty
            ranks.reduce_scatter(std::span(y), shards);
            for (auto const& s : shards)
                for (auto i = static_cast<std::size_t>(s.first); s.rank == ranks.rank() && i != static_cast<std::size_t>(s.first + s.count); ++i) require(y[i] == sum_at(i), "a shard of the sum");
            for (auto& s : shards) s.first *= 4, s.count *= 4;
            y[350000] = static_cast<float>(ranks.rank());
            ranks.all_gather(std::as_writable_bytes(std::span(y)), shards);
            for (auto const& s : shards)
                for (auto i = static_cast<std::size_t>(s.first / 4); i != static_cast<std::size_t>((s.first + s.count) / 4); ++i) require(y[i] == sum_at(i), "what is gathered");
            require(y[350000] == static_cast<float>(ranks.rank()), "what lies between shards");
            double d[2] = {static_cast<double>(ranks.rank()), 1};
            ranks.to_root(std::as_writable_bytes(std::span(d)), world - 1);
            require(d[0] == (ranks.rank() == 0 ? world - 1 : ranks.rank()), "what rank 0 has taken");
        }) == silent(world));
}

TEST_CASE("two, three and four ranks with a batch each are one rank with all, bit for bit, with ZeRO and without") {
    folder const f;
    for (way const& w : {way{precision::f64}, way{}, way{precision::bf16}, way{precision::bf16, precision::bf16}, way{precision::f32, precision::bf16, 2}, way{precision::bf16, precision::f32, 1}, way{precision::bf16, precision::f32, 0, false}}) {
        CAPTURE(static_cast<int>(w.format));
        CAPTURE(w.adapters);
        for (int world : {2, 3, 4}) {
            CAPTURE(world);
            run(w, 1, world, 0, 4, {}, f / "one");
            run(w, world, world, 0, 4, {}, f / "several");
            auto const one = contents(f / "one");
            CHECK(one.size() > 1000);
            CHECK(contents(f / "several") == one);
        }
    }
}

TEST_CASE("a checkpoint of any number of ranks goes on under any other") {
    folder const f;
    for (way const& w : {way{precision::f32, precision::bf16}, way{precision::bf16}}) {
        run(w, 3, 3, 0, 2, {}, f / "of three");
        run(w, 4, 4, 2, 3, f / "of three", f / "of four");
        run(w, 1, 2, 3, 5, f / "of four", f / "of one");
        run(w, 2, 2, 5, 6, f / "of one", f / "of two");
        run(w, 1, 3, 0, 2, {}, f / "a");
        run(w, 1, 4, 2, 3, f / "a", f / "b");
        run(w, 1, 2, 3, 6, f / "b", f / "c");
        CHECK(contents(f / "of two") == contents(f / "c"));
    }
}

TEST_CASE("ranks: exports and weights are the whole model's, adapters too") {
    folder const f;
    way const w{precision::bf16, precision::f32, 3};
    course const c;
    auto o = options(w);
    auto one = trainer::make(c.config, o);
    one->initialise(1);
    for (int i = 0; i != 2; ++i) one->step(c.at(i, 3));
    one->export_model(f / "one");
    std::vector<std::vector<double>> weights, gradients;
    for (auto const& name : one->names()) weights.push_back(one->weight(name)), gradients.push_back(one->gradient(name));
    CHECK(on_ranks(3, [&](comm& ranks) {
        auto mine = o;
        mine.ranks = &ranks;
        auto t = trainer::make(c.config, mine);
        t->initialise(1);
        for (int i = 0; i != 2; ++i) t->step(c.at(i, 3, ranks.rank(), 3));
        t->export_model(ranks.rank() == 0 ? f / "three" : std::string());
        std::size_t i = 0;
        for (auto const& name : t->names()) {
            if (t->weight(name) != weights[i]) throw std::runtime_error(name + " is another");
            if (t->gradient(name) != gradients[i++]) throw std::runtime_error("the gradient of " + name + " is another");
        }
    }) == silent(3));
    for (auto const* name : {"/model.safetensors", "/config.json", "/adapter/adapter_model.safetensors"}) CHECK(contents(f / ("three" + std::string(name))) == contents(f / ("one" + std::string(name))));
}

TEST_CASE("ranks: ZeRO divides what the optimizer takes") {
    auto const config = tiny(head::regression, true, 4, 2, 6);
    auto o = options({precision::bf16});
    auto const one = plan(config, o);
    CHECK(one.optimizer == one.gradients * 3);
    o.optimizer.moments = precision::bf16;
    CHECK(plan(config, o).optimizer == one.gradients * 2);
    o.optimizer.moments = precision::f32;
    std::vector<std::size_t> bytes(4);
    CHECK(on_ranks(4, [&](comm& ranks) {
        auto mine = o;
        mine.ranks = &ranks;
        bytes[static_cast<std::size_t>(ranks.rank())] = plan(config, mine).optimizer;
        mine.zero = false;
        if (plan(config, mine).optimizer != one.optimizer) throw std::runtime_error("without ZeRO everybody keeps all");
    }) == silent(4));
    CHECK(bytes[0] + bytes[1] + bytes[2] + bytes[3] == one.optimizer);
    for (auto b : bytes) CHECK(b < one.optimizer * 3 / 10);
}

TEST_CASE("ranks that have come apart end with a word") {
    auto const said = on_ranks(2, [](comm& ranks) {
        std::vector<float> x(8);
        if (ranks.rank() == 0) ranks.sum(std::span(x));
        else ranks.sum(std::span(x).first(7));
    });
    CHECK(said[0] == "rank 0 of 2: rank 1 is elsewhere in the run: it sums 28, this rank sums 32");
    CHECK(said[1] == "rank 1 of 2: rank 0 has gone");
}

TEST_CASE("ranks by the variables of torchrun, mpirun and srun, in this order") {
    auto clear = [] {
        for (auto const* name : {"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE", "SLURM_TASKS_PER_NODE"}) ::unsetenv(name);
    };
    auto set = [](std::initializer_list<std::pair<char const*, char const*>> all) { for (auto const& [name, to] : all) ::setenv(name, to, 1); };
    auto is = [](int rank, int world, int local) {
        auto const o = comm_from_environment();
        return o.rank == rank && o.world == world && o.local_rank == local;
    };
    clear();
    CHECK(is(0, 1, 0));
    set({{"SLURM_PROCID", "5"}, {"SLURM_NTASKS", "8"}, {"SLURM_LOCALID", "1"}});
    CHECK(is(5, 8, 1));
    CHECK(comm_from_environment().local_world == 8);        // nobody says: all
    for (auto const& [text, count] : {std::pair("2(x4)", 2), std::pair("1,3(x2),1", 3), std::pair("4", 4), std::pair("x", 8), std::pair("", 8)}) {
        ::setenv("SLURM_STEP_TASKS_PER_NODE", text, 1);
        CHECK(comm_from_environment().local_world == count);
    }
    set({{"OMPI_COMM_WORLD_RANK", "2"}, {"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_LOCAL_RANK", "2"}});
    CHECK(is(2, 4, 2));
    set({{"RANK", "9"}, {"WORLD_SIZE", "16"}, {"LOCAL_RANK", "3"}});
    CHECK(is(9, 16, 3));
    CHECK(comm_from_environment().local_world == 16);       // nobody says: all
    ::setenv("LOCAL_WORLD_SIZE", "4", 1);
    CHECK(comm_from_environment().local_world == 4);
    ::setenv("LOCAL_RANK", "three", 1);
    CHECK_THROWS_WITH(comm_from_environment(), "LOCAL_RANK=three is not a number that it can be");
    ::unsetenv("LOCAL_RANK");
    CHECK(comm_from_environment().seconds == 600);
    ::setenv("PENSTOCK_COMM_SECONDS", "5", 1);
    CHECK(comm_from_environment().seconds == 5);
    ::setenv("PENSTOCK_COMM_SECONDS", "0", 1);
    CHECK_THROWS_WITH(comm_from_environment(), "PENSTOCK_COMM_SECONDS: a rank needs a second at least");
    ::unsetenv("PENSTOCK_COMM_SECONDS");
    clear();
}
