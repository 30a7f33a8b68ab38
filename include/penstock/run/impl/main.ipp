#pragma once
#include <penstock/run/log.hpp>
#include <penstock/run/main.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/run/signals.hpp>
#include <penstock/run/terminal.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

namespace penstock::run {

std::string error_lines(std::string_view program, std::string_view text) {
    std::string out;
    for (int lines = 0; lines != 4; ++lines) {
        auto const end = std::min(text.find('\n'), text.size());
        out += (lines == 0 ? std::string(program) + ": " : "  ") + printable(text.substr(0, end), 1000) + '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
        if (text.empty()) break;
    }
    out.pop_back();
    return out;
}

namespace detail {

inline exit_code ended(job const& j, exit_code code, int signal) {
    if (!j.stopped() || signal == 0 || (code != exit_code::complete && code != exit_code::incomplete && code != exit_code::interrupted) || (j.finished && code == exit_code::complete)) return code;
    auto const stopped = signal == SIGINT ? exit_code::interrupted : exit_code::incomplete;
    write_error_line(error_lines(j.of.name, std::string("stopped by ") + (signal == SIGINT ? "SIGINT" : "SIGTERM") + "\n"
        + (j.goes_on.empty() ? "to go on, run the same command again: " + j.command_line : j.goes_on)));
    return stopped;
}

int main(program const& p, std::vector<std::unique_ptr<command_base>> commands, std::span<char* const> arguments) {
    auto const fail = [&](exit_code code, std::string_view text) { write_error_line(error_lines(p.name, text)); return std::to_underlying(code); };
    try {
        std::vector<face> faces;
        for (auto const& c : commands) faces.push_back(c->face());
        auto chosen = read(p, faces, arguments);
        if (chosen.instead) {
            if (!chosen.instead->err.empty()) write_error_line(error_lines("", chosen.instead->err).substr(2));
            if (std::fwrite(chosen.instead->out.data(), 1, chosen.instead->out.size(), stdout) != chosen.instead->out.size() || std::fflush(stdout) != 0)
                return fail(exit_code::output, "standard output cannot be written");
            return std::to_underlying(chosen.instead->code);
        }
        if (char const* const level = std::getenv("LOG_LEVEL"); level && *level) {
            auto const known = log::level_of(level);
            if (!known) return fail(exit_code::usage, "LOG_LEVEL is '" + printable(level, 80) + "', not trace, debug, info, warning or error");
            log::set(*known);
        }
        for (auto const& w : chosen.warnings) log::warning(w);

        job j{.of = p, .settings = chosen.settings, .command_line = chosen.command_line, .stop = std::stop_source{}};
        signals const watch(j.stop, "stopping: what is under way is finished first; once more stops at once");
        auto code = exit_code::internal;
        try { code = commands[chosen.command]->run(j); }
        catch (fatal const& e) {
            draw_status({});
            if (e.code() != exit_code::incomplete || !j.stopped()) throw;
            code = e.code();        // a read that waited was told to stop
        }
        catch (...) { draw_status({}); throw; }
        draw_status({});
        if ((std::fflush(stdout) != 0 || std::ferror(stdout)) && code == exit_code::complete) return fail(exit_code::output, "standard output cannot be written");
        return std::to_underlying(ended(j, code, signals::received()));
    }
    catch (fatal const& e) { return fail(e.code(), e.what()); }
    catch (std::bad_alloc const&) { return fail(exit_code::internal, "internal: out of memory"); }
    catch (std::exception const& e) { return fail(exit_code::internal, std::string("internal: ") + e.what()); }
    catch (...) { return fail(exit_code::internal, "internal: an exception that is not a std::exception"); }
}

} // namespace detail
} // namespace penstock::run
