#include <doctest/doctest.h>
#include <penstock/net/impl/request_bytes.hpp>

namespace net = penstock::net;

namespace {
std::string bytes(net::request const& r) {
    std::string wire;
    REQUIRE(net::detail::request_bytes(r, wire).empty());
    return wire;
}
}

TEST_CASE("request bytes: request line, host, headers, length, body") {
    CHECK(bytes({.to = {true, "api.example", 443, "/v1/x?y=1"}, .headers = {{"Authorization", "Bearer k"}, {"X-Tab", "a\tb"}}, .body = "{}"}) ==
        "POST /v1/x?y=1 HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer k\r\nX-Tab: a\tb\r\nContent-Length: 2\r\n\r\n{}");
    CHECK(bytes({.method = "GET", .to = {false, "localhost", 8080, "/"}}) == "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n");
    CHECK(bytes({.method = "POST", .to = {false, "::1", 80, "/"}}) == "POST / HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 0\r\n\r\n");
    CHECK(bytes({.method = "GET", .to = {true, "::1", 80, "/"}}) == "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");
}

TEST_CASE("request bytes: what is refused leaves no byte, and the sentence holds no value") {
    for (auto const& h : {net::header{"X", "secret\r\nY: z"}, {"X", "secret\n"}, {"X", "secret\x7f"}, {"X y", "secret"}, {"X:", "secret"}, {"\xc3\xa9", "secret"}, {"Upgrade", "secret"}, {"EXPECT", "secret"}}) {
        std::string wire;
        auto const wrong = net::detail::request_bytes({.to = {true, "h", 443, "/secret"}, .headers = {h}}, wire);
        CHECK(!wrong.empty());
        CHECK(wrong.find("secret") == std::string::npos);
        CHECK(wire.empty());
    }
}
