// In place of onednn.cpp where the build has no oneDNN.
#include "cpu.hpp"

namespace penstock::train::cpu {
void use_library(bool) {}
} // namespace penstock::train::cpu
