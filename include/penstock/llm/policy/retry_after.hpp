/// How long a server asks to wait: retry-after-ms, Retry-After (seconds, whole or not, or a date), else the reset of whichever rate limit is used up, else words in
/// the message, in this order. No clock: the caller says what time it is.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <penstock/net/response.hpp>

namespace penstock::llm {

/// now: seconds since 1970. Never negative; a day at most.
std::optional<std::chrono::milliseconds> retry_after(net::header_lines const&, std::string_view message, std::int64_t now);

/// The three forms of RFC 9110, section 5.6.7, as seconds since 1970.
std::optional<std::int64_t> http_date(std::string_view);
/// Go's: 12ms, 1.5s, 6m0s, 1h16m0.667s; a number alone is seconds.
std::optional<std::chrono::milliseconds> duration_of(std::string_view);

} // namespace penstock::llm
