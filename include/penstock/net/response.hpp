/// What came of a request: a response of any status, or an error, which says whether the request may have been executed without an answer,
/// so that "possibly paid twice" can be counted and never guessed.
#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::net {

/// A reply's header lines in one string: a reply of an API has about 25, and an allocation for each would cost more than parsing them.
class header_lines {
    std::string text_;      // "name: value\n"...; values hold no line break
public:
    void add(std::string_view name, std::string_view value);
    /// The first value of that name (in any case of letters). The view lives as long as this object is neither changed nor moved.
    std::optional<std::string_view> find(std::string_view name) const;
    std::string const& text() const { return text_; }
};

struct timings {
    std::chrono::microseconds queue{}, resolve{}, connect{}, tls{}, first_byte{}, whole{};     ///< as in `deadlines`, but whole has the queue in it
};

struct response {
    int status = 0;                 ///< 3xx too: no redirect is followed, so that no key travels to another host
    header_lines headers = {};
    std::string body = {};
    net::timings timings = {};
    bool reused = false;            ///< came over a connection from the pool
};

enum class problem : std::uint8_t {
    invalid,        ///< the request itself: a header that is ours to set, a line break in a value; nothing was sent
    plain_http,     ///< http:// to another machine without client_options::plain_http; nothing was sent
    resolve,        ///< the name has no address
    connect,        ///< no address of the host took the connection
    tls,            ///< the handshake failed for another reason than the next two
    certificate,    ///< the certificate is not trusted, expired, not yet valid, …
    host_name,      ///< the certificate is for another host
    timeout,        ///< `during` says of what
    reset,          ///< the connection ended before the whole reply was here
    too_large,      ///< header or body above the request's limits
    malformed,      ///< the reply is not HTTP/1.x
    cancelled,
};
enum class phase : std::uint8_t { queue, resolve, connect, tls, send, first_byte, reply };

std::string_view name(problem);
std::string_view name(phase);

struct error {
    problem what = problem::reset;
    phase during = phase::queue;
    std::string text = {};          ///< one line for people: origin and reason; no header, no target, no byte of a body
    unsigned unanswered = 0;        ///< 1: it was sent whole and got no whole answer: it may have been executed, and paid
    net::timings timings = {};
};

using outcome = std::expected<response, error>;

} // namespace penstock::net
