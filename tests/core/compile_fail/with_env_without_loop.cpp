// error: penstock::with: env.loop\(\) must offer run_one\(\), poll\(\) and post\(function\)
#include <penstock/core/env.hpp>
#include <penstock/core/map.hpp>
#include <vector>
namespace ps = penstock;
#ifdef SHOULD_FAIL
struct env {
    ps::ledger books;
    ps::ledger& ledger() { return books; }
    std::stop_token stop_token() const { return {}; }
};
#else
using env = ps::bare_env;
#endif
int main() {
    env e;
    [[maybe_unused]] auto rows = std::vector{1, 2} | ps::map([](int n) { return n; }) | ps::with(e);
}
