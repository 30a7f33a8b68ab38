// What the split and the normalizer ask of a character, one byte each, from a two-stage table (25 KB) that utf8proc fills once: its own lookups are calls into a shared library.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/text/utf8.hpp>

namespace penstock::train::detail {

enum class kind : std::uint8_t { other, letter, number, space, line_end };      // \p{L}, \p{N}, \s; \r and \n are \s too

class characters {
    std::array<std::uint16_t, 0x400> block_{};          // of 256 code points each, up to 0x3FFFF: no later plane has letters, numbers or compositions
    std::vector<std::array<std::uint8_t, 256>> blocks_;
    std::array<kind, 128> ascii_{};
    characters();
public:
    static characters const& table();
    std::uint8_t entry(char32_t c) const { return c >> 18 ? 0 : blocks_[block_[c >> 8]][c & 255]; }
    kind of(char32_t c) const { return static_cast<kind>(entry(c) & 7); }
    kind ascii(unsigned char c) const { return ascii_[c]; }
    /// Composition may change it or join it to the character before: NFC_Quick_Check is not yes, or its combining class is not 0.
    bool composes(char32_t c) const { return entry(c) & 8; }
};

/// text in NFC: itself where it is already (nearly always), else in `scratch`. Bytes that are not UTF-8 stay.
std::string_view composed(std::string_view text, std::string& scratch);

} // namespace penstock::train::detail
