/// A row of the unified data set, the post that it is, and the answer that a model learns to give about it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <penstock/core/result.hpp>
#include <penstock/record/constrained.hpp>

namespace hate {

/// What is read of a row; the others (original_id, source_dataset, …) are not needed.
struct unified_row {
    std::string text, label_binary;
    std::optional<std::string> target_group_norm, persona_tag, rationale_text, split;
};

struct post {
    std::string text;
    bool hate = false;
    std::string persona;                            ///< "MIDDLE_EAST": the tag, else the group, else GENERAL
    std::string group;                              ///< the target group as the data says it; may be empty
    std::optional<std::string> rationale = {};      ///< nothing where it is empty, "NA" or "None"
};
/// Failures: an empty text, a label other than hate and normal.
penstock::result<post> read_post(unified_row row);

/// The assistant's turn. Always these four keys; null where the data says nothing.
struct answer {
    penstock::one_of<"hate_speech", "not_hate"> classification;
    penstock::one_of<"high", "medium", "low"> confidence;
    std::optional<std::string> reasoning, protected_group;
};

enum class reasoning {
    given,          ///< the data's rationale, else null
    placeholder,    ///< a sentence where there is none, for trainers that need text
};
answer answer_of(post const& p, reasoning how);

/// The simple form: one sentence, and the seed's user turn. The text goes in as it is.
extern std::string_view const simple_system;
std::string simple_user(post const& p);

} // namespace hate
