// A program run as a user runs it, in a folder that goes when the test does.
#pragma once
#include <doctest/doctest.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <penstock/dataset/fingerprint.hpp>

namespace test {

inline std::string slurp(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
inline void write(std::filesystem::path const& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

/// Of a file, for tests that pin its bytes.
inline std::string hash_of(std::filesystem::path const& path) {
    auto const f = penstock::dataset::fingerprint_of(slurp(path));
    char text[40];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(f.high), static_cast<unsigned long long>(f.low));
    return text;
}

struct folder {
    std::filesystem::path path;
    folder() {
        std::string name = (std::filesystem::temp_directory_path() / "penstock-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~folder() { std::error_code ignored; std::filesystem::remove_all(path, ignored); }
    folder(folder&&) = delete;
    std::filesystem::path operator/(std::string_view name) const { return path / name; }
};

struct outcome { int code = -1; std::string out, err; };
/// The program with these arguments (shell words), in the folder; at most 120 s.
inline outcome run(std::string const& program, folder const& in, std::string const& arguments, std::string const& before = "") {
    auto const command = "cd '" + in.path.string() + "' && " + before + " timeout 120 '" + program + "' " + arguments + " >stdout.txt 2>stderr.txt </dev/null";
    auto const status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(in / "stdout.txt"), slurp(in / "stderr.txt")};
}

} // namespace test
