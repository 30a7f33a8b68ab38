/// A band as data sets write it: "6.5\n\r", " 7 ", "8.0", "<4". What cannot be read is a failure; a guessed 4.0 would teach a wrong mark without a trace.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <penstock/core/result.hpp>

namespace ielts {

/// What "<4" becomes. The data's bands stop there, so one number has to stand for 0 to 3.5: the highest of them, or none at all.
enum class low_band : std::uint8_t {
    three_and_a_half,   ///< 3.5
    reject,             ///< the row is a reject
};

/// A multiple of 0.5 from 0 to 9.
struct band_reading {
    double band = 0;
    bool low = false;   ///< it said "<4" (or "below 4"): the number is the rule's
};

/// Reads a band. White space, control characters and a BOM at either end are dropped. Failures (schema): empty, not a number, not a multiple of 0.5, outside 0..9.
/// Failure (rejected): "<4" under low_band::reject.
penstock::result<band_reading> read_band(std::string_view text, low_band rule);

/// A band at the start of text: "6.5", "<4", "below 4.0", "(7)", "[Band 6]", "band score: 6", "4/9", "**5**". length is how far it reached; 0 when there is none.
struct band_prefix {
    std::size_t length = 0;
    std::string_view number = {};   ///< "6.5"
    bool below = false;             ///< "<" or "below" stood before it
};
band_prefix band_at_start(std::string_view text);

/// "6.5", "7": the shortest way, as the suggestions and the summary write it.
std::string band_text(double band);

} // namespace ielts
