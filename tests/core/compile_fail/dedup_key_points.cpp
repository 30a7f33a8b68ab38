// error: penstock::dedup: the key points into a record that goes on without it
#include <penstock/core/dedup.hpp>
#include <string>
namespace ps = penstock;
struct row { std::string id; };
#ifdef SHOULD_FAIL
constexpr auto once = ps::dedup([](row const& r) { return r.id.c_str(); });
#else
constexpr auto once = ps::dedup([](row const& r) { return r.id; });
#endif
static_assert(ps::checked<row>(once));
int main() {}
