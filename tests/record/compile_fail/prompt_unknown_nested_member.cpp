// error: the_record_has_no_member<.*nmae
#include <string>
#include <penstock/record/prompt.hpp>
namespace ps = penstock;
struct person { std::string name; };
struct essay { std::string text; person author; };
#ifdef SHOULD_FAIL
constexpr auto& ask = ps::prompt<"By {author.nmae}: {text}">;
#else
constexpr auto& ask = ps::prompt<"By {author.name}: {text}">;
#endif
int main() { return ask(essay{}).empty(); }
