#pragma once
#include <penstock/net/url.hpp>
#include <charconv>

namespace penstock::net {

std::string url::origin() const {
    std::string text = tls ? "https://" : "http://";
    bool const v6 = host.find(':') != std::string::npos;
    if (v6) text += '[';
    text += host;
    if (v6) text += ']';
    return text += ':' + std::to_string(port);
}

std::expected<url, std::string> parse_url(std::string_view text) {
    using wrong = std::unexpected<std::string>;
    url to;
    auto const scheme = [&](std::string_view s) {
        if (text.size() < s.size()) return false;
        for (std::size_t i = 0; i != s.size(); ++i) if ((text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A') : text[i]) != s[i]) return false;
        text.remove_prefix(s.size());
        return true;
    };
    if (scheme("http://")) { to.tls = false; to.port = 80; }
    else if (!scheme("https://")) return wrong("a URL starts with https:// or http://");
    for (char c : text) if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f) return wrong("a URL is printable ASCII without spaces (a host of other letters: write its xn-- form)");
    if (text.find('#') != text.npos) return wrong("a URL for requests has no fragment (#…)");

    auto const end = std::min(text.find_first_of("/?"), text.size());
    auto authority = text.substr(0, end);
    to.target = text.substr(end);
    if (to.target.empty() || to.target.front() == '?') to.target.insert(0, "/");
    if (authority.find('@') != authority.npos) return wrong("a URL here has no user:password@ (keys go into a header)");

    std::string_view port;
    if (authority.starts_with('[')) {
        auto const close = authority.find(']');
        if (close == authority.npos) return wrong("the address in brackets does not end");
        to.host = authority.substr(1, close - 1);
        if (to.host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos) return wrong("what stands in brackets is no IPv6 address");
        port = authority.substr(close + 1);
    } else {
        auto const colon = std::min(authority.find(':'), authority.size());
        to.host = authority.substr(0, colon);
        port = authority.substr(colon);
        for (auto& c : to.host) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_')) return wrong("a host is letters, digits, dots and dashes");
        }
    }
    if (to.host.empty() || to.host.size() > 253) return wrong("a URL has a host of 1 to 253 characters");
    if (!port.empty()) {
        if (port.front() != ':') return wrong("only a port follows the address in brackets");
        port.remove_prefix(1);
        auto const [last, failed] = std::from_chars(port.data(), port.data() + port.size(), to.port);
        if (failed != std::errc{} || last != port.data() + port.size() || to.port == 0) return wrong("a port is a number from 1 to 65535");
    }
    return to;
}

} // namespace penstock::net
