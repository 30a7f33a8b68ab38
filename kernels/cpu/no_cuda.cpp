// What cuda/ answers in builds that have CUDA.
#include "../train/session.hpp"
#include <penstock/train/devices.hpp>

namespace penstock::train {

device_list devices() { return {{}, "no CUDA device: this build was made without CUDA (no nvcc was found)"}; }
std::uint64_t free_memory(int) { return 0; }
std::unique_ptr<trainer> make_on_cuda(qwen2_config const&, trainer_options const&) { throw fatal(exit_code::access, devices().why); }

} // namespace penstock::train
