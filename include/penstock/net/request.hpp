/// A request as the caller describes it. The client adds Host, Content-Length and Connection itself and refuses them among the headers.
#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>
#include <penstock/net/url.hpp>

namespace penstock::net {

struct header { std::string name, value; };     ///< values reach no log and no error text

/// How long each part may take; zero: no limit of its own. A connection from the pool has no resolve, connect and tls.
struct deadlines {
    std::chrono::milliseconds queue{0};             ///< until a connection is free; its wait is in none of the others
    std::chrono::milliseconds resolve{10'000};
    std::chrono::milliseconds connect{10'000};      ///< all addresses together
    std::chrono::milliseconds tls{10'000};
    std::chrono::milliseconds first_byte{600'000};  ///< from the request's start on an open connection to the reply's first byte
    std::chrono::milliseconds whole{600'000};       ///< from leaving the queue to the reply's last byte; a model may think for minutes
};

/// What a reply may weigh.
struct limits {
    std::size_t header_bytes = 64 << 10;
    std::size_t body_bytes = 16 << 20;
};

struct request {
    std::string method = "POST";
    url to;
    std::vector<header> headers = {};
    std::string body = {};
    net::deadlines deadlines = {};
    net::limits limits = {};
};

} // namespace penstock::net
