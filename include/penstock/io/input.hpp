/// The bytes of one file, in order, uncompressed. Whether it is gzip or Zstandard is read from its first bytes, never from its name, and bytes that came
/// out whole before damaged ones are handed out before the damage is reported.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace penstock::io {

class input {
    struct body;
    std::unique_ptr<body> body_;
    explicit input(std::unique_ptr<body> b);
public:
    /// Opens at once: a missing or unreadable file and a directory throw fatal(exit_code::input). "-" is stdin.
    /// stop: a read that waits for a pipe or a terminal ends when it is asked for, with fatal(exit_code::incomplete); an end of the input would make a whole row of half a one.
    input(std::string path, std::stop_token stop = {});
    input(char const* path, std::stop_token stop = {});
    /// Bytes held elsewhere (tests, fuzzers, text from a service), handed out at most `largest_read` at a time.
    static input of_memory(std::string_view bytes, std::string name = "memory", std::size_t largest_read = std::size_t(-1));
    input(input&&) noexcept;
    input& operator=(input&&) noexcept;
    ~input();

    /// Up to n bytes, at least one; 0 is the end. A read error and damaged or truncated compressed data throw fatal(exit_code::input) with file and byte.
    std::size_t read(char* to, std::size_t n);
    /// The path as it was given; "stdin".
    std::string const& name() const;
};

} // namespace penstock::io
