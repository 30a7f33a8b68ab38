#pragma once
#include <penstock/text/verbatim.hpp>
#include <limits>
#include <stdexcept>

namespace penstock {
namespace detail::quotes {
/// One character of s as it is compared, and its length in bytes: ' ' for white space, ' and " for marks of their kind, 0 for every other.
struct folded_character { char as; std::size_t size; };
inline folded_character fold_at(std::string_view s, std::size_t i) {
    auto const at = [&](std::size_t n) { return i + n < s.size() ? static_cast<unsigned char>(s[i + n]) : 0u; };
    switch (at(0)) {
        case ' ': case '\t': case '\n': case '\r': case '\v': case '\f': return {' ', 1};
        case '\'': case '`': return {'\'', 1};
        case '"': return {'"', 1};
        case 0xC2:
            if (at(1) == 0xA0) return {' ', 2};                                                     // no-break space
            if (at(1) == 0xB4) return {'\'', 2};                                                    // acute accent
            if (at(1) == 0xAB || at(1) == 0xBB) return {'"', 2};                                    // guillemets
            break;
        case 0xE2:
            if (at(1) == 0x80 && ((at(2) >= 0x80 && at(2) <= 0x8A) || at(2) == 0xA8 || at(2) == 0xA9 || at(2) == 0xAF)) return {' ', 3};    // blanks of all widths, line separators
            if (at(1) == 0x80 && ((at(2) >= 0x98 && at(2) <= 0x9B) || at(2) == 0xB2 || at(2) == 0xB9 || at(2) == 0xBA)) return {'\'', 3};
            if (at(1) == 0x80 && ((at(2) >= 0x9C && at(2) <= 0x9F) || at(2) == 0xB3)) return {'"', 3};
            break;
        case 0xE3:
            if (at(1) == 0x80 && at(2) == 0x80) return {' ', 3};                                    // ideographic space
            break;
        default: break;
    }
    return {0, 1};
}
template <class Each> void fold(std::string_view s, Each each) {
    bool blank = true;      // none at the beginning
    for (std::size_t i = 0; i < s.size();) {
        auto const [as, size] = fold_at(s, i);
        if (as != ' ') each(as ? as : s[i], i);
        else if (!blank) each(' ', i);
        blank = as == ' ';
        i += size;
    }
}
inline std::string folded(std::string_view s) {
    std::string out;
    fold(s, [&](char c, std::size_t) { out += c; });
    if (out.ends_with(' ')) out.pop_back();
    return out;
}
} // namespace detail::quotes

verbatim::verbatim(std::string_view text) : text_(text) {
    if (text.size() >= std::numeric_limits<std::uint32_t>::max()) throw std::length_error("a text of 4 GiB or more");
    folded_.reserve(text.size());
    begins_.reserve(text.size() + 1);
    detail::quotes::fold(text, [&](char c, std::size_t i) { folded_ += c; begins_.push_back(static_cast<std::uint32_t>(i)); });
}

std::optional<std::string_view> verbatim::find(std::string_view quote) const {
    auto const place = [&](std::string_view q) -> std::optional<std::string_view> {
        if (q.find_first_not_of(" '\".") == q.npos) return {};
        auto const at = folded_.find(q);
        if (at == folded_.npos) return {};
        auto const last = begins_[at + q.size() - 1];
        return text_.substr(begins_[at], last + detail::quotes::fold_at(text_, last).size - begins_[at]);
    };
    constexpr std::string_view blank = " \t\r\n", marks = " \t\r\n'\".";
    if (auto const first = quote.find_first_not_of(blank); first != quote.npos) quote = quote.substr(first, quote.find_last_not_of(blank) - first + 1);
    if (quote.find_first_not_of(marks) != quote.npos)
        if (auto const at = text_.find(quote); at != text_.npos) return text_.substr(at, quote.size());        // as it stands, even where something like it stands before
    auto whole = detail::quotes::folded(quote);
    std::string_view q = whole;
    if (auto found = place(q)) return found;
    auto const strip = [&](std::string_view mark) {
        bool any = false;
        if (q.starts_with(mark)) { q.remove_prefix(mark.size()); any = true; }
        if (q.ends_with(mark)) { q.remove_suffix(mark.size()); any = true; }
        while (q.starts_with(' ')) q.remove_prefix(1);
        while (q.ends_with(' ')) q.remove_suffix(1);
        return any;
    };
    for (int layers = 0; layers != 4; ++layers) {
        bool stripped = false;
        for (auto const* mark : {"\"", "'", "...", "\xE2\x80\xA6"}) stripped = strip(mark) || stripped;
        if (!stripped) return {};
        if (auto found = place(q)) return found;
    }
    return {};
}

} // namespace penstock
