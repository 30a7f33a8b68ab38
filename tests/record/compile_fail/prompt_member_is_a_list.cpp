// error: the_member_is_no_text_number_bool_or_enum<.*tags
#include <string>
#include <vector>
#include <penstock/record/prompt.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
struct essay { std::string text; std::vector<std::string> tags; };
#else
struct essay { std::string text; std::string tags; };
#endif
int main() { return ps::prompt<"{text} ({tags})">(essay{}).empty(); }
