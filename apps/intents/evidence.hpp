/// What a text shows by itself: words that speak for an intent, technical terms, several wishes in one message. The generator derives confidence and technical level
/// from it, the validator checks labels by it; the word lists are data in evidence.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "labels.hpp"

namespace intents {

/// The words of a text, case-folded (text/ngrams.hpp), with what is looked for in them.
class evidence {
    std::vector<std::string> words_;
public:
    explicit evidence(std::string_view text);

    std::vector<std::string> const& words() const { return words_; }
    /// Is there a word that speaks for this intent ("translate", "how", "plan")?
    bool speaks_for(intent i) const;
    /// 0 to 10: two for each technical term.
    std::uint32_t technical_level() const;
    /// A phrase that asks outright for something else than this intent ("write a poem" of translation): whose it is.
    std::optional<intent> asks_for_another(intent i) const;
};

/// Asks for more than one thing: several sentences or "and then".
bool has_multiple_parts(std::string_view text);

/// How sure a careful reader can be of the intent: 0.90; simple +0.04, complex -0.06; a word that speaks for the intent +0.03, none -0.12; by kind of edge case mixed -0.35,
/// vague -0.30, typos -0.12, extreme length -0.25 (of one to three words) or -0.15, another language -0.08, feelings -0.10; never below 0.30 or above 0.99.
double confidence_of(evidence const& shown, intent i, complexity c, std::optional<edge_case> kind);

} // namespace intents
