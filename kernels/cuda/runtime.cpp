// Streams, memory and graphs of a real GPU (host code, the host's compiler); emulated/runtime.cpp plays them on the CPU. Every call's answer is looked at: what a user can mend (no GPU, no room) is said in his words, all else is fatal(internal) with the
// call's name. Destructors alone ask nothing: after an error that cannot be mended every call answers with it again.
//
// A thread has a device of its own, so every entry sets the stream's first.
#include "body.hpp"
#include "cuda.hpp"
#include "profile.hpp"
#include <cstdio>
#include <penstock/train/devices.hpp>

namespace penstock::train {
namespace cuda {
namespace {

void outside_graphs(stream::body const& b, char const* what) {
    if (b.capturing) throw fatal(exit_code::internal, std::string(what) + " inside work that is recorded as a graph");
}

std::string gibibytes(std::size_t bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GiB", static_cast<double>(bytes) / (1 << 30));
    return text;
}

buffer take(std::size_t bytes) {
    void* p = nullptr;
    auto const e = cudaMalloc(&p, std::max<std::size_t>(bytes, 256));
    if (e == cudaErrorMemoryAllocation) {
        (void)cudaGetLastError();
        std::size_t free = 0, all = 0;
        check(cudaMemGetInfo(&free, &all), "cudaMemGetInfo");
        throw fatal(exit_code::usage, "the GPU has no room for " + gibibytes(bytes) + ": " + gibibytes(free) + " of its " + gibibytes(all) + " are free");
    }
    check(e, "cudaMalloc");
    return buffer(static_cast<std::byte*>(p));
}

// staging's queue.
struct uploads {
    stream::body& b;
    std::byte* memory(int slot) {
        auto& s = b.slots[slot];
        if (!s.memory) {
            void* p = nullptr;
            check(cudaMallocHost(&p, staging::slot_bytes), "cudaMallocHost");
            s.memory = static_cast<std::byte*>(p);
        }
        return s.memory;
    }
    void copy(std::byte* to, std::byte const* from, std::size_t bytes) { check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, b.queue), "cudaMemcpyAsync to the GPU"); }
    void close(int slot) {
        auto& s = b.slots[slot];
        if (!s.read) check(cudaEventCreateWithFlags(&s.read, cudaEventDisableTiming), "cudaEventCreate");
        check(cudaEventRecord(s.read, b.queue), "cudaEventRecord");
    }
    void wait(int slot) {
        if (b.slots[slot].read) check(cudaEventSynchronize(b.slots[slot].read), "cudaEventSynchronize");
    }
};

thread_local void const* launched = nullptr;        // for the message

} // namespace

void free_memory::operator()(std::byte* p) const { (void)cudaFree(p); }

stream::stream(int device) : body_(std::make_unique<body>()) {
    int count = 0;
    if (cudaGetDeviceCount(&count) != cudaSuccess || count == 0) throw fatal(exit_code::access, devices().why);
    if (device < 0 || device >= count) throw fatal(exit_code::access, "no GPU " + std::to_string(device) + ": this machine has " + std::to_string(count) + ", counted from 0");
    int major = 0;
    check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "cudaDeviceGetAttribute");
    if (major < oldest_capability) throw fatal(exit_code::access, "GPU " + std::to_string(device) + " has compute capability " + std::to_string(major) + ".x, the trainer needs " + std::to_string(oldest_capability) + ".0");
    if (auto const e = cudaSetDevice(device); e != cudaSuccess) throw fatal(exit_code::access, "GPU " + std::to_string(device) + " cannot be used: " + cudaGetErrorString(e));
    body_->device = device;
    check(cudaDeviceGetAttribute(&body_->processors, cudaDevAttrMultiProcessorCount, device), "cudaDeviceGetAttribute");
    check(cudaStreamCreateWithFlags(&body_->queue, cudaStreamNonBlocking), "cudaStreamCreate");
}

stream::~stream() {
    (void)cudaSetDevice(body_->device);
    (void)cudaStreamSynchronize(body_->queue);
    body_->graphs.forget();
    for (auto const& s : body_->slots) {
        if (s.read) (void)cudaEventDestroy(s.read);
        if (s.memory) (void)cudaFreeHost(s.memory);
    }
    body_->library.reset();
    (void)cudaStreamDestroy(body_->queue);
}

std::byte* stream::scratch(std::size_t bytes) {
    if (bytes > body_->scratch_bytes) {
        outside_graphs(*body_, "scratch memory that grows");
        check(cudaStreamSynchronize(queue_of(*this)), "cudaStreamSynchronize");     // what is queued works in the old one
        body_->graphs.forget();                                                     // and what is recorded
        body_->scratch.reset(), body_->scratch_bytes = 0;
        body_->scratch = take(bytes);
        body_->scratch_bytes = bytes;
    }
    return body_->scratch.get();
}

int stream::processors() const { return body_->processors; }

cudaStream_t queue_of(stream& s) {
    check(cudaSetDevice((*s).device), "cudaSetDevice");
    return (*s).queue;
}

void begin_launch(void const* kernel, std::size_t shared) {
    launched = kernel;
    if (shared > 48 * 1024) check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared)), "cudaFuncSetAttribute");
}

void end_launch() {
    auto const e = cudaGetLastError();
    if (e == cudaSuccess) return;
    char const* name = nullptr;
    if (cudaFuncGetName(&name, launched) != cudaSuccess) name = "a kernel";
    throw fatal(exit_code::internal, std::string("launching ") + name + ": " + cudaGetErrorString(e));
}

void captured(shape_key const& key, stream& s, std::function<void()> const& work) {
    auto& b = *s;
    if (!b.wants_graphs || profile::on) return work();
    auto const queue = queue_of(s);
    auto const capture = [&](std::function<void()> const& f) -> std::optional<graph> {
        cudaGraph_t recorded = nullptr;
        cudaGraphExec_t made = nullptr;
        std::string why;
        check(cudaStreamBeginCapture(queue, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
        b.capturing = true;
        try {
            f();
        } catch (std::exception const& e) { why = e.what(); }
        b.capturing = false;
        auto e = cudaStreamEndCapture(queue, &recorded);
        if (why.empty() && e == cudaSuccess) e = cudaGraphInstantiate(&made, recorded, 0);
        if (recorded) (void)cudaGraphDestroy(recorded);
        if (why.empty() && e == cudaSuccess) return graph(made);
        (void)cudaGetLastError();
        std::fprintf(stderr, "trainer: a step cannot be recorded as a graph and is queued piece by piece: %s\n", why.empty() ? cudaGetErrorString(e) : why.c_str());
        return std::nullopt;
    };
    b.graphs.run(key, work, capture, [&](graph const& g) {
        check(cudaGraphLaunch(g.get(), queue), "cudaGraphLaunch");
        ++graphs_played;
    });
}

} // namespace cuda

// Zeroed and done when it returns: streams do not wait for the one that zeroes.
template<class S> typename Cuda<S>::buffer Cuda<S>::allocate(std::size_t bytes) {
    auto b = cuda::take(bytes);
    cuda::check(cudaMemset(b.get(), 0, std::max<std::size_t>(bytes, 256)), "cudaMemset");
    cuda::check(cudaStreamSynchronize(nullptr), "cudaStreamSynchronize");
    return b;
}
template<class S> void Cuda<S>::clear(std::byte* p, std::size_t bytes, stream& s) {
    cuda::timed const clock(s, "memory", nullptr);
    if (bytes > 0) cuda::check(cudaMemsetAsync(p, 0, bytes, cuda::queue_of(s)), "cudaMemsetAsync");
}
template<class S> void Cuda<S>::upload(std::byte* to, std::byte const* from, std::size_t bytes, stream& s) {
    if (bytes == 0) return;
    cuda::outside_graphs(*s, "an upload");
    cuda::queue_of(s);
    cuda::uploads queue{*s};
    (*s).ring.upload(queue, to, from, bytes);
}
template<class S> void Cuda<S>::download(std::byte* to, std::byte const* from, std::size_t bytes, stream& s) {
    cuda::outside_graphs(*s, "a download");
    auto const queue = cuda::queue_of(s);
    if (bytes > 0) cuda::check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, queue), "cudaMemcpyAsync from the GPU");
    cuda::check(cudaStreamSynchronize(queue), "cudaStreamSynchronize");
}
template<class S> void Cuda<S>::copy(std::byte* to, std::byte const* from, std::size_t bytes, stream& s) {
    if (bytes > 0) cuda::check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, cuda::queue_of(s)), "cudaMemcpyAsync on the GPU");
}

template struct Cuda<bf16>;     // what is defined here; the operations are instantiated in their own files
template struct Cuda<float>;

} // namespace penstock::train
