// error: penstock::async_map: the launcher must say what it makes of the record of the stage before it
#include <penstock/core/async_map.hpp>
namespace ps = penstock;
struct ask {
#ifndef SHOULD_FAIL
    template <class In> using output = In;
#endif
    void operator()(int n, auto&, auto done) const { done(n); }
};
static_assert(ps::checked<int>(ps::async_map(ask())));
int main() {}
