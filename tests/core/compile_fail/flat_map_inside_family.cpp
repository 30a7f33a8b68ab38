// error: penstock::flat_map: inside a family, between fan_out and gather, its children would lose their parent
#include <penstock/core/fan_out.hpp>
#include <penstock/core/flat_map.hpp>
#include <penstock/core/gather.hpp>
#include <vector>
namespace ps = penstock;
constexpr auto parts = [](int n) { return std::vector<int>{n, n}; };
constexpr auto join = ps::gather([](int n, ps::children<int>) { return n; });
#ifdef SHOULD_FAIL
constexpr auto recipe = ps::fan_out(parts) | ps::flat_map(parts) | join;
#else
constexpr auto recipe = ps::fan_out(parts) | ps::fan_out(parts) | join | join;
#endif
static_assert(ps::checked<int>(recipe));
int main() {}
