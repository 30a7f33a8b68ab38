// error: penstock::json_schema: this enum must state its type
#include <penstock/record/schema.hpp>
namespace ps = penstock;
#ifdef SHOULD_FAIL
enum level { high, low };
#else
enum level : int { high, low };
#endif
struct row { level confidence; };
int main() { return ps::json_schema<row>().empty(); }
