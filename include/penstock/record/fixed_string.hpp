/// Text as a template argument: names of members, choices, prompts.
#pragma once
#include <compare>
#include <cstddef>
#include <string_view>

namespace penstock {

/// N counts the closing zero, so that fixed_string{"id"} needs no arguments.
template <std::size_t N> struct fixed_string {
    char text[N]{};
    constexpr fixed_string() = default;
    constexpr fixed_string(char const (&t)[N]) { for (std::size_t i = 0; i != N; ++i) text[i] = t[i]; }
    constexpr std::string_view view() const { return {text, N - 1}; }
    constexpr std::size_t size() const { return N - 1; }
    friend constexpr auto operator<=>(fixed_string const&, fixed_string const&) = default;
};

} // namespace penstock
