/// When to send a request again: full jitter over an exponential ceiling, on top of what the server asks to wait. A state machine without clock, sockets or
/// randomness: all three come in.
#pragma once
#include <chrono>
#include <string>
#include <penstock/llm/call_error.hpp>
#include <penstock/llm/policy/ruling.hpp>

namespace penstock::llm {

struct retry_options {
    unsigned max_attempts = 8;                              ///< requests sent for one record; a connection that never came about is none
    std::chrono::milliseconds first{500};                   ///< the ceiling of the first wait; doubles
    std::chrono::milliseconds most{30'000};                 ///< the ceiling's own
    std::chrono::milliseconds most_unreachable{4'000};      ///< while nothing can be sent: so that the breaker has its tries within its time
    std::chrono::milliseconds whole{600'000};               ///< from the first send; a wait that would end later is not begun
};

/// Of one call.
class retry {
public:
    using time = std::chrono::milliseconds;                 ///< since whenever; steady
    struct decision {
        llm::act act = act::retry;
        time wait{};                                        ///< retry
        errc reject_as = errc::transport;                   ///< reject
        exit_code stop_as = exit_code::access;              ///< stop
        std::string why = {};                               ///< reject and stop: one line
    };

    explicit retry(retry_options const& options, time start) : options_(options), start_(start) {}
    /// A call has failed. random: uniform in [0, 1).
    decision failed(call_error const&, time now, double random);
    /// Requests that were sent and failed.
    unsigned attempts() const { return attempts_; }

private:
    retry_options options_;
    time start_;
    unsigned attempts_ = 0, waits_ = 0;
};

} // namespace penstock::llm
