// error: penstock::any_stage: these stages do not give the records, or not in the families, that it is declared to give
#include <penstock/core/any_stage.hpp>
#include <penstock/core/env.hpp>
#include <penstock/core/fan_out.hpp>
#include <vector>
namespace ps = penstock;
constexpr auto halves = ps::fan_out([](int n) { return std::vector{n / 2, n - n / 2}; });
#ifdef SHOULD_FAIL
ps::any_stage<int, int, ps::bare_env> split() { return halves; }
#else
ps::any_stage<int, ps::stream<int, int>, ps::bare_env> split() { return halves; }
#endif
int main() {}
