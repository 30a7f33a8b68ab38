/// kill -9 at random points of a process that journals: nothing that it was told is kept may be gone, and what it had under way is counted.
#include "support.hpp"
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <poll.h>
#include <random>
#include <set>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace penstock;
using namespace support;

namespace {
/// Asks questions first, first + 1, …, 24 at a time, and says on the pipe: 2i before question i is intended, 2i + 1 once its reply is kept.
[[noreturn]] void journal_until_killed(std::string const& path, llm::sync s, unsigned first, int pipe) {
    auto const say = [pipe](unsigned what) { if (::write(pipe, &what, sizeof what) != sizeof what) ::_exit(3); };
    desk d(path, {.sync = s});
    unsigned next = first, in_flight = 0;
    say(~0u);       // it is open
    for (;;) {
        while (in_flight < 24) {
            unsigned const i = next++;
            say(2 * i);
            if (!d->intend(question(i).key())) ::_exit(4);
            ++in_flight;
            d->record(question(i), answer(i), [&, i](std::exception_ptr broken) { if (broken) ::_exit(5); --in_flight; say(2 * i + 1); });
        }
        d.loop.run_one();
    }
}

struct killed { std::set<unsigned> sent, kept; bool opened = false; };
/// After so many microseconds, or as soon as so many are kept.
killed run_and_kill(std::string const& path, llm::sync s, unsigned first, unsigned microseconds, std::size_t enough) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) { ::close(ends[0]); try { journal_until_killed(path, s, first, ends[1]); } catch (...) { ::_exit(6); } }
    ::close(ends[1]);
    killed out;
    auto const take = [&](int patience) {       // false: nothing came, or the end
        pollfd p{ends[0], POLLIN, 0};
        if (::poll(&p, 1, patience) <= 0) return false;
        unsigned words[1024];
        auto const n = ::read(ends[0], words, sizeof words);
        if (n <= 0) return false;
        for (std::size_t i = 0; i != static_cast<std::size_t>(n) / sizeof *words; ++i) {
            if (words[i] == ~0u) out.opened = true;
            else (words[i] % 2 ? out.kept : out.sent).insert(words[i] / 2);
        }
        return true;
    };
    using clock = std::chrono::steady_clock;
    auto const limit = clock::now() + std::chrono::seconds(30);
    while (!out.opened && clock::now() < limit) take(1000);
    auto const end = clock::now() + std::chrono::microseconds(microseconds);
    while (clock::now() < end && out.kept.size() < enough) take(0);
    ::kill(child, SIGKILL);
    while (take(10'000)) {}
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(out.opened);
    return out;
}

void kill_rounds(llm::sync s, unsigned rounds, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_int_distribution<unsigned> when(0, 12'000);
    std::unique_ptr<folder> there;
    std::size_t kept = 0, sent = 0, at_once = 0;
    std::uint64_t lost = 0;
    unsigned next = 0;
    for (unsigned round = 0; round != rounds; ++round) {
        if (round % 10 == 0) { there = std::make_unique<folder>(); next = 0; lost = 0; }
        bool const by_count = round % 2 != 0;
        auto const k = run_and_kill(there->path, s, next, by_count ? 500'000 : when(random), by_count ? 1 + random() % 200 : ~std::size_t{0});
        INFO("round " << round << ", sent " << k.sent.size() << ", kept " << k.kept.size());
        kept += k.kept.size(), sent += k.sent.size(), at_once += k.kept.empty();
        if (round % 3 == 2 && round % 10 != 9) { next = k.sent.empty() ? next : *k.sent.rbegin() + 1; lost = ~0ull; continue; }    // the next child takes over itself
        desk d(there->path, {.sync = s});
        std::uint64_t found = 0;
        for (unsigned i : k.sent) {
            auto const r = d->find(question(i));
            found += r.has_value();
            if (k.kept.contains(i)) REQUIRE(r);
            if (r) REQUIRE(*r == answer(i));
        }
        // The last question may have been announced and not noted down yet.
        if (lost != ~0ull) {
            CHECK(d->opened().lost_now <= k.sent.size() - found);
            CHECK(d->opened().lost_now + 1 >= k.sent.size() - found);
            CHECK(d->opened().lost == lost + d->opened().lost_now);
        }
        lost = d->opened().lost;
        if (!k.sent.empty()) next = *k.sent.rbegin() + 1;
    }
    MESSAGE(rounds << " kills, " << at_once << " before the first reply was kept; " << sent << " sent, " << kept << " kept and all found");
    CHECK(kept > rounds);
}
}

TEST_CASE("kill -9 at random points loses nothing that was kept, fsynced in groups") { kill_rounds(llm::sync::grouped, 60, 1); }
TEST_CASE("kill -9 at random points loses nothing that was kept, without fsync") { kill_rounds(llm::sync::off, 60, 2); }
