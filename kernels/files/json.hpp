// JSON files of models: simdjson's DOM behind the few questions that are asked of them. For .cpp files of the host: nvcc does not compile simdjson.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <penstock/core/fatal.hpp>
#include <simdjson.h>

namespace penstock::train::detail {

namespace dom = simdjson::dom;

[[noreturn]] inline void bad(std::string const& shown, std::string const& why) { throw fatal(exit_code::input, shown + ": " + why); }

/// The whole file; fatal(input) if it cannot be read.
simdjson::padded_string whole_file(std::string const& path);

inline dom::object parse_object(dom::parser& parser, simdjson::padded_string const& text, std::string const& shown) {
    dom::element root;
    dom::object object;
    if (auto const error = parser.parse(text).get(root)) bad(shown, std::string("is not JSON: ") + simdjson::error_message(error));
    if (root.get(object)) bad(shown, "is not a JSON object");
    return object;
}

/// A member, or nothing where it is absent or null.
inline std::optional<dom::element> member(dom::object o, std::string_view key) {
    dom::element e;
    if (o.at_key(key).get(e) || e.is_null()) return std::nullopt;
    return e;
}
inline std::string in_quotes(std::string_view s) { return '"' + std::string(s) + '"'; }

template <class T> T get(dom::element e, std::string const& shown, std::string_view key, char const* what) {
    T value;
    if (e.get(value)) bad(shown, in_quotes(key) + " is not " + what);
    return value;
}
inline std::uint64_t whole_number(dom::element e, std::string const& shown, std::string_view key) { return get<std::uint64_t>(e, shown, key, "a whole number of 0 and above"); }
inline double number(dom::element e, std::string const& shown, std::string_view key) { return get<double>(e, shown, key, "a number"); }
inline bool truth(dom::element e, std::string const& shown, std::string_view key) { return get<bool>(e, shown, key, "true or false"); }
inline std::string_view text(dom::element e, std::string const& shown, std::string_view key) { return get<std::string_view>(e, shown, key, "a text"); }
inline dom::object object(dom::element e, std::string const& shown, std::string_view key) { return get<dom::object>(e, shown, key, "an object"); }
inline dom::array array(dom::element e, std::string const& shown, std::string_view key) { return get<dom::array>(e, shown, key, "a list"); }

/// A JSON string, quotes included.
std::string json_text(std::string_view);

} // namespace penstock::train::detail
