#include "unicode.hpp"
#include <map>
#include <new>
#include <utf8proc.h>

namespace penstock::train::detail {

namespace {

kind kind_of(std::int32_t c) {
    if (c == '\r' || c == '\n') return kind::line_end;
    if ((c >= 9 && c <= 12) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000) return kind::space;
    switch (utf8proc_category(c)) {
        case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT: case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_LO: return kind::letter;
        case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_NL: case UTF8PROC_CATEGORY_NO: return kind::number;
        default: return kind::other;
    }
}

constexpr auto nfc = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);

/// Valid UTF-8, composed, appended.
void compose(std::string_view text, std::string& to) {
    static thread_local std::vector<std::int32_t> codes;
    auto const* const bytes = reinterpret_cast<utf8proc_uint8_t const*>(text.data());
    auto const size = static_cast<utf8proc_ssize_t>(text.size());
    auto const decompose = [&] { return utf8proc_decompose(bytes, size, codes.data(), static_cast<utf8proc_ssize_t>(codes.size()), nfc); };
    if (codes.size() < text.size() + 16) codes.resize(text.size() + 16);
    auto n = decompose();
    if (n > static_cast<utf8proc_ssize_t>(codes.size())) { codes.resize(static_cast<std::size_t>(n) + 1); n = decompose(); }
    if (n >= 0) n = utf8proc_normalize_utf32(codes.data(), n, nfc);
    if (n < 0) throw std::bad_alloc();          // the only error left for valid UTF-8
    for (utf8proc_ssize_t i = 0; i != n; ++i) {
        utf8proc_uint8_t out[4];
        auto const length = utf8proc_encode_char(codes[static_cast<std::size_t>(i)], out);
        to.append(reinterpret_cast<char const*>(out), static_cast<std::size_t>(length));
    }
}

} // namespace

characters::characters() {
    constexpr std::int32_t end = 0x40000;
    std::vector<std::uint8_t> all(end);
    for (std::int32_t c = 0; c != end; ++c) {
        auto& entry = all[static_cast<std::size_t>(c)];
        entry = static_cast<std::uint8_t>(entry | static_cast<std::uint8_t>(kind_of(c)));
        if (c < 0xC0 || (c >= 0xD800 && c < 0xE000)) continue;
        auto const* const about = utf8proc_get_property(c);
        if (about->combining_class != 0) entry |= 8;
        utf8proc_int32_t parts[8];
        int last_class = 0;
        auto const n = utf8proc_decompose_char(c, parts, 8, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE), &last_class);
        if (n < 1 || n > 8 || (n == 1 && parts[0] == c)) continue;
        // What stands last in some decomposition may join what stands before it; a character that does not come back from its own decomposition is changed alone.
        if (n > 1 && parts[n - 1] < end) all[static_cast<std::size_t>(parts[n - 1])] |= 8;
        std::int32_t again[8];
        for (int i = 0; i != n; ++i) again[i] = parts[i];
        if (utf8proc_normalize_utf32(again, n, nfc) != 1 || again[0] != c) entry |= 8;
    }
    std::map<std::array<std::uint8_t, 256>, std::uint16_t> seen;
    for (std::size_t b = 0; b != block_.size(); ++b) {
        std::array<std::uint8_t, 256> block;
        for (std::size_t i = 0; i != 256; ++i) block[i] = all[b * 256 + i];
        auto const [at, fresh] = seen.try_emplace(block, static_cast<std::uint16_t>(blocks_.size()));
        if (fresh) blocks_.push_back(block);
        block_[b] = at->second;
    }
    for (std::size_t c = 0; c != 128; ++c) ascii_[c] = static_cast<kind>(all[c] & 7);
}

characters const& characters::table() {
    static characters const only;
    return only;
}

std::string_view composed(std::string_view text, std::string& scratch) {
    auto const& table = characters::table();
    std::size_t kept = 0;           // text[0, kept) is in scratch
    std::size_t before = 0;         // where the last character that stands for itself begins: what follows may join it
    for (std::size_t at = 0; at != text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) { before = at++; continue; }
        char32_t c = 0;
        auto const length = utf8_sequence(text.substr(at), c);
        if (length == 0) { before = ++at; continue; }
        if (!table.composes(c)) { before = at; at += length; continue; }
        auto end = at + length;
        while (end != text.size()) {
            auto const n = utf8_sequence(text.substr(end), c);
            if (n == 0 || !table.composes(c)) break;
            end += n;
        }
        if (kept == 0) scratch.clear();
        scratch.append(text, kept, before - kept);
        compose(text.substr(before, end - before), scratch);
        kept = before = at = end;
    }
    if (kept == 0) return text;
    scratch.append(text, kept);
    return scratch;
}

} // namespace penstock::train::detail
