// error: penstock::through: inside a family, between fan_out and gather, a view would lose which child is whose
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/through.hpp>
#include <vector>
namespace ps = penstock;
constexpr auto split = ps::fan_out([](int n) { return std::vector<int>{n, n}; });
constexpr auto join = ps::gather([](int n, ps::children<int>) { return n; });
#ifdef SHOULD_FAIL
constexpr auto recipe = split | ps::through(std::views::drop(1)) | join;
#else
constexpr auto recipe = split | join | ps::through(std::views::drop(1));
#endif
static_assert(ps::checked<int>(recipe));
int main() {}
