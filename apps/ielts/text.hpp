/// An essay taken apart without changing it: paragraphs, sentences, clauses and words are views of its own bytes, so that whatever is quoted is verbatim.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ielts {

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_upper(c) || is_lower(c); }
constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr char upper(char c) { return is_lower(c) ? static_cast<char>(c - ('a' - 'A')) : c; }

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
/// Lower case (ASCII), and every run of white space one space: two rows are equal when their folded texts are.
std::string fold(std::string_view text);
/// position of word in text as a whole word (ASCII case ignored), npos when absent.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);
/// True when the two are equal but for ASCII case.
bool same(std::string_view a, std::string_view b);

/// A run of letters with apostrophes and hyphens inside it ("don't", "don’t", "well-known"); bytes above 127 count as letters, but for typographic marks.
std::vector<std::string_view> words(std::string_view text);

struct sentence {
    std::string_view text;      ///< trimmed, with its full stop
    std::size_t paragraph = 0;
    bool opens_paragraph = false;
};

struct anatomy {
    std::vector<std::string_view> paragraphs;   ///< what line breaks divide; never empty ones
    std::vector<sentence> sentences;
    std::vector<std::string_view> words;
};
/// Cuts at line breaks, and inside a line after . ! ? (with closing quotes and brackets) before a space or a capital letter; not after "e.g", "i.e", "etc", a single letter or a digit.
anatomy take_apart(std::string_view essay);

/// Views of a sentence between commas, semicolons and colons; trimmed.
std::vector<std::string_view> clauses(std::string_view sentence);

/// The longest start of text that is at most `bytes` long and ends at a word's end (or at a character's, where one word is longer).
std::string_view clip(std::string_view text, std::size_t bytes);

} // namespace ielts
