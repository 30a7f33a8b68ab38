/// SIGINT and SIGTERM become a stop request; the second of a kind kills at once. The handler only writes a byte into a pipe (async-signal-safe); a thread of its own
/// reads it and asks to stop, because request_stop runs callbacks that may lock and allocate.
#pragma once
#include <stop_token>
#include <string_view>
#include <thread>

namespace penstock::run {

/// While it lives, the two signals ask `stop` to stop. One at a time in a process. A signal that was ignored when the program started (nohup, a shell's &) stays ignored.
class signals {
    int pipe_[2] = {-1, -1};
    std::thread watcher_;
public:
    /// said: a line written to stderr at the first signal; none if empty. Its text must outlive this object.
    explicit signals(std::stop_source stop, std::string_view said = {});
    ~signals();
    signals(signals const&) = delete;
    signals& operator=(signals const&) = delete;

    /// The first signal that arrived since the newest object of this class was made, else 0.
    static int received() noexcept;
};

} // namespace penstock::run
