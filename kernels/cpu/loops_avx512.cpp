// The loops for AVX-512 F, BW, DQ and VL; kernels/CMakeLists.txt gives this unit, and no other, the flags.
#define PENSTOCK_ISA avx512
#define PENSTOCK_BYTES 64
#define PENSTOCK_TILE_ROWS 12
#include "loops.ipp"
