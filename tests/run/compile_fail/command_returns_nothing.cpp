// error: penstock::run::command: the function takes .Options const&, run::job&. and returns penstock::exit_code
#include <penstock/run/main.hpp>
namespace run = penstock::run;
struct options { int seed = 42; static constexpr run::option flags[] = {{.member = "seed", .help = "the seed"}}; };
#ifdef SHOULD_FAIL
auto const command = run::command<options>("", "", [](options const&, run::job&) {});
#else
auto const command = run::command<options>("", "", [](options const&, run::job&) { return penstock::exit_code::complete; });
#endif
int main() {}
