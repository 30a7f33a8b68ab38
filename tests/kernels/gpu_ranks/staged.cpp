// Ranks that share a GPU speak through the host: the sums are those of the CPU, in the order of ranks, whatever the sizes.
#include "../as_ranks.hpp"
#include "array.hpp"
#include <cstdlib>
#include <doctest/doctest.h>
#include <train/exchange.hpp>

using namespace kernels_tests;
using namespace penstock::train;

namespace {

float value_at(int rank, std::size_t i) { return rank == 0 ? 1e8F : rank == 1 ? static_cast<float>(i % 7) : -1e8F; }       // in float the order shows
float sum_at(int world, std::size_t i) {
    float sum = 0;
    for (int r = 0; r != world; ++r) sum += value_at(r, i);
    return sum;
}

} // namespace

TEST_CASE("staged: whole sums, shards of sums, and shards gathered again") {
    ::setenv("PENSTOCK_COMM", "staged", 1);
    for (int world : {2, 3})
        CHECK(on_ranks(world, [&](comm& ranks) {
            cuda::stream s;
            auto const link = exchange_on(s, ranks);
            require(link->rank() == ranks.rank() && link->world() == world, "the same ranks");
            constexpr std::size_t n = 4'500'001;        // more pieces than slots, and a rest
            std::vector<float> mine(n);
            for (std::size_t i = 0; i != n; ++i) mine[i] = value_at(ranks.rank(), i);
            array<float> x(n, s);
            x.put(mine);
            link->sum(x.gpu());
            auto got = x.get();
            for (std::size_t i = 0; i != n; ++i) require(got[i] == sum_at(world, i), "the sum");

            std::vector<shard> shards{{0, 1'500'000, world - 1}, {1'500'000, 5, 0}, {1'500'005, 0, 1}, {1'600'000, 2'900'001, 1}};       // not all of it, not in order, one empty
            x.put(mine);
            link->reduce_scatter(x.gpu(), shards);
            got = x.get();
            for (auto const& part : shards)
                for (auto i = static_cast<std::size_t>(part.first); part.rank == ranks.rank() && i != static_cast<std::size_t>(part.first + part.count); ++i) require(got[i] == sum_at(world, i), "a shard of the sum");
            for (auto& part : shards) part.first *= 4, part.count *= 4;
            got[1'550'000] = static_cast<float>(ranks.rank());
            x.put(got);
            link->all_gather(std::as_writable_bytes(x.gpu()), shards);
            got = x.get();
            for (auto const& part : shards)
                for (auto i = static_cast<std::size_t>(part.first / 4); i != static_cast<std::size_t>((part.first + part.count) / 4); ++i) require(got[i] == sum_at(world, i), "what is gathered");
            require(got[1'550'000] == static_cast<float>(ranks.rank()), "what lies between shards");

            array<double> d(3, s);
            d.put({1.0 / 3, static_cast<double>(ranks.rank()), 0});
            link->sum(d.gpu());
            require(d.get()[1] == world * (world - 1) / 2, "a sum in double");
        }) == silent(world));
    ::unsetenv("PENSTOCK_COMM");
}

TEST_CASE("PENSTOCK_COMM is one of three words") {
    ::setenv("PENSTOCK_COMM", "gloo", 1);
    auto const said = on_ranks(2, [](comm& ranks) {
        cuda::stream s;
        exchange_on(s, ranks);
    });
    CHECK(said[0] == "PENSTOCK_COMM=gloo is none of nccl, staged, auto");
    ::unsetenv("PENSTOCK_COMM");
}
