/// The run cannot go on: no file, no key, disk full. The one exception that passes through every stage; any other exception of a user's function is
/// its record's failure. It carries the exit code, so that every program ends the same way for the same reason.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>

namespace penstock {

/// The same in every program (docs/exit-codes.md).
enum class exit_code : std::uint8_t {
    complete    = 0,    ///< done; rejects are listed, which is no error
    internal    = 1,    ///< a defect of ours, or sums that do not hold
    usage       = 2,    ///< flags or configuration
    input       = 3,    ///< input unreadable, empty, lacks a column, or no row survives
    output      = 4,    ///< output cannot be written
    access      = 5,    ///< key, authorisation or model
    endpoint    = 6,    ///< the endpoint is dead
    incomplete  = 75,   ///< the same command goes on
    interrupted = 130,  ///< SIGINT
};

class fatal : public std::runtime_error {
    exit_code code_;
public:
    /// line: one line for the user, with the path or host in it.
    fatal(exit_code code, std::string const& line) : std::runtime_error(line), code_(code) {}
    exit_code code() const noexcept { return code_; }
};

} // namespace penstock
