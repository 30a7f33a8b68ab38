/// What the trainer can run on. Standard types and C++20 only, an error is a status: nvcc reads this header, and an exception of the CUDA runtime is none of its users' business.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace penstock::train {

struct device {
    std::string name;                   ///< as the driver calls it
    int major = 0, minor = 0;           ///< compute capability
    std::uint64_t memory = 0;           ///< bytes
    int processors = 0;                 ///< streaming multiprocessors
};

/// The GPUs in the driver's order. Where there is none, `all` is empty and `why` says in one line what is missing: a GPU, its driver, or CUDA in this build.
struct device_list {
    std::vector<device> all = {};
    std::string why = {};
};
device_list devices();

/// The least compute capability (its first number) that the trainer runs on: bf16 on the tensor cores, asynchronous copies.
inline constexpr int oldest_capability = 8;

/// Bytes of a GPU that nobody has taken, as its driver says; this makes the process known to it. 0 where there is none.
std::uint64_t free_memory(int index);

/// What a training may plan with of so many free bytes: not with what products need to work in, scratch memory, graphs and what the driver takes for itself.
constexpr std::uint64_t memory_to_plan(std::uint64_t free) {
    constexpr std::uint64_t kept = std::uint64_t{2} << 30;
    return free - (free / 8 < kept ? free / 8 : kept);
}

} // namespace penstock::train
