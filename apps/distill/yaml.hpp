// YAML as a plain tree: yaml-cpp (the parser that Debian keeps) stays behind it, because its headers cost 2.4 s a unit and its nodes change when they are read.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace distill {

struct yaml {
    enum class kind : unsigned char { none, text, list, map };
    kind what = kind::none;
    std::string text = {};                                      // of a scalar, unquoted
    std::vector<yaml> items = {};
    std::vector<std::pair<std::string, yaml>> members = {};     // in the order of the file: dimensions have one
    unsigned line = 0;

    yaml const* find(std::string_view key) const {
        for (auto const& [name, value] : members) if (name == key && value.what != kind::none) return &value;
        return nullptr;
    }
};

/// fatal(usage) with the line where text is not YAML, has a key twice, or grows beyond a million values through its aliases. shown stands for its path.
yaml parse_yaml(std::string_view text, std::string const& shown);
/// A whole file; fatal(usage) where it cannot be read.
yaml read_yaml(std::string const& path);

} // namespace distill
