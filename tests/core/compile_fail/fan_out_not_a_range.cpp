// error: penstock::fan_out: the function must return a range of children
#include <penstock/core/fan_out.hpp>
#include <string>
#include <vector>
namespace ps = penstock;
struct essay { std::string text; };
#ifdef SHOULD_FAIL
constexpr auto recipe = ps::fan_out([](essay const& e) { return e.text.size(); });
#else
constexpr auto recipe = ps::fan_out([](essay const& e) { return std::vector{e.text.size()}; });
#endif
static_assert(ps::checked<essay>(recipe));
int main() {}
