// error: penstock::tap: the function must take a const reference to the record type of the stage before it and return nothing
#include <penstock/core/tap.hpp>
#include <string>
namespace ps = penstock;
struct essay { std::string text; };
#ifdef SHOULD_FAIL
constexpr auto look = ps::tap([](essay& e) { e.text.clear(); });
#else
constexpr auto look = ps::tap([](essay const& e) { (void)e.text.size(); });
#endif
static_assert(ps::checked<essay>(look));
int main() {}
