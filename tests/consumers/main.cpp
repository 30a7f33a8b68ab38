// What a user writes first: rows in, a recipe, rows out. The ways of getting hold of Penstock each build it and run it.
#include <vector>
#include <penstock/core/env.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>
namespace ps = penstock;

struct essay { int words; };

int main() {
    std::vector<essay> const essays{{120}, {250}, {310}, {90}};
    constexpr auto recipe = ps::filter("too short", [](essay const& e) { return e.words >= 150; })
                          | ps::map("pages", [](essay e) { return (e.words + 99) / 100; });
    ps::bare_env env;
    int rows = 0, pages = 0;
    for (auto&& item : essays | recipe | ps::with(env)) ++rows, pages += item.value.value_or(0);
    return rows == 2 && pages == 7 && env.books.imbalance().empty() ? 0 : 1;
}
