/// NCCL's calls played among threads, on the host's memory, sums in the order of ranks: what is written down is what each rank called. Ranks whose calls do not fit together get ncclInvalidArgument, all of them.
#pragma once
#include <string>
#include <vector>

namespace kernels_tests::playing_nccl {

/// "AllReduce f64 48", "GroupStart", "Reduce f32 17 to 2", … of a rank, since the last time it was asked.
std::vector<std::string> calls_of(int rank);
/// The next calls of this name answer with an error, on every rank.
void refuse(std::string const& name);

} // namespace kernels_tests::playing_nccl
