// error: penstock::number: the least and the greatest value must be whole multiples of the step
#include <penstock/record/constrained.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
using band = ps::number<0.0, 9.25, 0.5>;
#else
using band = ps::number<0.0, 9.5, 0.5>;
#endif
int main() { return band() == 1; }
