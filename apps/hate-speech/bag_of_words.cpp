#include "bag_of_words.hpp"
#include <algorithm>
#include <cmath>
#include <vector>
#include <penstock/text/ngrams.hpp>

namespace hate {
namespace {
/// Words and pairs of a text, each once, in a fixed order: sums of logarithms are then the same everywhere.
std::vector<std::uint64_t> terms_of(std::string_view text) {
    auto all = penstock::word_ngrams(text, 1);
    auto const pairs = penstock::word_ngrams(text, 2);
    all.insert(all.end(), pairs.begin(), pairs.end());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}
} // namespace

void bag_of_words::learn(std::string_view text, bool hate) {
    ++posts_[hate];
    for (auto const t : terms_of(text)) { ++counts_[t][hate]; ++terms_[hate]; }
}
double bag_of_words::log_odds(std::string_view text) const {
    if (posts_[0] == 0 || posts_[1] == 0) return 0;
    auto const vocabulary = static_cast<double>(counts_.size());
    double odds = std::log(static_cast<double>(posts_[1]) / static_cast<double>(posts_[0]));
    for (auto const t : terms_of(text)) {
        auto const found = counts_.find(t);
        if (found == counts_.end()) continue;
        odds += std::log((found->second[1] + 1.0) / (static_cast<double>(terms_[1]) + vocabulary)) - std::log((found->second[0] + 1.0) / (static_cast<double>(terms_[0]) + vocabulary));
    }
    return odds;
}

} // namespace hate
