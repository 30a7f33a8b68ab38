// error: penstock: what stands before the first stage is not a source
#include <penstock/core/map.hpp>
#include <string>
#include <vector>
namespace ps = penstock;
struct essays { std::vector<std::string> texts; };
constexpr auto words = ps::map([](std::string s) { return s.size(); });
int main() {
    essays e;
#ifdef SHOULD_FAIL
    [[maybe_unused]] auto plan = e | words;
#else
    [[maybe_unused]] auto plan = e.texts | words;
#endif
}
