/// What is counted in an essay before anything is said about it: sentences and what they do, words and how often they come, what of the prompt is taken up.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "errors.hpp"
#include "text.hpp"

namespace ielts {

/// The linking word or phrase that opens a sentence ("On the other hand"), as a view of it; empty when there is none.
std::string_view opening_linker(std::string_view sentence);
/// A word that carries meaning: four letters or more, and not one of the 150 most usual.
bool carries_meaning(std::string_view word);

struct portrait {
    struct sentence_facts {
        sentence of;
        int words = 0;
        int subordinators = 0;          ///< which, because, although, if, ...
        int grammar_errors = 0;         ///< hits of the rules inside it
        int prompt_words = 0;           ///< different meaningful words that the prompt has too
        bool states_position = false;   ///< "I agree", "in my opinion", ...
        bool gives_example = false;     ///< "for example", "such as", ...
        std::string_view linker = {};
    };
    std::string_view essay;
    std::vector<std::string_view> paragraphs;
    std::vector<int> paragraph_words;
    std::vector<sentence_facts> sentences;
    int words = 0;
    std::vector<std::pair<std::string, int>> counts;            ///< lower-case word, how often; sorted by word
    std::vector<std::pair<std::string, int>> prompt_words;      ///< meaningful words of the prompt, and how often the essay has them or their kin; in the prompt's order

    portrait(std::string_view prompt, std::string_view essay, std::vector<found_error> const& errors);
    int count(std::string_view word) const;     ///< of the word in any case
};

} // namespace ielts
