#include <doctest/doctest.h>
#include <penstock/net/url.hpp>

namespace net = penstock::net;

TEST_CASE("url: scheme, host, port and target") {
    using net::url;
    CHECK(net::parse_url("https://api.openai.com/v1").value() == url{true, "api.openai.com", 443, "/v1"});
    CHECK(net::parse_url("HTTPS://API.OpenAI.com").value() == url{true, "api.openai.com", 443, "/"});
    CHECK(net::parse_url("http://localhost:8000/v1/chat?x=1&y=%20").value() == url{false, "localhost", 8000, "/v1/chat?x=1&y=%20"});
    CHECK(net::parse_url("http://127.0.0.1?x").value() == url{false, "127.0.0.1", 80, "/?x"});
    CHECK(net::parse_url("https://[::1]:8443/a").value() == url{true, "::1", 8443, "/a"});
    CHECK(net::parse_url("https://[::1]:8443/a")->origin() == "https://[::1]:8443");
    CHECK(net::parse_url("https://h/k?api-key=secret")->origin() == "https://h:443");
}

TEST_CASE("url: what is wrong is a sentence that repeats nothing of it") {
    for (auto text : {"", "api.openai.com/v1", "ftp://secret", "https://", "https:///secret", "https://user:secret@host/", "https://host:0/", "https://host:99999/", "https://host:secret/", "https://host:/",
                      "https://ho st/", "https://host/sec ret", "https://host/\r\nX: secret", "https://h\xc3\xb6st/", "https://[::1/secret", "https://[secret]/", "https://[::1]x/", "https://host/#secret", "https://ho%73t/"}) {
        auto const got = net::parse_url(text);
        CAPTURE(text);
        REQUIRE(!got);
        CHECK(got.error().size() > 20);
        CHECK(got.error().find("secret") == std::string::npos);
    }
}
