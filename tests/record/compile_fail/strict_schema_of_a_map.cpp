// error: penstock::strict_schema: providers take no object of unknown keys
#include <map>
#include <penstock/record/schema.hpp>
#include <string>
#include <vector>
struct score { std::string name; double value; };
#ifdef SHOULD_FAIL
struct reply { std::map<std::string, double> scores; };
#else
struct reply { std::vector<score> scores; };
#endif
constexpr auto schema = penstock::strict_schema<reply>();
int main() {}
