// error: penstock::through: this is not a view adaptor that takes a single-pass range
#include <penstock/core/through.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
constexpr auto recipe = ps::through(std::views::reverse);       // would have to read everything first
#else
constexpr auto recipe = ps::through(std::views::drop(1));
#endif
static_assert(ps::checked<int>(recipe));
int main() {}
