// Where a model runs: the GPU or the processor, by what --device says and what this machine and this build have.
#pragma once
#include <cstddef>
#include <string>
#include <penstock/train/devices.hpp>
#include <penstock/train/trainer.hpp>
#include "training.hpp"

namespace distill {

struct place {
    penstock::train::place where = penstock::train::place::cpu;
    int index = 0;                      ///< of the GPU
    std::string name = "the processor"; ///< or "GPU 0 (NVIDIA H200)"

    void to(penstock::train::trainer_options& how) const { how.place = where, how.device_index = index; }
};

/// `local_rank` of several on this host takes the GPU of its number; where there are fewer, they share. Automatic passes over GPUs that are too old; fatal(access), with a word of --device cpu, where cuda was asked for and there is none.
place place_of(device asked, int local_rank, penstock::train::device_list const& found);
inline place place_of(device asked, int local_rank = 0) { return place_of(asked, local_rank, asked == device::cpu ? penstock::train::device_list{} : penstock::train::devices()); }

} // namespace distill
