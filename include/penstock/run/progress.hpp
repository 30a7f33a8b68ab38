/// How far a run is: on a terminal one line that is redrawn ten times a second at most, elsewhere a plain line every five seconds, always to stderr.
/// It has no thread: it draws when it is told of a row, so that a run without progress costs nothing and a test can hold the clock.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace penstock::run {

class progress {
public:
    using time = std::chrono::steady_clock::time_point;
    /// Where it draws and what time it is; tests bring their own.
    struct world {
        bool terminal = false;
        unsigned width = 80;
        time (*now)() = nullptr;
        void (*status)(std::string_view) = nullptr;     ///< redraws the last line; empty takes it away
        void (*line)(std::string_view) = nullptr;       ///< a whole line
    };
    /// stderr; nowhere, where LOG_LEVEL leaves out lines of the level info.
    static world stderr_world();

    /// what: "essays". total: 0 if unknown, then there is no percentage and no ETA.
    explicit progress(std::string what, std::uint64_t total = 0, world in = stderr_world());
    ~progress();                    ///< takes the line away if finish() was not called
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;

    void row() { ++rows_; draw(); }
    void reject() { ++rows_; ++rejects_; draw(); }
    /// What else there is to say, behind the count.
    void note(std::string text) { note_ = std::move(text); }
    /// For a caller who counts himself.
    void at(std::uint64_t rows, std::uint64_t rejects) { rows_ = rows; rejects_ = rejects; draw(); }
    /// The last line, which stays: rows, seconds, rate, rejects.
    void finish();

    std::uint64_t rows() const { return rows_; }
    std::uint64_t rejects() const { return rejects_; }
private:
    std::string what_, note_ = {};
    std::uint64_t total_, rows_ = 0, rejects_ = 0;
    world world_;
    time begun_, due_;
    std::uint64_t recent_rows_ = 0;     ///< when the window of the shown rate began
    time recent_;
    double rate_ = 0;
    bool drawn_ = false, finished_ = false;

    void draw() { if (auto const t = world_.now(); t >= due_) draw(t); }
    void draw(time);
};

} // namespace penstock::run
