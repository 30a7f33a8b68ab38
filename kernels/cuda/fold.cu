// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/fold.cu
//
// Reads 4 bytes for each partial sum, which the first stage has just left in the L2 cache. There are few columns (some thousands) and up to 1,024 partial sums of each, so a block has only 32 columns, a cache line of
// each row, and its 16 warps share the rows; their 16 sums are added in order.
#include "fold.hpp"
#include "launch.hpp"

namespace penstock::train::cuda {
namespace {

__global__ void add_partials(float* sum, std::int64_t cols, float const* partial, std::int64_t count) {
    auto* const room = shared<float>();
    auto const c = static_cast<std::int64_t>(block_x()) * 32 + lane();
    int const warps = block_threads() / 32;
    float mine = 0;
    if (c < cols)
        for (std::int64_t p = warp(); p < count; p += warps) mine += partial[p * cols + c];
    room[thread_index()] = mine;
    sync_block();
    if (warp() != 0 || c >= cols) return;
    float total = 0;
    for (int w = 0; w != warps; ++w) total += room[w * 32 + lane()];
    sum[c] += total;
}

} // namespace

void fold(std::span<float> sum, float const* partial, std::int64_t count, stream& s) {
    auto const cols = static_cast<std::int64_t>(sum.size());
    launch({.x = ceil_div<std::int64_t>(cols, 32), .threads = 512, .shared = 512 * sizeof(float)}, s, add_partials, sum.data(), cols, partial, count);
}

} // namespace penstock::train::cuda
