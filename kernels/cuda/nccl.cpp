// Host code. The ranks' TCP star brings them together (NCCL's id goes over it) and outlives them: who has died is found out there, not here, where a GPU would wait for it for good.
#include "nccl.hpp"
#include <exception>
#include <nccl.h>
#include <penstock/core/fatal.hpp>

namespace penstock::train::cuda {

cudaStream_t queue_of(stream&);     // and its device is this thread's

namespace {

class nccl final : public exchange {
public:
    nccl(stream& s, comm& host) : stream_(s), rank_(host.rank()), world_(host.world()) {
        ncclUniqueId id = {};
        if (rank_ == 0) check(ncclGetUniqueId(&id), "ncclGetUniqueId");
        shard const of_root{0, sizeof id, 0};
        host.all_gather(std::as_writable_bytes(std::span(&id, 1)), {&of_root, 1});
        queue_of(s);
        check(ncclCommInitRank(&comm_, world_, id, rank_), "ncclCommInitRank");
    }
    ~nccl() override {      // while an exception passes, others may be gone: to wait for them would be for good
        if (std::uncaught_exceptions() > entered_) (void)ncclCommAbort(comm_);
        else if (comm_) (void)ncclCommDestroy(comm_);
    }
    nccl(nccl const&) = delete;
    nccl& operator=(nccl const&) = delete;

    int rank() const override { return rank_; }
    int world() const override { return world_; }
    void sum(std::span<float> x) override { sum_all(x, ncclFloat); }
    void sum(std::span<double> x) override { sum_all(x, ncclDouble); }
    void reduce_scatter(std::span<float> x, std::span<shard const> shards) override { sum_shards(x, shards, ncclFloat); }
    void reduce_scatter(std::span<double> x, std::span<shard const> shards) override { sum_shards(x, shards, ncclDouble); }
    void all_gather(std::span<std::byte> x, std::span<shard const> shards) override {
        auto const queue = queue_of(stream_);
        if (even(shards)) {
            auto* const all = x.data() + shards[0].first;
            return check(ncclAllGather(all + rank_ * shards[0].count, all, static_cast<std::size_t>(shards[0].count), ncclInt8, comm_, queue), "ncclAllGather");
        }
        as_group(shards, [&](shard const& s, std::size_t count) {
            auto* const at = x.data() + s.first;
            return ncclBroadcast(at, at, count, ncclInt8, s.rank, comm_, queue);
        }, "ncclBroadcast");
    }

private:
    template<class T> void sum_all(std::span<T> x, ncclDataType_t type) { check(ncclAllReduce(x.data(), x.data(), x.size(), type, ncclSum, comm_, queue_of(stream_)), "ncclAllReduce"); }
    template<class T> void sum_shards(std::span<T> x, std::span<shard const> shards, ncclDataType_t type) {
        auto const queue = queue_of(stream_);
        if (even(shards)) {
            auto* const all = x.data() + shards[0].first;
            return check(ncclReduceScatter(all, all + rank_ * shards[0].count, static_cast<std::size_t>(shards[0].count), type, ncclSum, comm_, queue), "ncclReduceScatter");
        }
        as_group(shards, [&](shard const& s, std::size_t count) {
            auto* const at = x.data() + s.first;
            return ncclReduce(at, at, count, type, ncclSum, s.rank, comm_, queue);
        }, "ncclReduce");
    }

    // One shard a rank, side by side, all of one size: NCCL has a call for that. Everything else is one call a shard, started together.
    bool even(std::span<shard const> shards) const {
        bool is = shards.size() == static_cast<std::size_t>(world_);
        for (std::size_t r = 0; is && r != shards.size(); ++r) is = shards[r].rank == static_cast<int>(r) && shards[r].count == shards[0].count && shards[r].first == shards[0].first + static_cast<std::int64_t>(r) * shards[0].count;
        return is;
    }
    template<class F> void as_group(std::span<shard const> shards, F const& call, char const* name) const {
        check(ncclGroupStart(), "ncclGroupStart");
        for (auto const& s : shards)
            if (s.count > 0) check(call(s, static_cast<std::size_t>(s.count)), name);
        check(ncclGroupEnd(), "ncclGroupEnd");
    }
    void check(ncclResult_t r, char const* call) const {
        if (r == ncclSuccess) return;
        auto const* const more = ncclGetLastError(comm_);
        throw fatal(exit_code::endpoint, "rank " + std::to_string(rank_) + " of " + std::to_string(world_) + ": " + call + ": " + ncclGetErrorString(r) + (more && *more ? std::string(" (") + more + ")" : "") +
                                             (r == ncclInvalidUsage ? "; PENSTOCK_COMM=staged speaks through the host" : ""));
    }

    stream& stream_;
    int rank_, world_;
    ncclComm_t comm_ = nullptr;
    int entered_ = std::uncaught_exceptions();
};

} // namespace

std::unique_ptr<exchange> over_nccl(stream& s, comm& ranks) { return std::make_unique<nccl>(s, ranks); }

} // namespace penstock::train::cuda
