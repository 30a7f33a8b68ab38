#pragma once
#include <penstock/text/printable.hpp>
#include <penstock/text/utf8.hpp>
#include <algorithm>
#include <cstdio>

namespace penstock {

std::string printable(std::string_view text, std::size_t limit) {
    std::string out;
    out.reserve(limit == 0 ? text.size() : std::min(text.size(), limit + 8));
    char piece[16];
    for (std::size_t at = 0; at != text.size();) {
        if (limit != 0 && at >= limit) { out += "…"; break; }
        char32_t c = 0;
        auto const length = utf8_sequence(text.substr(at), c);
        if (length == 0) { std::snprintf(piece, sizeof piece, "\\x%02X", static_cast<unsigned char>(text[at])); out += piece; ++at; continue; }
        bool const control = c < 0x20 || (c >= 0x7F && c < 0xA0), bidirectional = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
        if (c == '\n') out += "\\n";
        else if (c == '\r') out += "\\r";
        else if (c == '\t') out += "\\t";
        else if (control && c < 0x80) { std::snprintf(piece, sizeof piece, "\\x%02X", static_cast<unsigned>(c)); out += piece; }
        else if (control || bidirectional) { std::snprintf(piece, sizeof piece, "\\u{%04X}", static_cast<unsigned>(c)); out += piece; }
        else out += text.substr(at, length);
        at += length;
    }
    return out;
}

} // namespace penstock
