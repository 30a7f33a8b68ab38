/// Why a call brought no reply: an HTTP status with the provider's words, or what the client met on the way. Never holds a header or a key.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <penstock/net/response.hpp>

namespace penstock::llm {

struct call_error {
    int status = 0;                                                 ///< 0: no response, see `problem`; 200: a response that is no reply
    net::problem problem = net::problem::reset;
    net::phase during = net::phase::queue;
    std::string code = {}, type = {}, param = {}, message = {};     ///< the provider's, each may be empty; message is one line
    std::optional<std::chrono::milliseconds> retry_after = {};      ///< the server asks to wait at least so long
    std::optional<bool> should_retry = {};                          ///< x-should-retry

    /// "429 rate_limit_exceeded: …", for people.
    std::string text() const;
};

call_error error_of(net::error const&);

} // namespace penstock::llm
