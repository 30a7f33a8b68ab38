/// Tables of wrong phrases and what to write instead, sorted once at compile time so that a word finds its phrases by bisection.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>
#include "text.hpp"

namespace ielts {

/// Lower case, single spaces, plain apostrophes. not_before / not_after: words (space-separated) beside which the phrase is right.
struct phrase {
    std::string_view wrong, right;
    std::string_view not_before = {}, not_after = {};

    constexpr std::string_view first() const { return wrong.substr(0, wrong.find(' ')); }
    std::vector<std::string_view> rest() const {
        std::vector<std::string_view> out;
        for (auto at = wrong.find(' '); at != wrong.npos;) {
            auto const end = wrong.find(' ', at + 1);
            out.push_back(wrong.substr(at + 1, end == wrong.npos ? end : end - at - 1));
            at = end;
        }
        return out;
    }
    bool keeps(std::string_view next) const { return find_word(not_before, next) != not_before.npos; }
    bool stays_after(std::string_view before) const { return find_word(not_after, before) != not_after.npos; }
};

class phrase_table {
    std::span<phrase const> entries_;
public:
    constexpr explicit phrase_table(std::span<phrase const> sorted) : entries_(sorted) {}
    std::span<phrase const> starting_with(std::string_view word) const {
        auto const [first, last] = std::ranges::equal_range(entries_, word, {}, &phrase::first);
        return {first, last};
    }
    constexpr std::span<phrase const> all() const { return entries_; }
};

namespace phrases {
extern phrase_table const spelling;     ///< a word that no dictionary has
extern phrase_table const agreement;    ///< number and degree: "peoples", "informations", "more better"
extern phrase_table const subject_verb; ///< "people is", "he have"
extern phrase_table const pattern;      ///< a word with the wrong preposition or companion: "discuss about", "despite of"
extern phrase_table const linker;       ///< linking phrases that do not exist: "in the other hand", "as conclusion"
extern phrase_table const opinion;      ///< the same, where they open a clause: "for my opinion"
extern phrase_table const informal;     ///< contractions and spoken words
}

/// The bare form of a third-person or past verb that cannot follow a modal ("makes" -> "make"); empty when the word is not in the list.
std::string_view bare_verb(std::string_view word);

} // namespace ielts
