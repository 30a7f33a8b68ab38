/// Laws of the retries, whatever happens in whatever order.
#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <penstock/llm/policy/breaker.hpp>
#include <penstock/llm/policy/retry.hpp>

using namespace penstock;
using namespace penstock::llm;
using ms = std::chrono::milliseconds;

TEST_CASE("never more attempts than allowed, never after the whole time, never before the server's time, never above the ceiling") {
    CHECK(rc::check([] {
        retry_options o;
        o.max_attempts = *rc::gen::inRange(1u, 12u);
        o.whole = ms(*rc::gen::inRange(0, 900'000));
        o.first = ms(*rc::gen::inRange(0, 2'000));
        o.most = ms(*rc::gen::inRange(0, 60'000));
        auto const start = ms(*rc::gen::inRange(0, 1'000'000));
        retry r(o, start);
        auto now = start;
        unsigned sent = 0;
        for (int i = 0; i != 100; ++i) {
            call_error e;
            bool const reached = *rc::gen::arbitrary<bool>();
            if (reached) e.status = *rc::gen::element(200, 400, 401, 403, 404, 408, 409, 413, 429, 500, 503);
            else { e.problem = net::problem::connect; e.during = net::phase::connect; }
            if (*rc::gen::inRange(0, 3) == 0) e.retry_after = ms(*rc::gen::inRange(-5, 1'000'000));
            double const random = *rc::gen::inRange(0, 1001) / 1000.0;
            sent += reached;
            now += ms(*rc::gen::inRange(0, 20'000));
            auto const d = r.failed(e, now, random);
            RC_ASSERT(r.attempts() == sent);
            if (d.act != act::retry) { RC_ASSERT(!d.why.empty()); return; }
            RC_ASSERT(e.status != 400 && e.status != 401 && e.status != 403 && e.status != 404);
            RC_ASSERT(sent < o.max_attempts || !reached);
            auto const floor = std::max(e.retry_after.value_or(ms(0)), ms(0));
            RC_ASSERT(d.wait >= floor);
            RC_ASSERT(d.wait <= floor + o.most);
            RC_ASSERT(now + d.wait <= start + o.whole);
            now += d.wait;
        }
        RC_FAIL("a hundred failures and no end");
    }));
}

TEST_CASE("a breaker that hears a reply every 19 s never speaks") {
    CHECK(rc::check([] {
        breaker b("https://h:443");
        ms now(0), heard(0);
        for (int i = 0; i != 300; ++i) {
            now += ms(*rc::gen::inRange(0, 4'000));
            if (now - heard > ms(15'000)) { b.succeeded(); heard = now; }
            call_error e;
            if (*rc::gen::arbitrary<bool>()) e.status = 503;
            else { e.problem = net::problem::connect; e.during = net::phase::connect; }
            RC_ASSERT(!b.failed(e, now, now));
        }
    }));
}
