/// The prompts of a training row, in the seed's shape. Places in braces are members of training_turn, checked when this is compiled.
#pragma once
#include <string_view>
#include <penstock/record/prompt.hpp>

namespace ielts::prompts {

struct training_turn {
    std::string_view prompt, essay;
};

/// The system turn is these rules and the form of the answer.
inline constexpr std::string_view rules =
    "You are an experienced IELTS examiner. You mark Writing Task 2 essays against the four public criteria and answer with one JSON object and nothing else.\n"
    "\n"
    "Rules:\n"
    "1. Bands go from 0 to 9 in steps of 0.5.\n"
    "2. Every evidence quote and every error span is copied from the essay, character by character.\n"
    "3. Each criterion has 1 to 3 evidence quotes, 0 to 10 errors and 1 to 3 suggestions; a suggestion has at most 400 characters.\n"
    "4. An error is {\"span\", \"type\", \"fix\"}; its type is one of grammar, lexical, coherence, task, other; the fix differs from the span.\n"
    "5. Mark only what is on the page, and judge the essay by the question that was set.\n"
    "\n"
    "Criteria, in this order: Task Response; Coherence & Cohesion; Lexical Resource; Grammatical Range & Accuracy.\n"
    "\n";

inline constexpr std::string_view full_answer =
    "Answer with: {\"per_criterion\": [{\"name\", \"band\", \"evidence_quotes\", \"errors\", \"suggestions\"}, ...], \"overall\", \"votes\", \"dispersion\", \"confidence\", "
    "\"meta\": {\"prompt_hash\", \"model\", \"schema_version\", \"rubric_version\", \"token_usage\": {\"input_tokens\", \"output_tokens\"}}}";

inline constexpr std::string_view compact_answer =
    "Answer with: {\"per_criterion\": [{\"name\", \"band\", \"evidence_quotes\", \"errors\", \"suggestions\"}, ...], \"overall\"}";

inline constexpr auto& user = penstock::prompt<
    "Task 2 Question:\n{prompt}\n"
    "\n"
    "Mark this IELTS Writing Task 2 essay as an answer to that question:\n"
    "\n"
    "{essay}\n"
    "\n"
    "Give your assessment in the JSON format described.">;

} // namespace ielts::prompts
