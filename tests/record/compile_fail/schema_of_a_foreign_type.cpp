// error: penstock::json_schema: no schema for this type
#include <string>
#include <penstock/record/schema.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
struct row { std::string text; int* where; };
#else
struct row { std::string text; int where; };
#endif
int main() { return ps::json_schema<row>().empty(); }
