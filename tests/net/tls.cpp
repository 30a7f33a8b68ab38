#include "support.hpp"
#include <doctest/doctest.h>
#include <penstock/core/fatal.hpp>

using net::phase;
using net::problem;

namespace {
struct tls_server : mock_server {
    explicit tls_server(std::string const& name, std::vector<std::string> more = {}) : mock_server([&] {
        more.insert(more.end(), {"--tls-cert", certificates() + "/" + name + ".pem", "--tls-key", certificates() + "/" + name + ".key"});
        return more;
    }()) {}
};
net::client_options trusting(std::string const& ca = "ca") { return {.ca_file = certificates() + "/" + ca + ".pem"}; }
}

TEST_CASE("TLS: by name and by address, the pool, all forms of a body") {
    tls_server const server("good");
    tester t(trusting());
    auto const got = t.ask(chat(server.port, {}, true, "localhost"));
    REQUIRE(got);
    CHECK(got->status == 200);
    CHECK(got->timings.tls > 0us);
    CHECK(t.ask(chat(server.port, {}, true, "localhost"))->reused);
    auto const by_address = t.ask(chat(server.port, {}, true));
    REQUIRE(by_address);
    CHECK(!by_address->reused);         // another host
    for (auto fault : {"chunked", "until-close", "close", "interim", "drip"}) {
        CAPTURE(fault);
        auto const same = t.ask(chat(server.port, fault, true, "localhost"));
        REQUIRE(same);
        CHECK(same->body == got->body);
    }
    for (auto fault : {"reset-before", "reset-head", "reset-inside", "half", "long-length"}) {
        CAPTURE(fault);
        t.ask(chat(server.port, "close", true));
        auto const e = t.fails(chat(server.port, fault, true));
        CHECK(e.what == problem::reset);
        CHECK(e.unanswered == 1);
    }
}

TEST_CASE("TLS: a body until the end needs the end of TLS; a cut connection is no end") {
    tls_server const server("good");
    tester t(trusting());
    auto r = chat(server.port, "until-close", true);
    CHECK(t.ask(r)->status == 200);
}

TEST_CASE("TLS: large bodies both ways") {
    tls_server const server("good", {"--oversize", "5000000"});
    tester t(trusting());
    auto r = chat(server.port, "oversized", true);
    r.body.insert(r.body.size() - 1, ",\"x\":\"" + std::string(3'000'000, 'x') + "\"");
    auto const got = t.ask(r);
    REQUIRE(got);
    CHECK(got->body.size() == 5'000'000);
}

TEST_CASE("TLS: a certificate of another CA, an expired one, one for another host are refused before a byte of the request is sent") {
    auto const refused = [](std::string const& server_has, std::string const& client_trusts, problem expected, std::string_view host) {
        tls_server const server(server_has);
        tester t(trusting(client_trusts));
        auto const e = t.fails(chat(server.port, {}, true, host));
        CHECK(e.what == expected);
        CHECK(e.during == phase::tls);
        CHECK(e.unanswered == 0);
        CHECK(e.text.starts_with("https://" + std::string(host)));
    };
    refused("good", "other-ca", problem::certificate, "localhost");
    refused("expired", "ca", problem::certificate, "localhost");
    refused("other-host", "ca", problem::host_name, "localhost");
    refused("other-host", "ca", problem::host_name, "127.0.0.1");
    tls_server const server("good");
    tester system;                      // the system's store does not know our CA
    CHECK(system.fails(chat(server.port, {}, true)).what == problem::certificate);
}

TEST_CASE("TLS: a server that speaks none, or nothing") {
    mock_server const plain;
    tester t(trusting());
    auto e = t.fails(chat(plain.port, {}, true));
    CHECK(e.what == problem::tls);
    std::atomic<bool> end = false;
    scripted_server const silent([&](int, unsigned) { while (!end) std::this_thread::sleep_for(10ms); });
    auto r = chat(silent.port, {}, true);
    r.deadlines.tls = 150ms;
    e = t.fails(r);
    end = true;
    CHECK(e.what == problem::timeout);
    CHECK(e.during == phase::tls);
    CHECK(e.unanswered == 0);
}

TEST_CASE("TLS: a CA file that cannot be read ends the start, with its path") {
    for (auto const& path : {certificates() + "/none.pem", certificates() + "/openssl.log"}) try {
        tester t({.ca_file = path});
        FAIL("no exception");
    } catch (penstock::fatal const& e) {
        CHECK(e.code() == penstock::exit_code::usage);
        CHECK(std::string(e.what()).find(path) != std::string::npos);
    }
}

TEST_CASE("TLS: 300 in flight, half of them over connections that are opened anew") {
    tls_server const server("good", {"--latency", "50", "--fault", "close:0.3"});
    tester t(trusting());
    unsigned done = 0, good = 0;
    for (int i = 0; i != 600; ++i) {
        auto r = chat(server.port, {}, true);
        r.body.insert(r.body.size() - 1, ",\"seed\":" + std::to_string(i));
        t.client.send(r, [&](net::outcome o) { ++done; good += o && o->status == 200; if (!o) MESSAGE(o.error().text); });
    }
    REQUIRE(t.loop.run_until([&] { return done == 600; }, 40s));
    CHECK(good == 600);
}
