// What concerns processes: the lock of an output directory, signals, and the sample program run as a user runs it.
#include <doctest/doctest.h>
#include <penstock/core/fatal.hpp>
#include <penstock/run/log.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/signals.hpp>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <vector>
#include "support.hpp"

namespace ps = penstock;
namespace run = penstock::run;
using namespace std::chrono_literals;

namespace {
std::string const program = PENSTOCK_TEST_PROGRAM;

std::string refusal(std::string const& path) {
    try { run::output_directory d(path); return "locked"; }
    catch (ps::fatal const& e) { CHECK(e.code() == ps::exit_code::output); return e.what(); }
}
/// A child that runs the program with its streams in files; for signals, where a shell would stand in between.
struct child {
    pid_t id;
    explicit child(std::vector<std::string> arguments, std::string const& out) : id(::fork()) {
        if (id != 0) return;
        int const file = ::open(out.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0666);
        ::dup2(file, 1);
        ::dup2(file, 2);
        std::vector<char*> all;
        for (auto& a : arguments) all.push_back(a.data());
        all.push_back(nullptr);
        ::signal(SIGINT, SIG_DFL);
        ::execv(all[0], all.data());
        ::_exit(127);
    }
    int wait() const { int status = 0; ::waitpid(id, &status, 0); return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }
};
bool appears(std::string const& path, std::string_view text) {
    for (int i = 0; i != 1000; ++i) { if (test::read(path).find(text) != std::string::npos) return true; std::this_thread::sleep_for(10ms); }
    return false;
}
}

TEST_CASE("output directory: made with its parents, held by one, given back") {
    test::folder dir;
    auto const path = dir / "a/b/c";
    {
        run::output_directory const d(path + "//");
        CHECK(d.path() == path);
        CHECK(d / "train.jsonl" == path + "/train.jsonl");
        CHECK(std::filesystem::exists(path + "/.penstock.lock"));
        CHECK(refusal(path) == "output directory " + path + " is in use by another run (process " + std::to_string(::getpid()) + "); give each run its own --output-dir");
    }
    CHECK(!std::filesystem::exists(path + "/.penstock.lock"));
    CHECK(refusal(path) == "locked");
    dir.write("file", "x");
    CHECK(refusal(dir / "file") == "output directory " + dir.path() + "/file is not a directory");
    CHECK(refusal(dir / "file/under") .starts_with("output directory " + dir.path() + "/file/under cannot be made: "));
    CHECK(refusal("") == "the output directory has no name");
    CHECK(refusal("/proc/nothing/here").starts_with("output directory /proc/nothing/here cannot be made: "));
}

TEST_CASE("output directory: two processes, one line and exit code 4; a killed process leaves no lock") {
    test::folder dir;
    auto const out = dir / "out", log = dir / "log";
    child const first({program, "--mode", "hold", "--output-dir", out}, log);
    REQUIRE(appears(log, "holding"));
    auto const second = test::shell(program + " --mode ok --output-dir " + out);
    CHECK(second.code == 4);
    CHECK(second.out == "sample: output directory " + out + " is in use by another run (process " + std::to_string(first.id) + "); give each run its own --output-dir\n");
    ::kill(first.id, SIGKILL);
    CHECK(first.wait() == 128 + SIGKILL);
    CHECK(test::shell(program + " --mode ok --output-dir " + out).code == 0);
}

TEST_CASE("signals: SIGINT stops, exit code 130, and the line that says how to go on") {
    test::folder dir;
    auto const log = dir / "log";
    child const c({program, "--mode", "hold", "--output-dir", dir / "o u't"}, log);
    REQUIRE(appears(log, "holding"));
    ::kill(c.id, SIGINT);
    CHECK(c.wait() == 130);
    CHECK(test::read(log) == "holding\nstopping: what is under way is finished first; once more stops at once\nsample: stopped by SIGINT\n  to go on, run the same command again: sample --mode hold --output-dir '"
        + dir.path() + "/o u'\\''t'\n");
}

TEST_CASE("signals: SIGTERM is exit code 75; a second SIGINT kills a program that does not listen") {
    test::folder dir;
    auto const log = dir / "log";
    {
        child const c({program, "--mode", "hold"}, log);
        REQUIRE(appears(log, "holding"));
        ::kill(c.id, SIGTERM);
        CHECK(c.wait() == 75);
    }
    child const deaf({program, "--mode", "deaf"}, log);
    REQUIRE(appears(log, "deaf"));
    ::kill(deaf.id, SIGINT);
    REQUIRE(appears(log, "stopping:"));
    ::kill(deaf.id, SIGINT);
    CHECK(deaf.wait() == 130);
}

TEST_CASE("signals: SIGINT ends a program that waits for its standard input, as if it had listened") {
    test::folder dir;
    auto const log = dir / "log", pipe = dir / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    int const writer = ::open(pipe.c_str(), O_RDWR);
    child const c({"/bin/sh", "-c", "exec '" + program + "' --mode read <'" + pipe + '\''}, log);
    REQUIRE(appears(log, "reading"));
    auto const before = std::chrono::steady_clock::now();
    ::kill(c.id, SIGINT);
    CHECK(c.wait() == 130);
    CHECK(std::chrono::steady_clock::now() - before < 5s);
    CHECK(test::read(log) == "reading\nstopping: what is under way is finished first; once more stops at once\nsample: stopped by SIGINT\n  to go on, run the same command again: sample --mode read\n");
    ::close(writer);
}

TEST_CASE("signals: in this process, and put back afterwards") {
    std::stop_source stop;
    struct sigaction before{}, now{};
    ::sigaction(SIGINT, nullptr, &before);
    {
        run::signals const watch(stop);
        CHECK(run::signals::received() == 0);
        std::atomic<bool> called = false;
        std::stop_callback const callback(stop.get_token(), [&] { called = true; });
        ::raise(SIGINT);
        for (int i = 0; i != 1000 && !called; ++i) std::this_thread::sleep_for(5ms);
        CHECK(called);
        CHECK(run::signals::received() == SIGINT);
    }
    ::sigaction(SIGINT, nullptr, &now);
    CHECK((now.sa_handler == before.sa_handler));
    auto const term = ::signal(SIGTERM, SIG_IGN);         // nohup: an ignored signal stays ignored
    {
        run::signals const watch(stop);
        ::sigaction(SIGTERM, nullptr, &now);
        CHECK((now.sa_handler == SIG_IGN));
    }
    ::signal(SIGTERM, term);
}

TEST_CASE("program: each way to end has its code and its line") {
    auto const mode = [](std::string const& m) { return test::shell(program + " --mode " + m); };
    auto const expect = [&](std::string const& m, int code, std::string const& out) { auto const r = mode(m); CHECK_MESSAGE(r.code == code, m); CHECK(r.out == out); };
    expect("ok", 0, "fine\n");
    expect("input", 3, "sample: a\\x1B[2J.csv: no such file\n");
    expect("lines", 6, "sample: one\n  two\n  three\n  four\n");
    expect("throw", 1, "sample: internal: a bug\n");
    expect("memory", 1, "sample: internal: out of memory\n");
    expect("odd", 1, "sample: internal: an exception that is not a std::exception\n");
    expect("incomplete", 75, "");
    expect("nonsense", 2, "sample: --mode: 'nonsense' is not ok, many, hold, deaf, read, input, lines, throw, memory, odd, incomplete, log or secret\n");
    CHECK(test::shell(program + " --mode ok >/dev/full").code == 4);
    CHECK(test::shell(program + " --mode many >/dev/full").code == 4);
    CHECK(test::shell(program + " --help >/dev/full").code == 4);
}

TEST_CASE("program: commands") {
    CHECK(test::shell(program + " demo").out == "demo 3\n");
    CHECK(test::shell(program + " demo --examples 5").out == "demo 5\n");
    CHECK(test::shell(program + " dmeo").out == "sample: no such command: dmeo; did you mean demo?\n");
    CHECK(test::shell(program + " demo --exmaples 5").out == "sample: unknown option --exmaples; did you mean --examples?\n");
    auto const help = test::shell(program + " --help").out;
    CHECK(help.find("Commands:\n  demo  ") != help.npos);
    CHECK(test::shell(program + " demo --help").out.find("Usage: sample demo [OPTIONS]\n") != std::string::npos);
    test::folder dir;
    auto const file = dir.write("c.toml", "mode = \"throw\"\n[demo]\nexamples = 8\n");
    CHECK(test::shell(program + " demo --config " + file).out == "demo 8\n");
    CHECK(test::shell(program + " --config " + file).code == 1);
    CHECK(test::shell(program + " demo --show-config --config " + file).out == "[demo]\nexamples = 8  # file " + file + ":3\n");
}

TEST_CASE("program: LOG_LEVEL in all its spellings") {
    auto const lines = [](std::string const& level) {
        auto r = test::shell("LOG_LEVEL=" + level + " " + program + " --mode log");
        for (std::size_t at = 0; at < r.out.size(); at = r.out.find('\n', at) + 1) { CHECK(r.out[at + 2] == ':'); r.out.erase(at, 9); }
        return r.out;
    };
    CHECK(lines("trace") == "TRACE t\nDEBUG d\nINFO i\nWARNING w\\x1B\nERROR e\n");
    CHECK(lines("DEBUG") == "DEBUG d\nINFO i\nWARNING w\\x1B\nERROR e\n");
    CHECK(lines("''") == "INFO i\nWARNING w\\x1B\nERROR e\n");
    CHECK(lines("Warning") == "WARNING w\\x1B\nERROR e\n");
    CHECK(lines("CRITICAL") == "ERROR e\n");
    auto const wrong = test::shell("LOG_LEVEL=loud " + program + " --mode log");
    CHECK(wrong.code == 2);
    CHECK(wrong.out == "sample: LOG_LEVEL is 'loud', not trace, debug, info, warning or error\n");
}

TEST_CASE("program: a key on the command line works, is not in /proc, and a warning names the better way") {
    auto const r = test::shell(program + " --mode secret --api-key sk-very-secret --show-config");
    CHECK(r.out.find("sk-very") == std::string::npos);
    auto const used = test::shell(program + " --mode secret --api-key sk-very-secret");
    CHECK(used.code == 0);
    CHECK(used.out.find("14 bytes") != std::string::npos);      // it arrived
    CHECK(used.out.find("sk-very") == std::string::npos);       // the program prints its /proc/self/cmdline and its own command line
    CHECK(used.out.find("WARNING --api-key puts the key where every user of this machine can see it; set SAMPLE_API_KEY or give --api-key @FILE") != std::string::npos);
}

TEST_CASE("log: also to a file") {
    test::folder dir;
    auto const file = dir / "data_generation.log";
    CHECK(test::shell(program + " --mode log --log-file " + file).code == 0);
    auto const text = test::read(file);
    CHECK(text.find(" INFO i\n") != std::string::npos);
    CHECK(text.find(" DEBUG ") == std::string::npos);
    CHECK(test::shell(program + " --mode log --log-file " + file + "/x.log").code == 4);
    CHECK(ps::run::log::level_of("WARN") == ps::run::log::level::warning);
    CHECK(!ps::run::log::level_of("quiet"));
}
