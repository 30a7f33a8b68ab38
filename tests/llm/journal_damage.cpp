/// Files that are damaged, newer, locked, somebody else's, or on a full disk: one line each, and nothing is lost.
#include "support.hpp"
#include <csignal>
#include <cstdio>
#include <penstock/llm/impl/journal_folder.hpp>     // host_name
#include <penstock/llm/journal_entries.hpp>
#include <random>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace penstock;
using namespace support;

namespace {
constexpr auto file = "replies-alpha-0.sqlite";
void keep(std::string const& path, unsigned n) { desk d(path, {.host = "alpha"}); for (unsigned i = 0; i != n; ++i) d.keep(i); }
void sql(std::string const& path, char const* text) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
    char* why = nullptr;
    sqlite3_exec(handle, text, nullptr, nullptr, &why);
    CAPTURE(why);
    REQUIRE(!why);
    sqlite3_close(handle);
}
/// Opens and reads everything: the fatal's line, or nothing where every reply is right; `wrong` counts replies that are not what was kept.
std::pair<std::string, exit_code> read_all(std::string const& path, unsigned n, unsigned& found, unsigned& wrong, std::string const& host = "alpha") {
    found = wrong = 0;
    return fatal_of([&] {
        desk d(path, {.host = host});
        for (unsigned i = 0; i != n; ++i) if (auto r = d->find(question(i))) { ++found; wrong += *r != answer(i); }
    });
}
}

TEST_CASE("a journal from before rows were written down is a whole journal, and learns them") {
    folder const there;
    keep(there.path, 5);
    sql(there / file, "DROP TABLE asked");
    unsigned entries = 0, found = 0, wrong = 0;
    (void)llm::read_journal(there.path, [&](llm::journal_entry) { ++entries; return true; });
    CHECK(entries == 5);
    CHECK(read_all(there.path, 5, found, wrong).first == "");
    CHECK(found == 5);
    { desk d(there.path, {.host = "alpha"}); d->asked(origin::of(0, 3), question(1).key()); }
    unsigned asked = 0;
    (void)llm::read_journal(there.path, [&](llm::journal_entry e) { asked += e.what == llm::journal_entry::kind::asked; return true; });
    CHECK(asked == 1);
}

TEST_CASE("a run that was killed while it closed its journal is rolled back, and the next goes on") {
    folder const there;
    keep(there.path, 5);
    auto const dies = [](auto f) {
        if (auto const child = ::fork(); child == 0) { f(); ::_exit(0); }
        else ::waitpid(child, nullptr, 0);
    };
    dies([&] { auto* const d = new desk(there.path, {.host = "alpha"}); d->keep(5); });     // leaves its owner's file, and a count of what it kept
    sql(there / file, "PRAGMA wal_checkpoint(TRUNCATE)");
    sql(there / file, "PRAGMA journal_mode=DELETE");
    dies([&] {
        sqlite3* handle = nullptr;
        sqlite3_open((there / file).c_str(), &handle);
        sqlite3_exec(handle, "PRAGMA cache_size=1; BEGIN; UPDATE replies SET raw = zeroblob(100000)", nullptr, nullptr, nullptr);      // more than the cache: pages reach the file
    });
    REQUIRE(std::filesystem::exists((there / file) + "-journal"));
    unsigned found = 0, wrong = 0;
    CHECK(read_all(there.path, 6, found, wrong).first == "");
    CHECK(found == 6);
    CHECK(wrong == 0);
}

TEST_CASE("a truncated journal is one line and stays as it is") {
    folder const there;
    keep(there.path, 200);
    auto const whole = bytes_of(there / file);
    for (std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{4096}, whole.size() / 2, whole.size() - 8192, whole.size() - 1}) {
        CAPTURE(size);
        auto const cut = whole.substr(0, size);
        write_bytes(there / file, cut);
        for (auto const* host : {"alpha", "beta"}) {
            unsigned found = 0, wrong = 0;
            auto const [line, code] = read_all(there.path, 200, found, wrong, host);
            INFO(line);
            CHECK(one_line(line));
            CHECK(line.find(there / file) != line.npos);
            CHECK(line.find("damaged") != line.npos);
            CHECK(code == exit_code::input);
            CHECK(wrong == 0);
        }
        CHECK(bytes_of(there / file).size() == size);
    }
    write_bytes(there / file, whole);
    unsigned found = 0, wrong = 0;
    CHECK(read_all(there.path, 200, found, wrong).first.empty());
    CHECK(found == 200);
}

TEST_CASE("a flipped byte anywhere: one line or the right replies, never a wrong one and never a missing one") {
    folder const there;
    keep(there.path, 60);
    auto const whole = bytes_of(there / file);
    std::mt19937 random(7);
    unsigned lines = 0, unharmed = 0;
    for (int round = 0; round != 300; ++round) {
        auto broken = whole;
        auto const at = round < 100 ? random() % 100 : random() % whole.size();     // the header often
        broken[at] = static_cast<char>(broken[at] ^ (1 << random() % 8));
        write_bytes(there / file, broken);
        unsigned found = 0, wrong = 0;
        auto const [line, code] = read_all(there.path, 60, found, wrong);
        INFO("byte " << at << ": " << line);
        CHECK(wrong == 0);
        if (line.empty()) { CHECK(found == 60); ++unharmed; }
        else { CHECK(one_line(line)); ++lines; }
        for (auto const* beside : {"-wal", "-shm", "-journal", ".owner"}) std::filesystem::remove(there / (std::string(file) + beside));
    }
    MESSAGE(lines << " of 300 flips were one line, " << unharmed << " changed nothing that is read");
    CHECK(lines > 50);
}

TEST_CASE("entries that are gone from the middle or the end are noticed, not paid for again") {
    for (auto const* text : {"DELETE FROM entries WHERE id = 7", "DELETE FROM entries WHERE id > 17", "UPDATE entries SET round = 1 WHERE id = 3", "DELETE FROM replies WHERE id = 20"}) {
        CAPTURE(text);
        folder const there;
        keep(there.path, 20);
        sql(there / file, text);
        unsigned found = 0, wrong = 0;
        CHECK(read_all(there.path, 20, found, wrong).second == exit_code::input);
    }
}

TEST_CASE("a journal of a newer format, and a file that is no journal, are one line each") {
    folder const there;
    keep(there.path, 3);
    sql(there / file, "PRAGMA user_version=2");
    auto const before = bytes_of(there / file);
    for (auto const* host : {"alpha", "beta"}) {
        auto const [line, code] = fatal_of([&] { desk d(there.path, {.host = host}); });
        CHECK(one_line(line));
        CHECK(line.find("newer") != line.npos);
        CHECK(code == exit_code::input);
    }
    CHECK(bytes_of(there / file) == before);
    for (auto const* text : {"this is no database, it is a shopping list that is longer than one hundred bytes so that it has a header to look at", "x"}) {
        write_bytes(there / file, text);
        auto const [line, code] = fatal_of([&] { desk d(there.path, {.host = "alpha"}); });
        CHECK(one_line(line));
        CHECK(code == exit_code::input);
        CHECK(bytes_of(there / file) == text);
    }
    std::filesystem::remove(there / file);
    sql(there / file, "CREATE TABLE poems(t)");
    CHECK(fatal_of([&] { desk d(there.path, {.host = "alpha"}); }).second == exit_code::input);
}

TEST_CASE("a journal that another program holds locked is one line; what is there stays") {
    folder const there;
    keep(there.path, 3);
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open((there / file).c_str(), &handle) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK);
    auto const [line, code] = fatal_of([&] { desk d(there.path, {.host = "alpha"}); });
    CHECK(one_line(line));
    CHECK(line.find("locked") != line.npos);
    CHECK(code == exit_code::output);
    sqlite3_close(handle);
    unsigned found = 0, wrong = 0;
    CHECK(read_all(there.path, 3, found, wrong).first.empty());
    CHECK(found == 3);
}

TEST_CASE("a folder that cannot be made, or is a file, is one line") {
    folder const there;
    write_bytes(there / "file", "");
    for (auto const& path : {there / "file", there / "file/below", std::string("/proc/nowhere/journal")}) {
        auto const [line, code] = fatal_of([&] { desk d(path); });
        INFO(line);
        CHECK(one_line(line));
        CHECK(code == exit_code::output);
    }
    CHECK(fatal_of([&] { desk d(""); }).second == exit_code::usage);
}

TEST_CASE("a full disk is one line, every waiting row hears of it, and what was kept is found") {
    folder const there;
    if (::mount("none", there.path.c_str(), "tmpfs", 0, "size=2m") != 0) { std::puts("no tmpfs can be mounted here: the full disk is skipped"); return; }
    struct unmount { std::string path; ~unmount() { ::umount2(path.c_str(), MNT_DETACH); } } const gone{there.path};
    unsigned kept = 0, refused = 0, recorded = 0;       // they outlive the journal: the last answers come when it closes
    std::string line;
    {
        desk d(there.path, {.host = "alpha"});
        for (unsigned i = 0; i != 400 && line.empty(); ++i) {
            try { REQUIRE(d->intend(question(i).key())); }
            catch (fatal const& e) { line = e.what(); break; }
            ++recorded;
            d->record(question(i), answer(2999), [&](std::exception_ptr broken) {
                if (!broken) { ++kept; return; }
                ++refused;
                try { std::rethrow_exception(broken); } catch (fatal const& e) { line = e.what(); CHECK(e.code() == exit_code::output); }
            });
            if (i % 7 == 0) while (kept + refused != recorded) d.loop.run_one();
        }
        d.journal.reset();
        d.loop.poll();
    }
    CHECK(kept + refused == recorded);
    INFO(line);
    CHECK(one_line(line));
    CHECK(line.find("full") != line.npos);
    CHECK(kept > 10);
    CHECK(kept < 300);
    desk d(there.path, {.replay = true, .host = "alpha"});
    CHECK(d->opened().replies >= kept);
    for (unsigned i = 0; i != kept; ++i) CHECK(d->find(question(i)) == answer(2999));
    MESSAGE(kept << " kept, then the disk was full");
}

TEST_CASE("no header reaches the folder: a journal knows what was asked and what came, not with which key") {
    // The types say it: question has no room for a header. What is left is a key inside a prompt, which is the recipe's own doing.
    folder const there;
    keep(there.path, 3);
    for (auto const& f : std::filesystem::directory_iterator(there.path)) {
        auto const bytes = bytes_of(f.path().string());
        CHECK(bytes.find("uthorization") == bytes.npos);
        CHECK(bytes.find("api-key") == bytes.npos);
    }
}

namespace {
/// A process that keeps n replies, has `under_way` more and dies.
void die_with(std::string const& path, unsigned n, unsigned under_way = 0, std::string host = "alpha") {
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            desk d(path, {.host = std::move(host)});
            for (unsigned i = 0; i != n; ++i) d.keep(i);
            for (unsigned i = n; i != n + under_way; ++i) if (!d->intend(question(i).key())) ::_exit(3);
            ::kill(::getpid(), SIGKILL);
        } catch (...) {}
        ::_exit(2);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
}
}

TEST_CASE("the write-ahead log of a killed run: flipped, cut, empty or gone is one line before anything is changed") {
    folder const there;
    die_with(there.path, 48);
    auto const log = there / (std::string(file) + "-wal");
    auto const whole = bytes_of(log), before = bytes_of(there / file), owner = bytes_of(there / (std::string(file) + ".owner"));
    REQUIRE(whole.size() > 200'000);
    auto flipped = whole;
    flipped[100'000] = static_cast<char>(flipped[100'000] ^ 1);
    unsigned found = 0, wrong = 0;
    for (bool const flip : {true, false}) for (std::size_t size : {whole.size(), whole.size() / 2, whole.size() - 8192, std::size_t{32}, std::size_t{0}}) {
        if (!flip && size == whole.size()) continue;
        CAPTURE(size);
        for (int time = 0; time != 2; ++time) {         // the second time as the first
            write_bytes(log, (flip ? flipped : whole).substr(0, size));
            auto const [line, code] = read_all(there.path, 48, found, wrong);
            INFO(line);
            CHECK(code == exit_code::input);
            CHECK(one_line(line));
            CHECK(line.find("damaged (of its 48 entries") != line.npos);
            CHECK(bytes_of(there / file) == before);
            CHECK(bytes_of(there / (std::string(file) + ".owner")) == owner);
            CHECK(bytes_of(log).size() == size);
        }
    }
    std::filesystem::remove(log);
    CHECK(read_all(there.path, 48, found, wrong).second == exit_code::input);
    CHECK(bytes_of(there / file) == before);
    write_bytes(log, whole);
    CHECK(read_all(there.path, 48, found, wrong).first.empty());        // nothing was lost by looking
    CHECK(found == 48);
    die_with(there.path, 0);
    CHECK(read_all(there.path, 48, found, wrong).first.empty());
    CHECK(found == 48);
}

TEST_CASE("a damaged file that is moved out of the folder is gone on without, whatever stayed beside it") {
    folder const there;
    die_with(there.path, 48);
    std::filesystem::remove(there / file);
    unsigned found = 0, wrong = 0;
    auto const [line, code] = read_all(there.path, 48, found, wrong);
    INFO(line);
    CHECK(line.empty());
    CHECK(found == 0);
}

TEST_CASE("a journal of no bytes is damaged, not new; one whose process died before the first byte is new") {
    folder const there;
    keep(there.path, 3);
    auto const whole = bytes_of(there / file);
    write_bytes(there / file, "");
    unsigned found = 0, wrong = 0;
    for (auto const* host : {"alpha", "beta"}) {
        auto const [line, code] = read_all(there.path, 3, found, wrong, host);
        CAPTURE(line);
        CHECK(code == exit_code::input);
        CHECK(line.find("damaged (it is empty)") != line.npos);
        CHECK(std::filesystem::file_size(there / file) == 0);
    }
    CHECK(fatal_of([&] { desk d(there.path, {.replay = true, .host = "alpha"}); }).second == exit_code::input);
    CHECK(fatal_of([&] { (void)llm::read_journal(there.path, [](auto) { return true; }); }).second == exit_code::input);
    write_bytes(there / file, whole);
    CHECK(read_all(there.path, 3, found, wrong).first.empty());
    folder const fresh;
    write_bytes(fresh / file, "");
    write_bytes(fresh / (std::string(file) + ".owner"), "");
    CHECK(read_all(fresh.path, 3, found, wrong).first.empty());
}

TEST_CASE("a reader that finds a file of the journal damaged while a reply is recorded hears of it as the one who recorded") {
    folder const there;
    for (unsigned i = 0; i != 36; ++i) { desk d(there.path, {.host = "host" + std::to_string(100 + i)}); d.keep(i); }
    desk d(there.path, {.host = "zulu"});          // so many files that the first is closed again
    write_bytes(there / "replies-host100-0.sqlite", "this is no database any more, but a line of text that is longer than the header of one, which has a hundred bytes");
    auto const [line, code] = fatal_of([&] { d.keep(0); });
    CAPTURE(line);
    CHECK(code == exit_code::input);
    CHECK(line.find("host100") != line.npos);
}

TEST_CASE("what cannot be opened to read is an input that cannot be read") {
    folder const there;
    die_with(there.path, 3, 0, {});
    auto const path = there / ("replies-" + llm::detail::host_name({}) + "-0.sqlite");
    REQUIRE(std::filesystem::remove(path + "-shm"));
    std::filesystem::create_symlink("nowhere", path + "-shm");      // SQLite follows none: as on a medium where no such file can be made
    auto const [line, code] = fatal_of([&] { (void)llm::read_journal(there.path, [](auto) { return true; }); });
    CAPTURE(line);
    CHECK(code == exit_code::input);
    CHECK(line.find("cannot be read") != line.npos);
}

TEST_CASE("what a dead run had under way is seen from outside before the next run counts it; what waited out a 429 is not in it") {
    folder const there;
    die_with(there.path, 4, 3, {});
    auto const lost = [&] {
        std::uint64_t n = 0, entries = 0;
        auto const all = llm::read_journal(there.path, [&](llm::journal_entry e) { entries += e.what == llm::journal_entry::kind::lost; return true; });
        for (auto const& p : all.parts) n += p.lost;
        CHECK(n == entries);
        return n;
    };
    CHECK(lost() == 3);
    {
        desk d(there.path);
        CHECK(d->opened().lost_now == 3);
        CHECK(lost() == 3);
        for (unsigned i = 10; i != 15; ++i) REQUIRE(d->intend(question(i).key()));
        for (unsigned i = 10; i != 13; ++i) d->resting(question(i).key());
        d->resting(question(10).key());
        d->sending(question(10).key());
        d->abandon(question(11).key());
        d->abandon(question(14).key());
        CHECK(!d->intend(question(12).key()));
    }
    CHECK(lost() == 3 + 2);     // 10 and 13 were on their way when the run stopped
}
