#include <doctest/doctest.h>
#include <penstock/net/response.hpp>

namespace net = penstock::net;

TEST_CASE("header lines: names in any case of letters, the first value, no part of a name") {
    net::header_lines h;
    h.add("Content-Type", "application/json");
    h.add("Retry-After", "2");
    h.add("retry-after", "3");
    h.add("x-empty", "");
    h.add("x-colon", "a: b");
    CHECK(h.find("retry-after").value() == "2");
    CHECK(h.find("RETRY-AFTER").value() == "2");
    CHECK(h.find("x-empty").value().empty());
    CHECK(h.find("x-colon").value() == "a: b");
    CHECK(!h.find("retry"));
    CHECK(!h.find("retry-after-ms"));
    CHECK(!h.find("application/json"));
    CHECK(!net::header_lines{}.find("a"));
}

TEST_CASE("every problem and phase has its name") {
    for (int p = 0; p <= static_cast<int>(net::problem::cancelled); ++p) CHECK(!name(static_cast<net::problem>(p)).empty());
    for (int p = 0; p <= static_cast<int>(net::phase::reply); ++p) CHECK(!name(static_cast<net::phase>(p)).empty());
    CHECK(name(net::problem::cancelled) == "cancelled");
    CHECK(name(net::phase::reply) == "reply");
}
