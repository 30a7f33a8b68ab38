// error: penstock::sample: inside a family, between fan_out and gather, it would wait for children whose parents wait for it
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/sample.hpp>
#include <vector>
namespace ps = penstock;
constexpr auto split = ps::fan_out([](int n) { return std::vector<int>{n, n}; });
constexpr auto join = ps::gather([](int n, ps::children<int>) { return n; });
#ifdef SHOULD_FAIL
constexpr auto recipe = split | ps::sample(10, 42) | join;
#else
constexpr auto recipe = ps::sample(10, 42) | split | join;
#endif
static_assert(ps::checked<int>(recipe));
int main() {}
