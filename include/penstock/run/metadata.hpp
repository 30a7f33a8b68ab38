/// metadata.json: what a run read, did and gave, so that a stranger can check its sums and repeat it. Members come out in the order they were set;
/// times stand apart in "timings", so that everything else is the same bytes for the same seed.
#pragma once
#include <penstock/core/ledger.hpp>
#include <penstock/core/result.hpp>
#include <penstock/run/main.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::run {

class metadata {
    std::vector<std::pair<std::string, std::string>> members_;      // name, JSON
    std::chrono::system_clock::time_point begun_ = std::chrono::system_clock::now();
public:
    void set(std::string_view name, std::string_view text);
    void set(std::string_view name, char const* text) { set(name, std::string_view(text)); }
    void set(std::string_view name, bool);
    void set(std::string_view name, double);
    template <std::integral N> requires (!std::same_as<N, bool>) void set(std::string_view name, N number) { set_json(name, std::to_string(number)); }
    /// A value that is JSON already, or what json::encode(record) gave: its failure is fatal(internal). A name set twice keeps its place and takes the new value.
    void set_json(std::string_view name, result<std::string> json);
    /// Every member of a JSON object, as if set one by one: an app's own struct beside the general members.
    void set_members(result<std::string> json_object);

    /// "ledger": {"read", "written", "filtered": {"stage/reason": n}, "rejected": {…}, "left", "stages": {"stage": {…}}}
    void set(ledger const&);
    /// "command", "configuration" (secrets as whether they are set), "configuration_from" (only what is not a default).
    void set(job const&);
    /// "versions": Penstock, compiler, simdjson; "timings": started, finished, seconds. With SOURCE_DATE_EPOCH set both times are that one and there are no seconds.
    void set_versions_and_timings();

    /// The document, indented.
    std::string text() const;
    std::string const* find(std::string_view name) const;
};

/// fatal(internal) with the first stage whose numbers do not add up; what every run calls when its ranges are gone.
void require_balance(ledger const&);

/// Seconds since 1970 as 2026-01-31T12:00:00Z.
std::string utc(std::chrono::system_clock::time_point);
/// SOURCE_DATE_EPOCH if it is set to a number, else now.
std::chrono::system_clock::time_point time_of_day();

} // namespace penstock::run
