#pragma once
#include <penstock/run/log.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/run/terminal.hpp>
#include <array>
#include <memory>
#include <mutex>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>

namespace penstock::run::log {

namespace detail {
/// spdlog's own stderr sink would write across a progress line.
class terminal_sink final : public spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(spdlog::details::log_msg const& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        write_error_line({line.data(), line.size()});
    }
    void flush_() override {}
public:
    terminal_sink() { set_formatter(std::make_unique<spdlog::pattern_formatter>("%H:%M:%S %^%v%$", spdlog::pattern_time_type::local, "")); }
};
inline spdlog::logger& logger() {
    static spdlog::logger one("", std::make_shared<terminal_sink>());
    return one;
}
inline spdlog::level::level_enum of(level l) {
    using enum spdlog::level::level_enum;
    constexpr std::array all = {trace, debug, info, warn, err, off};
    return all[static_cast<std::size_t>(l)];
}
}

std::optional<level> level_of(std::string_view name) {
    std::string lower(name);
    for (auto& c : lower) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (lower == "trace" || lower == "notset") return level::trace;
    if (lower == "debug") return level::debug;
    if (lower == "info") return level::info;
    if (lower == "warning" || lower == "warn") return level::warning;
    if (lower == "error" || lower == "critical" || lower == "fatal") return level::error;
    if (lower == "off" || lower == "none") return level::off;
    return std::nullopt;
}

void set(level l) { detail::logger().set_level(detail::of(l)); }
bool wanted(level l) { return detail::logger().should_log(detail::of(l)); }

void write(level l, std::string_view text) {
    if (!wanted(l)) return;
    constexpr std::string_view names[] = {"TRACE ", "DEBUG ", "INFO ", "WARNING ", "ERROR ", ""};
    detail::logger().log(detail::of(l), spdlog::string_view_t(std::string(names[static_cast<std::size_t>(l)]) + printable(text)));
}

void also_to(std::string const& path) {
    try {
        auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, true);
        file->set_pattern("%Y-%m-%d %H:%M:%S %v");
        detail::logger().sinks().push_back(std::move(file));
        detail::logger().flush_on(spdlog::level::trace);
    } catch (spdlog::spdlog_ex const& e) { throw fatal(exit_code::output, path + ": the log cannot be written: " + e.what()); }
}

} // namespace penstock::run::log
