// error: penstock::take: inside a family, between fan_out and gather, it would cut a parent's children off
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/take.hpp>
#include <vector>
namespace ps = penstock;
constexpr auto split = ps::fan_out([](int n) { return std::vector<int>{n, n}; });
constexpr auto join = ps::gather([](int n, ps::children<int>) { return n; });
#ifdef SHOULD_FAIL
constexpr auto recipe = split | ps::take(10) | join;
#else
constexpr auto recipe = split | join | ps::take(10);
#endif
static_assert(ps::checked<int>(recipe));
int main() {}
