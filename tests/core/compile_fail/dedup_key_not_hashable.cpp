// error: penstock::dedup: the key must be comparable with == and have a std::hash
#include <penstock/core/dedup.hpp>
#include <string>
namespace ps = penstock;
struct address { std::string street; int number; };
struct person { std::string name; address home; };
#ifdef SHOULD_FAIL
constexpr auto once = ps::dedup([](person const& p) { return p.home; });
#else
constexpr auto once = ps::dedup([](person const& p) { return p.home.street; });
#endif
static_assert(ps::checked<person>(once));
int main() {}
