#pragma once
#include <penstock/io/atomic_file.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <penstock/core/fatal.hpp>

namespace penstock::io {

void atomic_file::fail(char const* what, int error) {
    pending_.clear();       // it was tried; the destructor does not try again
    throw fatal(exit_code::output, shown_ + ": " + what + ": " + std::strerror(error));
}

atomic_file::atomic_file(std::string path) : path_(path), shown_(std::move(path)) {
    if (auto* const real = ::realpath(path_.c_str(), nullptr)) {    // a link keeps being one: what it points to is replaced
        path_ = real;
        std::free(real);
    }
    struct stat about;
    bool const there = ::stat(path_.c_str(), &about) == 0;
    if (there && S_ISDIR(about.st_mode)) fail("cannot be written", EISDIR);
    if (!there || S_ISREG(about.st_mode)) partial_ = path_ + ".partial";
    fd_ = ::open(partial_.empty() ? path_.c_str() : partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd_ < 0) fail("cannot be written", errno);
    pending_.reserve(buffer + (buffer >> 2));
}
atomic_file::atomic_file(atomic_file&& f) noexcept
    : path_(std::move(f.path_)), shown_(std::move(f.shown_)), partial_(std::move(f.partial_)), pending_(std::exchange(f.pending_, {})), written_(f.written_), fd_(std::exchange(f.fd_, -1)) {}
atomic_file::~atomic_file() {
    if (fd_ < 0) return;
    try { flush(); } catch (...) {}     // fatal ones were thrown by the call before, or nobody asked
    close();
}
void atomic_file::close() noexcept { ::close(std::exchange(fd_, -1)); }

void atomic_file::flush() {
    struct stat about;
    if (!partial_.empty() && ::fstat(fd_, &about) == 0 && about.st_nlink == 0) fail("its directory or the .partial file was removed while it was written", ENOENT);
    for (std::size_t at = 0; at != pending_.size();) {
        auto const put = ::write(fd_, pending_.data() + at, pending_.size() - at);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) fail("cannot be written", errno);
        at += std::size_t(put);
        written_ += std::uint64_t(put);
    }
    pending_.clear();
}

/// EINVAL, EROFS, ENOTSUP: a pipe, a terminal or a file system that has nothing to sync.
static bool on_the_disk(int fd) { return ::fsync(fd) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP; }

void atomic_file::seal() {
    flush();
    if (!on_the_disk(fd_)) fail("cannot be written to the disk", errno);
    if (::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) fail("cannot be written", errno);
}

void atomic_file::commit() {
    if (fd_ >= 0) seal();
    if (partial_.empty()) return;
    if (::rename(partial_.c_str(), path_.c_str()) != 0) fail("its .partial file cannot be renamed", errno);
    auto const slash = path_.rfind('/');
    auto const folder = slash == path_.npos ? std::string(".") : path_.substr(0, slash + 1);
    int const directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) fail("its directory cannot be opened", errno);
    bool const kept = on_the_disk(directory);
    int const error = errno;
    ::close(directory);
    if (!kept) fail("its directory cannot be written to the disk", error);
}

} // namespace penstock::io
