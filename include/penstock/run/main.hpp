/// main() of every program: flags, LOG_LEVEL, signals, and the way a run ends. What is thrown becomes one to four lines on stderr and its exit code.
#pragma once
#include <penstock/run/options.hpp>
#include <array>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::run {

/// What a command's function knows of the run besides its options.
struct job {
    program const& of;
    std::vector<setting> const& settings;       ///< every option, its value and source: metadata.json and --show-config
    std::string const& command_line;            ///< quoted for a shell; secrets left out
    std::stop_source stop;                      ///< SIGINT and SIGTERM ask it to stop: env.stopping = job.stop

    /// What is printed when the run was stopped, instead of "run the same command again to go on".
    std::string goes_on = {};
    /// The work was finished before the signal could matter: a complete run stays complete.
    bool finished = false;

    bool stopped() const { return stop.stop_requested(); }
};

/// One command of a program: options of its own and a function.
class command_base {
public:
    virtual ~command_base() = default;
    virtual detail::face face() = 0;
    virtual exit_code run(job&) = 0;
};

template <class Options, class Body> class command_of final : public command_base {
    std::string_view name_, about_;
    Options options_{};
    Body body_;
public:
    command_of(std::string_view name, std::string_view about, Body body) : name_(name), about_(about), body_(std::move(body)) {}
    detail::face face() override { return {name_, about_, detail::bindings(options_)}; }
    exit_code run(job& j) override {
        static_assert(requires { { body_(std::as_const(options_), j) } -> std::same_as<exit_code>; },
            "penstock::run::command: the function takes (Options const&, run::job&) and returns penstock::exit_code");
        return body_(std::as_const(options_), j);
    }
};

/// run::command<options>("demo", "three examples", [](options const&, run::job&) { … return penstock::exit_code::complete; }); the nameless command "" runs without one.
template <class Options, class Body> std::unique_ptr<command_base> command(std::string_view name, std::string_view about, Body body) {
    return std::make_unique<command_of<Options, Body>>(name, about, std::move(body));
}

/// One line a user can act on: up to four lines of text, everything that could move a terminal's cursor escaped.
std::string error_lines(std::string_view program, std::string_view text);

namespace detail { int main(program const&, std::vector<std::unique_ptr<command_base>>, std::span<char* const> arguments); }

/// The whole of a program's main: `int main(int argc, char** argv) { return run::main(argc, argv, {.name = "ielts", …}, run::command<options>("", "", ielts), …); }`
template <class... Command> int main(int argc, char** argv, program const& p, std::unique_ptr<Command>... commands) {
    std::vector<std::unique_ptr<command_base>> all;
    (all.push_back(std::move(commands)), ...);
    return detail::main(p, std::move(all), {argv + (argc > 0), argv + argc});
}

} // namespace penstock::run
