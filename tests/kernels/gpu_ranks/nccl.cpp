// What is asked of NCCL: which calls, in which order, with which counts and types; and that they are the right ones, by a library that plays it.
#include "../as_ranks.hpp"
#include "array.hpp"
#include "playing_nccl.hpp"
#include <cstdlib>
#include <cuda_runtime_api.h>
#include <doctest/doctest.h>
#include <train/exchange.hpp>
#include <train/shards.hpp>

namespace penstock::train::cuda {
cudaStream_t queue_of(stream&) { return nullptr; }
}

using namespace kernels_tests;
using namespace penstock::train;

namespace {

using lines = std::vector<std::string>;

std::vector<float> numbers_of(int rank, std::size_t n) {
    std::vector<float> x(n);
    for (std::size_t i = 0; i != n; ++i) x[i] = static_cast<float>(i % 11) + static_cast<float>(rank) * 100;
    return x;
}
// A step's part: gradients dealt out, norms added up, weights gathered. Shards of elements; weights are bytes of as many.
void step(comm& ranks, std::size_t n, std::vector<shard> const& shards) {
    cuda::stream s(ranks.rank());
    auto const link = exchange_on(s, ranks);
    int const world = ranks.world();
    array<float> x(n, s);
    array<double> norms(48, s);
    x.put(numbers_of(ranks.rank(), n));
    norms.put(std::vector<double>(48, ranks.rank() + 1));
    link->reduce_scatter(x.gpu(), shards);
    auto got = x.get();
    auto sum_at = [&](std::size_t i) { return static_cast<float>(world) * static_cast<float>(i % 11) + 100 * static_cast<float>(world * (world - 1) / 2); };
    for (auto const& part : shards)
        for (auto i = static_cast<std::size_t>(part.first); part.rank == ranks.rank() && i != static_cast<std::size_t>(part.first + part.count); ++i) require(got[i] == sum_at(i), "a shard of the sum");
    link->sum(norms.gpu());
    require(norms.get() == std::vector<double>(48, world * (world + 1) / 2), "the norms");
    auto bytes = shards;
    for (auto& part : bytes) part.first *= 4, part.count *= 4;
    link->all_gather(std::as_writable_bytes(x.gpu()), bytes);
    got = x.get();
    for (auto const& part : shards)
        for (auto i = static_cast<std::size_t>(part.first); i != static_cast<std::size_t>(part.first + part.count); ++i) require(got[i] == sum_at(i), "what is gathered");
    link->sum(x.gpu());
    require(x.get()[0] == static_cast<float>(world) * sum_at(0), "a whole sum");
}

} // namespace

TEST_CASE("NCCL: even shards are one call, uneven ones a call each, started together") {
    for (int world : {2, 3, 4}) {
        constexpr std::size_t n = 1536;
        CHECK(on_ranks(world, [&](comm& ranks) { step(ranks, n, shards_of(n, world)); }) == silent(world));
        auto const share = std::to_string(n / static_cast<std::size_t>(world)), bytes = std::to_string(n * 4 / static_cast<std::size_t>(world));
        for (int r = 0; r != world; ++r) CHECK(playing_nccl::calls_of(r) == lines{"ReduceScatter f32 " + share, "AllReduce f64 48", "AllGather bytes " + bytes, "AllReduce f32 1536", "CommDestroy"});
    }
    std::vector<shard> const uneven{{0, 700, 0}, {700, 300, 1}, {1000, 0, 2}};
    CHECK(on_ranks(3, [&](comm& ranks) { step(ranks, 1000, uneven); }) == silent(3));
    for (int r = 0; r != 3; ++r)
        CHECK(playing_nccl::calls_of(r) == lines{"Reduce f32 700 to 0", "Reduce f32 300 to 1", "together", "AllReduce f64 48", "Broadcast bytes 2800 of 0", "Broadcast bytes 1200 of 1", "together", "AllReduce f32 1000", "CommDestroy"});
}

TEST_CASE("NCCL: what a model deals out is even for two, three, four and eight ranks") {
    for (int adapters : {0, 2}) {
        qwen2_config c;
        c.head_dim = 6, c.num_attention_heads = 4, c.num_key_value_heads = 2, c.hidden_size = 12, c.num_hidden_layers = 2, c.intermediate_size = 14, c.vocab_size = 19, c.labels = {"a"};
        c.head = head::regression;
        parameters const table(c, {.rank = adapters});
        for (int world : {2, 3, 4, 8}) {
            auto const shards = shards_of(table.trained(), world);
            for (auto const& s : shards) CHECK(s.count * world == table.trained());
            if (adapters == 0) CHECK(weights_of(table, shards).size() == shards.size());
        }
    }
}

TEST_CASE("NCCL: two ranks on one GPU speak through the host, or are told how to") {
    auto const sum = [](comm& ranks) {
        cuda::stream s;     // GPU 0, both
        auto const link = exchange_on(s, ranks);
        array<float> x(5, s);
        x.put(numbers_of(ranks.rank(), 5));
        link->sum(x.gpu());
        require(x.get() == std::vector<float>{100, 102, 104, 106, 108}, "the sum");
    };
    CHECK(on_ranks(2, sum) == silent(2));
    CHECK(playing_nccl::calls_of(0).empty());
    ::setenv("PENSTOCK_COMM", "nccl", 1);
    auto const said = on_ranks(2, sum);
    for (int r = 0; r != 2; ++r) CHECK(said[static_cast<std::size_t>(r)] == "rank " + std::to_string(r) + " of 2: ranks 0 and 1 share GPU emulated 0, which NCCL refuses; PENSTOCK_COMM=staged speaks through the host");
    ::unsetenv("PENSTOCK_COMM");
}

TEST_CASE("NCCL: an error ends the rank with NCCL's words, and nobody waits for the others") {
    auto const work = [](comm& ranks) {
        cuda::stream s(ranks.rank());
        auto const link = exchange_on(s, ranks);
        array<float> x(5, s);
        link->sum(x.gpu());
    };
    playing_nccl::refuse("AllReduce");
    auto said = on_ranks(2, work);
    CHECK(said[1] == "rank 1 of 2: ncclAllReduce: unhandled system error (as it was told to)");
    CHECK(playing_nccl::calls_of(1) == lines{"CommAbort"});
    playing_nccl::refuse("CommInitRank");
    said = on_ranks(2, work);
    CHECK(said[0] == "rank 0 of 2: ncclCommInitRank: invalid usage (as it was told to); PENSTOCK_COMM=staged speaks through the host");
    playing_nccl::refuse({});
}
