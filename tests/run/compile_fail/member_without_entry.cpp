// error: penstock::run: each member of an options struct has exactly one entry in `flags`: every flag has its help
#include <penstock/run/options.hpp>
namespace run = penstock::run;
struct options {
    int seed = 42;
#ifdef SHOULD_FAIL
    bool offline = false;
#endif
    static constexpr run::option flags[] = {{.member = "seed", .help = "the seed"}};
};
int main() { options o; return int(run::detail::bindings(o).size()); }
