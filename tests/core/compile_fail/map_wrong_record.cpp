// error: penstock::map: the function cannot be called, as a const object, with the record type produced by the stage before it
#include <penstock/core/map.hpp>
#include <string>
namespace ps = penstock;
struct essay { std::string text; };
#ifdef SHOULD_FAIL
constexpr auto words = ps::map([](std::string s) { return s.size(); });
#else
constexpr auto words = ps::map([](essay e) { return e.text.size(); });
#endif
static_assert(ps::checked<essay>(words));
int main() {}
