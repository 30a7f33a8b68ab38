#include "text.hpp"
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace ielts {

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lower(c);
    return out;
}

std::string fold(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : trim(text))
        if (!is_space(c)) out += lower(c);
        else if (out.back() != ' ') out += ' ';
    return out;
}

bool same(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

namespace {
bool part_of_word(char c) { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; }

/// Bytes of a typographic mark at the start of text: curly quotes, dashes, ellipsis (E2 80 xx) and no-break space (C2 A0); 0 when there is none.
std::size_t mark(std::string_view text) {
    if (text.starts_with("\xE2\x80")) return std::min<std::size_t>(3, text.size());
    if (text.starts_with("\xC2\xA0") || text.starts_with("\xC2\xAB") || text.starts_with("\xC2\xBB")) return 2;
    return 0;
}
/// Bytes of an apostrophe or a hyphen at the start of text.
std::size_t joint(std::string_view text) {
    if (text.starts_with('\'') || text.starts_with('-')) return 1;
    return text.starts_with("\xE2\x80\x99") ? 3 : 0;
}
} // namespace

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
    for (auto i = from; i + word.size() <= text.size(); ++i) {
        if (lower(text[i]) != lower(word.front()) || !same(text.substr(i, word.size()), word)) continue;
        auto const end = i + word.size();
        if ((i == 0 || !part_of_word(text[i - 1])) && (end == text.size() || !part_of_word(text[end]) || mark(text.substr(end)))) return i;
    }
    return std::string_view::npos;
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t i = 0; i < text.size();) {
        auto const skip = mark(text.substr(i));
        if (skip) { i += skip; continue; }
        if (!part_of_word(text[i])) { ++i; continue; }
        auto const begin = i;
        while (i < text.size()) {
            auto const rest = text.substr(i);
            if (part_of_word(rest[0]) && !mark(rest)) ++i;
            else if (auto const n = joint(rest); n && rest.size() > n && is_letter(rest[n])) i += n;
            else break;
        }
        out.push_back(text.substr(begin, i - begin));
    }
    return out;
}

namespace {
/// The word that ends right before `end`.
std::string_view word_before(std::string_view line, std::size_t end) {
    auto begin = end;
    while (begin > 0 && part_of_word(line[begin - 1])) --begin;
    return line.substr(begin, end - begin);
}

bool ends_sentence(std::string_view line, std::size_t stop, std::size_t next) {
    if (next == line.size()) return true;
    auto const before = word_before(line, stop);
    if (line[stop] == '.') {
        for (std::string_view const abbreviation : {"etc", "vs", "Mr", "Mrs", "Dr", "St", "No"})
            if (before == abbreviation && !is_upper(line[std::min(next + 1, line.size() - 1)])) return false;
        if (before.size() == 1) return is_space(line[next]) && before != "g" && before != "e" && (is_lower(before[0]) ? before != "i" : before == "I");
    }
    if (is_space(line[next])) return true;
    return !is_digit(line[next]) && is_upper(line[next]) && before.size() > 1 && !is_upper(before.back());      // "word.Next"
}
} // namespace

anatomy take_apart(std::string_view essay) {
    anatomy out;
    out.words = words(essay);
    for (std::size_t at = 0; at < essay.size();) {
        auto const end = std::min(essay.find_first_of("\r\n", at), essay.size());
        auto const line = trim(essay.substr(at, end - at));
        at = end + 1;
        if (words(line).empty()) continue;
        out.paragraphs.push_back(line);
        bool opens = true;
        for (std::size_t begin = 0, i = 0; i < line.size(); ++i) {
            bool const last = i + 1 == line.size();
            if (!last && line[i] != '.' && line[i] != '!' && line[i] != '?') continue;
            auto next = i + 1;
            while (next < line.size() && (line[next] == '"' || line[next] == ')' || line[next] == '\'' || line[next] == '.' || line[next] == '!' || line[next] == '?')) ++next;
            if (line.substr(next).starts_with("\xE2\x80\x9D")) next += 3;
            if (!last && !ends_sentence(line, i, next)) continue;
            auto text = line.substr(begin, next - begin);
            while (!text.empty() && (is_space(text[0]) || text[0] == ',' || text[0] == ';' || text[0] == '.' || text[0] == ')' || text[0] == '-')) text.remove_prefix(1);
            text = trim(text);
            if (!words(text).empty()) {
                out.sentences.push_back({text, out.paragraphs.size() - 1, opens});
                opens = false;
            }
            begin = next;
            i = next - 1;
        }
    }
    return out;
}

std::vector<std::string_view> clauses(std::string_view sentence) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < sentence.size();) {
        auto const end = std::min(sentence.find_first_of(",;:.!?", at), sentence.size());
        auto const clause = trim(sentence.substr(at, end - at));
        if (!clause.empty()) out.push_back(clause);
        at = end + 1;
    }
    return out;
}

std::string_view clip(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    auto end = bytes;
    while (end > bytes / 2 && !is_space(text[end])) --end;
    if (!is_space(text[end])) {
        end = bytes;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    }
    text = text.substr(0, end);
    while (!text.empty() && (is_space(text.back()) || text.back() == ',')) text.remove_suffix(1);
    return text;
}

} // namespace ielts
