/// JSON of a request, looked at without building a tree: the text is checked whole once, then a value is a view into it. A chat request is read for five keys.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mock {

/// A value of a checked text; an empty one stands for "not there". The text outlives it.
class json {
    std::string_view text_;

    static std::size_t space(std::string_view s, std::size_t at);
    static std::size_t value(std::string_view s, std::size_t at, unsigned depth);     ///< behind the value that starts there; npos if it is none
    static std::size_t string(std::string_view s, std::size_t at);
    struct checked {};
    json(checked, std::string_view text) : text_(text) {}
public:
    json() = default;
    /// The whole text as one value, or nothing if it is not JSON, or deeper than 64.
    static std::optional<json> parse(std::string_view text);

    explicit operator bool() const { return !text_.empty(); }
    std::string_view text() const { return text_; }
    bool is_object() const { return text_.starts_with('{'); }
    bool is_array() const { return text_.starts_with('['); }
    bool is_string() const { return text_.starts_with('"'); }
    bool is_true() const { return text_ == "true"; }
    /// The member of an object. Keys with escapes in them are not found.
    json operator[](std::string_view key) const;
    /// A string without its quotes and escapes; of anything else its text.
    std::string plain() const;
    double number(double otherwise) const;
    /// f(std::string_view key, json): the key as it stands between its quotes.
    template <class F> void members(F f) const {
        for (std::size_t at = is_object() ? space(text_, 1) : text_.size(); at < text_.size() && text_[at] == '"';) {
            auto const key_end = string(text_, at);
            auto const from = space(text_, space(text_, key_end) + 1);
            auto const to = value(text_, from, 0);
            f(text_.substr(at + 1, key_end - at - 2), json(checked{}, text_.substr(from, to - from)));
            at = space(text_, to);
            if (at < text_.size() && text_[at] == ',') at = space(text_, at + 1);
        }
    }
    template <class F> void elements(F f) const {
        for (std::size_t at = is_array() ? space(text_, 1) : text_.size(); at < text_.size() && text_[at] != ']';) {
            auto const to = value(text_, at, 0);
            f(json(checked{}, text_.substr(at, to - at)));
            at = space(text_, to);
            if (at < text_.size() && text_[at] == ',') at = space(text_, at + 1);
        }
    }
};

/// Appends the text as a JSON string.
void put_string(std::string& out, std::string_view text);

} // namespace mock
