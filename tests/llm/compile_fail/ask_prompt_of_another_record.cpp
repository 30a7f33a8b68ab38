// error: penstock::ask: the prompt must take a const reference to the record of the stage before it
#include <penstock/llm/ask.hpp>
namespace ps = penstock;
struct essay { std::string text; };
struct mail { std::string text; };
struct reply { std::string label; };
#ifdef SHOULD_FAIL
constexpr auto labels = ps::llm::ask<reply>([](mail const& m) { return m.text; }, [](essay const&, reply r) { return r.label; });
#else
constexpr auto labels = ps::llm::ask<reply>([](essay const& e) { return e.text; }, [](essay const&, reply r) { return r.label; });
#endif
static_assert(ps::checked<essay>(labels));
int main() {}
