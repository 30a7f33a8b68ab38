/// Lines for whoever watches a run, to stderr, by LOG_LEVEL. spdlog stays behind these functions: its headers cost 6 s a unit.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::run::log {

enum class level : std::uint8_t { trace, debug, info, warning, error, off };

/// "debug", "WARNING", "Warn", "CRITICAL" (error), "NOTSET" (trace): case does not matter, Python's names are known.
std::optional<level> level_of(std::string_view name);

/// Lines below it are dropped; info at the start of a program.
void set(level);
bool wanted(level);

/// One line, `HH:MM:SS INFO text`; control characters in it are escaped.
void write(level, std::string_view text);
inline void trace(std::string_view text) { write(level::trace, text); }
inline void debug(std::string_view text) { write(level::debug, text); }
inline void info(std::string_view text) { write(level::info, text); }
inline void warning(std::string_view text) { write(level::warning, text); }
inline void error(std::string_view text) { write(level::error, text); }

/// From now on every line also goes to this file, with the date; a fatal(output) if it cannot be opened.
void also_to(std::string const& path);

} // namespace penstock::run::log
