/// UTF-8, one sequence at a time. The standard library has no such function, and simdjson only answers for a whole text.
#pragma once
#include <cstddef>
#include <string_view>

namespace penstock {

/// Length of the UTF-8 sequence that text begins with, 0 if it begins with none (overlong forms and surrogates are none); the code point goes to out.
inline std::size_t utf8_sequence(std::string_view text, char32_t& out) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const first = byte(0);
    std::size_t const length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0 || length > text.size()) return 0;
    char32_t c = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i != length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
        c = c << 6 | (byte(i) & 0x3F);
    }
    if ((length == 3 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) || (length == 4 && (c < 0x10000 || c > 0x10FFFF))) return 0;
    out = c;
    return length;
}


} // namespace penstock
