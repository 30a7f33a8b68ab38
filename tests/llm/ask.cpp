/// The stage that asks, against mock-llm: what is sent, kept, asked again, given up; what a second run pays; what ends a run and with which code.
#include "../net/support.hpp"
#include "support.hpp"
#include <algorithm>
#include <cctype>
#include <csignal>
#include <functional>
#include <map>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include <penstock/llm/ask.hpp>
#include <penstock/llm/impl/journal_folder.hpp>     // host_name

namespace ps = penstock;
namespace llm = penstock::llm;
using support::fatal_of;
using support::one_line;

namespace {

struct row { int n = 0; std::string text; };
struct label { std::string name; ps::number<0.0, 1.0> weight; };
struct labelled { int n; std::string name; llm::writer by = llm::writer::model; };

std::vector<row> rows(int n) {
    std::vector<row> all;
    for (int i = 0; i != n; ++i) all.push_back({i, "river number " + std::to_string(i) + " is long and wide and cold"});
    return all;
}
constexpr auto prompt = [](row const& r) { return llm::chat("Label the text.", r.text); };
constexpr auto join = [](row const& r, label l, llm::writer by) { return labelled{r.n, l.name, by}; };
constexpr auto plain = llm::ask<label>("label", prompt, join);

struct outcome {
    std::vector<labelled> good = {};
    std::map<std::string, int> bad = {};            // by code
    std::vector<std::string> reasons = {};
    llm::model_counts counts = {};
    std::uint64_t left = 0, paid_twice = 0, lost_now = 0;
    std::string unavailable = {};
    std::string names() const { std::string all; for (auto const& l : good) all += std::to_string(l.n) + l.name + '\n'; return all; }
};
struct setup {
    std::string journal;
    llm::model_options options = {};
    llm::journal_options kept = {};
    unsigned in_flight = 16;
    int stop_after = 0;
};
setup with(std::string journal, std::uint16_t port) {
    setup s{std::move(journal)};
    s.options.name = "m";
    s.options.base_url = "http://127.0.0.1:" + std::to_string(port) + "/v1";
    s.options.api_key = secret;
    s.options.retry.first = 1ms;
    s.options.retry.most = 5ms;
    s.options.retry.most_unreachable = 5ms;
    return s;
}
/// One run from journal to ledger, as an app does it.
template <class Recipe> outcome run(setup const& s, std::vector<row> input, Recipe const& recipe) {
    outcome out;
    llm::asking_env env;
    env.windows = {{"label", {.in_flight = s.in_flight}}};
    auto const post = [&env](auto work) { env.loop().post(std::move(work)); };
    llm::journal journal(s.journal, s.kept, post);
    out.lost_now = journal.opened().lost_now;
    {
        llm::model model(s.options, journal, post, env.stop_token());
        env.asks = &model;
        for (auto&& item : std::move(input) | recipe | ps::in_source_order() | ps::with(env)) {
            if (item.value) out.good.push_back(*item.value);
            else ++out.bad[std::string(name(item.value.error().code()))], out.reasons.push_back(item.value.error().what());
            if (s.stop_after && int(out.good.size()) == s.stop_after) env.stopping.request_stop();
        }
        out.counts = model.counts();
        out.unavailable = model.unavailable();
    }
    CHECK(env.books.imbalance() == "");
    out.left = env.books.totals().left;
    out.paid_twice = journal.possibly_paid_twice();
    return out;
}
std::string http(std::string const& status, std::string const& body, std::string const& more = "") {
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
bool stands_in(std::string const& folder, std::string_view text) {
    for (auto const& e : std::filesystem::recursive_directory_iterator(folder)) if (e.is_regular_file() && support::bytes_of(e.path()).find(text) != std::string::npos) return true;
    return false;
}
} // namespace

TEST_CASE("ask: every record has its reply, faults are retried, and a second run pays for nothing") {
    mock_server server({"--seed", "3", "--retry-after", "0", "--fault", "429:0.1", "--fault", "500:0.1", "--fault", "503:0.05", "--fault", "429-date:0.02", "--fault", "reset-before:0.05", "--fault", "reset-inside:0.05",
                        "--fault", "reset-after:0.03", "--fault", "half:0.03", "--fault", "garbage:0.02", "--fault", "not-json:0.03", "--fault", "chunked:0.1", "--fault", "close:0.1", "--fault", "short-length:0.03",
                        "--fault", "empty:0.02"});
    support::folder folder;
    auto s = with(folder / "journal", server.port);
    s.options.retry.max_attempts = 50;
    auto const first = run(s, rows(300), plain);
    CHECK(first.good.size() + first.reasons.size() == 300);
    CHECK(first.good.size() >= 298);                // a reply that is no JSON twice in a row is a reject
    CHECK(first.counts.retried > 50);
    CHECK(first.counts.reasked > 0);
    CHECK(first.left == 0);
    auto const billed = bill(server.port, "billed");
    CHECK(billed >= first.counts.replies);
    CHECK(billed <= first.counts.replies + first.paid_twice);      // every charge is a reply that is kept, or is counted
    CHECK_FALSE(stands_in(folder.path, secret));
    auto const second = run(s, rows(300), plain);
    CHECK(second.counts.sent == 0);
    CHECK(second.names() == first.names());
    CHECK(second.bad == first.bad);
    CHECK(bill(server.port, "billed") == billed);
    CHECK(second.paid_twice == first.paid_twice);
    auto replay = with(folder / "journal", 1);      // nobody listens there
    replay.kept.replay = true;
    CHECK(run(replay, rows(300), plain).names() == first.names());
    auto const [line, code] = fatal_of([&] { run(replay, rows(301), plain); });
    CHECK(code == ps::exit_code::input);
    CHECK(line.find("the nearest question there is ") != line.npos);
    CHECK(line.find("differs in message 2 (user), from byte 1") != line.npos);
    CHECK(one_line(line));
}

TEST_CASE("ask: what no record's request can mend ends the run at once, with what was answered kept") {
    for (auto const& [fault, code] : {std::pair{"401", ps::exit_code::access}, {"403", ps::exit_code::access}, {"404", ps::exit_code::access}, {"429-quota", ps::exit_code::access}, {"redirect", ps::exit_code::endpoint}}) {
        mock_server server({"--fault", std::string(fault) + ":1"});
        support::folder folder;
        auto const [line, ended] = fatal_of([&] { run(with(folder / "journal", server.port), rows(200), plain); });
        CAPTURE(line);
        CHECK(ended == code);
        CHECK(one_line(line));
        CHECK(line.find("127.0.0.1") != line.npos);
        CHECK(line.find(secret) == line.npos);
        CHECK(bill(server.port, "requests") <= 2 * 16 + 1);     // those in flight; the bill's own request
        CHECK_FALSE(stands_in(folder.path, secret));
    }
    mock_server server({"--seed", "1", "--fault", "429-quota:0.05"});
    support::folder folder;
    CHECK(fatal_of([&] { run(with(folder / "journal", server.port), rows(400), plain); }).second == ps::exit_code::access);
    auto const billed = bill(server.port, "billed");
    CHECK(billed > 0);
    mock_server healthy({"--seed", "1"});
    auto const after = run(with(folder / "journal", healthy.port), rows(400), plain);
    CHECK(after.good.size() == 400);
    CHECK(after.counts.from_journal == billed);     // all that was answered before the end was kept
}

TEST_CASE("ask: an endpoint that is dead is said soon, with its address") {
    std::uint16_t port;
    { scripted_server closed([](int, unsigned) {}); port = closed.port; }
    support::folder folder;
    auto s = with(folder / "journal", port);
    s.options.breaker.dead = 100ms;
    auto const began = std::chrono::steady_clock::now();
    auto const [line, code] = fatal_of([&] { run(s, rows(50), plain); });
    CHECK(std::chrono::steady_clock::now() - began < 10s);
    CHECK(code == ps::exit_code::endpoint);
    CHECK(line.find("http://127.0.0.1:" + std::to_string(port)) != line.npos);
}

TEST_CASE("ask: 400 is never retried: the record is rejected, the run goes on") {
    mock_server server({"--seed", "2", "--fault", "400:0.2", "--fault", "content-filter:0.1", "--fault", "refusal:0.1", "--fault", "cut:0.1"});
    support::folder folder;
    auto const first = run(with(folder / "journal", server.port), rows(100), plain);
    CHECK(first.counts.retried == 0);
    CHECK(first.bad.at("refused") > 20);
    CHECK(first.bad.at("schema") > 2);
    CHECK(first.good.size() + first.reasons.size() == 100);
    auto const second = run(with(folder / "journal", server.port), rows(100), plain);
    CHECK(second.counts.sent == 0);         // whatever was refused is refused
    CHECK(second.bad == first.bad);
    CHECK(second.reasons == first.reasons);
    CHECK(second.names() == first.names());
    auto replay = with(folder / "journal", 1);
    replay.kept.replay = true;
    CHECK(run(replay, rows(100), plain).reasons == first.reasons);
    auto partial = with(folder / "journal", 1);
    partial.options.only_kept = true;
    auto const finished = run(partial, rows(100), plain);
    CHECK(finished.left == 0);
    CHECK(finished.reasons == first.reasons);
    mock_server healthy({"--seed", "2"});
    auto again = with(folder / "journal", healthy.port);
    again.kept.retry_rejected = true;
    CHECK(run(again, rows(100), plain).good.size() == 100);
    CHECK(run(with(folder / "journal", 1), rows(100), plain).good.size() == 100);       // and those replies stand
    CHECK(bill(healthy.port, "billed") == first.reasons.size());
}

TEST_CASE("ask: the same refused question of several rows is sent once") {
    scripted_server server([](int fd, unsigned) { read_request(fd); write_all(fd, http("400 Bad Request", R"({"error":{"message":"no","code":"content_policy_violation"}})")); });
    support::folder folder;
    auto const out = run(with(folder / "journal", server.port), std::vector<row>(5, row{1, "the same river"}), plain);
    CHECK(out.bad == std::map<std::string, int>{{"refused", 5}});
    CHECK(out.counts.sent == 1);
}

TEST_CASE("ask: a reply that the recipe's own check refuses is asked again with the reason, then judged for good") {
    mock_server server({"--seed", "5"});
    support::folder folder;
    int checks = 0;
    auto const picky = llm::ask<label>("label", prompt, [&](row const& r, label l) -> ps::result<labelled> {
        ++checks;
        if (r.n % 3 == 0) return std::unexpected(ps::failure(ps::errc::rejected, "the name is not a river"));
        return labelled{r.n, l.name};
    });
    auto const first = run(with(folder / "journal", server.port), rows(30), picky);
    CHECK(first.good.size() == 20);
    CHECK(first.bad == std::map<std::string, int>{{"schema", 10}});
    CHECK(first.reasons[0].find("the name is not a river") != std::string::npos);
    CHECK(first.counts.reasked == 10);
    CHECK(first.counts.sent == 40);
    CHECK(checks == 40);
    auto const second = run(with(folder / "journal", server.port), rows(30), picky);
    CHECK(second.counts.sent == 0);
    CHECK(second.bad == first.bad);
    CHECK(second.reasons == first.reasons);
    auto again = with(folder / "journal", server.port);
    again.kept.retry_rejected = true;
    CHECK(run(again, rows(30), picky).counts.sent > 0);
}

TEST_CASE("ask: a stop request keeps what was sent, and the next run asks for the rest only") {
    mock_server server({"--seed", "7", "--latency", "uniform:5,40"});
    support::folder folder;
    auto s = with(folder / "journal", server.port);
    s.stop_after = 30;
    auto const first = run(s, rows(200), plain);
    CHECK(first.good.size() >= 30);
    CHECK(first.good.size() < 200);
    CHECK(first.left == 0);                 // what was begun was finished
    CHECK(first.paid_twice == 0);           // what was in flight was waited for
    CHECK(bill(server.port, "billed") == first.counts.replies);
    s.stop_after = 0;
    auto const second = run(s, rows(200), plain);
    CHECK(second.good.size() == 200);
    CHECK(second.counts.from_journal == first.counts.replies);
    CHECK(bill(server.port, "billed") == 200);
    s.options.only_kept = true;             // --finish-partial: what the journal holds, and no more
    auto const partial = run(s, rows(250), plain);
    CHECK(partial.good.size() == 200);
    CHECK(partial.left == 50);
    CHECK(partial.counts.sent == 0);
    CHECK(partial.names() == second.names());
}

TEST_CASE("ask: a run that is left early keeps what was sent, and the same model serves the next") {
    mock_server server({"--seed", "7", "--latency", "20"});
    support::folder folder;
    auto const s = with(folder / "journal", server.port);
    llm::asking_env env;
    env.windows = {{"label", {.in_flight = 8}}};
    auto const post = [&env](auto work) { env.loop().post(std::move(work)); };
    llm::journal journal(s.journal, s.kept, post);
    llm::model model(s.options, journal, post, env.stop_token());
    env.asks = &model;
    for (auto&& item : rows(100) | plain | ps::with(env)) { CHECK(item.value); break; }
    auto const sent = model.counts().sent;
    CHECK(sent < 30);
    CHECK(model.counts().replies == sent);
    int good = 0;
    for (auto&& item : rows(60) | plain | ps::with(env)) good += item.value.has_value();
    CHECK(good == 60);
    CHECK(model.counts().sent == 60);
    CHECK(env.books.imbalance() == "");
}

TEST_CASE("ask: without a model the offline writer answers; with fallback it stands in and is told so") {
    auto const both = plain.offline([](row const& r) { return label{"offline " + std::to_string(r.n % 5), 0.5}; });
    ps::ledger books;
    llm::asking_env env;
    int n = 0;
    for (auto&& item : rows(20) | both | ps::with(env)) { CHECK(item.value->by == llm::writer::offline); ++n; }
    CHECK(n == 20);
    CHECK(fatal_of([&] { for (auto&& item : rows(2) | plain | ps::with(env)) (void)item; }).second == ps::exit_code::usage);

    mock_server locked({"--fault", "401:1"});
    support::folder folder;
    auto s = with(folder / "journal", locked.port);
    s.options.fallback = true;
    auto const out = run(s, rows(100), both);
    CHECK(out.good.size() == 100);
    CHECK(std::ranges::all_of(out.good, [](auto const& l) { return l.by == llm::writer::fallback; }));
    CHECK(one_line(out.unavailable));
    CHECK(bill(locked.port, "requests") <= 2 * 16 + 1);
}

TEST_CASE("ask: the fallback stands in for a model that is not to be had, not for one that refuses or gets it wrong") {
    auto const both = plain.offline([](row const&) { return label{"offline", 0.5}; });
    auto const by_fallback = [](outcome const& o) { return std::ranges::count(o.good, llm::writer::fallback, &labelled::by); };
    for (auto const& faults : {std::vector<std::string>{"--seed", "2", "--fault", "400:0.2", "--fault", "content-filter:0.1"}, {"--seed", "2", "--fault", "refusal:0.1", "--fault", "cut:0.1", "--fault", "wrong-type:0.1"}}) {
        mock_server server(faults);
        support::folder folder;
        auto s = with(folder / "journal", server.port);
        auto const without = run(s, rows(60), both);
        CHECK(without.reasons.size() > 5);
        s.options.fallback = true;
        auto const out = run(s, rows(60), both);
        CHECK(out.reasons == without.reasons);
        CHECK(by_fallback(out) == 0);
    }
    mock_server sick({"--seed", "3", "--fault", "500:0.3"});
    support::folder folder;
    auto s = with(folder / "journal", sick.port);
    s.options.retry.max_attempts = 1;
    s.options.fallback = true;
    auto const out = run(s, rows(60), both);
    CHECK(out.good.size() == 60);
    CHECK(by_fallback(out) > 5);
    s = with(folder / "journal", 1);
    s.options.fallback = true;
    s.options.unavailable = "no key";
    auto const kept = run(s, rows(60), both);
    CHECK(kept.good.size() == 60);
    CHECK(kept.counts.sent == 0);
    CHECK(kept.counts.from_journal == out.counts.replies);
    CHECK(by_fallback(kept) == by_fallback(out));
    CHECK(kept.names() == out.names());
    CHECK(kept.unavailable == "no key");
}

TEST_CASE("ask: the same question is sent once; asked several times on purpose it is drawn anew") {
    mock_server server({"--latency", "20"});
    support::folder folder;
    std::vector<row> same(50, row{1, "the same river again and again"});
    auto const once = run(with(folder / "journal", server.port), same, plain);
    CHECK(once.good.size() == 50);
    CHECK(once.counts.sent == 1);
    auto const votes = ps::fan_out(llm::draw(3))
                     | llm::ask<label>("label", [](llm::drawn<row> const& d) { auto c = prompt(*d.of); c.draw = d.number; return c; }, [](llm::drawn<row> const&, label l) { return l.name; })
                     | ps::gather([](row const& r, ps::children<std::string> c) { CHECK(c.results.size() == 3); return labelled{r.n, *c.results[0].value}; });
    auto const drawn = run(with(folder / "votes", server.port), rows(10), votes);
    CHECK(drawn.good.size() == 10);
    CHECK(drawn.counts.sent == 30);
}

TEST_CASE("ask: without a journal every row is asked, the same question of two rows too, and again by the next run") {
    mock_server server({"--seed", "5", "--retry-after", "0", "--fault", "429:0.1", "--fault", "500:0.1", "--text", R"({"name":"a","weight":0.5})"});
    auto const s = with("", server.port);
    for (unsigned run = 1; run != 3; ++run) {
        llm::asking_env env;
        env.windows = {{"label", {.in_flight = 16}}};
        auto const post = [&env](auto work) { env.loop().post(std::move(work)); };
        llm::journal journal(llm::without_journal, post);
        llm::model model(s.options, journal, post, env.stop_token());
        env.asks = &model;
        auto input = rows(20);
        for (auto& r : rows(20)) input.push_back(std::move(r));
        int good = 0;
        for (auto&& item : std::move(input) | plain | ps::with(env)) good += item.value.has_value();
        CHECK(good == 40);
        CHECK(model.counts().replies == 40);
        CHECK(model.counts().from_journal == 0);
        CHECK(bill(server.port, "billed") == 40 * run);
    }
}

TEST_CASE("ask: two stages that ask overlap, 500 in flight") {
    mock_server server({"--latency", "100"});
    support::folder folder;
    auto s = with(folder / "journal", server.port);
    s.in_flight = 500;
    auto const twice = llm::ask<label>("label", prompt, [](row const& r, label l) { return row{r.n, l.name + " of the north"}; }) | llm::ask<label, ps::window{.in_flight = 500}>("second", prompt, join);
    auto const began = std::chrono::steady_clock::now();
    auto const out = run(s, rows(1000), twice);
    CHECK(out.good.size() == 1000);
    CHECK(out.counts.asked == 2000);
    CHECK(std::chrono::steady_clock::now() - began < 20s);      // one after the other: 200 s
}

TEST_CASE("ask: Azure's form of the same") {
    mock_server server({"--seed", "4", "--fault", "429:0.1", "--retry-after", "0"});
    support::folder folder;
    auto s = with(folder / "journal", server.port);
    s.options.provider = llm::provider_kind::azure;
    s.options.base_url = "http://127.0.0.1:" + std::to_string(server.port);
    s.options.name = "scorer";
    auto const out = run(s, rows(50), plain);
    CHECK(out.good.size() == 50);
    CHECK(run(s, rows(50), plain).counts.sent == 0);
    s.options.provider = llm::provider_kind::openai;
    s.options.base_url += "/v1";
    CHECK(run(s, rows(50), plain).counts.sent >= 50);       // another provider's question is another question
}

TEST_CASE("ask: options that cannot be meant are one line") {
    support::folder folder;
    for (auto const& change : std::initializer_list<void (*)(llm::model_options&)>{[](auto& o) { o.name = ""; }, [](auto& o) { o.base_url = "not a url"; }, [](auto& o) { o.temperature = 3; },
                                                                                 [](auto& o) { o.provider = llm::provider_kind::azure; o.base_url = ""; }}) {
        auto s = with(folder / "journal", 1);
        change(s.options);
        auto const [line, code] = fatal_of([&] { run(s, rows(1), plain); });
        CHECK(code == ps::exit_code::usage);
        CHECK(one_line(line));
    }
}

namespace {
/// A model on a loop that is run by hand.
struct by_hand {
    ps::mini_loop loop = {};
    std::stop_source stop = {};
    llm::journal journal;
    llm::model model;
    std::map<int, std::string> answers = {};        // empty: none
    std::vector<ps::exit_code> ends = {};
    explicit by_hand(setup const& s)
        : journal(s.journal, s.kept, [this](auto work) { loop.post(std::move(work)); }), model(s.options, journal, [this](auto work) { loop.post(std::move(work)); }, stop.get_token()) {}
    void ask(int n) {
        model.ask(llm::chat("Label the text.", "river " + std::to_string(n)), {}, [](auto const&) { return std::string(); }, [this, n](auto came, std::exception_ptr broken) {
            answers[n] = came ? came->text : std::string();
            if (broken) try { std::rethrow_exception(broken); } catch (ps::fatal const& e) { ends.push_back(e.code()); }
        });
    }
    void finish(std::size_t n) { while (answers.size() != n) loop.run_one(); }
};
std::string completion(std::string const& content, std::string const& model = "m") {
    return R"({"model":")" + model + R"(","choices":[{"message":{"content":")" + content + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":-1}})";
}
/// No file may grow beyond so many bytes while it lives: a full disk without a mount.
struct full_disk {
    rlimit before{};
    explicit full_disk(rlim_t bytes) { std::signal(SIGXFSZ, SIG_IGN); ::getrlimit(RLIMIT_FSIZE, &before); auto now = before; now.rlim_cur = bytes; ::setrlimit(RLIMIT_FSIZE, &now); }
    ~full_disk() { ::setrlimit(RLIMIT_FSIZE, &before); }
};
}

TEST_CASE("ask: a key that a paid reply repeats reaches no file and no record") {
    std::string const escaped = "sk\\u002dverysecret0123456789";
    scripted_server server([&](int fd, unsigned n) {
        read_request(fd);
        if (n == 0) write_all(fd, http("200 OK", completion("{\\\"name\\\":\\\"" + std::string(secret) + "\\\",\\\"weight\\\":0.5}", std::string(secret))));
        else if (n == 1) write_all(fd, http("200 OK", completion("{\\\"name\\\":\\\"" + escaped + "\\\",\\\"weight\\\":7}", escaped)));
        else write_all(fd, http("200 OK", R"({"choices":[{"message":{"content":null,"refusal":"not with )" + std::string(secret) + R"("},"finish_reason":"stop"}]})"));
    });
    support::folder folder;
    auto s = with(folder / "journal", server.port);
    s.in_flight = 1;
    s.options.reask = 0;
    auto const out = run(s, rows(3), plain);
    CHECK(out.good.size() + out.reasons.size() == 3);
    CHECK(out.names().find("[key]") != std::string::npos);
    for (auto const& text : out.reasons) CHECK(text.find("verysecret") == text.npos);
    CHECK(out.names().find("verysecret") == std::string::npos);
    CHECK_FALSE(stands_in(folder.path, "verysecret"));
}

TEST_CASE("ask: a whole 2xx that is no completion is counted as possibly paid; odd counts of tokens are no reason to pay again") {
    scripted_server server([](int fd, unsigned n) { read_request(fd); write_all(fd, http("200 OK", n < 2 ? std::string(R"({"choices":[null]})") : completion("{\\\"name\\\":\\\"Elbe\\\",\\\"weight\\\":0.5}"))); });
    support::folder folder;
    auto const out = run(with(folder / "journal", server.port), rows(1), plain);
    CHECK(out.good.size() == 1);
    CHECK(out.counts.sent == 3);
    CHECK(out.counts.replies == 1);
    CHECK(out.counts.tokens == llm::usage{5, 0, 0, 0});
    CHECK(out.paid_twice == 2);
}

TEST_CASE("ask: on a full disk only replies that are in the journal are counted as kept") {
    mock_server server({"--seed", "3"});
    support::folder folder;
    auto const s = with(folder / "journal", server.port);
    std::uint64_t counted = 0;
    {
        by_hand b(s);
        {
            full_disk const full(300'000);
            for (int n = 0; n != 300 && b.ends.empty(); ++n) { b.ask(n); if (n % 10 == 9) b.finish(static_cast<std::size_t>(n) + 1); }
            b.finish(b.model.counts().asked);
        }
        REQUIRE(!b.ends.empty());
        CHECK(b.ends[0] == ps::exit_code::output);
        counted = b.model.counts().replies;
        CHECK(counted > 0);
    }
    support::desk d(s.journal, {.replay = true});
    CHECK(d->opened().replies == counted);
}

TEST_CASE("ask: what goes wrong while a retry is begun ends the run with one line") {
    std::optional<full_disk> full;
    std::optional<scripted_server> server(std::in_place, [&](int fd, unsigned) {
        read_request(fd);
        write_all(fd, http("429 Too Many Requests", "{}", "retry-after-ms: 300\r\n"));
        std::this_thread::sleep_for(100ms);
        full.emplace(200);                  // before the first slot: nothing can be noted down
    });
    support::folder folder;
    by_hand b(with(folder / "journal", server->port));
    b.ask(1);
    b.finish(1);
    server.reset();         // its thread filled the disk
    full.reset();
    CHECK(b.ends == std::vector{ps::exit_code::output});
}

TEST_CASE("ask: a key that is refused after a stop request cancels no reply that is paid") {
    std::stop_source* stop = nullptr;
    scripted_server server([&](int fd, unsigned n) {
        read_request(fd);
        if (n == 0) { stop->request_stop(); std::this_thread::sleep_for(100ms); write_all(fd, http("401 Unauthorized", "{}")); return; }
        std::this_thread::sleep_for(200ms);
        write_all(fd, http("200 OK", completion("paid")));
    });
    support::folder folder;
    auto s = with(folder / "journal", server.port);
    s.options.fallback = true;
    by_hand b(s);
    stop = &b.stop;
    b.ask(1);
    b.ask(2);
    b.finish(2);
    CHECK(b.model.counts().replies == 1);
    CHECK((b.answers[1] == "paid" || b.answers[2] == "paid"));
    CHECK(b.journal.possibly_paid_twice() == 0);
}

TEST_CASE("ask: a request that times out is sent again") {
    mock_server server({"--fault", "hang:1"});
    support::folder folder;
    auto s = with(folder / "journal", server.port);
    s.options.deadlines.first_byte = s.options.deadlines.whole = 60ms;
    s.options.retry.max_attempts = 3;
    auto const out = run(s, rows(1), plain);
    REQUIRE(out.reasons.size() == 1);
    CHECK(out.bad.contains("timeout"));
    CHECK(out.reasons[0].find("gave up after 3 attempts") != std::string::npos);
    CHECK(out.counts.sent == 3);
    CHECK(out.paid_twice == 3);
}

TEST_CASE("ask: where nothing but errors comes the run ends, and no row is rejected for it; where others are answered the row is") {
    mock_server broken({"--fault", "500:1"});
    support::folder folder;
    auto s = with(folder / "journal", broken.port);
    s.options.retry.max_attempts = 2;
    auto const [line, code] = fatal_of([&] { run(s, rows(100), plain); });
    CHECK(code == ps::exit_code::endpoint);
    CHECK(line.find("has answered nothing but errors") != line.npos);
    CHECK(bill(broken.port, "requests") < 60);
    mock_server healthy({"--seed", "3", "--fault", "500:0.2"});
    s = with(folder / "journal", healthy.port);
    s.options.retry.max_attempts = 1;
    auto const out = run(s, rows(100), plain);
    CHECK(out.good.size() + out.reasons.size() == 100);
    CHECK(out.bad.at("transport") > 5);
}

TEST_CASE("ask: what found no connection is no request") {
    std::uint16_t port;
    { scripted_server closed([](int, unsigned) {}); port = closed.port; }
    support::folder folder;
    auto s = with(folder / "journal", port);
    s.options.breaker.dead = 50ms;
    s.options.fallback = true;
    auto const out = run(s, rows(20), plain.offline([](row const&) { return label{"offline", 0.5}; }));
    CHECK(out.good.size() == 20);
    CHECK(out.counts.retried > 0);
    CHECK(out.counts.sent == 0);
}

/// A process that does `work` is killed as soon as `seen`, looked at each 25 ms for ten seconds at most; whether it was.
bool killed_once(std::function<void()> const& work, std::function<bool()> const& seen) {
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) { try { work(); } catch (...) {} ::_exit(0); }
    bool there = false;
    for (int i = 0; i != 400 && !there; ++i) {
        std::this_thread::sleep_for(25ms);
        there = seen();
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    return there;
}

TEST_CASE("ask: killed while its requests wait out a 429, nothing was lost") {
    mock_server server({"--fault", "429:1", "--retry-after", "30"});
    support::folder folder;
    auto const owner = folder / "journal/replies-" + llm::detail::host_name({}) + "-0.sqlite.owner";
    CHECK(killed_once([&] { run(with(folder / "journal", server.port), rows(100), plain); },
                      [&] { return bill(server.port, "requests") >= 16 && support::bytes_of(owner).find("sent ") == std::string::npos; }));
    support::desk d(folder / "journal");
    CHECK(d->opened().lost_now == 0);
}

TEST_CASE("ask: killed while it waits to send again what was lost, each lost request is counted once") {
    mock_server server({"--fault", "reset-inside:1"});
    support::folder folder;
    auto const owner = folder / "journal/replies-" + llm::detail::host_name({}) + "-0.sqlite.owner";
    auto const work = [&] {
        auto s = with(folder / "journal", server.port);
        s.options.retry.first = s.options.retry.most = 10min;
        s.options.retry.whole = 60min;
        run(s, rows(16), plain);
    };
    CHECK(killed_once(work, [&] { return bill(server.port, "billed") >= 16 && support::bytes_of(owner).find("sent ") == std::string::npos; }));
    support::desk d(folder / "journal");
    CHECK(d->opened().lost == bill(server.port, "billed"));
}
