// error: penstock::prompt: a } closes nothing
#include <string>
#include <penstock/record/prompt.hpp>
namespace ps = penstock;
struct essay { std::string text; };
#ifdef SHOULD_FAIL
constexpr auto& ask = ps::prompt<"{{ \"band\": 7 } about {text}">;
#else
constexpr auto& ask = ps::prompt<"{{ \"band\": 7 }} about {text}">;
#endif
int main() { return ask(essay{}).empty(); }
