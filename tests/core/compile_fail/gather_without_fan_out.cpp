// error: penstock::gather: there is no fan_out before it in this recipe
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/map.hpp>
#include <string>
#include <vector>
namespace ps = penstock;
struct essay { std::string text; };
constexpr auto criteria = [](essay const&) { return std::vector<int>{1, 2, 3, 4}; };
constexpr auto total = [](essay, ps::children<int> c) { return int(c.results.size()); };
#ifdef SHOULD_FAIL
constexpr auto recipe = ps::map([](essay) { return 1; }) | ps::gather(total);
#else
constexpr auto recipe = ps::fan_out(criteria) | ps::gather(total);
#endif
static_assert(ps::checked<essay>(recipe));
int main() {}
