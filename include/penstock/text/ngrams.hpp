/// Words and n-grams. A word is what `\w+` finds in Unicode: a run of letters, marks, numbers and connectors ("_"), case-folded: "don't" is two words, "Straße" one.
/// n-grams come as 64-bit hashes: two different ones share a hash with probability 3e-8 among a million.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penstock {

std::vector<std::string> words(std::string_view text);

/// One hash for each n neighbouring words, in their order; none where the text has fewer.
std::vector<std::uint64_t> word_ngrams(std::string_view text, std::size_t n);

/// One hash for each n neighbouring characters (code points; a byte that is not UTF-8 is one), in their order. A text of fewer characters, but not an empty one, is one n-gram.
std::vector<std::uint64_t> character_ngrams(std::string_view text, std::size_t n);

/// Distinct-n of many texts: how many of their word n-grams differ. n-grams never cross from one text into the next. Eight bytes for each distinct one, twice that while it counts.
class distinct_ngrams {
    std::size_t n_;
    std::uint64_t total_ = 0;
    std::vector<std::uint64_t> hashes_;     // up to settled_ sorted and distinct
    std::size_t settled_ = 0;
    void settle();
public:
    explicit distinct_ngrams(std::size_t n) : n_(n) {}
    void add(std::string_view text);
    std::uint64_t total() const { return total_; }
    std::uint64_t distinct() { settle(); return hashes_.size(); }
    /// distinct / total; 1 where there is none: nothing is repeated.
    double ratio() { return total_ == 0 ? 1 : static_cast<double>(distinct()) / static_cast<double>(total_); }
};

} // namespace penstock
