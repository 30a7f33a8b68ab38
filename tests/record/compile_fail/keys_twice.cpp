// error: penstock::keys: two members have the same key
#include <penstock/record/fields.hpp>
namespace ps = penstock;
struct row {
    int a, b;
#ifdef SHOULD_FAIL
    using json = ps::keys<ps::key<"id", &row::a>, ps::key<"id", &row::b>>;
#else
    using json = ps::keys<ps::key<"id", &row::a>, ps::key<"no", &row::b>>;
#endif
};
int main() { return ps::field_names<row>.size() != 2; }
