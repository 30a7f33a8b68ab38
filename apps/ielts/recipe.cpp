#include "recipe.hpp"
#include <string>
#include <utility>
#include <vector>
#include <penstock/dataset/chat.hpp>
#include <penstock/record/json_encode.hpp>
#include "prompts/training.hpp"

namespace ielts {

using penstock::result;

namespace {
/// What the data set has no answer to: documented constants (README.md).
reply_meta constants(std::string_view model) {
    return {.prompt_hash = "training_data", .model = std::string(model), .schema_version = "v1", .rubric_version = "ielts-writing-task-2", .token_usage = {}};
}
/// Low where the bands rest on a rule or contradict each other.
std::string_view confidence(graded const& row) {
    bool sure = !row.overall.low && !far_apart(row.bands, row.overall.band);
    for (auto const& b : row.bands) sure = sure && !b.low && !b.by_rule;
    return sure ? "high" : "low";
}
/// The failure of one of the four answers as the row's.
penstock::failure of_row(graded const& row, criterion about, penstock::failure const& f, bool explain) {
    auto raw = explain ? shown(prompt_of({row.essay, about, row.bands[index(about)].band})) : std::string();
    if (explain && !f.raw().empty()) raw += "the last reply:\n";
    return penstock::failure(f.code(), std::string(name(about)) + ": " + f.what(), f.stage()).at(f.place()).of(raw + f.raw());
}
} // namespace

result<example> make_example(graded row, penstock::children<marked> notes, manner const& how) {
    example out{.line = {}, .prompt = row.prompt, .essay = row.essay->essay, .overall = row.overall, .bands = row.bands, .notes = {}};
    bool by_model = true;
    for (auto& [about, answer] : notes.results) {
        if (!answer) return std::unexpected(of_row(row, criteria[about], answer.error(), how.explain));
        out.by[about] = answer->by;
        out.said[about] = std::move(answer->said);
        by_model = by_model && answer->by == penstock::llm::writer::model;
        out.mapped_types += answer->mapped_types;
        out.repeated_quotes += answer->repeated_quotes;
        out.notes.push_back(std::move(answer->note));
    }
    auto const overall = row.overall.band;
    auto assistant = how.form == response::compact
        ? penstock::json::encode(compact_reply{.per_criterion = out.notes, .overall = overall})
        : penstock::json::encode(reply{.per_criterion = out.notes, .overall = overall, .votes = {overall}, .dispersion = 0, .confidence = confidence(row), .meta = constants(by_model ? std::string_view(how.model) : "offline-writer-1")});
    if (!assistant) return std::unexpected(std::move(assistant).error());
    auto const chat = penstock::dataset::three_turns(std::string(prompts::rules).append(how.form == response::compact ? prompts::compact_answer : prompts::full_answer),
                                                     prompts::user(prompts::training_turn{row.prompt, row.essay->essay}), *std::move(assistant));
    auto line = penstock::json::encode(chat);
    if (!line) return std::unexpected(std::move(line).error());
    out.line = *std::move(line);
    return out;
}

} // namespace ielts
