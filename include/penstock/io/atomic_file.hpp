/// A file that is there whole or not at all: written as PATH.partial, and under its own name once it is on the disk. Without commit() the .partial stays: it
/// shows how far an interrupted run came.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::io {

/// Every error (disk full, a directory that vanished, …) throws fatal(exit_code::output) with the path and the system's words.
/// A path that is a device or a pipe (/dev/stdout) is written directly. Two processes must not write one path.
class atomic_file {
    std::string path_, shown_, partial_;    // shown: as the user gave it; path: with links resolved
    std::string pending_ = {};
    std::uint64_t written_ = 0;
    int fd_ = -1;
    void flush();
    void close() noexcept;
    [[noreturn]] void fail(char const* what, int error);
public:
    static constexpr std::size_t buffer = std::size_t{256} << 10;

    explicit atomic_file(std::string path);
    atomic_file(atomic_file&& f) noexcept;
    atomic_file& operator=(atomic_file&&) = delete;
    ~atomic_file();     ///< writes what is buffered as well as it can

    void write(std::string_view bytes) {
        pending_.append(bytes);
        settle();
    }
    /// Bytes not yet written, for encoders that append; call settle() after each record.
    std::string& pending() { return pending_; }
    void settle() { if (pending_.size() >= buffer) flush(); }
    /// Bytes so far, pending ones included.
    std::uint64_t size() const { return written_ + pending_.size(); }
    std::string const& path() const { return shown_; }

    /// Where the bytes are until commit(); the path itself where it is a device.
    std::string const& partial() const { return partial_.empty() ? path_ : partial_; }

    /// Flush, fsync, close: the .partial is whole and on the disk. For outputs of several files, which are all sealed before the first is committed. Nothing may be written after it.
    void seal();
    /// seal() if that is not done, rename, fsync of the directory.
    void commit();
};

} // namespace penstock::io
