/// Who answers when no model is asked: naive Bayes over words and word pairs, learnt from the training posts. It is no toy answer but a floor: a prompt or a
/// fine-tuned model that does not beat it has not earned its cost.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace hate {

class bag_of_words {
    std::unordered_map<std::uint64_t, std::array<std::uint32_t, 2>> counts_ = {};      // posts of each label that hold it
    std::array<std::uint64_t, 2> posts_{}, terms_{};
public:
    void learn(std::string_view text, bool hate);
    /// The logarithm of the odds that it is hate; with add-one smoothing (multinomial, each word once a post). 0 before anything was learnt.
    double log_odds(std::string_view text) const;
    std::uint64_t learnt() const { return posts_[0] + posts_[1]; }
};

} // namespace hate
