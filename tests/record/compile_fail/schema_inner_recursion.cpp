// error: penstock::json_schema: a record inside the described one contains itself
#include <string>
#include <vector>
#include <penstock/record/schema.hpp>
namespace ps = penstock;
struct tree { std::string name; std::vector<tree> below; };
#ifdef SHOULD_FAIL
struct row { int id; tree root; };
#else
using row = tree;
#endif
int main() { return ps::json_schema<row>().empty(); }
