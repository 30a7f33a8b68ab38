// error: penstock::gather: the join must take the parent record of the fan_out and penstock::children
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/map.hpp>
#include <string>
#include <vector>
namespace ps = penstock;
struct essay { std::string text; };
#ifdef SHOULD_FAIL
constexpr auto score = ps::map([](int) { return std::string(); });
#else
constexpr auto score = ps::map([](int n) { return n; });
#endif
constexpr auto recipe = ps::fan_out([](essay const&) { return std::vector<int>{1, 2}; }) | score
                      | ps::gather([](essay, ps::children<int> c) { return int(c.born); });
static_assert(ps::checked<essay>(recipe));
int main() {}
