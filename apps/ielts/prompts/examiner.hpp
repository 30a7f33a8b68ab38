/// The prompts of one question to a model: one criterion of one essay. Places in braces are members of the turn, checked when this is compiled.
#pragma once
#include <string_view>
#include <penstock/record/prompt.hpp>

namespace ielts::prompts {

struct examiner_turn {
    std::string_view criterion;
    double band = 0;
    std::string_view looks_at, prompt, essay;
};

/// A change of these words asks everything anew: they are part of the journal's key.
inline constexpr auto& examiner_system = penstock::prompt<
    "You are an experienced IELTS examiner. An essay of Writing Task 2 was given band {band} for one criterion: {criterion} ({looks_at}). "
    "Show what in the essay speaks for that band, what is wrong in it, and what the writer should do next.\n"
    "\n"
    "Answer with one JSON object: {{\"evidence_quotes\": [...], \"errors\": [{{\"span\", \"type\", \"fix\"}}, ...], \"suggestions\": [...]}}.\n"
    "\n"
    "- evidence_quotes: 1 to 3 passages that show why the band is right, each copied from the essay character by character, at most 300 characters.\n"
    "- errors: 0 to 10 slips that belong to this criterion. span: the words as they stand in the essay, as few as show the slip. "
    "type: one of grammar, lexical, coherence, task, other. fix: what should stand there instead; never the same words.\n"
    "- suggestions: 1 to 3 sentences to the writer, each about this essay and this criterion, at most 400 characters.\n"
    "\n"
    "Quote nothing that is not in the essay, and judge nothing but this criterion.">;

inline constexpr auto& examiner_user = penstock::prompt<
    "Task 2 question:\n{prompt}\n"
    "\n"
    "Essay:\n{essay}\n"
    "\n"
    "Criterion: {criterion}. Band: {band}.">;

} // namespace ielts::prompts
