// error: penstock::one_of: there is nothing to choose from
#include <penstock/record/constrained.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
using level = ps::one_of<>;
#else
using level = ps::one_of<"high">;
#endif
int main() { return static_cast<int>(level().index()); }
