#pragma once
#include <penstock/run/metadata.hpp>
#include <penstock/text/impl/json_scan.hpp>
#include <penstock/text/json_text.hpp>
#include <penstock/run/version.hpp>
#include <simdjson.h>        // its version
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>

namespace penstock::run {

namespace detail {
inline std::optional<std::chrono::system_clock::time_point> source_date() {
    char const* const text = std::getenv("SOURCE_DATE_EPOCH");
    std::int64_t seconds = 0;
    if (!text || !*text) return std::nullopt;
    if (auto const [stop, error] = std::from_chars(text, text + std::strlen(text), seconds); error != std::errc{} || *stop) return std::nullopt;
    return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}
inline std::string json_tally(tally const& t) {
    std::string out = "{";
    for (auto const& [reason, n] : t) out += (out.size() > 1 ? "," : "") + json_text(reason) + ':' + std::to_string(n);
    return out + '}';
}
inline std::string compiler() {
#if defined(__clang__)
    return "clang " + std::to_string(__clang_major__) + '.' + std::to_string(__clang_minor__) + '.' + std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
    return "g++ " + std::to_string(__GNUC__) + '.' + std::to_string(__GNUC_MINOR__) + '.' + std::to_string(__GNUC_PATCHLEVEL__);
#else
    return "unknown";
#endif
}
/// The members of an object, as name and JSON, without looking into them. Takes valid JSON.
inline std::vector<std::pair<std::string, std::string>> members_of(std::string_view d) {
    std::vector<std::pair<std::string, std::string>> all;
    auto const blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    auto const skip = [&](std::size_t& i) { while (i < d.size() && (blank(d[i]) || d[i] == ',' || d[i] == ':')) ++i; };
    auto const end = [&](std::size_t i) { bool ignored = false; return penstock::detail::json_value_end(d, i, ignored); };
    std::size_t i = d.find('{');
    if (i == std::string_view::npos) return all;
    for (++i;;) {
        skip(i);
        if (i >= d.size() || d[i] != '"') return all;
        auto const after_name = end(i);
        std::string name(d.substr(i + 1, after_name - i - 2));      // names of C++ members: no escapes
        i = after_name;
        skip(i);
        auto const after = end(i);
        all.emplace_back(std::move(name), std::string(d.substr(i, after - i)));
        i = after;
    }
}
}

void metadata::set_json(std::string_view name, result<std::string> json) {
    if (!json) throw fatal(exit_code::internal, "metadata: " + std::string(name) + ": " + json.error().what());
    for (auto& [n, value] : members_) if (n == name) { value = *std::move(json); return; }
    members_.emplace_back(std::string(name), *std::move(json));
}
void metadata::set(std::string_view name, std::string_view text) { set_json(name, json_text(text)); }
void metadata::set(std::string_view name, bool b) { set_json(name, b ? "true" : "false"); }
void metadata::set(std::string_view name, double d) {
    char text[32];
    set_json(name, std::isfinite(d) ? std::string(text, std::to_chars(text, text + sizeof text, d).ptr) : "null");
}
void metadata::set_members(result<std::string> object) {
    if (!object) throw fatal(exit_code::internal, "metadata: " + object.error().what());
    for (auto& [name, json] : detail::members_of(*object)) set_json(name, std::move(json));
}

void metadata::set(ledger const& books) {
    auto const rows = books.totals();
    auto const n = [](std::uint64_t x) { return std::to_string(x); };
    std::string json = "{\"read\":" + n(rows.read) + ",\"written\":" + n(rows.written) + ",\"filtered\":" + detail::json_tally(rows.filtered)
        + ",\"rejected\":" + detail::json_tally(rows.rejected) + ",\"left\":" + n(rows.left);
    if (rows.made || rows.merged) json += ",\"made\":" + n(rows.made) + ",\"merged\":" + n(rows.merged);
    json += ",\"stages\":{";
    tally names;
    bool first = true;
    for (auto const& a : books.accounts()) {
        auto const times = ++count(names, a.name);
        json += (first ? "" : ",") + json_text(times == 1 ? a.name : a.name + '#' + n(times)) + ":{\"in\":" + n(a.in()) + ",\"made\":" + n(a.made) + ",\"out\":" + n(a.out) + ",\"merged\":" + n(a.merged)
            + ",\"filtered\":" + detail::json_tally(a.filtered) + ",\"rejected\":" + detail::json_tally(a.rejected) + ",\"left\":" + n(a.left)
            + ",\"failures\":{\"in\":" + n(a.failed_in()) + ",\"out\":" + n(a.failed_out) + ",\"absorbed\":" + n(a.absorbed) + ",\"left\":" + n(a.failed_left) + "}}";
        first = false;
    }
    set_json("ledger", json + "}}");
}

void metadata::set(job const& j) {
    std::string all = "{", from = "{";
    for (auto const& s : j.settings) {
        all += (all.size() > 1 ? "," : "") + json_text(s.name) + ':' + s.json;
        if (s.from != source::standard) from += (from.size() > 1 ? "," : "") + json_text(s.name) + ':' + json_text(s.where);
    }
    set("command", j.command_line);
    set_json("configuration", all + '}');
    set_json("configuration_from", from + '}');
}

void metadata::set_versions_and_timings() {
    set_json("versions", "{\"penstock\":" + json_text(version) + ",\"compiler\":" + json_text(detail::compiler()) + ",\"simdjson\":" + '"' + std::to_string(simdjson::SIMDJSON_VERSION_MAJOR) + '.' + std::to_string(simdjson::SIMDJSON_VERSION_MINOR) + '.' + std::to_string(simdjson::SIMDJSON_VERSION_REVISION) + '"' + '}');
    if (auto const fixed = detail::source_date()) set_json("timings", "{\"started\":" + json_text(utc(*fixed)) + ",\"finished\":" + json_text(utc(*fixed)) + '}');
    else {
        auto const now = std::chrono::system_clock::now();
        auto const milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_).count();
        auto fraction = std::to_string(milliseconds % 1000);
        set_json("timings", "{\"started\":" + json_text(utc(begun_)) + ",\"finished\":" + json_text(utc(now)) + ",\"seconds\":" + std::to_string(milliseconds / 1000) + '.' + std::string(3 - fraction.size(), '0') + fraction + '}');
    }
}

std::string metadata::text() const {
    std::string all = "{";
    for (auto const& [name, json] : members_) all += (all.size() > 1 ? "," : "") + json_text(name) + ':' + json;
    return json_indented(all + '}');
}

std::string const* metadata::find(std::string_view name) const {
    for (auto const& [n, json] : members_) if (n == name) return &json;
    return nullptr;
}

void require_balance(ledger const& books) {
    if (auto const wrong = books.imbalance(); !wrong.empty()) throw fatal(exit_code::internal, "the sums of this run do not hold: " + wrong);
}

std::string utc(std::chrono::system_clock::time_point t) {
    auto const seconds = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count());
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::chrono::system_clock::time_point time_of_day() {
    auto const fixed = detail::source_date();
    return fixed ? *fixed : std::chrono::system_clock::now();
}

} // namespace penstock::run
