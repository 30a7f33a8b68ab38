#pragma once
#include <penstock/text/json_text.hpp>
#include <penstock/text/impl/json_scan.hpp>
#include <penstock/text/utf8.hpp>
#include <cstdio>

namespace penstock {

std::string json_text(std::string_view text) {
    std::string out = "\"";
    char piece[8];
    for (std::size_t at = 0; at != text.size();) {
        char32_t c = 0;
        auto const length = utf8_sequence(text.substr(at), c);
        if (length == 0) { out += "\xEF\xBF\xBD"; ++at; continue; }
        if (c == '"') out += "\\\"";
        else if (c == '\\') out += "\\\\";
        else if (c == '\n') out += "\\n";
        else if (c == '\r') out += "\\r";
        else if (c == '\t') out += "\\t";
        else if (c < 0x20 || c == 0x7F) { std::snprintf(piece, sizeof piece, "\\u%04x", static_cast<unsigned>(c)); out += piece; }
        else out += text.substr(at, length);
        at += length;
    }
    return out + '"';
}

std::string json_indented(std::string_view d) {
    std::string out;
    std::size_t depth = 0;
    auto const line = [&] { out += '\n'; out.append(2 * depth, ' '); };
    for (std::size_t i = 0; i < d.size(); ++i) {
        char const c = d[i];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        if (c == '"') {
            bool ignored = false;
            auto const end = detail::json_value_end(d, i, ignored);
            out += d.substr(i, end - i);
            i = end - 1;
        } else if (c == '[') {
            bool holds_object = false;
            auto const end = detail::json_value_end(d, i, holds_object);
            if (holds_object) { out += c; ++depth; line(); continue; }
            for (bool ignored = false; i != end;) {        // on one line, a space behind each comma
                if (char const x = d[i]; x == '"') { auto const stop = detail::json_value_end(d, i, ignored); out += d.substr(i, stop - i); i = stop; }
                else { if (x == ',') out += ", "; else if (x != ' ' && x != '\n' && x != '\r' && x != '\t') out += x; ++i; }
            }
            --i;
        } else if (c == '{') {
            auto const next = d.find_first_not_of(" \n\r\t", i + 1);
            if (next != std::string_view::npos && d[next] == '}') { out += "{}"; i = next; continue; }
            out += c; ++depth; line();
        } else if (c == '}' || c == ']') { --depth; line(); out += c; }
        else if (c == ',') { out += c; line(); }
        else if (c == ':') out += ": ";
        else out += c;
    }
    return out + '\n';
}

} // namespace penstock
