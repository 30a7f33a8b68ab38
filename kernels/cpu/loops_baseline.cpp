// The loops for SSE2, which every x86-64 has; kernels/CMakeLists.txt gives this unit, and no other, the flags.
#define PENSTOCK_ISA baseline
#define PENSTOCK_BYTES 16
#define PENSTOCK_TILE_ROWS 4
#include "loops.ipp"
