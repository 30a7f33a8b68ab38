#pragma once
#include <penstock/llm/policy/breaker.hpp>
#include <penstock/llm/policy/retry.hpp>
#include <algorithm>

namespace penstock::llm {
namespace detail {
inline std::string seconds_text(std::chrono::milliseconds t) {
    auto const seconds = (t.count() + 500) / 1000;
    return seconds < 120 ? std::to_string(seconds) + " s" : std::to_string((seconds + 30) / 60) + " min";
}
} // namespace detail

retry::decision retry::failed(call_error const& e, time now, double random) {
    auto const r = rule(e);
    if (!r.unreachable) ++attempts_;
    decision d{.act = r.act, .wait = {}, .reject_as = r.reject_as, .stop_as = r.stop_as, .why = {}};
    if (r.act != act::retry) { d.why = e.text(); return d; }

    auto const end = start_ + options_.whole;
    auto const floor = std::max(e.retry_after.value_or(time{}), time{});
    if (floor > options_.whole)     // no record can wait so long: whoever runs the command again then, pays for nothing twice
        return {act::stop, {}, r.reject_as, exit_code::incomplete, "the endpoint asks to wait " + detail::seconds_text(floor) + " (" + e.text() + ")"};
    d.act = act::reject;
    auto const tried = std::to_string(attempts_) + (attempts_ == 1 ? " attempt" : " attempts");
    if (!r.unreachable && attempts_ >= options_.max_attempts) { d.why = "gave up after " + tried + ": " + e.text(); return d; }

    auto const most = r.unreachable ? std::min(options_.most, options_.most_unreachable) : options_.most;
    auto ceiling = std::min(options_.first, most);
    for (unsigned i = 0; i != waits_ && ceiling < most; ++i) ceiling = std::min(2 * ceiling, most);
    d.wait = floor + time{static_cast<time::rep>(static_cast<double>(ceiling.count()) * std::clamp(random, 0.0, 1.0))};
    if (now + d.wait > end) { d.why = "gave up after " + tried + " in " + detail::seconds_text(now - start_) + ": " + e.text(); return d; }
    ++waits_;
    d.act = act::retry;
    return d;
}

std::optional<fatal> breaker::failed(call_error const& e, time started, time now) {
    auto const r = rule(e);
    auto const add = [&](streak& s) { if (s.failures++ == 0) s.since = started; s.since = std::min(s.since, started); };
    auto const over = [&](streak const& s, unsigned failures, time patience) { return s.failures >= failures && now - s.since >= patience; };
    if (r.unreachable) {
        add(dead_);
        if (over(dead_, options_.dead_failures, options_.dead)) return said(dead_, "cannot be reached", e, now);
        return {};
    }
    dead_ = {};
    bool const unwell = e.status == 0 ? e.problem == net::problem::reset || e.problem == net::problem::malformed || e.problem == net::problem::timeout : e.status >= 500;
    if (!unwell) {
        if (e.status != 0) unwell_ = {};
        return {};
    }
    add(unwell_);
    if (over(unwell_, options_.unwell_failures, options_.unwell)) return said(unwell_, "has answered nothing but errors", e, now);
    return {};
}
std::optional<fatal> breaker::spent(call_error const& e, time now) const {
    if (unwell_.failures == 0 || unwell_.failures < options_.unwell_failures) return {};
    return said(unwell_, "has answered nothing but errors", e, now);
}
fatal breaker::said(streak const& s, std::string const& what, call_error const& e, time now) const {
    return fatal(exit_code::endpoint, origin_ + ' ' + what + " for " + detail::seconds_text(now - s.since) + " (" + std::to_string(s.failures) + " tries): " + e.text());
}

} // namespace penstock::llm
