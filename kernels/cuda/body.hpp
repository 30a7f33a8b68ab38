/// What is inside a stream of a real GPU, for the files that speak to the driver or one of its libraries (runtime.cpp, product.cpp).
#pragma once
#include "recordings.hpp"
#include "staging.hpp"
#include "stream.hpp"
#include <cuda_runtime_api.h>
#include <memory>
#include <penstock/core/fatal.hpp>
#include <string>

namespace penstock::train::cuda {

/// What is not cudaSuccess ends the run: fatal(internal) with the call's name and the runtime's words.
inline void check(cudaError_t e, char const* call) {
    if (e == cudaSuccess) return;
    (void)cudaGetLastError();       // so that the next launch does not answer for this one
    throw fatal(exit_code::internal, std::string(call) + ": " + cudaGetErrorString(e));
}

struct products;        // cuBLASLt, its workspace and its plans (product.cpp)
struct free_products { void operator()(products*) const; };
struct destroy_graph { void operator()(cudaGraphExec_t g) const { (void)cudaGraphExecDestroy(g); } };
using graph = std::unique_ptr<std::remove_pointer_t<cudaGraphExec_t>, destroy_graph>;

cudaStream_t queue_of(stream&);     ///< and its device is this thread's

struct stream::body {
    int device = 0, processors = 0;
    cudaStream_t queue = nullptr;
    bool wants_graphs = graphs_are_wanted();
    bool capturing = false;         ///< what is queued goes into a graph: no memory may be taken, nobody may wait
    buffer scratch = {};
    std::size_t scratch_bytes = 0;
    staging ring = {};
    struct slot {
        std::byte* memory = nullptr;
        cudaEvent_t read = nullptr;
    } slots[staging::slots] = {};
    std::unique_ptr<products, free_products> library = {};
    recordings<graph> graphs = {};
};

} // namespace penstock::train::cuda
