#pragma once
#include <penstock/run/signals.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/run/terminal.hpp>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace penstock::run {

namespace detail {
inline std::atomic<int> signal_pipe{-1}, first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);
inline struct sigaction signals_before[2];
inline constexpr int watched_signals[2] = {SIGINT, SIGTERM};

extern "C" inline void penstock_on_signal(int number) {      // only async-signal-safe calls
    int const error = errno;
    int none = 0;
    first_signal.compare_exchange_strong(none, number);
    if (int const to = signal_pipe.load(); to >= 0) { char const byte = 's'; [[maybe_unused]] auto const written = ::write(to, &byte, 1); }
    errno = error;
}
}

signals::signals(std::stop_source stop, std::string_view said) {
    if (::pipe2(pipe_, O_CLOEXEC) != 0) throw fatal(exit_code::internal, std::string("no pipe for signals: ") + std::strerror(errno));
    detail::first_signal = 0;
    detail::signal_pipe = pipe_[1];
    watcher_ = std::thread([from = pipe_[0], stop = std::move(stop), said]() mutable {
        for (char byte = 0;;) {
            auto const n = ::read(from, &byte, 1);
            if (n < 0 && errno == EINTR) continue;
            if (n != 1 || byte != 's') return;
            if (!stop.stop_requested() && !said.empty()) write_error_line(said);
            stop.request_stop();
        }
    });
    struct sigaction action{};
    action.sa_handler = detail::penstock_on_signal;
    ::sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);       // the second one finds the default action: it kills
    for (int i = 0; i != 2; ++i) {
        ::sigaction(detail::watched_signals[i], nullptr, &detail::signals_before[i]);
        if (detail::signals_before[i].sa_handler != SIG_IGN) ::sigaction(detail::watched_signals[i], &action, nullptr);
    }
}

signals::~signals() {
    for (int i = 0; i != 2; ++i) ::sigaction(detail::watched_signals[i], &detail::signals_before[i], nullptr);
    detail::signal_pipe = -1;
    char const quit = 'q';
    while (::write(pipe_[1], &quit, 1) < 0 && errno == EINTR) {}
    watcher_.join();
    ::close(pipe_[0]);
    ::close(pipe_[1]);
}

int signals::received() noexcept { return detail::first_signal; }

} // namespace penstock::run
