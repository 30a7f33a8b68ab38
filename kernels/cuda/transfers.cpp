// Host code, of a real GPU; emulated/transfers.cpp plays it on the CPU.
#include "transfers.hpp"
#include "body.hpp"
#include <unistd.h>

namespace penstock::train::cuda {

struct transfers::body {
    stream& s;
    struct {
        std::byte* memory = nullptr;
        cudaEvent_t moved = nullptr;
    } slots[transfers::slots] = {};

    ~body() {
        (void)cudaStreamSynchronize((*s).queue);
        for (auto const& slot : slots) {
            if (slot.moved) (void)cudaEventDestroy(slot.moved);
            if (slot.memory) (void)cudaFreeHost(slot.memory);
        }
    }
};

transfers::transfers(stream& s) : body_(new body{s}) {
    queue_of(s);
    for (auto& slot : body_->slots) {
        void* p = nullptr;
        check(cudaMallocHost(&p, slot_bytes), "cudaMallocHost");
        slot.memory = static_cast<std::byte*>(p);
        check(cudaEventCreateWithFlags(&slot.moved, cudaEventDisableTiming), "cudaEventCreate");
    }
}
transfers::~transfers() = default;

std::byte* transfers::memory(int slot) const { return body_->slots[slot].memory; }
void transfers::fetch(int slot, std::byte const* from, std::size_t bytes) {
    auto const queue = queue_of(body_->s);
    check(cudaMemcpyAsync(memory(slot), from, bytes, cudaMemcpyDeviceToHost, queue), "cudaMemcpyAsync from the GPU");
    check(cudaEventRecord(body_->slots[slot].moved, queue), "cudaEventRecord");
}
void transfers::store(int slot, std::byte* to, std::size_t bytes) {
    auto const queue = queue_of(body_->s);
    check(cudaMemcpyAsync(to, memory(slot), bytes, cudaMemcpyHostToDevice, queue), "cudaMemcpyAsync to the GPU");
    check(cudaEventRecord(body_->slots[slot].moved, queue), "cudaEventRecord");
}
void transfers::wait(int slot) { check(cudaEventSynchronize(body_->slots[slot].moved), "cudaEventSynchronize"); }      // at once where nothing was ever queued

std::string device_of(stream& s) {
    char host[256] = {}, bus[32] = {};
    (void)::gethostname(host, sizeof host - 1);
    check(cudaDeviceGetPCIBusId(bus, sizeof bus, (*s).device), "cudaDeviceGetPCIBusId");
    return std::string(bus) + " of " + host;
}

} // namespace penstock::train::cuda
