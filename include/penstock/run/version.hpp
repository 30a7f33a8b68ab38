/// The version of Penstock. One string, the same as CMake's project version (a test compares them).
#pragma once
#include <string_view>

namespace penstock {

inline constexpr std::string_view version = "0.1.0";

} // namespace penstock
