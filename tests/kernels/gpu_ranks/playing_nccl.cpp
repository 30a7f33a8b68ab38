#include "playing_nccl.hpp"
#include <condition_variable>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <nccl.h>

namespace kernels_tests::playing_nccl {
namespace {

struct call {
    std::string name;
    void const* send = nullptr;
    void* receive = nullptr;
    std::size_t count = 0;
    ncclDataType_t type = ncclInt8;
    int root = -1;
};

struct meeting {
    int world = 0;
    std::mutex m;
    std::condition_variable all_here;
    std::map<int, call> here;
    ncclResult_t result = ncclSuccess;
    unsigned round = 0;
};

std::mutex m;
std::map<int, std::vector<std::string>> written;
std::map<std::string, std::weak_ptr<meeting>> meetings;
std::string refused;
int ids = 0;
thread_local int depth = 0;
thread_local std::vector<std::pair<ncclComm_t, call>> waiting;

std::size_t width(ncclDataType_t t) { return t == ncclDouble ? 8 : t == ncclFloat ? 4 : 1; }
template<class T> void add(std::vector<std::byte>& sum, void const* x) {
    for (std::size_t i = 0; i != sum.size() / sizeof(T); ++i) {
        T a, b;
        std::memcpy(&a, sum.data() + i * sizeof(T), sizeof a), std::memcpy(&b, static_cast<std::byte const*>(x) + i * sizeof(T), sizeof b);
        a += b;
        std::memcpy(sum.data() + i * sizeof(T), &a, sizeof a);
    }
}

ncclResult_t together(meeting& g) {
    auto const& first = g.here.at(0);
    for (auto const& [r, c] : g.here)
        if (c.name != first.name || c.count != first.count || c.type != first.type || c.root != first.root) return ncclInvalidArgument;
    auto const bytes = first.count * width(first.type);
    std::vector<std::byte> all;
    auto sum = [&](std::size_t size) {
        all.resize(size);
        std::memcpy(all.data(), first.send, size);
        for (int r = 1; r != g.world; ++r)
            if (first.type == ncclDouble) add<double>(all, g.here.at(r).send);
            else add<float>(all, g.here.at(r).send);
    };
    if (first.name == "AllReduce") {
        sum(bytes);
        for (auto const& [r, c] : g.here) std::memcpy(c.receive, all.data(), bytes);
    } else if (first.name == "ReduceScatter") {
        sum(bytes * static_cast<std::size_t>(g.world));
        for (auto const& [r, c] : g.here) std::memcpy(c.receive, all.data() + static_cast<std::size_t>(r) * bytes, bytes);
    } else if (first.name == "Reduce") {
        sum(bytes);
        std::memcpy(g.here.at(first.root).receive, all.data(), bytes);
    } else if (first.name == "AllGather") {
        for (auto const& [r, c] : g.here) all.insert(all.end(), static_cast<std::byte const*>(c.send), static_cast<std::byte const*>(c.send) + bytes);
        for (auto const& [r, c] : g.here) std::memcpy(c.receive, all.data(), all.size());
    } else if (first.name == "Broadcast") {
        for (auto const& [r, c] : g.here)
            if (r != first.root) std::memcpy(c.receive, g.here.at(first.root).send, bytes);
    }
    return ncclSuccess;
}

} // namespace

std::vector<std::string> calls_of(int rank) {
    std::lock_guard const lock(m);
    return std::exchange(written[rank], {});
}
void refuse(std::string const& name) { refused = name; }

} // namespace kernels_tests::playing_nccl

using namespace kernels_tests::playing_nccl;

struct ncclComm {
    std::shared_ptr<meeting> with;
    int rank = 0;

    ncclResult_t meet(call const& c) {
        std::unique_lock lock(with->m);
        auto const round = with->round;
        with->here[rank] = c;
        if (static_cast<int>(with->here.size()) == with->world) {
            with->result = together(*with);
            with->here.clear();
            ++with->round;
            with->all_here.notify_all();
        } else with->all_here.wait(lock, [&] { return with->round != round; });
        return with->result;
    }
};

namespace {

void write(int rank, std::string line) {
    std::lock_guard const lock(m);
    written[rank].push_back(std::move(line));
}
ncclResult_t make(ncclComm_t c, call const& what) {
    if (what.name == refused) return ncclSystemError;
    write(c->rank, what.name + (what.type == ncclDouble ? " f64 " : what.type == ncclFloat ? " f32 " : " bytes ") + std::to_string(what.count) + (what.root < 0 ? "" : what.name == "Reduce" ? " to " + std::to_string(what.root) : " of " + std::to_string(what.root)));
    if (depth == 0) return c->meet(what);
    waiting.emplace_back(c, what);
    return ncclSuccess;
}

} // namespace

extern "C" {

ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
    std::lock_guard const lock(m);
    std::memset(id, 0, sizeof *id);
    std::snprintf(id->internal, sizeof id->internal, "meeting %d", ++ids);
    return ncclSuccess;
}
ncclResult_t ncclCommInitRank(ncclComm_t* c, int world, ncclUniqueId id, int rank) {
    if (refused == "CommInitRank") return ncclInvalidUsage;
    std::shared_ptr<meeting> with;
    {
        std::lock_guard const lock(m);
        auto& known = meetings[id.internal];
        if (with = known.lock(); !with) known = with = std::make_shared<meeting>(), with->world = world;
    }
    *c = new ncclComm{with, rank};
    return (*c)->meet({.name = "Init"});
}
ncclResult_t ncclCommDestroy(ncclComm_t c) { return write(c->rank, "CommDestroy"), delete c, ncclSuccess; }
ncclResult_t ncclCommAbort(ncclComm_t c) { return write(c->rank, "CommAbort"), delete c, ncclSuccess; }
char const* ncclGetErrorString(ncclResult_t r) { return r == ncclInvalidArgument ? "invalid argument" : r == ncclInvalidUsage ? "invalid usage" : "unhandled system error"; }
char const* ncclGetLastError(ncclComm_t) { return "as it was told to"; }

ncclResult_t ncclAllReduce(void const* from, void* to, std::size_t n, ncclDataType_t t, ncclRedOp_t, ncclComm_t c, cudaStream_t) { return make(c, {"AllReduce", from, to, n, t}); }
ncclResult_t ncclReduceScatter(void const* from, void* to, std::size_t n, ncclDataType_t t, ncclRedOp_t, ncclComm_t c, cudaStream_t) { return make(c, {"ReduceScatter", from, to, n, t}); }
ncclResult_t ncclReduce(void const* from, void* to, std::size_t n, ncclDataType_t t, ncclRedOp_t, int root, ncclComm_t c, cudaStream_t) { return make(c, {"Reduce", from, to, n, t, root}); }
ncclResult_t ncclAllGather(void const* from, void* to, std::size_t n, ncclDataType_t t, ncclComm_t c, cudaStream_t) { return make(c, {"AllGather", from, to, n, t}); }
ncclResult_t ncclBroadcast(void const* from, void* to, std::size_t n, ncclDataType_t t, int root, ncclComm_t c, cudaStream_t) { return make(c, {"Broadcast", from, to, n, t, root}); }

ncclResult_t ncclGroupStart() { return ++depth, ncclSuccess; }
ncclResult_t ncclGroupEnd() {
    if (--depth > 0) return ncclSuccess;
    auto r = ncclSuccess;
    if (waiting.size() > 1) write(waiting[0].first->rank, "together");
    for (auto const& [c, what] : std::exchange(waiting, {}))
        if (auto const now = c->meet(what); r == ncclSuccess) r = now;
    return r;
}

} // extern "C"
