// error: penstock::parallel: this env has no threads
#include <penstock/core/env.hpp>
#include <penstock/core/parallel.hpp>
#include <vector>
namespace ps = penstock;
struct lean_env {
    ps::mini_loop events;
    ps::ledger books;
    ps::mini_loop& loop() { return events; }
    ps::ledger& ledger() { return books; }
    std::stop_token stop_token() const { return {}; }
};
#ifdef SHOULD_FAIL
using env = lean_env;
#else
using env = ps::bare_env;
#endif
int main() {
    env e;
    for (auto&& item : std::vector{1, 2} | ps::parallel([](int n) { return n; }) | ps::with(e)) (void)item;
}
