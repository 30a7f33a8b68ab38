/// Text that is put together at compile time: a Source's static `write(out)` is run twice, to count and to fill. Arrays, not std::string: clang 19 on
/// libstdc++ 12 refuses a short std::string in a constant.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace penstock::detail {

struct text_out {
    char* at = nullptr;                     // nullptr: only counts
    std::size_t size = 0;

    constexpr void put(char c) { if (at) at[size] = c; ++size; }
    constexpr void put(std::string_view s) { for (char c : s) put(c); }
    constexpr void put(char const* s) { put(std::string_view(s)); }
    constexpr void number(std::uint64_t n) { if (n >= 10) number(n / 10); put(static_cast<char>('0' + n % 10)); }
    template <class T> requires std::is_integral_v<T> constexpr void number(T n) {
        if (n < 0) { put('-'); number(std::uint64_t{0} - static_cast<std::uint64_t>(n)); } else number(static_cast<std::uint64_t>(n));
    }
    /// The fewest decimals that read back as the same double; the division of two exact integers is rounded once, as reading the decimal is.
    static constexpr int decimals(double v) {
        double const size = v < 0 ? -v : v;
        double scale = 1;
        for (int d = 0; d != 16 && size * scale < 9e15; ++d, scale *= 10) {
            auto const whole = static_cast<std::uint64_t>(size * scale + 0.5);
            if (static_cast<double>(whole) / scale == size) return d;
        }
        return -1;
    }
    constexpr void number(double v) {
        if (v < 0) { put('-'); v = -v; }
        std::uint64_t scale = 1;
        for (int d = decimals(v); d > 0; --d) scale *= 10;
        auto const whole = static_cast<std::uint64_t>(v * static_cast<double>(scale) + 0.5);
        number(whole / scale);
        if (scale == 1) return;
        put('.');
        for (auto rest = whole % scale, unit = scale / 10; unit != 0; rest %= unit, unit /= 10) put(static_cast<char>('0' + rest / unit));
    }
    /// As a JSON string, quotes included.
    constexpr void quoted(std::string_view s) {
        put('"');
        for (char c : s) {
            if (c == '"' || c == '\\') put('\\');
            if (c >= 0 && c < ' ') { put("\\u00"); put("0123456789abcdef"[c / 16]); put("0123456789abcdef"[c % 16]); }
            else put(c);
        }
        put('"');
    }
};

template <class Source> consteval auto filled() {
    constexpr std::size_t size = [] { text_out counted; Source::write(counted); return counted.size; }();
    std::array<char, size + 1> text{};
    text_out out{text.data(), 0};
    Source::write(out);
    return text;
}
template <class Source> inline constexpr auto static_chars = filled<Source>();
/// The text, in static storage and zero-terminated.
template <class Source> inline constexpr std::string_view static_text{static_chars<Source>.data(), static_chars<Source>.size() - 1};

} // namespace penstock::detail
