// error: penstock::any_stage: it is compiled for another env than the one that the recipe runs with
#include <penstock/core/any_stage.hpp>
#include <penstock/core/env.hpp>
#include <vector>
namespace ps = penstock;
struct env_with_a_model : ps::bare_env {};
#ifdef SHOULD_FAIL
using mine = env_with_a_model;
#else
using mine = ps::bare_env;
#endif
ps::any_stage<int, int, ps::bare_env> twice();
int main() {
    mine env;
    [[maybe_unused]] auto rows = std::vector{1, 2} | twice() | ps::with(env);
}
