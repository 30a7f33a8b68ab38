/// The server: one thread, one port, plain or TLS.
#pragma once
#include "chat.hpp"
#include "faults.hpp"
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace mock {

struct latency {
    enum class law : unsigned char { fixed, uniform, exponential } of = law::fixed;
    double low = 0, high = 0;       ///< milliseconds; exponential: low is the mean
};

struct server_options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::string tls_cert = {}, tls_key = {};    ///< PEM files; plain http without
    mock::latency latency = {};
    std::vector<fault_share> faults = {};
    chat_rules chat = {};
    std::string bill = {};                      ///< its file; none if empty
    std::uint64_t oversize = 64 << 20;          ///< bytes of an oversized body
    unsigned drip_ms = 20, drip_bytes = 7;
    unsigned connections = 15'000;              ///< more wait in the backlog
    std::uint64_t body_limit = 64 << 20;
    unsigned idle_ms = 60'000;                  ///< a connection without a request is closed after this
    unsigned seconds = 0;                       ///< ends by itself after this; 0: never
};

/// Serves until stop is requested or its time is up; prints one line with its URL on stdout once it listens. Throws fatal.
void serve(server_options const&, std::stop_token);

} // namespace mock
