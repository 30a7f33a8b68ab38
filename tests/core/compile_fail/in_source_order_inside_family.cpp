// error: penstock::in_source_order: inside a family, between fan_out and gather, it could wait for a child whose parent waits for it
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include <vector>
namespace ps = penstock;
constexpr auto split = ps::fan_out([](int n) { return std::vector<int>{n, n}; });
constexpr auto join = ps::gather([](int n, ps::children<int>) { return n; });
#ifdef SHOULD_FAIL
constexpr auto recipe = split | ps::in_source_order() | join;
#else
constexpr auto recipe = split | join | ps::in_source_order();
#endif
static_assert(ps::checked<int>(recipe));
int main() {}
