// error: penstock::ask: the join must take \(record const&, reply\)
#include <penstock/llm/ask.hpp>
namespace ps = penstock;
struct essay { std::string text; };
struct reply { std::string label; };
constexpr auto prompt = [](essay const& e) { return e.text; };
#ifdef SHOULD_FAIL
constexpr auto labels = ps::llm::ask<reply>(prompt, [](essay e) { return e.text; });
#else
constexpr auto labels = ps::llm::ask<reply>(prompt, [](essay const& e, reply r) { return e.text + r.label; });
#endif
static_assert(ps::checked<essay>(labels));
int main() {}
