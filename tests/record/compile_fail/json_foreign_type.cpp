// error: penstock::json: no way to read this type
#include <set>
#include <vector>
#include <penstock/record/json_decode.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
struct row { std::set<int> numbers; };
#else
struct row { std::vector<int> numbers; };
#endif
int main() { return ps::json::decode<row>("{}").has_value(); }
