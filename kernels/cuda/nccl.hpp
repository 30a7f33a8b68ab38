/// Ranks with a GPU each, over NCCL: its sums come in the order of its rings and trees, which two runs on the same machines share.
#pragma once
#include "stream.hpp"
#include <penstock/train/comm.hpp>

namespace penstock::train::cuda {

#ifdef PENSTOCK_WITH_NCCL
inline constexpr bool has_nccl = true;
std::unique_ptr<exchange> over_nccl(stream&, comm& ranks);
#else
inline constexpr bool has_nccl = false;
inline std::unique_ptr<exchange> over_nccl(stream&, comm&) { return nullptr; }
#endif

} // namespace penstock::train::cuda
