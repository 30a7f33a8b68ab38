// Real data is found by PENSTOCK_DATA alone; without it a test says so in one line and passes.
#pragma once
#include <doctest/doctest.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace test {

/// The path of a real file, or nothing. With PENSTOCK_DATA_REQUIRED=1 a missing file is a failure.
inline std::optional<std::string> real_data(std::string const& name) {
    auto const* const root = std::getenv("PENSTOCK_DATA");
    auto const* const required = std::getenv("PENSTOCK_DATA_REQUIRED");
    if (root && *root && std::filesystem::exists(std::string(root) + '/' + name)) return std::string(root) + '/' + name;
    if (required && *required == '1') FAIL_CHECK("PENSTOCK_DATA has no " << name);
    else std::printf(root && *root ? "PENSTOCK_DATA has no %s: skipped\n" : "PENSTOCK_DATA is not set: %s skipped\n", name.c_str());
    return std::nullopt;
}

} // namespace test
