// A folder of a test's own, and errors as text.
#pragma once
#include <doctest/doctest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <penstock/core/fatal.hpp>
#include "real_data.hpp"

namespace test {

struct folder {
    std::filesystem::path path;
    folder() {
        std::string name = (std::filesystem::temp_directory_path() / "penstock-train-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    folder(folder&&) = delete;
    ~folder() { std::error_code ignored; std::filesystem::remove_all(path, ignored); }
    std::string operator/(std::string_view name) const { return (path / name).string(); }
};

inline void write(std::string const& path, std::string_view bytes) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
inline std::string read(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What f throws, as "code: line"; "nothing" where it does not.
template <class F> std::string error_of(F f) {
    try { f(); } catch (penstock::fatal const& e) { return std::to_string(static_cast<int>(e.code())) + ": " + e.what(); }
    return "nothing";
}

} // namespace test
