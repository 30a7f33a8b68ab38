/// Finds what a model says it has quoted. White space and the shapes of quotation marks may differ, nothing else may; what is given back are the bytes of the
/// text itself, so that a quote that is stored is a quote.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penstock {

/// A text, prepared once for many quotes. The text outlives it.
class verbatim {
    std::string_view text_;
    std::string folded_;                    // white space as one blank, quotation marks as ' and "
    std::vector<std::uint32_t> begins_;     // of each byte of folded_: where in the text its character begins
public:
    /// Texts of 4 GiB and more are not taken: std::length_error.
    explicit verbatim(std::string_view text);
    /// Where the quote stands as it is, else the first place where it stands with other white space and marks; without white space at its ends. Marks around the whole quote and an ellipsis at its ends need not be in the text.
    /// Nothing for a quote of white space, marks and dots alone.
    std::optional<std::string_view> find(std::string_view quote) const;
};

} // namespace penstock
