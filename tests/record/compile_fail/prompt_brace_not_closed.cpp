// error: penstock::prompt: a { is not closed on its line
#include <string>
#include <penstock/record/prompt.hpp>
namespace ps = penstock;
struct essay { std::string text; };
#ifdef SHOULD_FAIL
constexpr auto& ask = ps::prompt<"Answer as { \"band\": 7 about {text}">;
#else
constexpr auto& ask = ps::prompt<"Answer as {{ \"band\": 7 about {text}">;
#endif
int main() { return ask(essay{}).empty(); }
