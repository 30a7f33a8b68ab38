/// What can go wrong with a reply, by name. A request asks for one with the header x-mock-fault; --fault NAME:SHARE lets a share of all requests have it.
#pragma once
#include "random.hpp"
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mock {

/// How the bytes of a reply go out.
enum class delivery : std::uint8_t {
    whole,
    reset_before,   ///< the connection is reset before the first byte
    reset_head,     ///< … inside the header
    reset_inside,   ///< … inside the body
    reset_after,    ///< … after the last byte
    half,           ///< the connection is closed in order, half of the body missing
    drip,           ///< a few bytes at a time
    stall,          ///< the header, then nothing
    hang,           ///< nothing at all
};
/// How the reply is put together.
enum class framing : std::uint8_t {
    length, chunked,
    until_close,    ///< no length: the body ends with the connection
    close,          ///< Connection: close
    interim,        ///< 100 Continue first
    short_length,   ///< Content-Length smaller than the body
    long_length,    ///< … greater, then the connection is closed
    oversized,      ///< a body of --oversize bytes
    garbage,        ///< not HTTP
    huge_header,    ///< a header line of 1 MB
};
/// What the model answers.
enum class answer : std::uint8_t { normal, not_json, wrong_type, cut, filtered, refusal };

struct fault {
    std::string_view name;
    int status = 200;                   ///< other than 200: an error reply
    std::string_view type = {}, code = {}, message = {};
    mock::delivery delivery = delivery::whole;
    mock::framing framing = framing::length;
    mock::answer answer = answer::normal;
    bool as_date = false;               ///< Retry-After as an HTTP date instead of seconds
};

fault const* find_fault(std::string_view name);
std::string fault_names();

/// "429:0.05": the name and the share of requests that have it.
struct fault_share { fault const* what; double share; };
/// All of them, or a line that says what is wrong: a name, a share, or shares that are more than 1 together.
std::expected<std::vector<fault_share>, std::string> parse_faults(std::vector<std::string> const& texts);

/// One of them or none, by their shares.
fault const* draw_fault(std::vector<fault_share> const&, random&);

} // namespace mock
