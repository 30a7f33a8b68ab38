#pragma once
#include <penstock/run/toml.hpp>
#include <cstdint>
#include <cstdio>

namespace penstock::run {

namespace detail {

class toml_reader {
    std::string_view rest_;
    unsigned line_ = 1;
    std::string wrong_;

    bool fail(std::string what) { if (wrong_.empty()) wrong_ = std::to_string(line_) + ": " + std::move(what); return false; }
    bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
    bool at_end_of_line() const { return rest_.empty() || at('\n') || rest_.starts_with("\r\n"); }
    void skip_blanks() { while (at(' ') || at('\t')) rest_.remove_prefix(1); }
    void skip_comment() { if (at('#')) while (!at_end_of_line()) rest_.remove_prefix(1); }
    void next_line() {
        if (at('\r')) rest_.remove_prefix(1);
        if (at('\n')) { rest_.remove_prefix(1); ++line_; }
    }
    void skip_lines() { for (;;) { skip_blanks(); skip_comment(); if (rest_.empty() || !at_end_of_line()) return; next_line(); } }
    static bool bare(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '+'; }

    static void append_utf8(std::string& to, std::uint32_t c) {
        if (c < 0x80) to += static_cast<char>(c);
        else if (c < 0x800) { to += static_cast<char>(0xC0 | c >> 6); to += static_cast<char>(0x80 | (c & 63)); }
        else if (c < 0x10000) { to += static_cast<char>(0xE0 | c >> 12); to += static_cast<char>(0x80 | (c >> 6 & 63)); to += static_cast<char>(0x80 | (c & 63)); }
        else { to += static_cast<char>(0xF0 | c >> 18); to += static_cast<char>(0x80 | (c >> 12 & 63)); to += static_cast<char>(0x80 | (c >> 6 & 63)); to += static_cast<char>(0x80 | (c & 63)); }
    }
    bool code_point(unsigned digits, std::string& to) {
        std::uint32_t c = 0;
        if (rest_.size() < digits) return fail("a text ends inside an escape");
        for (unsigned i = 0; i != digits; ++i) {
            char const d = rest_[i];
            unsigned const value = d >= '0' && d <= '9' ? unsigned(d - '0') : d >= 'a' && d <= 'f' ? unsigned(d - 'a') + 10 : d >= 'A' && d <= 'F' ? unsigned(d - 'A') + 10 : 16;
            if (value == 16) return fail("\\u and \\U are followed by hexadecimal digits");
            c = c << 4 | value;
        }
        if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return fail("\\u names no character");
        rest_.remove_prefix(digits);
        append_utf8(to, c);
        return true;
    }
    bool text(std::string& to) {
        char const quote = rest_.front();
        if (rest_.starts_with("\"\"\"") || rest_.starts_with("'''")) return fail("a text of several lines is not supported; write \\n");
        rest_.remove_prefix(1);
        for (;;) {
            if (at_end_of_line()) return fail("a text is not closed");
            char const c = rest_.front();
            rest_.remove_prefix(1);
            if (c == quote) return true;
            if (c != '\\' || quote == '\'') { to += c; continue; }
            if (rest_.empty()) return fail("a text is not closed");
            char const e = rest_.front();
            rest_.remove_prefix(1);
            switch (e) {
            case '"': case '\\': to += e; break;
            case 'n': to += '\n'; break;
            case 'r': to += '\r'; break;
            case 't': to += '\t'; break;
            case 'b': to += '\b'; break;
            case 'f': to += '\f'; break;
            case 'u': if (!code_point(4, to)) return false; break;
            case 'U': if (!code_point(8, to)) return false; break;
            default: return fail("a text holds an unknown escape; a backslash is written \\\\");
            }
        }
    }
    bool scalar(std::string& to) {
        if (at('"') || at('\'')) return text(to);
        while (!rest_.empty() && bare(rest_.front())) { to += rest_.front(); rest_.remove_prefix(1); }
        return to.empty() ? fail("a value is missing or needs quotes") : true;
    }
    bool key(std::string& to) {
        if (at('"') || at('\'')) return text(to);
        while (!rest_.empty() && bare(rest_.front())) { to += rest_.front(); rest_.remove_prefix(1); }
        return to.empty() ? fail("a line is `key = value`, `[section]` or a # comment") : true;
    }
    bool entry(toml_entry& e) {
        e.line = line_;
        if (!key(e.key)) return false;
        skip_blanks();
        if (!at('=')) return fail("a line is `key = value`, `[section]` or a # comment");
        rest_.remove_prefix(1);
        skip_blanks();
        if (!at('[')) return scalar(e.values.emplace_back());
        e.list = true;
        rest_.remove_prefix(1);
        for (;;) {
            skip_lines();
            if (rest_.empty()) return fail("a list is not closed");
            if (at(']')) break;
            if (!scalar(e.values.emplace_back())) return false;
            skip_lines();
            if (rest_.empty()) return fail("a list is not closed");
            if (at(',')) rest_.remove_prefix(1);
            else if (!at(']')) return fail("the values of a list are separated by commas");
        }
        rest_.remove_prefix(1);
        return true;
    }
public:
    explicit toml_reader(std::string_view text) : rest_(text) { if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3); }

    std::expected<std::vector<toml_entry>, std::string> all() {
        std::vector<toml_entry> entries;
        std::string section;
        for (;;) {
            skip_lines();
            if (rest_.empty()) return entries;
            if (at('[')) {
                rest_.remove_prefix(1);
                skip_blanks();
                section.clear();
                if (!key(section)) break;
                skip_blanks();
                if (!at(']')) { fail("a section is `[name]`"); break; }
                rest_.remove_prefix(1);
            } else {
                toml_entry e;
                e.section = section;
                if (!entry(e)) break;
                for (auto const& other : entries) if (other.section == e.section && other.key == e.key)
                    { line_ = e.line; fail(e.key + " was set in line " + std::to_string(other.line) + " already"); break; }
                if (!wrong_.empty()) break;
                entries.push_back(std::move(e));
            }
            skip_blanks();
            skip_comment();
            if (!at_end_of_line()) { fail("something follows a value; a text needs quotes"); break; }
        }
        return std::unexpected(wrong_);
    }
};

} // namespace detail

std::expected<std::vector<toml_entry>, std::string> read_toml(std::string_view text) { return detail::toml_reader(text).all(); }

std::string toml_text(std::string_view text) {
    std::string out = "\"";
    char piece[8];
    for (char const c : text) switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) { std::snprintf(piece, sizeof piece, "\\u%04X", static_cast<unsigned>(c)); out += piece; }
        else out += c;
    }
    return out + '"';
}

} // namespace penstock::run
