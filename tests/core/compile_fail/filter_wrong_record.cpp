// error: penstock::filter: the predicate cannot be called, as a const object,
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>
#include <string>
#include <vector>
namespace ps = penstock;
#ifdef SHOULD_FAIL
constexpr auto keep = ps::filter([](std::string const& s) { return !s.empty(); });
#else
constexpr auto keep = ps::filter([](std::size_t n) { return n != 0; });
#endif
constexpr auto recipe = ps::map([](std::string s) { return s.size(); }) | keep;
int main() { std::vector<std::string> v; [[maybe_unused]] auto p = v | recipe; }
