#include <vector>
#include <penstock/core/env.hpp>
// [stage]
#include <penstock/core/stage.hpp>

namespace ps = penstock;

/// What happens to one item: one copy for each run.
struct every_step {
    std::string_view name; unsigned n, seen = 0;
    template <class In> using output = In;                                  // or what it makes of a record

    template <class Item, class Sink> bool operator()(ps::account& books, ps::counts& counted, Item&& it, Sink& sink) {
        if (!it.value) { ++counted.failed_out; return sink(std::move(it)); }        // a failure passes untouched
        if (seen++ % n != 0) { ++ps::count(books.filtered, "not its turn"); return true; }      // dropped: go on
        ++counted.out;
        return sink(std::move(it));                                         // the rest of the pipeline says whether it has enough
    }
};
/// The description: a value.
struct every : ps::stage_base {
    unsigned n;
    constexpr explicit every(unsigned k) : n(k) {}
    template <class In> using output = In;                                  // constrain it where not every record will do, and say why in explain()
    template <ps::puller Up, class Run> auto connect(Up up, Run& run) const { return ps::synchronously(std::move(up), every_step{"every", n}, run); }
};
// [/stage]

int main() {
    ps::bare_env env;
    std::vector<int> got;
    for (auto&& item : std::views::iota(0, 10) | every(4) | ps::with(env)) got.push_back(*item.value);
    return got == std::vector{0, 4, 8} && env.books.imbalance().empty() && env.books.totals().filtered.at("every/not its turn") == 7 ? 0 : 1;
}
