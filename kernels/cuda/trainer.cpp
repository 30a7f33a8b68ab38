// The trainer on a GPU: the session of train/session.hpp over Cuda<float> and Cuda<bf16>. Host code.
#include "../train/session.hpp"
#include "cuda.hpp"

namespace penstock::train {

std::unique_ptr<trainer> make_on_cuda(qwen2_config const& c, trainer_options const& o) {
    switch (o.precision) {
    case precision::f32: return std::make_unique<session<Cuda<float>>>(c, o, o.device_index);
    case precision::bf16: return std::make_unique<session<Cuda<bf16>>>(c, o, o.device_index);
    default: throw fatal(exit_code::usage, "on a GPU the trainer computes in float or bf16; double is the CPU's");
    }
}

} // namespace penstock::train
