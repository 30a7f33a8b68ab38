// error: penstock::one_of: the same string stands there twice
#include <penstock/record/constrained.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
using level = ps::one_of<"high", "low", "high">;
#else
using level = ps::one_of<"high", "low">;
#endif
int main() { return static_cast<int>(level().index()); }
