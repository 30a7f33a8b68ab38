// error: penstock::any_stage: it is declared for other records, or for other families, than the stage before it gives
#include <penstock/core/any_stage.hpp>
#include <penstock/core/env.hpp>
#include <penstock/core/map.hpp>
#include <string>
namespace ps = penstock;
struct essay { std::string text; };
ps::any_stage<int, int, ps::bare_env> twice();
#ifdef SHOULD_FAIL
auto const recipe = ps::map([](essay e) { return e.text; }) | twice();
#else
auto const recipe = ps::map([](essay e) { return int(e.text.size()); }) | twice();
#endif
static_assert(ps::checked<essay>(recipe));
int main() {}
