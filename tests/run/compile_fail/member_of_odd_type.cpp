// error: penstock::run: a member of an options struct is bool, a number, std::string, an enum, run::secret, std::optional or std::vector of one of them, or a struct with flags of its own
#include <penstock/run/options.hpp>
namespace run = penstock::run;
struct options {
#ifdef SHOULD_FAIL
    char const* name = "";
#else
    std::string name = "";
#endif
    static constexpr run::option flags[] = {{.member = "name", .help = "a name"}};
};
int main() { options o; return int(run::detail::bindings(o).size()); }
