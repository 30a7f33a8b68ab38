// error: penstock::number: the step must be greater than 0
#include <penstock/record/constrained.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
using band = ps::number<0.0, 9.0, 0.0>;
#else
using band = ps::number<0.0, 9.0, 0.5>;
#endif
int main() { return band() == 1; }
