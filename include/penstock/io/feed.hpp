/// The window over an input in which rows are cut: one buffer, reused for the whole file, that grows with the longest row and always has readable padding
/// behind its last byte ('\n', then zeros), so that rows are parsed where they lie.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <penstock/io/input.hpp>

namespace penstock::io {

class feed {
    struct release { void operator()(char* p) const noexcept; };
    input in_;
    std::unique_ptr<char, release> bytes_ = nullptr;
    std::size_t capacity_ = 0, begin_ = 0, end_ = 0, block_;
    std::size_t valid_begin_ = 0, valid_end_ = 0, tried_ = 0;   // what is known to be UTF-8, and how far that was tried
    std::uint64_t offset_ = 0;
    bool started_ = false, ended_ = false;
    void fill();
public:
    static constexpr std::size_t padding = 128;     ///< simdjson reads up to 64 bytes behind, so does the CSV scanner

    feed(input in, std::size_t block) : in_(std::move(in)), block_(block) {}
    char* data() const { return bytes_.get() + begin_; }
    std::size_t size() const { return end_ - begin_; }
    /// Where data() lies in the uncompressed stream.
    std::uint64_t offset() const { return offset_; }
    std::string const& name() const { return in_.name(); }
    /// Gives up the first n bytes. They stay readable where they are until more().
    void drop(std::size_t n) { begin_ += n; offset_ += n; }
    /// At least one byte more, or false at the end. Moves the bytes: what was data()[i] is so again, at another address. A byte order mark is skipped; UTF-16 is fatal.
    bool more();
    /// Whether n bytes at p, inside the window or just dropped from it, are UTF-8; whole blocks are checked at once.
    bool utf8(char const* p, std::size_t n);
};

} // namespace penstock::io
