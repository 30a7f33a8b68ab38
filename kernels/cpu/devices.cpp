// In place of kernels/cuda/devices.cu where this build has no CUDA.
#include <penstock/train/devices.hpp>

namespace penstock::train {

device_list devices() { return {{}, "no CUDA device: this build was made without CUDA (no nvcc was found)"}; }

} // namespace penstock::train
