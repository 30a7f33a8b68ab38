#pragma once
#include <penstock/dataset/tokens.hpp>
#include <array>

namespace penstock::dataset {

namespace detail {
enum class sign : unsigned char { letter, digit, mark, line_break, blank, high };
inline constexpr auto signs = [] {
    std::array<sign, 256> all{};
    for (unsigned b = 0; b != 256; ++b)
        all[b] = b >= 0x80 ? sign::high : (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ? sign::letter : b >= '0' && b <= '9' ? sign::digit
               : b == '\n' ? sign::line_break : b == ' ' || (b >= 9 && b <= 13) ? sign::blank : sign::mark;
    return all;
}();
}

std::uint64_t estimated_tokens(std::string_view text) {
    using detail::sign;
    std::uint64_t thirtieths = 0;       // whole numbers: the same sum everywhere
    auto const kind = [&](std::size_t i) { return detail::signs[static_cast<unsigned char>(text[i])]; };
    for (std::size_t at = 0; at != text.size();) {
        auto const k = kind(at);
        auto end = at + 1;
        if (k != sign::digit) while (end != text.size() && kind(end) == k) ++end;
        std::uint64_t const n = end - at;
        switch (k) {
        case sign::letter: thirtieths += n <= 9 ? 30 : 60; break;
        case sign::digit: case sign::line_break: thirtieths += 30; break;
        case sign::mark: thirtieths += n <= 2 ? 30 : 12 * n; break;
        case sign::high: thirtieths += n <= 3 ? 30 : 10 * n; break;
        case sign::blank: thirtieths += n == 1 ? 0 : 30; break;
        }
        at = end;
    }
    return (thirtieths + 15) / 30;
}

std::uint64_t estimated_tokens(chat const& c) { return tokens_of(c, {}); }
std::uint64_t tokens_of(chat const& c, token_counter const& count) {
    auto n = tokens_per_chat;
    for (auto const& m : c.messages) n += tokens_per_message + count(m.role) + count(m.content);
    return n;
}

} // namespace penstock::dataset
