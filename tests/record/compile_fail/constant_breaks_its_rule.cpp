// error: (is not a constant expression|must be initialized by a constant expression)
#include <penstock/record/constrained.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
constexpr ps::number<0.0, 9.0, 0.5> band = 6.3;
#else
constexpr ps::number<0.0, 9.0, 0.5> band = 6.5;
#endif
int main() { return band == 1; }
