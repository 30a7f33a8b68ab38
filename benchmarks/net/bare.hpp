/// The rivals: what a programmer writes with Beast alone. `in_flight` connections, each writes a request and reads its reply, over and over; no pool, no deadlines, no
/// limits, no second thread.
#pragma once
#include <cstdint>
#include <string>

namespace bare {

/// Asks `total` times for a chat completion on 127.0.0.1; throws when one fails. ca_file: TLS, trusting it.
void ask(std::uint16_t port, std::string const& ca_file, std::string const& body, unsigned in_flight, unsigned total);

/// The same over epoll and OpenSSL alone: the floor. It reads of HTTP what this one server writes.
void epoll(std::uint16_t port, std::string const& ca_file, std::string const& body, unsigned in_flight, unsigned total);

} // namespace bare
