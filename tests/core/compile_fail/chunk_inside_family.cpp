// error: penstock::chunk: inside a family, between fan_out and gather, it would mix the children of several parents
#include <penstock/core/chunk.hpp>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/flat_map.hpp>
#include <vector>
namespace ps = penstock;
constexpr auto parts = [](int n) { return std::vector<int>{n, n}; };
#ifdef SHOULD_FAIL
constexpr auto recipe = ps::fan_out(parts) | ps::chunk<8>();
#else
constexpr auto recipe = ps::flat_map(parts) | ps::chunk<8>();
#endif
static_assert(ps::checked<int>(recipe));
int main() {}
