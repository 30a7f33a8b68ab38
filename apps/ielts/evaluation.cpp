#include "evaluation.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include "text.hpp"

namespace ielts {
namespace {
/// Where a line belongs: a criterion's section, another section (overall, feedback), or the section that is open.
struct head {
    enum { none, criterion, other } kind = none;
    ielts::criterion which = {};
    std::string_view rest = {};     ///< what follows the name on the line
};

std::string_view undecorated(std::string_view line) {
    auto const decoration = [](char c) { return is_space(c) || c == '*' || c == '#' || c == '-' || c == '_' || c == '>'; };
    while (!line.empty() && decoration(line.front())) line.remove_prefix(1);
    if (line.size() > 2 && is_digit(line[0]) && (line[1] == '.' || line[1] == ')') && is_space(line[2])) return undecorated(line.substr(2));       // "1. Task Achievement"
    return line;
}

/// The criterion whose name opens the text, and the bytes of that name; 0 when there is none.
std::pair<criterion, std::size_t> named(std::string_view text) {
    constexpr std::pair<criterion, std::string_view> spellings[] = {
        {criterion::task, "task achievement"}, {criterion::task, "task response"},
        {criterion::coherence, "coherence and cohesion"}, {criterion::coherence, "coherence & cohesion"},
        {criterion::lexical, "lexical resource (vocabulary)"}, {criterion::lexical, "lexical resources"}, {criterion::lexical, "lexical resource"},
        {criterion::grammar, "grammatical range and accuracy"}, {criterion::grammar, "grammatical range & accuracy"}, {criterion::grammar, "grammatical range"},
    };
    for (auto const& [c, spelling] : spellings)
        if (text.size() >= spelling.size() && same(text.substr(0, spelling.size()), spelling)) return {c, spelling.size()};
    return {};
}

/// Nothing but marks: the end of a heading's line.
bool only_marks(std::string_view text) { return text.find_first_not_of(" \t*#:_-.") == text.npos; }

/// A band that the rest of a heading states: nothing but marks, "/9" and the like may follow, or it is a sentence.
std::optional<band_prefix> whole_band(std::string_view text) {
    auto const b = band_at_start(text);
    if (!b.length) return {};
    auto after = text.substr(b.length);
    if (after.size() > 1 && after[0] == '/' && is_digit(after[1])) after.remove_prefix(2);       // "4/9"; one real row says "4/6" and means bands all the same
    if (after.find_first_not_of(" \t*#:_-.)]") != after.npos) return {};
    return b;
}

head read_head(std::string_view line) {
    auto const text = undecorated(line);
    if (auto const [which, size] = named(text); size) {
        auto const rest = text.substr(size);
        if (only_marks(rest) || whole_band(rest)) return {head::criterion, which, rest};
        return {};
    }
    for (std::string_view const start : {"overall band", "overall score", "suggested overall", "feedback", "additional comments"})
        if (text.size() >= start.size() && same(text.substr(0, start.size()), start)) return {head::other, {}, {}};
    if (text.size() >= 7 && same(text.substr(0, 7), "overall") && only_marks(text.substr(7))) return {head::other, {}, {}};    // not "Overall, the essay ..."
    return {};
}

void keep(std::optional<band_reading>& slot, band_prefix const& found) {
    if (slot || !found.length) return;
    auto const text = (found.below ? "<" : "") + std::string(found.number);
    if (auto const b = read_band(text, low_band::three_and_a_half)) slot = *b;
}
} // namespace

stated_bands read_evaluation(std::string_view evaluation) {
    stated_bands out;
    bool in_section = false;
    auto open = criterion::task;
    for (std::size_t at = 0; at < evaluation.size();) {
        auto const end = std::min(evaluation.find_first_of("\r\n", at), evaluation.size());
        auto const line = trim(evaluation.substr(at, end - at));
        at = end + 1;
        if (line.empty()) continue;
        if (auto const h = read_head(line); h.kind != head::none) {
            in_section = h.kind == head::criterion;
            open = h.which;
            if (in_section) if (auto const b = whole_band(h.rest)) keep(out[index(open)], *b);
            continue;
        }
        auto const score = find_word(line, "band score");
        if (score == line.npos) {
            if (in_section) if (auto const b = whole_band(undecorated(line))) keep(out[index(open)], *b);      // a number alone under its heading
            continue;
        }
        auto rest = line.substr(score + std::string_view("band score").size());
        auto owner = open;
        bool owned = in_section;
        auto const label = rest.find_first_not_of(" \t*:");
        if (label != rest.npos && rest[label] == '(') {
            if (auto const [which, size] = named(rest.substr(label + 1)); size) {
                owner = which;
                owned = true;
                rest = rest.substr(label + 1 + size);
                if (auto const close = rest.find(')'); close != rest.npos) rest = rest.substr(close + 1);
            }
        }
        if (owned && undecorated(line).size() < 120) keep(out[index(owner)], band_at_start(rest));
    }
    return out;
}

penstock::result<criterion_bands> complete(stated_bands const& stated, double overall, low_band rule) {
    criterion_bands out;
    for (auto const c : criteria) {
        auto const& s = stated[index(c)];
        if (s && s->low && rule == low_band::reject)
            return std::unexpected(penstock::failure{penstock::errc::rejected, "evaluation: the band of " + std::string(name(c)) + " is \"<4\", and --low-band says reject"});
        out[index(c)] = s ? criterion_band{s->band, s->low, false} : criterion_band{overall, false, true};
    }
    return out;
}

bool far_apart(criterion_bands const& bands, double overall) {
    double sum = 0;
    for (auto const& b : bands) sum += b.band;
    return std::abs(sum / criterion_count - overall) >= 1;
}

} // namespace ielts
