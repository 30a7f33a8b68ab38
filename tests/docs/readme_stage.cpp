#include <cstdio>
#include <ranges>
#include <string>
#include <vector>
// [stage]
#include <penstock/core/dedup.hpp>
#include <penstock/core/env.hpp>

std::vector<std::string> first_different(std::vector<std::string> const& lines, std::size_t most) {
    penstock::bare_env env;                                     // a loop, a stop source and a ledger
    std::vector<std::string> kept;
    for (auto&& item : lines | std::views::filter([](auto const& s) { return !s.empty(); })     // std's views before it …
                             | penstock::dedup([](std::string const& s) { return s; }) | penstock::with(env)
                             | std::views::take(most))                                          // … and after it
        if (item.value) kept.push_back(*std::move(item.value));                                 // else item.value.error() says what was wrong with it
    return kept;
}
// [/stage]

int main() {
    auto const kept = first_different({"a", "", "b", "a", "c", "b", "d"}, 3);
    return kept == std::vector<std::string>{"a", "b", "c"} ? 0 : 1;
}
