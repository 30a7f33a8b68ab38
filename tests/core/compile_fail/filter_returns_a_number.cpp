// error: penstock::filter: the predicate must return bool, or the reason for dropping the record as text
#include <penstock/core/filter.hpp>
#include <string>
namespace ps = penstock;
struct essay { std::string text; };
#ifdef SHOULD_FAIL
constexpr auto long_ones = ps::filter([](essay const& e) { return e.text.size(); });
#else
constexpr auto long_ones = ps::filter([](essay const& e) { return e.text.size() > 100; });
#endif
static_assert(ps::checked<essay>(long_ones));
int main() {}
