#pragma once
#include <penstock/run/progress.hpp>
#include <penstock/dataset/summary.hpp>       // with_commas
#include <penstock/run/log.hpp>
#include <penstock/run/terminal.hpp>
#include <cmath>
#include <cstdio>

namespace penstock::run {

namespace detail {
using dataset::with_commas;
inline std::string per_second(double rate) {
    if (rate >= 100) return with_commas(static_cast<std::uint64_t>(rate + 0.5)) + "/s";
    char text[32];
    std::snprintf(text, sizeof text, rate >= 10 ? "%.0f/s" : "%.1f/s", rate);
    return text;
}
inline std::string duration(double seconds) {
    auto const s = static_cast<std::uint64_t>(std::ceil(seconds));
    char text[48];
    if (s >= 3600) std::snprintf(text, sizeof text, "%llu:%02llu:%02llu", static_cast<unsigned long long>(s / 3600), static_cast<unsigned long long>(s / 60 % 60), static_cast<unsigned long long>(s % 60));
    else std::snprintf(text, sizeof text, "%llu:%02llu", static_cast<unsigned long long>(s / 60), static_cast<unsigned long long>(s % 60));
    return text;
}
inline double seconds_between(progress::time a, progress::time b) { return std::chrono::duration<double>(b - a).count(); }
inline constexpr std::chrono::steady_clock::duration redraw = std::chrono::milliseconds(100), plain = std::chrono::seconds(5);
}

progress::world progress::stderr_world() {
    if (!log::wanted(log::level::info)) return {.now = std::chrono::steady_clock::now, .status = [](std::string_view) {}, .line = [](std::string_view) {}};
    return {.terminal = stderr_is_terminal(), .width = terminal_width(), .now = std::chrono::steady_clock::now, .status = draw_status, .line = write_error_line};
}

progress::progress(std::string what, std::uint64_t total, world in)
    : what_(std::move(what)), total_(total), world_(in), begun_(in.now()), due_(begun_ + (in.terminal ? detail::redraw : detail::plain)), recent_(begun_) {}

progress::~progress() { if (drawn_ && !finished_ && world_.terminal) world_.status({}); }

void progress::draw(time t) {
    // The rate of the last five seconds or more, so that the ETA follows a slow stretch without jumping; of everything before that.
    if (auto const window = detail::seconds_between(recent_, t); window >= 5 || (recent_ == begun_ && window > 0)) {
        rate_ = static_cast<double>(rows_ - recent_rows_) / window;
        if (window >= 5) { recent_ = t; recent_rows_ = rows_; }
    }
    auto text = what_ + ' ' + dataset::with_commas(rows_);
    if (total_ != 0) {
        text += '/' + dataset::with_commas(total_) + ' ' + std::to_string(std::min<std::uint64_t>(100, rows_ * 100 / total_)) + '%';
    }
    text += "  " + detail::per_second(rate_);
    if (total_ > rows_ && rate_ > 0) text += "  ETA " + detail::duration(static_cast<double>(total_ - rows_) / rate_);
    if (rejects_ != 0) text += "  rejects " + dataset::with_commas(rejects_);
    if (!note_.empty()) text += "  " + note_;
    if (world_.terminal) {
        if (world_.width > 1 && text.size() >= world_.width) text.resize(world_.width - 1);      // a line that wraps cannot be redrawn
        world_.status(text);
        due_ = t + detail::redraw;
    } else {
        world_.line(text);
        due_ = t + detail::plain;
    }
    drawn_ = true;
}

void progress::finish() {
    if (finished_) return;
    finished_ = true;
    auto const seconds = detail::seconds_between(begun_, world_.now());
    char took[32];
    std::snprintf(took, sizeof took, "%.1f s", seconds);
    auto text = what_ + ' ' + dataset::with_commas(rows_) + " in " + took;
    if (seconds > 0) text += "  " + detail::per_second(static_cast<double>(rows_) / seconds);
    if (rejects_ != 0) text += "  rejects " + dataset::with_commas(rejects_);
    if (world_.terminal && drawn_) world_.status({});
    world_.line(text);
}

} // namespace penstock::run
