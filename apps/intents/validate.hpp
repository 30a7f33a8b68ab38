/// Is a data set fit to train on? Each rule is a line of data with a severity for ordinary rows and one for edge cases, which are short, long or misspelt on purpose.
/// A rule that fails is one finding with a count and its first rows, however many rows fail it.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include "data_file.hpp"
#include "labels.hpp"

namespace intents {

enum class severity : std::uint8_t { off, warning, error };

struct rule {
    std::string_view name;
    severity ordinary, edge;
    std::string_view says;
};
inline constexpr rule rules[] = {
    {"layout",          severity::error,   severity::error,   "the file is laid out otherwise"},
    {"metadata",        severity::error,   severity::error,   "the file's metadata lacks members (config may be absent)"},
    {"count",           severity::error,   severity::error,   "metadata.total_examples is not the number of rows"},
    {"type",            severity::error,   severity::error,   "members of another JSON type than the layout's, such as a confidence in quotes"},
    {"unreadable",      severity::error,   severity::error,   "rows that cannot be read"},
    {"label",           severity::error,   severity::error,   "an intent, audience, complexity or kind of edge case that is none of ours"},
    {"too-short",       severity::error,   severity::off,     "texts of less than 3 characters"},
    {"too-long",        severity::error,   severity::off,     "texts of more than 1,000 characters"},
    {"long",            severity::warning, severity::off,     "texts of more than 500 characters"},
    {"one-word",        severity::error,   severity::off,     "texts of less than two words (greetings aside)"},
    {"placeholder",     severity::error,   severity::error,   "unfilled slots such as {topic}, [TOPIC] or <topic>"},
    {"confidence",      severity::error,   severity::error,   "a confidence outside 0.3 to 0.99"},
    {"low-confidence",  severity::warning, severity::off,     "a confidence below 0.4"},
    {"repetition",      severity::error,   severity::off,     "one word, not a very common one, more than ten times"},
    {"few-words",       severity::warning, severity::off,     "less than three of ten words are distinct"},
    {"no-cue",          severity::warning, severity::off,     "no word that speaks for the intent"},
    {"question-mark",   severity::warning, severity::off,     "question answering: begins like a question, but has no question mark"},
    {"another-intent",  severity::error,   severity::off,     "asks outright for something else than its intent"},
    {"duplicate",       severity::error,   severity::error,   "texts that are equal to an earlier one but for case and spaces"},
    {"two-labels",      severity::error,   severity::error,   "one text under two intents"},
    {"near-duplicate",  severity::warning, severity::warning, "texts that are near an earlier one (Jaccard index of character 5-grams 0.8 and more)"},
    {"missing-label",   severity::warning, severity::off,     "intents, audiences or complexities without any row"},
    {"few-trigrams",    severity::warning, severity::off,     "less than 0.3 of the word trigrams are distinct"},
};

struct finding {
    rule const* of = nullptr;
    severity grade = severity::off;
    std::uint64_t rows = 0;
    std::vector<std::string> shown = {};        ///< the first ones: "row 17: "…""
};
struct validation {
    std::string path;
    std::uint64_t rows = 0, faulty = 0, edge_cases = 0;     ///< faulty: rows with an error
    std::vector<finding> findings;                          ///< errors first, in the order of the rules
    double distinct_trigrams = 0;

    std::uint64_t count(severity grade) const;
    bool passed() const { return count(severity::error) == 0; }
    /// For a person: verdict, findings, what to do next.
    std::string text() const;
};
validation validate(data_file const& file);
/// What an ordinary row of this text and intent would be an error for by the text alone: a rule and its words; empty: nothing.
std::string objection(std::string_view text, intent i);

} // namespace intents
