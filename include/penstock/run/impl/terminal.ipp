#pragma once
#include <penstock/run/terminal.hpp>
#include <cerrno>
#include <mutex>
#include <sys/ioctl.h>
#include <unistd.h>

namespace penstock::run {

namespace detail {
struct error_stream { std::mutex guard; std::string status; };
inline error_stream& errors() { static error_stream e; return e; }

inline void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        auto const n = ::write(file, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;                     // stderr is gone: nobody to tell
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}
inline constexpr std::string_view clear_line = "\r\x1b[K";
}

void write_error_line(std::string_view line) {
    auto& e = detail::errors();
    std::lock_guard const lock(e.guard);
    std::string text;
    if (!e.status.empty()) text += detail::clear_line;
    text += line;
    text += '\n';
    text += e.status;
    detail::write_all(STDERR_FILENO, text);     // one write: no half line between those of other processes
}

void draw_status(std::string_view status) {
    auto& e = detail::errors();
    std::lock_guard const lock(e.guard);
    if (e.status == status) return;
    e.status = status;
    std::string text(detail::clear_line);
    text += status;
    detail::write_all(STDERR_FILENO, text);
}

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

unsigned terminal_width() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
}

} // namespace penstock::run
