// error: penstock::run: an entry of `flags` names no member of the options struct
#include <penstock/run/options.hpp>
namespace run = penstock::run;
struct options {
    int seed = 42;
#ifdef SHOULD_FAIL
    static constexpr run::option flags[] = {{.member = "seeed", .help = "the seed"}};
#else
    static constexpr run::option flags[] = {{.member = "seed", .help = "the seed"}};
#endif
};
int main() { options o; return int(run::detail::bindings(o).size()); }
