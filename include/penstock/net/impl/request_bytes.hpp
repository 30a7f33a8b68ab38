/// A request as the bytes that go over the connection. A line break in a value would be a second header, or a second request: it is refused here.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <strings.h>    // strncasecmp
#include <penstock/net/request.hpp>

namespace penstock::net::detail {

/// A token of RFC 9110, 5.6.2.
inline bool is_token(std::string_view s) {
    for (char c : s)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos)) return false;
    return !s.empty();
}
inline bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

/// Appends head and body to wire. What is wrong with the request, else empty; then wire is as it was.
inline std::string request_bytes(request const& r, std::string& wire) {
    if (!is_token(r.method)) return "the method is not a word";
    if (r.to.host.empty() || r.to.host.find_first_of(" \r\n/@") != std::string::npos || r.to.port == 0) return "the request has no host";
    if (r.to.target.empty() || r.to.target.front() != '/') return "the target does not start with /";
    for (char c : r.to.target) if (is_control(c) || c == ' ' || (c & 0x80)) return "the target has a character that must be written as %XX";
    std::size_t size = 128 + r.method.size() + r.to.target.size() + r.to.host.size() + r.body.size();
    for (auto const& [name, value] : r.headers) {
        if (!is_token(name)) return "a header's name is not a word";
        for (char c : value) if (is_control(c) && c != '\t') return "the value of header " + name + " has a line break or another control character";
        for (std::string_view ours : {"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"})
            if (name.size() == ours.size() && strncasecmp(name.data(), ours.data(), ours.size()) == 0) return "header " + name + " is set by the client itself";
        size += name.size() + value.size() + 4;
    }
    bool const v6 = r.to.host.find(':') != std::string::npos;
    wire.reserve(wire.size() + size);
    wire.append(r.method).append(" ").append(r.to.target).append(v6 ? " HTTP/1.1\r\nHost: [" : " HTTP/1.1\r\nHost: ").append(r.to.host).append(v6 ? "]" : "");
    if (r.to.port != (r.to.tls ? 443 : 80)) wire.append(":").append(std::to_string(r.to.port));
    wire += "\r\n";
    for (auto const& [name, value] : r.headers) wire.append(name).append(": ").append(value).append("\r\n");
    bool const without_body = r.method == "GET" || r.method == "HEAD" || r.method == "DELETE" || r.method == "OPTIONS";
    if (!r.body.empty() || !without_body) wire.append("Content-Length: ").append(std::to_string(r.body.size())).append("\r\n");
    wire.append("\r\n").append(r.body);
    return {};
}

} // namespace penstock::net::detail
