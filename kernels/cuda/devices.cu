// nvcc -O3 -std=c++20 -arch=sm_90a -Iinclude -c kernels/cuda/devices.cu
// kernels/cpu/no_cuda.cpp answers in its place where this build has no CUDA.
#include <penstock/train/devices.hpp>
#include <cuda_runtime_api.h>

namespace penstock::train {
namespace {
std::string reason(char const* call, cudaError_t e) {
    int driver = 0;         // the runtime calls a driver that is missing one that is too old
    if (e == cudaErrorInsufficientDriver && cudaDriverGetVersion(&driver) == cudaSuccess && driver == 0) return std::string(call) + ": no NVIDIA driver on this machine";
    return std::string(call) + ": " + cudaGetErrorString(e);
}
}

device_list devices() {
    int count = 0;      // without a driver the runtime answers 35 and leaves the count as it was
    if (auto const e = cudaGetDeviceCount(&count); e != cudaSuccess) return {{}, reason("no CUDA device", e)};
    if (count == 0) return {{}, "no CUDA device: the driver lists none"};
    device_list list;
    for (int i = 0; i != count; ++i) {
        cudaDeviceProp p{};
        if (auto const e = cudaGetDeviceProperties(&p, i); e != cudaSuccess) return {{}, reason("cudaGetDeviceProperties", e)};
        list.all.push_back({p.name, p.major, p.minor, p.totalGlobalMem, p.multiProcessorCount});
    }
    return list;
}

std::uint64_t free_memory(int index) {
    std::size_t free = 0, all = 0;
    return cudaSetDevice(index) == cudaSuccess && cudaMemGetInfo(&free, &all) == cudaSuccess ? free : 0;
}

} // namespace penstock::train
