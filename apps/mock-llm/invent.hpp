/// A value for a JSON Schema, as a model in strict mode would give it. Strings are runs of words of the first user message where the schema leaves room for
/// them, so that a recipe that checks quotes against its source finds them there.
#pragma once
#include "json.hpp"
#include "random.hpp"
#include <string>
#include <string_view>

namespace mock {

/// Appends one value that the schema takes. Known are type (also a list), enum, const, anyOf, oneOf, $ref (# and #/$defs/…), properties, items, min/maxItems,
/// min/maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, required (deep down members that are not are left out). source: where strings
/// are cut from. False: every value is nested deeper than 64 or larger than 1 MiB, as far as this looks; then out holds a part of one.
[[nodiscard]] bool invent(std::string& out, json schema, std::string_view source, random& dice);

/// A run of 4 to 12 words of the text, verbatim; "ok" where it has no words.
std::string_view excerpt(std::string_view text, random& dice);

/// The start of the text, at most so many bytes, cut between characters.
std::string_view clip(std::string_view text, std::size_t bytes);

} // namespace mock
