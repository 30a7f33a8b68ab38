/// What a row is labelled with. The names are those of the files: enumerators are written and read by their names.
#pragma once
#include <cstdint>

namespace intents {

enum class intent : std::uint8_t {
    question_answering, creative_writing, code_generation, data_analysis, reasoning, summarization, translation, conversation, task_planning, problem_solving
};
enum class audience : std::uint8_t { child, beginner, intermediate, expert, general };
enum class complexity : std::uint8_t { simple, moderate, complex };
enum class style : std::uint8_t { neutral, formal, casual, polite, urgent, terse };
enum class edge_case : std::uint8_t { mixed_intent, vague_request, typos_and_errors, extreme_length, multiple_languages, emotional_context };

inline constexpr unsigned intent_count = 10, audience_count = 5, complexity_count = 3, style_count = 6, edge_case_count = 6;

/// Shares of the rows of an intent, in percent.
inline constexpr unsigned audience_share[audience_count] = {10, 20, 20, 10, 40};
inline constexpr unsigned complexity_share[complexity_count] = {30, 50, 20};

} // namespace intents
