/// Enumerators by name, without macros: all values of a stated range are spelled by the compiler in one string, in which those without a name stand
/// as casts. One instantiation an enum, where one a value costs 128.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace penstock {

/// Enumerators outside 0 … enum_limit - 1 have no name for us.
inline constexpr std::size_t enum_limit = 128;

/// Any enum class, and a plain enum that states its type (`enum kind : int`): without one, a value without a name may not even be written down.
template <class E> concept named_enum = std::is_enum_v<E> && requires { E{0}; };

namespace detail {
template <class E, E... V> consteval std::string_view spelled_values() { return __PRETTY_FUNCTION__; }
template <class E> struct enumerators {
    struct list { std::array<std::string_view, enum_limit> names{}; std::size_t count = 0; };
    static constexpr bool in_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
    /// Where the first value of the list ends: at a comma outside brackets and quotes, or at the list's end.
    static consteval std::size_t end_of_value(std::string_view s) {
        std::size_t i = 0;
        for (int depth = 0; depth != 0 || (s[i] != ',' && s[i] != '}' && s[i] != '>' && s[i] != ']'); ++i) {
            if (s[i] == '\'') { i += s[i + 1] == '\\' ? 3 : 2; while (s[i] != '\'') ++i; }      // an enum of chars: (kind)',' or (kind)'\003'
            else if (s[i] == '(' || s[i] == '{' || s[i] == '<') ++depth;
            else if (s[i] == ')' || s[i] == '}' || s[i] == '>') --depth;
        }
        return i;
    }
    template <std::size_t... V> static consteval list read(std::index_sequence<V...>) {
        auto s = spelled_values<E, static_cast<E>(V)...>();     // g++: "... V = {ns::color::red, (ns::color)1, ...}]"   clang: "... V = <...>]"
        s.remove_prefix(s.rfind("V = ") + 5);
        std::string_view names[sizeof...(V)];
        std::size_t count = 0;
        for (std::size_t v = 0; v != sizeof...(V); ++v) {
            auto const end = end_of_value(s);
            auto start = end;
            while (start != 0 && in_name(s[start - 1])) --start;
            if (start != end && (start == 0 || s[start - 1] == ':')) { names[v] = s.substr(start, end - start); ++count; }
            s.remove_prefix(end + (v + 1 != sizeof...(V) ? 2 : 0));
        }
        return {{names[V]...}, count};      // a fresh object: had it been filled in place, g++ 12 would call the constant below modified
    }
};
template <class E> inline constexpr auto all_names = enumerators<E>::read(std::make_index_sequence<enum_limit>{});
}

/// The name of a value, empty where it has none in the range.
template <named_enum E> constexpr std::string_view enum_name(E value) {
    constexpr auto const& names = detail::all_names<E>.names;
    auto const number = static_cast<long long>(value);
    return number >= 0 && number < static_cast<long long>(enum_limit) ? names[static_cast<std::size_t>(number)] : std::string_view{};
}

/// The value of a name.
template <named_enum E> constexpr std::optional<E> enum_value(std::string_view name) {
    constexpr auto const& names = detail::all_names<E>.names;
    if (!name.empty()) for (std::size_t i = 0; i != names.size(); ++i) if (names[i] == name) return static_cast<E>(i);
    return std::nullopt;
}

/// All names, in the order of their values.
template <named_enum E> inline constexpr auto enum_names = [] consteval {
    constexpr auto const& all = detail::all_names<E>;
    static_assert(all.count != 0, "penstock::enum_names: no enumerator of this enum lies in 0 ... 127");
    std::array<std::string_view, all.count> out;
    for (std::size_t i = 0, n = 0; i != all.names.size(); ++i) if (!all.names[i].empty()) out[n++] = all.names[i];
    return out;
}();

} // namespace penstock
