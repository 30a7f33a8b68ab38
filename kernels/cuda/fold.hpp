/// The second stage of a sum over rows: sum[c] += Σ over `count` rows of partial, each as long as sum. How many partial sums there are is the first stage's choice, by sizes alone.
#pragma once
#include "stream.hpp"
#include <cstdint>
#include <span>

namespace penstock::train::cuda {

void fold(std::span<float> sum, float const* partial, std::int64_t count, stream&);

} // namespace penstock::train::cuda
