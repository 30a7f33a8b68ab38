/// Near-duplicates: texts whose sets of character k-grams overlap (Jaccard index) by a threshold or more. MinHash signatures find the candidates, and each candidate is then
/// compared exactly, so that what is found is true; bands are as many as miss a pair at the threshold with a probability of at most one in a million.
/// Texts are compared as they are: fold them first (dataset/fold.hpp) where case and spaces should not count.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace penstock {

struct near_options {
    std::size_t characters = 5;     ///< of a k-gram (ngrams.hpp); not 0
    double threshold = 0.8;         ///< of the Jaccard index, above 0, at most 1
};

/// The signature of a text: of each of 128 permutations of the k-grams' hashes the smallest. The share of equal lanes is an unbiased estimate of the Jaccard index
/// (Broder 1997), with a standard error of sqrt(J (1 - J) / 128): at most 0.045.
struct minhash {
    static constexpr std::size_t lanes = 128;
    std::array<std::uint32_t, lanes> least;
    friend bool operator==(minhash const&, minhash const&) = default;
};
minhash minhash_of(std::string_view text, std::size_t characters = 5);
double estimated_jaccard(minhash const& a, minhash const& b);

/// The exact index: k-grams in both over k-grams in either; 1 of two empty texts.
double jaccard(std::string_view a, std::string_view b, std::size_t characters = 5);

/// An index that grows: says of a text whether one like it was put in before. Keeps each different text, and about 0.7 KB beside it at a threshold of 0.8.
class near_index {
    struct body;
    std::unique_ptr<body> body_;
public:
    struct match { std::size_t number; double jaccard; };

    explicit near_index(near_options options = {});
    near_index(near_index&&) noexcept;
    near_index& operator=(near_index&&) noexcept;
    ~near_index();

    /// Texts are numbered from 0 in the order in which they are added. Of equal ones only the first is kept, and found.
    std::size_t add(std::string_view text);
    std::size_t size() const;
    /// One text at the threshold or above, if there is any; the same one for the same texts added in the same order.
    std::optional<match> find(std::string_view text) const;
    /// All of them, by number.
    std::vector<match> find_all(std::string_view text) const;
};

/// All pairs at the threshold or above: first < second, sorted. There may be half the square of the number of texts.
struct near_pair {
    std::size_t first, second;
    double jaccard;
    friend bool operator==(near_pair const&, near_pair const&) = default;
};
std::vector<near_pair> near_pairs(std::span<std::string_view const> texts, near_options options = {});

/// For each text the smallest number of its cluster: texts that pairs connect, also through others. A text like no other is alone: its own number. Does not list the pairs:
/// a cluster of n equal texts costs about n.
std::vector<std::size_t> near_clusters(std::span<std::string_view const> texts, near_options options = {});

} // namespace penstock
