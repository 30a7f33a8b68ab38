// The reference unit: what any program pays that reads JSON with simdjson and strings three range-v3 views together.
#include <simdjson.h>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

int main() {
    int sum = 0;
    for (int i : {1, 2, 3, 4}) sum += i;
    int const numbers[] = {sum, 2, 3};
    for (int i : numbers | ranges::views::transform([](int n) { return n * 2; }) | ranges::views::filter([](int n) { return n > 4; }) | ranges::views::take(2)) sum += i;
    simdjson::ondemand::parser parser;
    auto const text = simdjson::padded_string(std::string_view("[1]"));
    return parser.iterate(text).error() || sum == 0;
}
