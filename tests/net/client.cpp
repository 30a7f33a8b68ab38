#include "support.hpp"
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <penstock/core/fatal.hpp>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using net::phase;
using net::problem;

TEST_CASE("a reply: status, headers, body, timings") {
    mock_server const server;
    tester t;
    auto const got = t.ask(chat(server.port));
    REQUIRE(got);
    CHECK(got->status == 200);
    CHECK(got->headers.find("content-type").value() == "application/json");
    CHECK(got->body.starts_with("{\"id\":\"chatcmpl-"));
    CHECK(got->body.ends_with("}"));
    CHECK(!got->reused);
    CHECK(got->timings.first_byte > 0us);
    CHECK(got->timings.whole >= got->timings.first_byte);
    CHECK(got->timings.connect > 0us);
}

TEST_CASE("statuses are replies, not errors") {
    mock_server const server({"--retry-after", "7"});
    tester t;
    for (auto [fault, status] : {std::pair("400", 400), {"401", 401}, {"403", 403}, {"404", 404}, {"408", 408}, {"409", 409}, {"429", 429}, {"429-date", 429}, {"429-quota", 429}, {"500", 500}, {"502", 502}, {"503", 503}, {"529", 529}}) {
        auto const got = t.ask(chat(server.port, fault));
        REQUIRE(got);
        CHECK(got->status == status);
        CHECK(got->body.find("\"error\"") != std::string::npos);
    }
    CHECK(t.ask(chat(server.port, "429"))->headers.find("retry-after").value() == "7");
    CHECK(t.ask(chat(server.port, "429-date"))->headers.find("retry-after").value().ends_with(" GMT"));
}

TEST_CASE("a redirect is a reply: nothing is sent to another host") {
    mock_server const server;
    tester t;
    auto const got = t.ask(chat(server.port, "redirect"));
    REQUIRE(got);
    CHECK(got->status == 307);
    CHECK(got->headers.find("location").value().starts_with("http://127.0.0.2"));
}

TEST_CASE("the forms of a body: length, chunks, until the end, none") {
    mock_server const server;
    tester t;
    auto const plain = t.ask(chat(server.port)).value().body;
    for (auto fault : {"chunked", "until-close", "close", "interim", "drip", "reset-after"}) {
        CAPTURE(fault);
        auto const got = t.ask(chat(server.port, fault));
        REQUIRE(got);
        CHECK(got->status == 200);
        CHECK(got->body == plain);
    }
    std::this_thread::sleep_for(50ms);          // the reset that comes after a reply has arrived: what is sent into it may have been executed, and is not sent again
    auto const empty = t.ask(chat(server.port, "empty"));
    REQUIRE(empty);
    CHECK(empty->status == 204);
    CHECK(empty->body.empty());
    auto head = get(server.port, "/health");
    head.method = "HEAD";
    auto const got = t.ask(head);
    REQUIRE(got);
    CHECK(got->body.empty());
    CHECK(got->headers.find("content-length").value() != "0");
    auto const after = t.ask(get(server.port, "/health"));      // HEAD left the connection where it must be
    REQUIRE(after);
    CHECK(after->reused);
    CHECK(after->body == "{\"status\":\"ok\"}");
}

TEST_CASE("bytes behind a reply's length: the reply holds, the connection is not used again") {
    mock_server const server;
    tester t;
    auto const cut = t.ask(chat(server.port, "short-length"));
    REQUIRE(cut);
    auto const next = t.ask(chat(server.port));
    REQUIRE(next);
    CHECK(!next->reused);
    CHECK(next->body.starts_with("{"));
}

TEST_CASE("the pool: a connection is used again, the last one first, and not after its idle limit") {
    mock_server const server;
    tester t({.idle = 200ms});
    CHECK(!t.ask(chat(server.port))->reused);
    for (int i = 0; i != 20; ++i) CHECK(t.ask(chat(server.port))->reused);
    std::this_thread::sleep_for(400ms);
    CHECK(!t.ask(chat(server.port))->reused);
    CHECK(bill(server.port, "connections") == 3);       // the bill's own is the third
}

TEST_CASE("the pool: a connection that its server closed is not given out") {
    mock_server const server({"--idle-ms", "100"});
    tester t;
    CHECK(!t.ask(chat(server.port))->reused);
    std::this_thread::sleep_for(400ms);
    auto const got = t.ask(chat(server.port));
    REQUIRE(got);
    CHECK(!got->reused);
}

TEST_CASE("a request that a kept connection took whole and died, at once, late or inside the reply, is the caller's affair: nothing is sent twice") {
    std::atomic<unsigned> requests = 0;
    bool late = false, inside = false;
    SUBCASE("at once") {}
    SUBCASE("late") { late = true; }
    SUBCASE("inside the reply") { inside = true; }
    scripted_server const server([&](int fd, unsigned) {
        read_request(fd);
        ++requests;
        write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        if (read_request(fd).empty()) return;
        ++requests;
        if (late) std::this_thread::sleep_for(1200ms);
        if (inside) write_all(fd, "HTTP/1.1 200 OK\r\nContent-Le");
    });
    tester t;
    CHECK(t.ask(chat(server.port)));
    auto const e = t.fails(chat(server.port));
    CHECK(e.what == problem::reset);
    CHECK(e.during == (inside ? phase::reply : phase::first_byte));
    CHECK(e.unanswered == 1);
    CHECK(requests == 2);
}

TEST_CASE("a kept connection that dies before it has taken a request whole: nobody can have executed it, and it is sent again on a fresh one") {
    std::atomic<unsigned> whole = 0;
    scripted_server const server([&](int fd, unsigned n) {
        whole += !read_request(fd).empty();
        write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        char byte = 0;
        if (n == 0) (void)::recv(fd, &byte, 1, 0);              // the second request begins, and the connection ends
    });
    tester t;
    CHECK(t.ask(chat(server.port)));
    auto r = chat(server.port);
    r.body.assign(8 << 20, ' ');                                // more than both ends' buffers hold
    auto const got = t.ask(r);
    REQUIRE(got);
    CHECK(!got->reused);
    CHECK(whole == 2);
}

TEST_CASE("resets and half replies: an error, counted as possibly executed, and the next request is well") {
    mock_server const server;
    tester t;
    for (auto [fault, during] : {std::pair("reset-before", phase::first_byte), {"reset-head", phase::reply}, {"reset-inside", phase::reply}, {"half", phase::reply}, {"long-length", phase::reply}}) {
        CAPTURE(fault);
        auto const e = t.fails(chat(server.port, fault));
        CHECK(e.what == problem::reset);
        CHECK(e.during == during);
        CHECK(e.unanswered == 1);
        auto const next = t.ask(chat(server.port, "close"));        // leaves no connection behind: the next fault meets a fresh one
        REQUIRE(next);
        CHECK(next->status == 200);
    }
}

TEST_CASE("garbage is malformed") {
    mock_server const server;
    tester t;
    auto const e = t.fails(chat(server.port, "garbage"));
    CHECK(e.what == problem::malformed);
    CHECK(e.unanswered == 1);
}

TEST_CASE("limits of body and header") {
    mock_server const server({"--oversize", "3000000"});
    tester t;
    auto r = chat(server.port, "oversized");
    r.limits.body_bytes = 3'000'000;
    CHECK(t.ask(r)->body.size() == 3'000'000);
    r.limits.body_bytes = 2'999'999;
    CHECK(t.fails(r).what == problem::too_large);
    r = chat(server.port, "until-close");
    r.limits.body_bytes = 100;
    CHECK(t.fails(r).what == problem::too_large);
    r = chat(server.port, "chunked");
    r.limits.body_bytes = 100;
    CHECK(t.fails(r).what == problem::too_large);
    auto const e = t.fails(chat(server.port, "huge-header"));
    CHECK(e.what == problem::too_large);
    CHECK(e.unanswered == 1);
}

TEST_CASE("deadlines: first byte, whole, queue") {
    mock_server const server;
    tester t({.connections = 1});
    auto r = chat(server.port, "hang");
    r.deadlines.first_byte = 150ms;
    auto e = t.fails(r);
    CHECK(e.what == problem::timeout);
    CHECK(e.during == phase::first_byte);
    CHECK(e.unanswered == 1);
    CHECK(e.timings.whole >= 150ms);

    r = chat(server.port, "stall");
    r.deadlines.first_byte = 5s;
    r.deadlines.whole = 200ms;
    e = t.fails(r);
    CHECK(e.what == problem::timeout);
    CHECK(e.during == phase::reply);
    CHECK(e.unanswered == 1);

    r = chat(server.port, "drip");      // bytes keep coming; the whole takes too long
    r.deadlines.whole = 300ms;
    e = t.fails(r);
    CHECK(e.what == problem::timeout);
    CHECK(e.during == phase::reply);

    std::optional<net::outcome> first;
    r = chat(server.port);
    r.headers.push_back({"x-mock-latency", "600"});
    t.client.send(r, [&](net::outcome o) { first = std::move(o); });
    r.deadlines.queue = 100ms;
    e = t.fails(r);
    CHECK(e.what == problem::timeout);
    CHECK(e.during == phase::queue);
    CHECK(e.unanswered == 0);
    REQUIRE(t.loop.run_until([&] { return first.has_value(); }));
    CHECK(*first);
}

TEST_CASE("the wait for a free connection is in no deadline but its own") {
    mock_server const server({"--latency", "100"});
    tester t({.connections = 2});
    unsigned good = 0, done = 0;
    std::chrono::microseconds longest{};
    for (int i = 0; i != 10; ++i) {
        auto r = chat(server.port);
        r.deadlines.whole = 250ms;      // each takes 100 ms; the last one waits 400 ms first
        t.client.send(r, [&](net::outcome o) { ++done; good += o.has_value(); if (o) longest = std::max(longest, o->timings.queue); });
    }
    REQUIRE(t.loop.run_until([&] { return done == 10; }));
    CHECK(good == 10);
    CHECK(longest >= 300ms);
    CHECK(bill(server.port, "connections") == 3);
}

namespace {
/// A port where nobody takes a connection: the backlog is full, and further SYNs are dropped.
struct deaf_port {
    int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port = 0;
    std::vector<int> fill = {};
    deaf_port() {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&here), size) == 0);
        REQUIRE(::listen(listener, 0) == 0);
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&here), &size);
        port = ntohs(here.sin_port);
        for (int i = 0; i != 4; ++i) {
            fill.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            (void)::connect(fill.back(), reinterpret_cast<sockaddr*>(&here), size);
        }
    }
    deaf_port(deaf_port const&) = delete;
    ~deaf_port() { for (int fd : fill) ::close(fd); ::close(listener); }
};
}

TEST_CASE("deadline of the connection: nobody takes it") {
    deaf_port const deaf;
    tester t;
    auto r = chat(deaf.port);
    r.deadlines.connect = 200ms;
    auto const e = t.fails(r);
    CHECK(e.what == problem::timeout);
    CHECK(e.during == phase::connect);
    CHECK(e.unanswered == 0);
}

TEST_CASE("what a cancelled request made room for has its own deadline") {
    deaf_port const deaf;
    tester t({.connections = 1});
    std::vector<net::outcome> got;
    auto const keep = [&](net::outcome o) { got.push_back(std::move(o)); };
    auto r = chat(deaf.port);
    r.deadlines.connect = r.deadlines.whole = 60s;
    auto const first = t.client.send(r, keep);
    r.deadlines.connect = 200ms;
    t.client.send(r, keep);
    std::this_thread::sleep_for(50ms);
    t.client.cancel(first);
    REQUIRE(t.loop.run_until([&] { return got.size() == 2; }, 5s));
    CHECK(got[0].error().what == problem::cancelled);
    CHECK(got[1].error().what == problem::timeout);
    CHECK(got[1].error().during == phase::connect);
}

TEST_CASE("nobody listens: connect, with the host in the text") {
    std::uint16_t port = 0;
    { scripted_server const gone([](int, unsigned) {}); port = gone.port; }
    tester t;
    auto const e = t.fails(chat(port));
    CHECK(e.what == problem::connect);
    CHECK(e.text.find("http://127.0.0.1:" + std::to_string(port)) != std::string::npos);
    CHECK(e.unanswered == 0);
}

TEST_CASE("names: unknown, too slow, the second address when the first does not answer") {
    mock_server const server;
    tester t;
    auto e = t.fails(chat(server.port, {}, true, "unknown.test"));
    CHECK(e.what == problem::resolve);
    auto r = chat(server.port, {}, true, "slow.test");
    r.deadlines.resolve = 100ms;
    e = t.fails(r);
    CHECK(e.what == problem::timeout);
    CHECK(e.during == phase::resolve);
    r = chat(server.port, {}, false, "two.localhost");      // 127.0.0.9, where nobody listens, then 127.0.0.1
    auto const got = t.ask(r);
    REQUIRE(got);
    CHECK(got->status == 200);
}

TEST_CASE("connections to a host of two addresses, one of them dead, that are opened together: each tries both, whatever the others find out meanwhile") {
    mock_server const server({"--latency", "20"});
    tester t({.opening = 3});
    unsigned done = 0;
    std::vector<std::string> failed;
    for (int i = 0; i != 100; ++i)
        t.client.send(chat(server.port, "close", false, "two.localhost"), [&](net::outcome o) { ++done; if (!o) failed.push_back(o.error().text); });
    REQUIRE(t.loop.run_until([&] { return done == 100; }));
    CHECK_MESSAGE(failed.empty(), failed.size(), " of 100: ", failed.empty() ? "" : failed[0]);
}

TEST_CASE("plain http leaves this machine only when asked to") {
    tester t;
    auto r = chat(80);
    r.to.host = "192.0.2.1";
    CHECK(t.fails(r).what == problem::plain_http);
    r.to.host = "slow.test";
    CHECK(t.fails(r).what == problem::plain_http);
    r.to.host = "far.localhost";        // resolves to 192.0.2.1
    CHECK(t.fails(r).what == problem::plain_http);
}

TEST_CASE("a request that could smuggle is refused") {
    tester t;
    auto const wrong = [&](auto change) {
        auto r = chat(9);
        change(r);
        auto const e = t.fails(r);
        CHECK(e.what == problem::invalid);
        CHECK(e.unanswered == 0);
    };
    wrong([](net::request& r) { r.headers[1].value += "\r\nX-Injected: 1"; });
    wrong([](net::request& r) { r.headers[1].value += '\0'; });
    wrong([](net::request& r) { r.headers.push_back({"a b", "x"}); });
    wrong([](net::request& r) { r.headers.push_back({"", "x"}); });
    wrong([](net::request& r) { r.headers.push_back({"content-LENGTH", "5"}); });
    wrong([](net::request& r) { r.headers.push_back({"Host", "elsewhere"}); });
    wrong([](net::request& r) { r.headers.push_back({"transfer-encoding", "chunked"}); });
    wrong([](net::request& r) { r.method = "GET /x HTTP/1.1\r\n"; });
    wrong([](net::request& r) { r.to.target += " HTTP/1.1\r\nX: y"; });
    wrong([](net::request& r) { r.to.target = "x"; });
    wrong([](net::request& r) { r.to.host = ""; });
}

TEST_CASE("cancel: under way, in the queue, all; what was sent is counted") {
    mock_server const server;
    tester t({.connections = 1});
    std::vector<net::outcome> got;
    auto const keep = [&](net::outcome o) { got.push_back(std::move(o)); };
    auto const first = t.client.send(chat(server.port, "hang"), keep);
    auto const second = t.client.send(chat(server.port, "hang"), keep);
    std::this_thread::sleep_for(150ms);
    t.client.cancel(second);
    REQUIRE(t.loop.run_until([&] { return got.size() == 1; }));
    CHECK(got[0].error().what == problem::cancelled);
    CHECK(got[0].error().unanswered == 0);
    t.client.cancel(first);
    REQUIRE(t.loop.run_until([&] { return got.size() == 2; }));
    CHECK(got[1].error().what == problem::cancelled);
    CHECK(got[1].error().unanswered == 1);
    t.client.cancel(first);             // gone already
    t.client.cancel(123456789);
    for (int i = 0; i != 10; ++i) t.client.send(chat(server.port, "hang"), keep);
    std::this_thread::sleep_for(100ms);
    t.client.cancel_all();
    REQUIRE(t.loop.run_until([&] { return got.size() == 12; }));
    unsigned sent = 0;
    for (std::size_t i = 2; i != 12; ++i) { CHECK(got[i].error().what == problem::cancelled); sent += got[i].error().unanswered; }
    CHECK(sent == 1);
    CHECK(t.ask(chat(server.port)));
}

TEST_CASE("a client that ends cancels what is in flight, and each callback is still posted") {
    mock_server const server;
    bounded_loop loop;
    unsigned cancelled = 0;
    {
        net::https_client client([&](net::https_client::work w) { loop.post(std::move(w)); });
        for (int i = 0; i != 20; ++i) client.send(chat(server.port, "hang"), [&](net::outcome o) { cancelled += !o && o.error().what == problem::cancelled; });
        std::this_thread::sleep_for(50ms);
    }
    REQUIRE(loop.run_until([&] { return cancelled == 20; }));
}

TEST_CASE("a callback that throws loses no other reply") {
    mock_server const server;
    tester t;
    unsigned called = 0, thrown = 0;
    for (int i = 0; i != 30; ++i) t.client.send(chat(server.port), [&](net::outcome) { if (++called % 3 == 0) throw std::runtime_error("from a callback"); });
    for (int i = 0; i != 100 && called != 30; ++i) try { t.loop.run_until([&] { return called == 30; }, 2s); } catch (std::runtime_error const&) { ++thrown; }
    CHECK(called == 30);
    CHECK(thrown >= 1);
}

TEST_CASE("500 in flight overlap") {
    mock_server const server({"--latency", "300"});
    tester t;
    unsigned done = 0, good = 0;
    auto const began = std::chrono::steady_clock::now();
    for (int i = 0; i != 1500; ++i) t.client.send(chat(server.port), [&](net::outcome o) { ++done; good += o && o->status == 200; });
    REQUIRE(t.loop.run_until([&] { return done == 1500; }));
    CHECK(good == 1500);
    CHECK(std::chrono::steady_clock::now() - began < 15s);      // one after the other: 450 s
    CHECK(bill(server.port, "billed") == 1500);
    CHECK(bill(server.port, "answered") == 1500);
}

TEST_CASE("every request is answered once under faults of all kinds") {
    mock_server const server({"--latency", "exponential:5", "--fault", "reset-before:0.05", "--fault", "reset-inside:0.05", "--fault", "half:0.05", "--fault", "429:0.05", "--fault", "garbage:0.03", "--fault", "close:0.1",
        "--fault", "chunked:0.1", "--fault", "until-close:0.05", "--fault", "reset-after:0.05"});
    tester t({.connections = 50});
    unsigned done = 0, good = 0, statuses = 0, unanswered = 0;
    for (int i = 0; i != 2000; ++i) {
        auto r = chat(server.port);
        r.body.insert(r.body.size() - 1, ",\"seed\":" + std::to_string(i));
        t.client.send(r, [&](net::outcome o) {
            ++done;
            if (o) { good += o->status == 200; statuses += o->status == 429; }
            else { unanswered += o.error().unanswered; no_secret(o.error().text); }
        });
    }
    REQUIRE(t.loop.run_until([&] { return done == 2000; }));
    CHECK(good > 1300);
    CHECK(statuses > 40);
    // the bill is what was answered and what may have been executed: nothing was sent that is not accounted for
    CHECK(bill(server.port, "requests") <= good + statuses + unanswered);
    CHECK(bill(server.port, "billed") >= good);
}

TEST_CASE("the mock ends by SIGTERM") {
    mock_server server;
    tester t;
    CHECK(t.ask(chat(server.port)));
    CHECK(server.terminate() == 0);
    CHECK(t.fails(chat(server.port)).what == problem::connect);
}

TEST_CASE("a time without files lowers what is open at once, and not for good") {
    mock_server const server({"--latency", "100"});
    tester t({.file_patience = 100ms});
    REQUIRE(t.ask(chat(server.port)));
    int done = 0, good = 0;
    auto const send = [&](int n) { for (int i = 0; i != n; ++i) t.client.send(chat(server.port), [&](net::outcome o) { ++done; good += o.has_value(); }); };
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    {
        struct restored { rlimit to; ~restored() { ::setrlimit(RLIMIT_NOFILE, &to); } } const after{before};
        auto now = before;
        now.rlim_cur = 3;           // below what is open already: no more
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &now) == 0);
        send(4);
        REQUIRE(t.loop.run_until([&] { return done == 4; }));
    }
    CHECK(good == 4);
    CHECK(bill(server.port, "connections") == 2);       // one after the other on the one that was open; and the bill's own
    std::this_thread::sleep_for(150ms);
    send(8);
    REQUIRE(t.loop.run_until([&] { return done == 12; }));
    CHECK(good == 12);
    CHECK(bill(server.port, "connections") >= 8);
}
