// A program like our apps, for the tests to run: each --mode ends in another way.
#include <penstock/io/input.hpp>
#include <penstock/run/log.hpp>
#include <penstock/run/main.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/printable.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <new>
#include <stdexcept>
#include <unistd.h>

namespace run = penstock::run;
using penstock::exit_code;

namespace {
struct options {
    std::string mode = "ok";
    std::string output_dir;
    std::string log_file;
    run::secret api_key;
    static constexpr run::option flags[] = {
        {.member = "mode", .help = "how to end", .choices = "ok|many|hold|deaf|read|input|lines|throw|memory|odd|incomplete|log|secret"},
        {.member = "output_dir", .help = "a directory to hold", .value = "DIR"},
        {.member = "log_file", .help = "log lines go here too", .value = "FILE"},
        {.member = "api_key", .help = "a key"},
    };
};
struct demo_options {
    unsigned examples = 3;
    static constexpr run::option flags[] = {{.member = "examples", .help = "how many"}};
};

exit_code sample(options const& o, run::job& job) {
    if (!o.log_file.empty()) run::log::also_to(o.log_file);
    std::optional<run::output_directory> directory;
    if (!o.output_dir.empty()) directory.emplace(o.output_dir);
    if (o.mode == "ok") std::puts("fine");
    if (o.mode == "many") for (int i = 0; i != 2048; ++i) std::puts("so many lines that a buffer of them is written before the end, and nothing is left for it");
    if (o.mode == "hold" || o.mode == "deaf") {
        std::puts(o.mode == "hold" ? "holding" : "deaf");
        std::fflush(stdout);
        for (int i = 0; i != 3000 && (o.mode == "deaf" || !job.stopped()); ++i) ::usleep(10000);
    }
    if (o.mode == "read") {
        penstock::io::input in("-", job.stop.get_token());
        std::puts("reading");
        std::fflush(stdout);
        for (char byte; in.read(&byte, 1) != 0;) {}
    }
    if (o.mode == "input") throw penstock::fatal(exit_code::input, "a\x1b[2J.csv: no such file");
    if (o.mode == "lines") throw penstock::fatal(exit_code::endpoint, "one\ntwo\nthree\nfour\nfive");
    if (o.mode == "throw") throw std::runtime_error("a bug");
    if (o.mode == "memory") throw std::bad_alloc();
    if (o.mode == "odd") throw 1;
    if (o.mode == "incomplete") return exit_code::incomplete;
    if (o.mode == "log") {
        run::log::trace("t");
        run::log::debug("d");
        run::log::info("i");
        run::log::warning("w\x1b");
        run::log::error("e");
    }
    if (o.mode == "secret") {
        std::ifstream file("/proc/self/cmdline", std::ios::binary);
        std::string const seen{std::istreambuf_iterator<char>(file), {}};
        std::printf("%zu bytes\n%s\n%s\n", o.api_key.reveal().size(), run::printable(seen).c_str(), job.command_line.c_str());
    }
    return exit_code::complete;
}
}

int main(int argc, char** argv) {
    return run::main(argc, argv, {.name = "sample", .about = "A program for tests."},
        run::command<options>("", "", sample),
        run::command<demo_options>("demo", "a few examples", [](demo_options const& o, run::job&) { std::printf("demo %u\n", o.examples); return exit_code::complete; }));
}
