/// spool: rows written once and read back by where they lie, in any order. For steps that must see all rows before the first is written (a split, a shuffle)
/// without holding them: 16 bytes a row stay in memory, the rest is an unnamed file that vanishes with the process.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <penstock/io/atomic_file.hpp>

namespace penstock::io {

class spool {
    std::string folder_, pending_ = {};
    std::uint64_t written_ = 0;
    int fd_ = -1;
    void flush();
    [[noreturn]] void fail(char const* what, int error) const;
public:
    struct extent { std::uint64_t at = 0, size = 0; };

    /// folder: where the output goes, so that it is the same disk that must hold the rows. Errors throw fatal(exit_code::output).
    explicit spool(std::string folder);
    spool(spool&& s) noexcept;
    spool& operator=(spool&&) = delete;
    ~spool();

    extent append(std::string_view row) {
        extent const where{size(), row.size()};
        pending_.append(row);
        settle();
        return where;
    }
    /// Bytes not yet written, for encoders that append; the extent is what size() was before and how much it grew. Then settle().
    std::string& pending() { return pending_; }
    void settle() { if (pending_.size() >= atomic_file::buffer) flush(); }
    std::uint64_t size() const { return written_ + pending_.size(); }

    /// Appends the bytes of one extent to `out`.
    void read(extent e, std::string& out);
};

} // namespace penstock::io
