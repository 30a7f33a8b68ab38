#include "support.hpp"
#include <penstock/llm/journal_entries.hpp>
#include <chrono>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace penstock;
using namespace support;

TEST_CASE("a reply is found once it is kept, by this process and by the next") {
    folder const there;
    {
        desk d(there / "journal");
        CHECK(!d->find(question(1)));
        d.keep(1);
        CHECK(d->find(question(1)) == answer(1));
        CHECK(!d->find(question(2)));
        CHECK(!d->find({"azure", "a-model", "1", 1, question(1).request}));
        CHECK(!d->find({"openai", "another", "1", 1, question(1).request}));
        CHECK(!d->find({"openai", "a-model", "2", 1, question(1).request}));
        CHECK(!d->find(question(1, "{\"messages\":[1]}")));
    }
    desk d(there / "journal");
    CHECK(d->opened().replies == 1);
    CHECK(d->opened().lost_now == 0);
    CHECK(d->opened().notes.empty());
    CHECK(d->find(question(1)) == answer(1));
}

TEST_CASE("replies hold any bytes: empty, with NUL, not UTF-8, a megabyte") {
    folder const there;
    std::string const odd[] = {"", std::string("a\0b", 3), "\xFF\xFE", std::string(1 << 20, 'y'), "\"';--"};
    {
        desk d(there.path);
        for (unsigned i = 0; i != std::size(odd); ++i) d.keep(question(i, odd[i]), {odd[i], {}, 1, 0});
    }
    desk d(there.path);
    for (unsigned i = 0; i != std::size(odd); ++i) CHECK(d->find(question(i, odd[i]))->raw == odd[i]);
}

TEST_CASE("a thousand replies in flight are kept together, each done exactly once and in order") {
    folder const there;
    desk d(there.path);
    std::vector<unsigned> order;
    for (unsigned i = 0; i != 1000; ++i) {
        REQUIRE(d->intend(question(i).key()));
        d->record(question(i), answer(i), [&order, i](std::exception_ptr broken) { REQUIRE(!broken); order.push_back(i); });
    }
    while (order.size() != 1000) d.loop.run_one();
    for (unsigned i = 0; i != 1000; ++i) { CHECK(order[i] == i); CHECK(d->find(question(i)) == answer(i)); }
}

TEST_CASE("a clean end leaves one file that any host can read, and nothing beside it") {
    folder const there;
    { desk d(there.path, {.host = "alpha"}); d.keep(1); }
    std::size_t files = 0;
    for (auto const& f : std::filesystem::directory_iterator(there.path)) { INFO(f.path().string()); CHECK((f.path().filename() == "first-start" || f.path().filename() == "replies-alpha-0.sqlite")); ++files; }
    CHECK(files == 2);
    desk d(there.path, {.host = "beta"});
    CHECK(d->find(question(1)) == answer(1));
    d.keep(2);
    desk e(there.path, {.host = "alpha"});
    CHECK(e->find(question(1)) == answer(1));
}

TEST_CASE("the same question under way is sent once: the other row waits") {
    folder const there;
    desk d(there.path);
    auto const k = question(1).key();
    CHECK(d->intend(k));
    CHECK(!d->intend(k));
    bool told = false;
    d->wait(k, [&](std::exception_ptr broken) { CHECK(!broken); CHECK(d->find(question(1)) == answer(1)); told = true; });
    d.wait([&](auto done) { d->record(question(1), answer(1), std::move(done)); });
    CHECK(told);
}

TEST_CASE("a journal that keeps nothing has every question sent, each time, and writes no file") {
    folder const there;
    auto const before = std::filesystem::current_path();
    std::filesystem::current_path(there.path);
    {
        mini_loop loop;
        llm::journal j(llm::without_journal, [&](llm::journal::work w) { loop.post(std::move(w)); });
        CHECK(j.opened().files == 0);
        CHECK(j.first_start() > 1'700'000'000);
        auto const k = question(1).key();
        for (int time = 0; time != 2; ++time) {
            CHECK(!j.find(question(1)));
            CHECK(j.intend(k));
            CHECK(j.intend(k));                 // another row's: nothing could be handed on to it
            j.sending(k);
            j.lost(k, 1);
            j.resting(k);
            int done = 0;
            j.record(question(1), answer(1), [&](std::exception_ptr broken) { CHECK(!broken); ++done; });
            CHECK(done == 1);
            j.judge(k, "wrong", [&](std::exception_ptr broken) { CHECK(!broken); ++done; });
            while (done != 2) loop.run_one();
            CHECK(!j.verdict(k));
            j.asked({}, k);
            j.unanswered({}, question(1));
            j.abandon(k);
        }
        CHECK(j.possibly_paid_twice() == 2);
    }
    CHECK(std::filesystem::is_empty(there.path));
    std::filesystem::current_path(before);
}

TEST_CASE("an abandoned question is not under way: whoever waited may ask, and nothing counts as paid twice") {
    folder const there;
    {
        desk d(there.path);
        auto const k = question(1).key();
        CHECK(d->intend(k));
        bool told = false;
        d->wait(k, [&](std::exception_ptr) { told = true; });
        d->abandon(k);
        d.loop.run_one();
        CHECK(told);
        CHECK(d->intend(k));
        d->abandon(k);
    }
    desk d(there.path);
    CHECK(d->opened().lost == 0);
}

TEST_CASE("requests lost on the wire and requests under way at the end are counted once, by every later run") {
    folder const there;
    {
        desk d(there.path);
        CHECK(d->intend(question(1).key()));
        d->lost(question(1).key(), 2);
        CHECK(d->possibly_paid_twice() == 2);
        d.wait([&](auto done) { d->record(question(1), answer(1), std::move(done)); });
        CHECK(d->intend(question(2).key()));
    }
    for (int run = 0; run != 2; ++run) {
        desk d(there.path);
        CHECK(d->opened().lost == 3);
        CHECK(d->opened().lost_now == 0);
        CHECK(d->possibly_paid_twice() == 3);
    }
}

TEST_CASE("a verdict for good is found by later runs; --retry-rejected asks anew, and the new reply counts from then on") {
    folder const there;
    auto const k = question(1).key();
    {
        desk d(there.path);
        d.keep(1);
        CHECK(!d->verdict(k));
        d.wait([&](auto done) { d->judge(k, "the quotes are not in the text", std::move(done)); });
        CHECK(d->verdict(k) == "the quotes are not in the text");
    }
    {
        desk d(there.path);
        CHECK(d->opened().rejected == 1);
        CHECK(d->find(question(1)));
        CHECK(d->verdict(k) == "the quotes are not in the text");
    }
    {
        desk d(there.path, {.retry_rejected = true});
        CHECK(!d->verdict(k));
        CHECK(!d->find(question(1)));
        d.keep(question(1), {"better", {}, 1, 0});
        CHECK(d->find(question(1))->raw == "better");
        CHECK(!d->verdict(k));
    }
    {
        desk d(there.path);
        CHECK(d->opened().rejected == 0);
        CHECK(d->find(question(1))->raw == "better");
        CHECK(!d->verdict(k));
    }
    {
        desk d(there.path, {.retry_rejected = true});
        CHECK(d->find(question(1))->raw == "better");       // it was not judged: nothing to retry
        d.wait([&](auto done) { d->judge(k, "still wrong", std::move(done)); });
        CHECK(d->find(question(1)));                        // judged in this very run: not asked a second time in it
        CHECK(d->verdict(k) == "still wrong");
    }
    desk d(there.path, {.replay = true});
    CHECK(d->verdict(k) == "still wrong");
}

TEST_CASE("a question that was refused without a reply is found by later runs and by a replay; asked anew, its reply counts from then on") {
    folder const there;
    auto const k = question(1).key();
    {
        desk d(there.path);
        REQUIRE(d->intend(k));
        d.wait([&](auto done) { d->judge(k, "400 too long", std::move(done)); });
        d->abandon(k);
        CHECK(d->verdict(k) == "400 too long");
    }
    for (bool replay : {false, true}) {
        desk d(there.path, {.replay = replay});
        CHECK(d->opened().rejected == 1);
        CHECK(!d->find(question(1)));
        CHECK(d->verdict(k) == "400 too long");
    }
    CHECK(fatal_of([&] { desk d(there.path, {.replay = true, .retry_rejected = true}); (void)d->find(question(1)); }).second == exit_code::input);
    {
        desk d(there.path, {.retry_rejected = true});
        CHECK(!d->verdict(k));
        d.keep(1);
        CHECK(!d->verdict(k));
    }
    for (bool again : {false, true}) {
        desk d(there.path, {.retry_rejected = again});
        CHECK(d->find(question(1)) == answer(1));       // it was not judged: nothing to retry
        CHECK(!d->verdict(k));
        CHECK(d->opened().rejected == 0);
    }
}

TEST_CASE("a replay writes nothing, finds what is there, and ends at a miss") {
    folder const there;
    { desk d(there.path, {.host = "alpha"}); d.keep(1); }
    auto const before = bytes_of(there / "replies-alpha-0.sqlite");
    for (auto const* host : {"alpha", "beta"}) {
        desk d(there.path, {.replay = true, .host = host});
        CHECK(d->find(question(1)) == answer(1));
        auto const [line, code] = fatal_of([&] { (void)d->find(question(2)); });
        CHECK(one_line(line));
        CHECK(line.find(question(2).key().text()) != line.npos);
        CHECK(code == exit_code::input);
        CHECK(fatal_of([&] { (void)d->intend(question(2).key()); }).second == exit_code::internal);
    }
    CHECK(bytes_of(there / "replies-alpha-0.sqlite") == before);
    CHECK(std::distance(std::filesystem::directory_iterator(there.path), {}) == 2);
    CHECK(fatal_of([&] { desk(there / "nowhere", {.replay = true}); }).second == exit_code::input);
}

TEST_CASE("the first start is that of the folder's first run, on every host; SOURCE_DATE_EPOCH wins") {
    folder const there;
    ::unsetenv("SOURCE_DATE_EPOCH");
    std::int64_t first = 0;
    { desk d(there.path); first = d->first_start(); CHECK(first > 1'600'000'000); }
    write_bytes(there / "first-start", "1700000000\n");
    { desk d(there.path); CHECK(d->first_start() == 1'700'000'000); }
    { desk d(there.path, {.host = "other"}); CHECK(d->first_start() == 1'700'000'000); }
    { desk d(there.path, {.replay = true}); CHECK(d->first_start() == 1'700'000'000); }
    ::setenv("SOURCE_DATE_EPOCH", "86400", 1);
    { desk d(there.path); CHECK(d->first_start() == 86'400); }
    ::setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
    CHECK(fatal_of([&] { desk d(there.path); }).second == exit_code::usage);
    ::unsetenv("SOURCE_DATE_EPOCH");
}

TEST_CASE("two runs on one folder use each other's replies while both live") {
    folder const there;
    desk a(there.path), b(there.path);
    CHECK(a->opened().notes.empty());
    CHECK(b->opened().notes.empty());
    a.keep(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    CHECK(b->find(question(1)) == answer(1));
    b.keep(2);
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    CHECK(a->find(question(2)) == answer(2));           // b's file came after a had looked around
    a.keep(3);
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    CHECK(b->find(question(3)) == answer(3));
    b.journal.reset();
    CHECK(a->find(question(2)) == answer(2));
    desk c(there.path);
    for (unsigned i = 1; i != 4; ++i) CHECK(c->find(question(i)) == answer(i));
}

TEST_CASE("one question that two runs paid for has the same reply in every later run") {
    folder const there;
    {
        desk a(there.path), b(there.path);
        CHECK(a->intend(question(1).key()));
        CHECK(b->intend(question(1).key()));
        a.wait([&](auto done) { a->record(question(1), {"first", {}, 1, 0}, std::move(done)); });
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
        b.wait([&](auto done) { b->record(question(1), {"second", {}, 1, 0}, std::move(done)); });
    }
    for (auto const* host : {"", "elsewhere"}) { desk d(there.path, {.replay = true, .host = host}); CHECK(d->find(question(1))->raw == "first"); }
}

TEST_CASE("forty closed files are read with a few descriptors") {
    folder const there;
    for (unsigned i = 0; i != 40; ++i) { desk d(there.path, {.host = "host" + std::to_string(i)}); d.keep(i); }
    desk d(there.path, {.host = "last"});
    CHECK(d->opened().files == 41);
    for (int round = 0; round != 2; ++round) for (unsigned i = 0; i != 40; ++i) CHECK(d->find(question(i)) == answer(i));
    std::size_t open = 0;
    for ([[maybe_unused]] auto const& f : std::filesystem::directory_iterator("/proc/self/fd")) ++open;
    CHECK(open < 60);
}

namespace {
/// A child that keeps replies 0 … n-1, has `left` questions under way, and dies.
void died(std::string const& path, unsigned n, unsigned left, std::string const& host) {
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        desk d(path, {.host = host});
        for (unsigned i = 0; i != n; ++i) d.keep(i);
        for (unsigned i = 0; i != left; ++i) (void)d->intend(question(1000 + i).key());
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
}
}

TEST_CASE("a request that was lost is counted once, although its run stops or is killed before it is sent again; the copy that is sent again is another") {
    auto const lost_after = [](bool again, bool kill) {
        folder const there;
        pid_t const child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            {
                desk d(there.path);
                (void)d->intend(question(1).key());
                d->lost(question(1).key());
                if (!again) d.keep(2);              // committed together, or after
                else d->sending(question(1).key());
                if (kill) ::kill(::getpid(), SIGKILL);
            }
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        CHECK(WIFSIGNALED(status) == kill);
        std::uint64_t seen = 0;
        for (auto const& part : llm::read_journal(there.path, [](auto const&) { return true; }).parts) seen += part.lost;
        desk d(there.path);
        CHECK(d->opened().lost == seen);
        return d->opened().lost;
    };
    for (bool kill : {false, true}) {
        CAPTURE(kill);
        CHECK(lost_after(false, kill) == 1);
        CHECK(lost_after(true, kill) == 2);
    }
}

TEST_CASE("a dead run's file is taken over: the next run goes on in it and says how many requests were under way") {
    folder const there;
    died(there.path, 20, 3, "alpha");
    {
        desk d(there.path, {.host = "alpha"});
        CHECK(d->opened().files == 1);
        CHECK(d->opened().replies == 20);
        CHECK(d->opened().lost_now == 3);
        CHECK(d->possibly_paid_twice() == 3);
        REQUIRE(d->opened().notes.size() == 1);
        CHECK(d->opened().notes[0].find("3 requests were under way") != std::string::npos);
        for (unsigned i = 0; i != 20; ++i) CHECK(d->find(question(i)) == answer(i));
    }
    desk d(there.path, {.host = "alpha"});
    CHECK(d->opened().lost_now == 0);
    CHECK(d->opened().lost == 3);
    CHECK(d->opened().notes.empty());
}

TEST_CASE("a dead run's file is recovered although another run lives in the folder") {
    folder const there;
    {
        desk a(there.path, {.host = "alpha"});
        a.keep(100);
        died(there.path, 5, 2, "alpha");            // replies-alpha-1
        desk b(there.path, {.host = "alpha"});      // goes on in replies-alpha-1
        CHECK(b->opened().lost_now == 2);
        CHECK(b->find(question(4)) == answer(4));
        CHECK(b->find(question(100)) == answer(100));
    }
    died(there.path, 0, 1, "alpha");                // replies-alpha-0
    desk d(there.path, {.host = "alpha"});
    CHECK(d->opened().lost_now == 1);
    CHECK(d->opened().lost == 3);
    CHECK(d->find(question(4)) == answer(4));
}

TEST_CASE("a file that a run on another host left open is named and not used, until it is adopted") {
    folder const there;
    died(there.path, 5, 2, "beta");
    auto const before = bytes_of(there / "replies-beta-0.sqlite"), log = bytes_of(there / "replies-beta-0.sqlite-wal");
    {
        desk d(there.path, {.host = "alpha"});
        CHECK(!d->find(question(1)));
        REQUIRE(d->opened().notes.size() == 1);
        CHECK(d->opened().notes[0].find("beta") != std::string::npos);
        CHECK(one_line(d->opened().notes[0]));
        d.keep(50);
    }
    CHECK(bytes_of(there / "replies-beta-0.sqlite") == before);
    CHECK(bytes_of(there / "replies-beta-0.sqlite-wal") == log);
    {
        desk d(there.path, {.adopt = true, .host = "alpha"});
        CHECK(d->find(question(1)) == answer(1));
        CHECK(d->opened().lost_now == 2);
    }
    desk d(there.path, {.host = "gamma"});
    CHECK(d->opened().notes.empty());
    CHECK(d->find(question(1)) == answer(1));
    CHECK(d->find(question(50)) == answer(50));
}
