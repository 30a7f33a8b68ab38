#include "summary.hpp"
#include <string>
#include <string_view>
#include <penstock/dataset/summary.hpp>

namespace ielts {
namespace {
using penstock::dataset::counted;
using penstock::dataset::with_commas;

std::string reasons(penstock::tally const& t) {
    std::string out;
    for (auto const& [reason, n] : t) out += (out.empty() ? " (" : ", ") + reason + ' ' + std::to_string(n);
    return out.empty() ? out : out + ')';
}
} // namespace

std::string summary(facts const& f) {
    auto const& c = f.counted;
    std::string out = counted(f.rows.read, "row", "rows") + " read: " + counted(f.rows.written, "example", "examples") + ", " + with_commas(penstock::sum(f.rows.filtered)) + " filtered" + reasons(f.rows.filtered)
                    + ", " + with_commas(f.rejects) + " rejected" + reasons(f.rows.rejected) + "\n";
    out += "bands: " + with_commas(c.bands.numbers) + " as numbers, " + with_commas(c.bands.low) + " as \"<4\"" + (c.bands.low ? ", taken as 3.5" : "") + "\n";
    out += "criteria: all four stated in " + with_commas(c.criteria.rows_with_all) + " evaluations (" + with_commas(c.criteria.rows_with_numbers) + " as numbers); "
         + with_commas(c.criteria.by_rule) + " not stated, taken from the essay's band\n";
    out += "band and criteria at least 1 apart: " + counted(c.far_apart.rows, "row", "rows") + ", listed in metadata.json\n\n";
    out += std::string(f.model);
    auto const& w = c.criteria_written;
    if (w.model + w.fallback != 0) {
        out += "written by the model: " + with_commas(w.model) + " of " + with_commas(w.model + w.offline + w.fallback) + " answers, " + with_commas(w.fallback) + " by the offline writer in its place";
        out += "; error types mapped: " + with_commas(w.mapped_error_types) + ", repeated quotes dropped: " + with_commas(w.repeated_quotes) + "\n";
    }
    if (f.rows.left != 0) out += counted(f.rows.left, "row has", "rows have") + " no reply yet and " + (f.rows.left == 1 ? "is" : "are") + " left out; the same command without --finish-partial asks for them\n";
    out += f.parts.text() + "\n";
    out += f.cost.text() + "\n";
    out += f.files.text() + "\n";
    out += "One example, " + std::string(f.example) + "\n";
    out += "Files in " + std::string(f.folder) + ":\n";
    for (auto const& file : f.files.files) out += "  " + file.path.substr(file.path.rfind('/') + 1) + ": " + counted(file.rows, "example", "examples") + ", " + with_commas(file.bytes) + " bytes\n";
    out += "  rejects.jsonl: " + counted(f.rejects, "row", "rows") + "\n  metadata.json\n";
    out += "To check them again: " + std::string(f.check) + "\n";
    return out;
}

} // namespace ielts
