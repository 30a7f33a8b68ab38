/// What an error means for the record and for the run, decided by the provider's code before the status: an exhausted quota comes as 429 and must not be retried.
#pragma once
#include <cstdint>
#include <penstock/core/fatal.hpp>
#include <penstock/core/result.hpp>
#include <penstock/llm/call_error.hpp>

namespace penstock::llm {

enum class act : std::uint8_t {
    retry,      ///< the same request may succeed
    reject,     ///< this record's request never will
    stop,       ///< no record's request will: key, quota, model, address
};

struct ruling {
    llm::act act = act::retry;
    errc reject_as = errc::transport;               ///< where the record is rejected, at once or after its retries
    exit_code stop_as = exit_code::access;          ///< where the run is stopped
    bool unreachable = false;                       ///< nothing was sent: no attempt is spent, and the breaker counts it
};

/// | retry | 408 409 425 429 5xx, broken connections, timeouts, a 2xx that is no reply | reject | 400 413 422 and other 4xx, an oversized reply |
/// | stop | 401 402 403 404, exhausted quota, unknown model or parameter, certificates, redirects |. 400, 401, 403 and 404 are never retried.
ruling rule(call_error const&);

} // namespace penstock::llm
