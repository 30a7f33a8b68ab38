/// Where a request goes. Only what an API needs: http or https, a host, a port, a target; no user:password@ (a key belongs in a header) and no fragment.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace penstock::net {

struct url {
    bool tls = true;
    std::string host = {};              ///< a name, or an address: 127.0.0.1, ::1 (without brackets)
    std::uint16_t port = 443;
    std::string target = "/";           ///< path and query, as it goes into the request line

    /// "https://host:443": what error texts say. The target is left out, since a query may hold a key.
    std::string origin() const;
    friend bool operator==(url const&, url const&) = default;
};

/// "https://host[:port][/path][?query]" as its parts, or one sentence that says what is wrong with it and repeats none of it.
std::expected<url, std::string> parse_url(std::string_view text);

} // namespace penstock::net
