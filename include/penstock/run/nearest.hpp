/// Which of some names a mistyped one was meant to be.
#pragma once
#include <span>
#include <string_view>

namespace penstock::run {

/// The name with the fewest edits (insert, delete, replace, swap neighbours) from `given`, or one that begins with it; empty if none is near enough to be meant
/// (a third of its letters, at least one edit).
std::string_view nearest(std::string_view given, std::span<std::string_view const> names);

} // namespace penstock::run
