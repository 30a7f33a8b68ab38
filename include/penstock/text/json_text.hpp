/// A text as a JSON string, for the documents that are put together by hand from values whose types are known only at run time (metadata, lint reports).
#pragma once
#include <string>
#include <string_view>

namespace penstock {

/// With its quotes; bytes that are not UTF-8 become U+FFFD, so that the document always is JSON.
std::string json_text(std::string_view text);

/// The same JSON document with one value a line, two spaces a level; lists without objects stay on one line. Takes valid JSON.
std::string json_indented(std::string_view document);

} // namespace penstock
