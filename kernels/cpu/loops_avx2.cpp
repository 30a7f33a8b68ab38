// The loops for AVX2 and FMA; kernels/CMakeLists.txt gives this unit, and no other, the flags.
#define PENSTOCK_ISA avx2
#define PENSTOCK_BYTES 32
#define PENSTOCK_TILE_ROWS 6
#include "loops.ipp"
