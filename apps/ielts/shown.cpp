#include <string>
#include <string_view>
#include <penstock/run/printable.hpp>
#include "recipe.hpp"
#include "text.hpp"

namespace ielts {
namespace {
/// On one line, at most so many bytes.
std::string flat(std::string_view text, std::size_t limit) {
    std::string out;
    for (auto const c : trim(text))
        if (!is_space(c)) out += c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
    return penstock::run::printable(out, limit);
}
} // namespace

std::string shown(example const& e) {
    std::string out = "  question  " + flat(e.prompt, 150) + "\n  essay     " + flat(e.essay, 150) + "\n  overall   " + band_text(e.overall.band) + "\n";
    for (auto const& c : e.notes) {
        out += "    " + c.name + ": " + band_text(c.band) + "\n";
        for (auto const& q : c.evidence_quotes) out += "      quote       \"" + flat(q.value(), 110) + "\"\n";
        for (auto const& error : c.errors) out += "      error       \"" + flat(error.span.value(), 60) + "\" -> \"" + flat(error.fix.value(), 60) + "\" (" + std::string(error.type.value()) + ")\n";
        for (auto const& s : c.suggestions) out += "      suggestion  " + flat(s.value(), 400) + "\n";
    }
    return out;
}

} // namespace ielts
