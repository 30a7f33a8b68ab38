// How ranks on GPUs speak. NCCL where every rank has a GPU of its own; else, or with PENSTOCK_COMM=staged, through the host: what a GPU has travels in pieces through pinned memory and the ranks' TCP star, in the order of
// ranks, so that the bits are those of the CPU's sums. A piece is copied while the one before it is on the network.
#include "../train/exchange.hpp"
#include "nccl.hpp"
#include "transfers.hpp"
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <penstock/core/fatal.hpp>
#include <string_view>
#include <vector>

namespace penstock::train {
namespace cuda {
namespace {

class staged final : public exchange {
public:
    staged(stream& s, comm& host) : host_(host), transfers_(s) {}
    int rank() const override { return host_.rank(); }
    int world() const override { return host_.world(); }
    void sum(std::span<float> x) override { sum_all(x); }
    void sum(std::span<double> x) override { sum_all(x); }
    void reduce_scatter(std::span<float> x, std::span<shard const> shards) override { sum_shards(x, shards); }
    void reduce_scatter(std::span<double> x, std::span<shard const> shards) override { sum_shards(x, shards); }
    void all_gather(std::span<std::byte> x, std::span<shard const> shards) override {
        pass(x, shards, [&](int owner) { return owner == rank(); }, [&](int owner) { return owner != rank(); },
             [&](std::span<std::byte> p, int owner) { host_.all_gather(p, std::vector<shard>{{0, static_cast<std::int64_t>(p.size()), owner}}); });
    }

private:
    template<class T> void sum_all(std::span<T> x) {
        shard const all{0, static_cast<std::int64_t>(x.size()), 0};
        auto const everybody = [](int) { return true; };
        pass(x, {&all, 1}, everybody, everybody, [&](std::span<T> p, int) { host_.sum(p); });
    }
    template<class T> void sum_shards(std::span<T> x, std::span<shard const> shards) {
        pass(x, shards, [](int) { return true; }, [&](int owner) { return owner == rank(); },
             [&](std::span<T> p, int owner) { host_.reduce_scatter(p, std::vector<shard>{{0, static_cast<std::int64_t>(p.size()), owner}}); });
    }

    // f(piece on the host, its owner), piece by piece, with the next on its way; fetched from the GPU where fetches(owner), stored back where stores(owner).
    template<class T, class Fetches, class Stores, class F> void pass(std::span<T> x, std::span<shard const> shards, Fetches const& fetches, Stores const& stores, F const& f) {
        struct piece { std::span<T> on_gpu; int owner; };
        std::vector<piece> all;
        for (auto const& s : shards)
            for (std::int64_t at = s.first, last = s.first + s.count; at < last; at += per_slot<T>)
                all.push_back({x.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(std::min(per_slot<T>, last - at))), s.rank});
        auto const bytes = [](std::span<T> p) { return reinterpret_cast<std::byte*>(p.data()); };
        auto const slot = [](std::size_t i) { return static_cast<int>(i % transfers::slots); };
        for (std::size_t i = 0; i != all.size() + 1; ++i) {
            if (i != all.size() && fetches(all[i].owner)) {
                transfers_.wait(slot(i));
                transfers_.fetch(slot(i), bytes(all[i].on_gpu), all[i].on_gpu.size_bytes());
            }
            if (i == 0) continue;
            auto const& now = all[i - 1];
            transfers_.wait(slot(i - 1));
            f(std::span<T>{reinterpret_cast<T*>(transfers_.memory(slot(i - 1))), now.on_gpu.size()}, now.owner);
            if (stores(now.owner)) transfers_.store(slot(i - 1), bytes(now.on_gpu), now.on_gpu.size_bytes());
        }
    }
    template<class T> static constexpr std::int64_t per_slot = static_cast<std::int64_t>(transfers::slot_bytes / sizeof(T));

    comm& host_;
    transfers transfers_;
};

// What each rank wants, and its GPU.
struct ticket { char wish[8] = {}, gpu[304] = {}; };
template<std::size_t n> void put(char (&to)[n], std::string_view from) { std::memcpy(to, from.data(), std::min(from.size(), n - 1)); }

} // namespace
} // namespace cuda

std::unique_ptr<exchange> exchange_on(cuda::stream& s, comm& ranks) {
    auto const fail = [&](exit_code code, std::string const& why) { throw fatal(code, "rank " + std::to_string(ranks.rank()) + " of " + std::to_string(ranks.world()) + ": " + why); };
    char const* const word = std::getenv("PENSTOCK_COMM");
    std::string const wish = word && *word ? word : "auto";
    if (wish != "auto" && wish != "nccl" && wish != "staged") throw fatal(exit_code::usage, "PENSTOCK_COMM=" + wish + " is none of nccl, staged, auto");
    std::vector<cuda::ticket> all(static_cast<std::size_t>(ranks.world()));
    std::vector<shard> owners;
    for (int r = 0; r != ranks.world(); ++r) owners.push_back({r * static_cast<std::int64_t>(sizeof(cuda::ticket)), sizeof(cuda::ticket), r});
    auto& mine = all[static_cast<std::size_t>(ranks.rank())];
    cuda::put(mine.wish, !cuda::has_nccl && wish == "auto" ? "staged" : wish), cuda::put(mine.gpu, cuda::device_of(s));
    ranks.all_gather(std::as_writable_bytes(std::span(all)), owners);

    int one = -1, other = -1;       // two ranks on one GPU
    for (int r = 0; r != ranks.world(); ++r) {
        auto const& t = all[static_cast<std::size_t>(r)];
        if (std::strcmp(t.wish, mine.wish) != 0) fail(exit_code::usage, std::string("PENSTOCK_COMM is ") + mine.wish + " here and " + t.wish + " on rank " + std::to_string(r));
        for (int q = 0; q != r && other < 0; ++q)
            if (std::strcmp(all[static_cast<std::size_t>(q)].gpu, t.gpu) == 0) one = q, other = r;
    }
    if (wish == "nccl" && !cuda::has_nccl) fail(exit_code::usage, "this build has no NCCL; PENSTOCK_COMM=staged speaks through the host");
    if (wish == "nccl" && other >= 0) fail(exit_code::usage, "ranks " + std::to_string(one) + " and " + std::to_string(other) + " share GPU " + all[static_cast<std::size_t>(one)].gpu + ", which NCCL refuses; PENSTOCK_COMM=staged speaks through the host");
    if (std::strcmp(mine.wish, "staged") == 0 || other >= 0) return std::make_unique<cuda::staged>(s, ranks);
    return cuda::over_nccl(s, ranks);
}

} // namespace penstock::train
