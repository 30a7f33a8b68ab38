// error: penstock::text: the least length is greater than the greatest
#include <penstock/record/constrained.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
using words = ps::text<10, 1>;
#else
using words = ps::text<1, 10>;
#endif
int main() { return words("x").empty(); }
