// What the tests of run/ share: an environment that is put back, a folder that goes away, a program that is run as a user runs it.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace test {

class variable {
    std::string name_;
    std::optional<std::string> before_;
public:
    variable(std::string name, char const* value) : name_(std::move(name)) {
        if (auto const* b = std::getenv(name_.c_str())) before_ = b;
        if (value) ::setenv(name_.c_str(), value, 1); else ::unsetenv(name_.c_str());
    }
    ~variable() { if (before_) ::setenv(name_.c_str(), before_->c_str(), 1); else ::unsetenv(name_.c_str()); }
    variable(variable const&) = delete;
};

class folder {
    std::string path_;
public:
    folder() {
        auto name = (std::filesystem::temp_directory_path() / "penstock-test-XXXXXX").string();
        if (!::mkdtemp(name.data())) std::abort();
        path_ = name;
    }
    ~folder() { std::error_code ignored; std::filesystem::remove_all(path_, ignored); }
    folder(folder const&) = delete;
    std::string const& path() const { return path_; }
    std::string operator/(std::string_view name) const { return path_ + '/' + std::string(name); }
    std::string write(std::string_view name, std::string_view text) const {
        auto const path = *this / name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
};

inline std::string read(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct ran { int code = -1; std::string out; };
/// Through sh; both streams, unless the command sends one elsewhere.
inline ran shell(std::string const& command) {
    ran r;
    auto* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (!pipe) return r;
    char block[4096];
    for (std::size_t n; (n = std::fread(block, 1, sizeof block, pipe)) != 0;) r.out.append(block, n);
    int const status = ::pclose(pipe);
    r.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return r;
}

} // namespace test
