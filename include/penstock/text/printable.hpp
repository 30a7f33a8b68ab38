/// Text that is safe to show on a terminal. Input ends up in error lines, and a control character in it could rewrite the screen or hide what went wrong.
#pragma once
#include <string>
#include <string_view>

namespace penstock {

/// C0 and C1 controls, DEL, the bidirectional overrides and every byte that is not UTF-8 as \n, \r, \t, \xNN or \u{NNNN}; a backslash stays what it is.
/// Longer than limit bytes: cut at a character, with "…" behind. 0: no limit.
std::string printable(std::string_view text, std::size_t limit = 0);

} // namespace penstock
