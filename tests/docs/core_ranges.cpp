#include <vector>
#include <penstock/core/async_map.hpp>
#include <penstock/core/env.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/parallel.hpp>
// [ranges]
#include <penstock/core/map.hpp>
#include <penstock/core/sample.hpp>
#include <penstock/core/through.hpp>
#include <range/v3/view/chunk.hpp>
#include <range/v3/view/transform.hpp>

namespace ps = penstock;

/// Sums of three, of a sample of the even squares.
std::vector<int> sums(std::vector<int> const& numbers) {
    ps::bare_env env;
    auto recipe = ps::map([](int i) { return i * i; }) | ps::sample(6, 42) | ps::through(ranges::views::chunk(3));
    std::vector<int> out;
    for (int sum : numbers | std::views::filter([](int i) { return i % 2 == 0; })       // std before it,
                 | recipe | ps::with(env)                                               // range-v3 inside it,
                 | ranges::views::transform([](auto& item) { int n = 0; for (int i : *item.value) n += i; return n; }))     // and after it
        out.push_back(sum);
    return out;
}
// [/ranges]

int main() {
    std::vector<int> numbers;
    for (int i = 0; i != 100; ++i) numbers.push_back(i);
    bool good = sums(numbers).size() == 2;

    std::vector<unsigned> rows;
    // [two]
    ps::bare_env first, second;
    auto slow = ps::parallel([](int i) { return i + 1; });
    auto write = ps::map([](int i) { return i; }) | ps::in_source_order();
    for (auto&& item : numbers | slow | ps::with(first) | write | ps::with(second))     // the second recipe's positions are the first one's
        rows.push_back(unsigned(item.where.row()));
    // [/two]
    for (unsigned i = 0; i != rows.size(); ++i) good = good && rows[i] == i;
    return good && rows.size() == 100 && second.books.imbalance().empty() ? 0 : 1;
}
