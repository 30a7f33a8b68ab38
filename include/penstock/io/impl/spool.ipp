#pragma once
#include <penstock/io/spool.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <fcntl.h>
#include <unistd.h>
#include <penstock/core/fatal.hpp>

namespace penstock::io {

void spool::fail(char const* what, int error) const { throw fatal(exit_code::output, folder_ + ": " + what + ": " + std::strerror(error)); }

spool::spool(std::string folder) : folder_(folder.empty() ? "." : std::move(folder)) {
    fd_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd_ < 0) {      // a file system without unnamed files
        auto name = folder_ + "/.spool.XXXXXX";
        fd_ = ::mkostemp(name.data(), O_CLOEXEC);
        if (fd_ >= 0) ::unlink(name.c_str());
    }
    if (fd_ < 0) fail("no temporary file can be made", errno);
}
spool::spool(spool&& s) noexcept : folder_(std::move(s.folder_)), pending_(std::exchange(s.pending_, {})), written_(s.written_), fd_(std::exchange(s.fd_, -1)) {}
spool::~spool() { if (fd_ >= 0) ::close(fd_); }

void spool::flush() {
    for (std::size_t at = 0; at != pending_.size();) {
        auto const put = ::pwrite(fd_, pending_.data() + at, pending_.size() - at, off_t(written_));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) fail("the temporary file cannot be written", errno);
        at += std::size_t(put);
        written_ += std::uint64_t(put);
    }
    pending_.clear();
}

void spool::read(extent e, std::string& out) {
    if (e.at + e.size > written_) flush();
    auto const before = out.size();
    out.resize(before + e.size);
    for (std::uint64_t at = 0; at != e.size;) {
        auto const got = ::pread(fd_, out.data() + before + at, e.size - at, off_t(e.at + at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) fail("the temporary file cannot be read", got < 0 ? errno : EIO);
        at += std::uint64_t(got);
    }
}

} // namespace penstock::io
