// error: penstock::fan_out: nobody gathers this family: put gather\(join\) after it, or write flat_map
#include <penstock/core/env.hpp>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/flat_map.hpp>
#include <vector>
namespace ps = penstock;
int main() {
    ps::bare_env env;
    auto parts = [](int n) { return std::vector<int>{n, n}; };
#ifdef SHOULD_FAIL
    [[maybe_unused]] auto rows = std::vector{1, 2} | ps::fan_out(parts) | ps::with(env);
#else
    [[maybe_unused]] auto rows = std::vector{1, 2} | ps::flat_map(parts) | ps::with(env);
#endif
}
