/// The one place where ranks meet machines: an exchange whose arrays lie in the machine's memory and whose calls take their turn on its stream. The CPU's memory is the host's, so there the ranks themselves will do.
#pragma once
#include <memory>
#include <penstock/train/comm.hpp>

namespace penstock::train {

namespace cpu { struct stream; }
namespace cuda { class stream; }

/// Null: `ranks` itself. Everybody's call; `ranks` and the stream live longer.
inline std::unique_ptr<exchange> exchange_on(cpu::stream&, comm&) { return nullptr; }
std::unique_ptr<exchange> exchange_on(cuda::stream&, comm& ranks);          ///< over NCCL or through the host; PENSTOCK_COMM=nccl|staged|auto

} // namespace penstock::train
