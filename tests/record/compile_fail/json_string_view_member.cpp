// error: penstock::json: a std::string_view would point into the parser
#include <string>
#include <string_view>
#include <penstock/record/json_decode.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
struct row { std::string_view text; };
#else
struct row { std::string text; };
#endif
int main() { return ps::json::decode<row>("{}").has_value(); }
