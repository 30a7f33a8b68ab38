// What the journal costs: replies a second with 64 and 1,000 in flight, without fsync and fsynced in groups, beside a plain file that is fsynced by the same
// groups; CPU time a reply; and opening a folder with 100,000 replies, closed, killed, and replayed. Requests of 1.3 KB, replies of 1 KB.
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <measure.hpp>
#include <penstock/core/loop.hpp>
#include <penstock/llm/journal.hpp>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {
using namespace penstock;

constexpr unsigned replies = 10'000, stored = 100'000;
std::string const request(1300, 'q'), raw(1000, 'r');
llm::question question(unsigned i) { return {"openai", "a-model", "1", i, request}; }

/// replies kept by a client that has so many in flight: as soon as one is kept, the next is asked and answered.
void keep(std::string const& folder, llm::sync s, unsigned in_flight, unsigned total = replies, bool killed = false) {
    mini_loop loop;
    llm::journal j(folder, {.sync = s}, [&](llm::journal::work w) { loop.post(std::move(w)); });
    unsigned sent = 0, kept = 0;
    while (kept != total) {
        while (sent - kept < in_flight && sent != total) {
            auto q = question(sent++);
            if (j.find(q)) std::abort();
            j.intend(q.key());
            j.record(std::move(q), {raw, {300, 0, 250, 0}, 1, 50}, [&](std::exception_ptr broken) { if (broken) std::abort(); ++kept; });
        }
        loop.run_one();
    }
    if (killed) ::kill(::getpid(), SIGKILL);
}
/// The floor: the same bytes appended to a file and fsynced, so many at a time.
void append(std::string const& path, unsigned group) {
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    std::string piece;
    for (unsigned i = 0; i != replies; ++i) {
        piece += request;
        piece += raw;
        if ((i + 1) % group != 0) continue;
        if (::write(file, piece.data(), piece.size()) < 0 || ::fdatasync(file) != 0) std::abort();
        piece.clear();
    }
    ::close(file);
}
double cpu_seconds() {
    rusage u{};
    ::getrusage(RUSAGE_SELF, &u);
    return static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}
}

int main(int argc, char** argv) {
    std::string const folder = (argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string()) + "/penstock-bench-journal";
    auto const fresh = [&] { std::filesystem::remove_all(folder); std::filesystem::create_directories(folder); };
    double cpu[4] = {};
    unsigned runs[4] = {};
    for (unsigned in_flight : {64u, 1000u}) {
        auto const timed = [&, in_flight](llm::sync s) {
            return [&, in_flight, s] {
                fresh();
                auto const at = (in_flight == 64 ? 0u : 2u) + (s == llm::sync::off ? 0u : 1u);
                auto const before = cpu_seconds();
                keep(folder, s, in_flight);
                cpu[at] += cpu_seconds() - before;
                ++runs[at];
            };
        };
        std::vector<bench::contender> all = {
            {"plain file, fsynced by " + std::to_string(in_flight), [&, in_flight] { fresh(); append(folder + "/plain", in_flight); }},
            {"journal, sync off", timed(llm::sync::off)},
            {"journal, fsynced in groups", timed(llm::sync::grouped)},
        };
        bench::race(all, 7);
        bench::table(("Journal: 10,000 replies, " + std::to_string(in_flight) + " in flight").c_str(), all, {.per = replies, .unit = "replies/s", .rate = true});
    }
    std::printf("\n| CPU time of both threads | sync off | fsynced |\n|---|---:|---:|\n");
    for (unsigned i = 0; i != 4; i += 2)
        std::printf("| %s in flight, us/reply | %.1f | %.1f |\n", i == 0 ? "64" : "1,000", cpu[i] / runs[i] / replies * 1e6, cpu[i + 1] / runs[i + 1] / replies * 1e6);

    std::string const closed = folder + "-closed", killed = folder + "-killed";
    for (auto const& f : {closed, killed}) std::filesystem::remove_all(f);
    keep(closed, llm::sync::off, 1000, stored);
    std::fflush(stdout);
    pid_t const child = ::fork();
    if (child == 0) { keep(killed, llm::sync::off, 1000, stored, true); ::_exit(1); }
    int status = 0;
    ::waitpid(child, &status, 0);
    auto const open = [](std::string const& f, llm::journal_options o) {
        return [f, o] {
            mini_loop loop;
            llm::journal const j(f, o, [&](llm::journal::work w) { loop.post(std::move(w)); });
            if (j.opened().replies != stored) std::abort();
        };
    };
    std::vector<bench::contender> all = {
        {"closed journal", open(closed, {})},
        {"killed journal, its log of 32 MB or less to be recovered", [&] {
            std::filesystem::remove_all(folder);
            std::filesystem::copy(killed, folder);
            open(folder, {})();
        }},
        {"of that, copying the files", [&] { std::filesystem::remove_all(folder); std::filesystem::copy(killed, folder); }},
        {"replay", open(closed, {.replay = true})},
        {"replay, and every reply found", [&] {
            mini_loop loop;
            llm::journal j(closed, {.replay = true}, [&](llm::journal::work w) { loop.post(std::move(w)); });
            for (unsigned i = 0; i != stored; ++i) if (j.find(question(i))->raw.size() != raw.size()) std::abort();
        }},
    };
    bench::race(all, 5);
    bench::table("Opening a journal of 100,000 replies", all, {.per = 1e6, .unit = "ms"});
    for (auto const& f : {folder, closed, killed}) std::filesystem::remove_all(f);
}
