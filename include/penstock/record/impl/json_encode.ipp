#pragma once
#include <penstock/record/json_encode.hpp>

namespace penstock::json::detail {

bool writing::fail(std::string message) { what = std::move(message); return false; }
bool writing::under(std::string_view key) { path.insert(0, path_of(key)); return false; }
bool writing::under(std::size_t index) { path.insert(0, '[' + std::to_string(index) + ']'); return false; }
bool writing::invalid_text(std::string_view text) {
    auto const f = invalid_utf8(text);
    return fail("invalid UTF-8 at byte " + std::to_string(f.at) + " of the text (" + excerpt(text.substr(f.at, 1)) + ")");
}
failure writing::finish() { return failure(errc::schema, '$' + path + ": " + what); }

} // namespace penstock::json::detail
