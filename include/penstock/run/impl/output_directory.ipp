#pragma once
#include <penstock/run/output_directory.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/run/printable.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace penstock::run {

namespace detail {
inline constexpr auto lock_name = "/.penstock.lock";
inline bool same_file(int file, std::string const& path) {
    struct stat held{}, named{};
    return ::fstat(file, &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}
}

output_directory::output_directory(std::string path) : path_(std::move(path)) {
    while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
    auto const shown = printable(path_, 300);
    auto const refuse = [&](std::string const& why) -> void { throw fatal(exit_code::output, "output directory " + shown + ' ' + why); };
    if (path_.empty()) throw fatal(exit_code::output, "the output directory has no name");
    std::error_code error;
    if (std::filesystem::exists(path_, error) && !std::filesystem::is_directory(path_, error)) refuse("is not a directory");
    std::filesystem::create_directories(path_, error);
    if (std::error_code ignored; !std::filesystem::is_directory(path_, ignored)) refuse("cannot be made: " + error.message());
    auto const name = path_ + detail::lock_name;
    for (int attempt = 0; attempt != 100; ++attempt) {
        int const file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (file < 0) refuse(std::string("cannot be written: ") + std::strerror(errno));
        if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
            int const number = errno;
            char holder[32] = {};
            auto const length = ::pread(file, holder, sizeof holder - 1, 0);
            ::close(file);
            if (number != EWOULDBLOCK) refuse(std::string("cannot be locked: ") + std::strerror(number));
            long const process = length > 0 ? std::strtol(holder, nullptr, 10) : 0;
            refuse("is in use by another run" + (process > 0 ? " (process " + std::to_string(process) + ")" : std::string()) + "; give each run its own --output-dir");
        }
        if (!detail::same_file(file, name)) { ::close(file); continue; }     // its last holder took the name away between our open and our lock
        auto const id = std::to_string(::getpid()) + '\n';
        if (::ftruncate(file, 0) != 0 || ::pwrite(file, id.data(), id.size(), 0) < 0) {     // the number is for people; a full disk is found by the data files
        }
        lock_ = file;
        return;
    }
    refuse("cannot be locked: its lock file changes all the time");
}

output_directory::output_directory(output_directory&& o) noexcept : path_(std::move(o.path_)), lock_(std::exchange(o.lock_, -1)) {}

output_directory::~output_directory() {
    if (lock_ < 0) return;
    if (auto const name = path_ + detail::lock_name; detail::same_file(lock_, name)) ::unlink(name.c_str());    // under the lock: a waiting process sees the name is gone
    ::close(lock_);
}

} // namespace penstock::run
