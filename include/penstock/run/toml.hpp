/// The small part of TOML that a configuration file of flags needs: key = value, [section], comments, texts, numbers, booleans, lists on one or more lines.
/// Written here because CLI11's reader drops what it does not understand, has no escapes, and puts a file above the environment.
#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::run {

struct toml_entry {
    std::string section;                ///< empty before the first [section]
    std::string key;
    std::vector<std::string> values;    ///< unquoted; one, unless a list
    bool list = false;
    unsigned line = 0;
};

/// Every entry in file order, or "LINE: what is wrong". A key twice in one section, tables in lists and dates are errors.
std::expected<std::vector<toml_entry>, std::string> read_toml(std::string_view text);

/// text as a TOML text: "…" with \" \\ \n \t \uXXXX.
std::string toml_text(std::string_view text);

} // namespace penstock::run
