#pragma once
#include <penstock/dataset/fold.hpp>
#include <penstock/text/utf8.hpp>
#include <cstdint>
#include <new>
#include <utf8proc.h>
#include <vector>

namespace penstock::dataset {

namespace detail {
inline bool is_white_space(std::int32_t c) {        // Unicode White_Space
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}
/// One pass over valid UTF-8: folded, composed code points, to `codes`.
inline void fold_codes(std::string_view text, std::vector<std::int32_t>& codes) {
    auto const options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    auto const* const bytes = reinterpret_cast<utf8proc_uint8_t const*>(text.data());
    auto const size = static_cast<utf8proc_ssize_t>(text.size());
    auto const decompose = [&](std::vector<std::int32_t>& to) { return utf8proc_decompose(bytes, size, to.data(), static_cast<utf8proc_ssize_t>(to.size()), options); };
    codes.resize(text.size() + 16);
    auto n = decompose(codes);
    if (n > static_cast<utf8proc_ssize_t>(codes.size())) { codes.resize(static_cast<std::size_t>(n) + 1); n = decompose(codes); }
    if (n >= 0) n = utf8proc_normalize_utf32(codes.data(), n, options);
    if (n < 0) throw std::bad_alloc();      // the only error left for valid UTF-8
    codes.resize(static_cast<std::size_t>(n));
}
inline void append_code(std::string& to, std::int32_t code) {
    utf8proc_uint8_t bytes[4];
    auto const n = utf8proc_encode_char(code, bytes);
    to.append(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(n));
}
inline std::string fold_once(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool blank = false;         // white space is waiting for a character behind it
    auto const put_blank = [&] { if (blank && !out.empty()) out += ' '; blank = false; };
    std::vector<std::int32_t> codes;
    for (std::size_t at = 0; at != text.size();) {
        auto const byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80 && (at + 1 == text.size() || static_cast<unsigned char>(text[at + 1]) < 0x80)) {     // ASCII with no combining mark behind it
            if (is_white_space(byte)) blank = true;
            else { put_blank(); out += static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte); }
            ++at;
            continue;
        }
        auto end = at;      // up to the next ASCII pair or a byte that is not UTF-8
        for (char32_t c = 0; end != text.size();) {
            auto const length = utf8_sequence(text.substr(end), c);
            if (length == 0 || (end != at && c < 0x80 && (end + 1 == text.size() || static_cast<unsigned char>(text[end + 1]) < 0x80))) break;
            end += length;
        }
        if (end == at) { put_blank(); out += text[at++]; continue; }
        fold_codes(text.substr(at, end - at), codes);
        for (auto c : codes) if (is_white_space(c)) blank = true; else { put_blank(); append_code(out, c); }
        at = end;
    }
    return out;
}
}

std::string fold(std::string_view text) {
    auto once = detail::fold_once(text);
    // Folding may make a sequence that composes to something that folds again (U+0345 behind accents): rare, and settled after one more round.
    for (int round = 0; round != 3; ++round) {
        auto again = detail::fold_once(once);
        if (again == once) break;
        once = std::move(again);
    }
    return once;
}

} // namespace penstock::dataset
