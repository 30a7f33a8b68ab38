// error: penstock: the records of this source cannot be copied, and it keeps its own: move the source in
#include <penstock/core/map.hpp>
#include <memory>
#include <vector>
namespace ps = penstock;
constexpr auto values = ps::map([](std::unique_ptr<int> p) { return *p; });
std::vector<std::unique_ptr<int>> rows;
#ifdef SHOULD_FAIL
auto plan = rows | values;
#else
auto plan = std::move(rows) | values;
#endif
int main() {}
