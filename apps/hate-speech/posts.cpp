#include "posts.hpp"
#include <utility>
#include <penstock/record/json_encode.hpp>

namespace hate {

using penstock::errc;
using penstock::failure;

namespace {
std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out) if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}
bool says_nothing(std::string_view rationale) { return rationale.empty() || rationale == "NA" || rationale == "None"; }
} // namespace

penstock::result<post> read_post(unified_row row) {
    auto const wrong = [&](std::string what) { return std::unexpected(failure(errc::schema, std::move(what)).of(penstock::json::encode(row).value_or(row.text))); };
    if (row.text.find_first_not_of(" \t\r\n") == row.text.npos) return wrong("text: it is empty");
    if (row.label_binary != "hate" && row.label_binary != "normal") return wrong("label_binary: expected hate or normal, got \"" + row.label_binary + '"');
    post p{.text = {}, .hate = row.label_binary == "hate", .persona = "GENERAL", .group = row.target_group_norm.value_or("")};
    auto const tag = row.persona_tag.value_or("");
    if (!tag.empty() && tag != "unknown") p.persona = upper(tag);
    else if (!p.group.empty()) p.persona = upper(p.group);
    if (row.rationale_text && !says_nothing(*row.rationale_text)) p.rationale = *std::move(row.rationale_text);
    p.text = std::move(row.text);
    return p;
}

answer answer_of(post const& p, reasoning how) {
    answer a{.classification = p.hate ? "hate_speech" : "not_hate", .confidence = "high", .reasoning = {}, .protected_group = {}};
    if (p.hate) {
        a.reasoning = p.rationale;      // of a post that is not hate, the data's words say why it offends, not why it is no hate
        if (!p.group.empty()) a.protected_group = upper(p.group);
    }
    if (!a.reasoning && how == reasoning::placeholder)
        a.reasoning = p.hate ? "This text was labelled as hate speech; no rationale was given." : "This text does not contain hate speech.";
    return a;
}

std::string_view const simple_system = "You decide whether a post is hate speech against a protected group. Answer with one JSON object and nothing else: "
    "{\"classification\": \"hate_speech\" or \"not_hate\", \"confidence\": \"high\", \"medium\" or \"low\", \"reasoning\": a short text or null, \"protected_group\": the group that is attacked or null}.";

std::string simple_user(post const& p) { return "Analyze this text for hate speech:\n\nPersona: " + p.persona + "\nText: \"" + p.text + '"'; }

} // namespace hate
