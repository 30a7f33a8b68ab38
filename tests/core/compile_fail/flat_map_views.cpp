// error: penstock::flat_map: its children are views into a record that is gone when they arrive
#include <penstock/core/flat_map.hpp>
#include <array>
#include <string>
#include <string_view>
namespace ps = penstock;
#ifdef SHOULD_FAIL
constexpr auto halves = ps::flat_map([](std::string const& s) { return std::array{std::string_view(s).substr(0, s.size() / 2), std::string_view(s).substr(s.size() / 2)}; });
#else
constexpr auto halves = ps::flat_map([](std::string const& s) { return std::array{s.substr(0, s.size() / 2), s.substr(s.size() / 2)}; });
#endif
static_assert(ps::checked<std::string>(halves));
int main() {}
