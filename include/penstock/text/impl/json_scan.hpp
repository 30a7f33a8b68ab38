/// Where a value ends in a JSON document that is known to be valid: enough to indent one or to take an object apart without parsing it.
#pragma once
#include <cstddef>
#include <string_view>

namespace penstock {

namespace detail {
/// Index behind the value that begins at `from`, and whether an object is in it.
inline std::size_t json_value_end(std::string_view d, std::size_t from, bool& holds_object) {
    std::size_t depth = 0;
    bool inside = false;
    for (auto i = from; i != d.size(); ++i) {
        char const c = d[i];
        if (inside) { if (c == '\\') ++i; else if (c == '"') { inside = false; if (depth == 0) return i + 1; } continue; }
        if (c == '"') inside = true;
        else if (c == '{' || c == '[') { ++depth; holds_object |= c == '{'; }
        else if (c == '}' || c == ']') { if (depth == 0) return i; if (--depth == 0) return i + 1; }
        else if (c == ',' && depth == 0) return i;
    }
    return d.size();
}
} // namespace detail


} // namespace penstock
