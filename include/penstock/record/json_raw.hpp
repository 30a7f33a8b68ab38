/// A JSON value that is passed through: its text, checked when it is taken in, and written as it stands. White space between its tokens is dropped at once, so
/// that two texts of one value are equal and a record that holds one survives encoding and decoding.
#pragma once
#include <string>
#include <string_view>
#include <penstock/core/result.hpp>

namespace penstock::json {

class raw {
    std::string text_ = "null";
    friend struct raw_door;     // the decoder, which has checked the text
public:
    raw() = default;
    /// errc::parse where text is not one JSON value in UTF-8.
    static result<raw> of(std::string_view text);
    std::string const& text() const { return text_; }
    friend bool operator==(raw const&, raw const&) = default;
};

} // namespace penstock::json
