#include "examiner.hpp"
#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <utility>
#include <penstock/text/printable.hpp>
#include <penstock/text/verbatim.hpp>
#include "prompts/examiner.hpp"

namespace ielts {

using penstock::errc;
using penstock::failure;
using penstock::result;
namespace llm = penstock::llm;

namespace {
std::string_view looks_at(criterion c) {
    constexpr std::string_view what[] = {"does it answer the question, with a position and support for it", "order, paragraphs, linking and reference",
                                         "range and exactness of words, spelling, word formation", "range of structures, accuracy, punctuation"};
    return what[index(c)];
}
bool mentions(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto w) { return text.find(w) != text.npos; });
}
std::string shown(std::string_view text) { return '"' + penstock::printable(text, 80) + '"'; }
std::unexpected<failure> wrong(std::string why) { return std::unexpected(failure(errc::rejected, std::move(why))); }
} // namespace

std::string_view error_type(std::string_view told) {
    std::string t(told);
    for (char& c : t) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (std::string_view exact : {"grammar", "lexical", "coherence", "task", "other"}) if (t == exact) return exact;
    if (mentions(t, {"task", "relevan", "off-topic", "off topic", "position", "idea", "argument", "support", "evidence", "example", "development"})) return "task";
    if (mentions(t, {"cohe", "link", "connect", "transition", "paragraph", "reference", "referenc", "flow", "organi", "sequenc"})) return "coherence";
    if (mentions(t, {"lexic", "vocab", "word choice", "wording", "spell", "colloc", "word form", "register", "informal", "phras", "idiom", "repetit", "redundan"})) return "lexical";
    if (mentions(t, {"gramm", "agreement", "tense", "article", "preposition", "plural", "singular", "punctuat", "syntax", "verb", "noun", "pronoun", "clause", "fragment", "run-on", "structure", "capital", "comma", "modal", "conditional", "subject"})) return "grammar";
    return "other";
}

llm::chat_request prompt_of(question const& q) {
    prompts::examiner_turn const turn{.criterion = name(q.about), .band = q.band, .looks_at = looks_at(q.about), .prompt = q.essay->prompt, .essay = q.essay->essay};
    auto r = llm::chat(prompts::examiner_system(turn), prompts::examiner_user(turn));
    r.schema = penstock::strict_schema<told>();
    r.schema_name = "examiner";
    return r;
}

std::string shown(llm::chat_request const& request) {
    std::string out;
    for (auto const& m : request.messages) out += (m.role == llm::role::system ? "system:\n" : "user:\n") + m.content + (m.content.ends_with('\n') ? "" : "\n");
    return out;
}

result<marked> check(question const& q, told reply, llm::writer by) {
    marked out{.note = {.name = std::string(name(q.about)), .band = q.band, .evidence_quotes = {}, .errors = {}, .suggestions = {}}, .by = by};
    penstock::verbatim const essay(q.essay->essay);
    for (auto const& quote : reply.evidence_quotes) {
        auto const at = essay.find(std::string_view(quote));
        if (!at) return wrong("the evidence quote " + shown(std::string_view(quote)) + " is not in the essay");
        if (std::ranges::any_of(out.note.evidence_quotes, [&](auto const& before) { return std::string_view(before) == *at; })) ++out.repeated_quotes;
        else out.note.evidence_quotes.push_back(*at);
    }
    for (auto const& e : reply.errors) {
        auto const at = essay.find(std::string_view(e.span));
        if (!at) return wrong("the span of an error, " + shown(std::string_view(e.span)) + ", is not in the essay");
        if (*at == std::string_view(e.fix)) return wrong("the fix of the error " + shown(*at) + " changes nothing");
        auto const type = error_type(std::string_view(e.type));
        out.mapped_types += type != std::string_view(e.type);
        out.note.errors.push_back({.span = *at, .type = type, .fix = e.fix});
    }
    for (auto const& s : reply.suggestions) out.note.suggestions.push_back(std::string_view(s));
    out.said = std::move(reply);
    return out;
}

told write_told(question const& q) {
    auto const answer = write_offline(*q.essay, q.about, q.band);
    told out;
    for (auto const quote : answer.quotes) out.evidence_quotes.push_back(quote);
    for (auto const& e : answer.errors) out.errors.push_back({.span = e.span, .type = name(e.type), .fix = e.fix});
    for (auto const& s : answer.suggestions) out.suggestions.push_back(s);
    return out;
}

} // namespace ielts
