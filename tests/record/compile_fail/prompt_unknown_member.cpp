// error: the_record_has_no_member<.*bandd
#include <string>
#include <penstock/record/prompt.hpp>
namespace ps = penstock;
struct essay { std::string text; double band; };
#ifdef SHOULD_FAIL
constexpr auto& ask = ps::prompt<"Why {bandd}?">;
#else
constexpr auto& ask = ps::prompt<"Why {band}?">;
#endif
int main() { return ask(essay{"", 6.5}).empty(); }
