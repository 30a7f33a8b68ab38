// Where a model runs: the GPU or the processor, by what --device says and what this machine and this build have.
#pragma once
#include <cstdint>
#include <string>
#include <penstock/train/comm.hpp>
#include <penstock/train/devices.hpp>
#include <penstock/train/trainer.hpp>
#include "training.hpp"

namespace distill {

struct place {
    penstock::train::place where = penstock::train::place::cpu;
    int index = 0;                      ///< of the GPU
    std::string name = "the processor"; ///< or "GPU 0 (NVIDIA H200)"
    int sharing = 1;                    ///< ranks that have it

    /// Bytes that a training may plan with; huge where nobody says.
    std::uint64_t memory() const;
    void to(penstock::train::trainer_options& how) const { how.place = where, how.device_index = index; }
};

/// Of several ranks on this host each takes the GPU of its number; where there are fewer, they share. Automatic passes over GPUs that are too old; fatal(access), with a word of --device cpu, where cuda was asked for and there is none.
place place_of(device asked, penstock::train::comm_options const& ranks, penstock::train::device_list const& found);
inline place place_of(device asked, penstock::train::comm_options const& ranks = {}) { return place_of(asked, ranks, asked == device::cpu ? penstock::train::device_list{} : penstock::train::devices()); }

/// The end of a sentence that says what does not fit into so many bytes: the first flags that would help, if any do. Another format and
/// adapters are proposed only where the run may have them.
struct may_change { bool format = true, adapters = true; };
std::string what_would_fit(penstock::train::qwen2_config const&, penstock::train::trainer_options, may_change, std::uint64_t bytes);

} // namespace distill
