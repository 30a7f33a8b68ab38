#include "json.hpp"
#include <charconv>
#include <cstring>

namespace mock {

namespace { constexpr auto npos = std::string_view::npos; }

std::size_t json::space(std::string_view s, std::size_t at) {
    while (at < s.size() && (s[at] == ' ' || s[at] == '\n' || s[at] == '\r' || s[at] == '\t')) ++at;
    return at;
}
std::size_t json::string(std::string_view s, std::size_t at) {
    for (++at; at < s.size(); ++at) {
        auto const c = s[at];
        if (c == '"') return at + 1;
        if (c == '\\') {
            if (++at == s.size() || std::memchr("\"\\/bfnrtu", s[at], 9) == nullptr) return npos;
            if (s[at] == 'u') for (int i = 0; i != 4; ++i) if (++at == s.size() || std::memchr("0123456789abcdefABCDEF", s[at], 22) == nullptr) return npos;
        } else if (static_cast<unsigned char>(c) < 0x20) return npos;
    }
    return npos;
}
std::size_t json::value(std::string_view s, std::size_t at, unsigned depth) {
    if (at >= s.size() || depth > 64) return npos;
    if (s[at] == '"') return string(s, at);
    if (s[at] == '{' || s[at] == '[') {
        bool const object = s[at] == '{';
        char const close = object ? '}' : ']';
        at = space(s, at + 1);
        if (at < s.size() && s[at] == close) return at + 1;
        for (;;) {
            if (object) {
                if (at >= s.size() || s[at] != '"') return npos;
                at = string(s, at);
                if (at == npos) return npos;
                at = space(s, at);
                if (at >= s.size() || s[at] != ':') return npos;
                at = space(s, at + 1);
            }
            at = value(s, at, depth + 1);
            if (at == npos) return npos;
            at = space(s, at);
            if (at >= s.size()) return npos;
            if (s[at] == close) return at + 1;
            if (s[at] != ',') return npos;
            at = space(s, at + 1);
        }
    }
    for (std::string_view word : {"true", "false", "null"}) if (s.substr(at, word.size()) == word) return at + word.size();
    double number = 0;
    if (s[at] != '-' && (s[at] < '0' || s[at] > '9')) return npos;
    auto const [end, failed] = std::from_chars(s.data() + at, s.data() + s.size(), number);
    return failed == std::errc::invalid_argument ? npos : static_cast<std::size_t>(end - s.data());
}

std::optional<json> json::parse(std::string_view text) {
    auto const from = space(text, 0);
    auto const to = value(text, from, 0);
    if (to == npos || space(text, to) != text.size()) return std::nullopt;
    return json(checked{}, text.substr(from, to - from));
}
json json::operator[](std::string_view key) const {
    json found;
    members([&](std::string_view name, json v) { if (name == key) found = v; });
    return found;
}
double json::number(double otherwise) const {
    double x = otherwise;
    std::from_chars(text_.data(), text_.data() + text_.size(), x);
    return x;
}
std::string json::plain() const {
    if (!is_string()) return std::string(text_);
    std::string out;
    auto const s = text_.substr(1, text_.size() - 2);
    auto const four = [&](std::size_t at) { unsigned x = 0; if (at + 4 <= s.size()) std::from_chars(s.data() + at, s.data() + at + 4, x, 16); return x; };
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] != '\\') { out += s[i]; continue; }
        switch (s[++i]) {
            case 'b': out += '\b'; break;
            case 'f': out += '\f'; break;
            case 'n': out += '\n'; break;
            case 'r': out += '\r'; break;
            case 't': out += '\t'; break;
            case 'u': {
                unsigned code = four(i + 1);
                i += 4;
                if (code >= 0xd800 && code < 0xdc00 && s.substr(i + 1, 2) == "\\u") { code = 0x10000 + ((code - 0xd800) << 10) + (four(i + 3) - 0xdc00); i += 6; }
                if (code < 0x80) out += static_cast<char>(code);
                else if (code < 0x800) { out += static_cast<char>(0xc0 | (code >> 6)); out += static_cast<char>(0x80 | (code & 63)); }
                else if (code < 0x10000) { out += static_cast<char>(0xe0 | (code >> 12)); out += static_cast<char>(0x80 | ((code >> 6) & 63)); out += static_cast<char>(0x80 | (code & 63)); }
                else { out += static_cast<char>(0xf0 | ((code >> 18) & 7)); out += static_cast<char>(0x80 | ((code >> 12) & 63)); out += static_cast<char>(0x80 | ((code >> 6) & 63)); out += static_cast<char>(0x80 | (code & 63)); }
                break;
            }
            default: out += s[i];
        }
    }
    return out;
}

void put_string(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (char c : text) {
        if (c == '"' || c == '\\') { out += '\\'; out += c; }
        else if (c == '\n') out += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20) { out += "\\u00"; out += hex[c >> 4]; out += hex[c & 15]; }
        else out += c;
    }
    out += '"';
}

} // namespace mock
