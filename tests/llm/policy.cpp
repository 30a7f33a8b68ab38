/// What an error means, how long to wait, when an endpoint is dead: tables.
#include "support.hpp"
#include <penstock/llm/model.hpp>
#include <penstock/llm/policy/breaker.hpp>
#include <penstock/llm/policy/retry.hpp>
#include <penstock/llm/policy/retry_after.hpp>

using namespace penstock;
using namespace penstock::llm;
using namespace std::chrono_literals;
using ms = std::chrono::milliseconds;

namespace {
call_error http(int status, std::string code = {}, std::string type = {}, std::string message = {}) {
    call_error e;
    e.status = status, e.code = std::move(code), e.type = std::move(type), e.message = std::move(message);
    return e;
}
call_error broken(net::problem what, net::phase during) { call_error e; e.problem = what; e.during = during; return e; }
net::header_lines headers(std::initializer_list<std::pair<char const*, char const*>> all) { net::header_lines out; for (auto [n, v] : all) out.add(n, v); return out; }
}

TEST_CASE("retry, reject or stop: by the code first, then by the status") {
    struct line { call_error e; act what; exit_code stop_as = exit_code::access; };
    for (auto const& [e, what, stop_as] : std::initializer_list<line>{
             {http(408), act::retry}, {http(409), act::retry}, {http(425), act::retry}, {http(500), act::retry}, {http(502), act::retry}, {http(503), act::retry}, {http(504), act::retry}, {http(529), act::retry},
             {http(429), act::retry}, {http(429, "rate_limit_exceeded", "tokens"), act::retry}, {http(429, "slow_down", "rate_limit_error"), act::retry}, {http(503, "server_is_overloaded"), act::retry},
             {http(200), act::retry},
             {http(429, "insufficient_quota", "insufficient_quota"), act::stop}, {http(429, "", "insufficient_quota"), act::stop}, {http(429, "credit_balance_exhausted"), act::stop},
             {http(429, "project_spend_limit_exceeded"), act::stop}, {http(402), act::stop}, {http(400, "", "invalid_request_error", "Your Credit balance is too low to go on"), act::stop},
             {http(401, "invalid_api_key"), act::stop}, {http(403), act::stop}, {http(404), act::stop}, {http(404, "DeploymentNotFound"), act::stop}, {http(400, "model_not_found"), act::stop},
             {http(400, "unsupported_value"), act::stop, exit_code::usage}, {http(301), act::stop, exit_code::endpoint}, {http(405), act::stop, exit_code::endpoint},
             {http(400), act::reject}, {http(400, "context_length_exceeded"), act::reject}, {http(400, "content_filter"), act::reject}, {http(413), act::reject}, {http(422), act::reject}, {http(418), act::reject},
             {broken(net::problem::reset, net::phase::reply), act::retry}, {broken(net::problem::reset, net::phase::send), act::retry}, {broken(net::problem::malformed, net::phase::reply), act::retry},
             {broken(net::problem::timeout, net::phase::first_byte), act::retry}, {broken(net::problem::timeout, net::phase::connect), act::retry}, {broken(net::problem::resolve, net::phase::resolve), act::retry},
             {broken(net::problem::connect, net::phase::connect), act::retry}, {broken(net::problem::tls, net::phase::tls), act::retry}, {broken(net::problem::too_large, net::phase::reply), act::reject},
             {broken(net::problem::certificate, net::phase::tls), act::stop, exit_code::endpoint}, {broken(net::problem::host_name, net::phase::tls), act::stop, exit_code::endpoint},
             {broken(net::problem::plain_http, net::phase::queue), act::stop, exit_code::usage}, {broken(net::problem::invalid, net::phase::queue), act::stop, exit_code::usage},
             {broken(net::problem::cancelled, net::phase::reply), act::reject}}) {
        CAPTURE(e.text());
        CHECK(rule(e).act == what);
        if (what == act::stop) CHECK(rule(e).stop_as == stop_as);
    }
    CHECK(rule(broken(net::problem::cancelled, net::phase::reply)).reject_as == errc::cancelled);
    CHECK(rule(broken(net::problem::timeout, net::phase::connect)).unreachable);
    CHECK(!rule(broken(net::problem::timeout, net::phase::first_byte)).unreachable);
}

TEST_CASE("x-should-retry is obeyed, but never for 400, 401, 403 and 404") {
    for (int status : {400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 503}) for (bool should : {true, false}) {
        auto e = http(status);
        e.should_retry = should;
        CAPTURE(status);
        bool const never = status == 400 || status == 401 || status == 403 || status == 404;
        CHECK((rule(e).act == act::retry) == (should && !never));
    }
}

TEST_CASE("Retry-After in every way it is said") {
    constexpr std::int64_t now = 784111777 - 60;        // a minute before Sun, 06 Nov 1994 08:49:37 GMT
    struct line { net::header_lines h; char const* message; std::optional<ms> wait; };
    for (auto const& [h, message, wait] : std::initializer_list<line>{
             {headers({{"Retry-After", "7"}}), "", 7s}, {headers({{"retry-after", "0.25"}}), "", 250ms}, {headers({{"Retry-After", "-5"}}), "", 0ms}, {headers({{"Retry-After", " 3 "}}), "", 3s},
             {headers({{"retry-after-ms", "1234.5"}, {"retry-after", "9"}}), "", 1235ms}, {headers({{"retry-after-ms", "soon"}, {"retry-after", "9"}}), "", 9s},
             {headers({{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}}), "", 60s}, {headers({{"Retry-After", "Sunday, 06-Nov-94 08:49:37 GMT"}}), "", 60s}, {headers({{"Retry-After", "Sun Nov  6 08:49:37 1994"}}), "", 60s},
             {headers({{"Retry-After", "Sun, 06 Nov 1994 08:48:00 GMT"}}), "", 0ms}, {headers({{"Retry-After", "99999999999"}}), "", 24h}, {headers({{"Retry-After", "tomorrow"}}), "", {}}, {headers({{"Retry-After", "nan"}}), "", {}},
             {headers({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "6m0s"}, {"x-ratelimit-remaining-tokens", "900"}, {"x-ratelimit-reset-tokens", "9h"}}), "", 6min},
             {headers({{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-reset-tokens", "12ms"}}), "", 12ms}, {headers({{"x-ratelimit-remaining-tokens", "-1"}, {"x-ratelimit-reset-tokens", "12ms"}}), "", {}},
             {headers({{"x-rate-limit-reset-tokens", "17"}}), "", 17s}, {headers({{"x-ratelimit-reset-tokens", "21"}}), "", 21s},
             {{}, "Please retry after 43 seconds.", 43s}, {{}, "Rate limit reached. Please try again in 1.5s. Thank you", 1500ms}, {{}, "Please try again in 6m0s.", 6min}, {{}, "Please try again in a while.", {}},
             {{}, "Try again in 5 minutes.", 5min}, {{}, "retry after 1 hour", 1h}, {{}, "Please retry after 1 Minute and 30 seconds, or less", 90s}, {{}, "retry after 20", 20s}, {{}, "retry after 20. Contact us", 20s},
             {{}, "try again in 250 ms", 250ms}, {{}, "try again in 90s, thanks", 90s}, {{}, "try again in 5 fortnights", {}}, {{}, "try again in 5x", {}}, {{}, "try again in 5 minutes 3 calls", {}}, {{}, "", {}}}) {
        CAPTURE(h.text());
        CAPTURE(message);
        CHECK(retry_after(h, message, now) == wait);
    }
    CHECK(http_date("Tue, 29 Feb 2000 00:00:00 GMT") == 951782400);
    for (auto const* wrong : {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "a b c d e f g h i j"}) CHECK(!http_date(wrong));
    for (auto const* wrong : {"", "s", "1x", "1 s", "s1", "1m2"}) CHECK(!duration_of(wrong));
    CHECK(duration_of("1h16m0.667s") == ms(4560667));
    CHECK(duration_of("57.238747106s") == ms(57239));
}

TEST_CASE("waits grow with full jitter up to a ceiling, on top of what the server asks for") {
    retry r({}, 0s);
    for (ms ceiling : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms}) { auto const d = r.failed(http(500), 0s, 1.0); CHECK(d.act == act::retry); CHECK(d.wait == ceiling); }
    auto const last = r.failed(http(500), 100s, 0.5);
    CHECK(last.act == act::reject);
    CHECK(last.reject_as == errc::transport);
    CHECK(last.why == "gave up after 8 attempts: 500");
    CHECK(r.attempts() == 8);

    retry floor({}, 0s);
    auto e = http(429);
    e.retry_after = 20s;
    CHECK(floor.failed(e, 0s, 0.0).wait == 20s);
    CHECK(floor.failed(e, 0s, 0.5).wait == 20'500ms);
}

TEST_CASE("the whole time is bounded: a wait that would end after it is not begun, one that no record has time for stops the run") {
    retry r({.whole = 60s}, 1000s);
    auto e = http(503);
    e.retry_after = 50s;
    CHECK(r.failed(e, 1000s, 0.0).act == act::retry);
    auto const d = r.failed(e, 1050s, 0.0);
    CHECK(d.act == act::reject);
    CHECK(d.why == "gave up after 2 attempts in 50 s: 503");
    e.retry_after = 20min;
    auto const stop = retry({.whole = 60s}, 0s).failed(e, 0s, 0.0);
    CHECK(stop.act == act::stop);
    CHECK(stop.stop_as == exit_code::incomplete);
    CHECK(stop.why.find("20 min") != stop.why.npos);
}

TEST_CASE("what was never sent is no attempt: it is tried until the breaker or the whole time says no") {
    retry r({}, 0s);
    for (int i = 0; i != 50; ++i) { auto const d = r.failed(broken(net::problem::connect, net::phase::connect), 1s, 1.0); CHECK(d.act == act::retry); CHECK(d.wait <= 4s); }
    CHECK(r.attempts() == 0);
    CHECK(r.failed(broken(net::problem::connect, net::phase::connect), 599s, 1.0).act == act::reject);
}

TEST_CASE("a dead endpoint is said within 30 s, with its host: refused at once, not resolved, or silent until the connect deadline") {
    for (auto const& [e, takes] : {std::pair{broken(net::problem::connect, net::phase::connect), ms(1)}, {broken(net::problem::resolve, net::phase::resolve), ms(5000)}, {broken(net::problem::timeout, net::phase::connect), ms(10'000)}}) {
        for (double random : {0.0, 0.5, 1.0}) {
            retry r({}, 0s);
            breaker b("https://models.example:443");
            std::optional<fatal> said;
            ms now = 0s;
            for (int i = 0; i != 100'000 && !said; ++i) {
                auto const started = now;
                now += takes;
                said = b.failed(e, started, now);
                if (!said) { auto const d = r.failed(e, now, random); REQUIRE(d.act == act::retry); now += d.wait; }
            }
            REQUIRE(said);
            CHECK(now <= 30s);
            CHECK(said->code() == exit_code::endpoint);
            CHECK(std::string(said->what()).starts_with("https://models.example:443 cannot be reached for 2"));
        }
    }
}

TEST_CASE("a reply ends the streak, and one failure beside a slow reply is no death") {
    breaker b("https://h:443");
    auto const e = broken(net::problem::connect, net::phase::connect);
    CHECK(!b.failed(e, 0s, 1s));
    b.succeeded();
    CHECK(!b.failed(e, 25s, 26s));
    CHECK(!b.failed(e, 30s, 31s));
    CHECK(b.failed(e, 45s, 46s));
    breaker c("https://h:443");
    CHECK(!c.failed(e, 0s, 60s));               // alone
    CHECK(!c.failed(http(429), 60s, 61s));      // it answers
    CHECK(!c.failed(e, 61s, 62s));
}

TEST_CASE("an endpoint that has nothing but errors is given up within 30 s; rate limits and refusals are answers") {
    breaker b("https://h:443");
    std::optional<fatal> said;
    ms now = 0s;
    for (; !said && now < 10min; now += 1s) said = b.failed(now.count() % 2000 ? http(502) : broken(net::problem::reset, net::phase::reply), now, now + 100ms);
    CHECK(said);
    CHECK(now <= 30s);
    breaker c("https://h:443");
    for (now = 0s; now < 10min; now += 1s) { CHECK(!c.failed(now.count() % 20'000 ? http(503) : http(429), now, now)); }
}

TEST_CASE("retries that are spent where nothing but errors comes are the endpoint's doing, else the record's") {
    breaker b("https://h:443");
    for (int i = 0; i != 19; ++i) { CHECK(!b.failed(http(500), 1s, 1s)); CHECK(!b.spent(http(500), 1s)); }
    CHECK(!b.failed(http(500), 3s, 3s));
    auto const said = b.spent(http(500), 3s);
    REQUIRE(said);
    CHECK(said->code() == exit_code::endpoint);
    CHECK(std::string(said->what()) == "https://h:443 has answered nothing but errors for 2 s (20 tries): 500");
    b.succeeded();
    CHECK(!b.spent(http(500), 3s));
}

TEST_CASE("a record's time holds several requests that time out") {
    model_options const o;
    auto const late = broken(net::problem::timeout, net::phase::first_byte);
    for (auto const took : {o.deadlines.first_byte, o.deadlines.whole}) {
        retry r(o.retry, 0s);
        CHECK(r.failed(late, took, 1.0).act == act::retry);
        CHECK(r.failed(late, 2 * took + 1s, 1.0).act == act::retry);
    }
}

TEST_CASE("an error's text is one line of bounded length, cut between characters") {
    auto e = http(400, "c", "", "a\nb\x1b[2J");
    CHECK(e.text() == "400 c: a b [2J");
    for (std::size_t n = 280; n != 300; ++n) { auto const t = http(400, "", "", std::string(n, 'x') + "\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC" + std::string(99, 'y')).text(); CHECK(t.size() <= 300); CHECK(static_cast<unsigned char>(t[t.size() - 4]) != 0xC3); }
}
