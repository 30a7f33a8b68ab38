// error: penstock::number: the least value is greater than the greatest
#include <penstock/record/constrained.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
using band = ps::number<9.0, 0.0, 0.5>;
#else
using band = ps::number<0.0, 9.0, 0.5>;
#endif
int main() { return band() == 1; }
