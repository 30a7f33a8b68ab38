#pragma once
#include <penstock/llm/policy/retry_after.hpp>
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <string>

namespace penstock::llm {
namespace detail {
inline std::string_view trimmed_text(std::string_view s) {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
    return s;
}
/// A number from the front of s, which it leaves behind.
inline std::optional<double> take_number(std::string_view& s) {
    double v = 0;
    auto const [end, failed] = std::from_chars(s.data(), s.data() + s.size(), v, std::chars_format::fixed);
    if (failed != std::errc{} || !(v >= 0 && v < 1e12)) return {};
    s.remove_prefix(static_cast<std::size_t>(end - s.data()));
    return v;
}
inline std::chrono::milliseconds bounded(double milliseconds) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(milliseconds, 0.0, 86'400'000.0) + 0.999));       // up: never early
}
inline std::int64_t days_from_civil(std::int64_t y, int m, int d) {     // H. Hinnant, chrono-compatible low-level date algorithms
    y -= m <= 2;
    auto const era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    auto const of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}
/// A time at the front of a sentence: "20s.", "6m0s", "5 minutes", "1 minute and 30 seconds"; a number alone is seconds. Nothing where what follows the number is no unit.
inline std::optional<std::chrono::milliseconds> spoken_time(std::string_view text);
} // namespace detail

std::optional<std::int64_t> http_date(std::string_view text) {
    // Sun, 06 Nov 1994 08:49:37 GMT | Sunday, 06-Nov-94 08:49:37 GMT | Sun Nov  6 08:49:37 1994
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::string_view words[8];
    std::size_t n = 0;
    for (std::size_t i = 0; i < text.size();) {
        auto const end = std::min(text.find_first_of(" ,-\t", i), text.size());
        if (end > i) { if (n == std::size(words)) return {}; words[n++] = text.substr(i, end - i); }
        i = end + 1;
    }
    auto const whole = [](std::string_view s, int low, int high) -> std::optional<int> {
        int v = 0;
        auto const [end, failed] = std::from_chars(s.data(), s.data() + s.size(), v);
        return failed == std::errc{} && end == s.data() + s.size() && v >= low && v <= high ? std::optional(v) : std::nullopt;
    };
    bool const c_form = n == 5 && words[3].find(':') != words[3].npos;
    if (!c_form && (n != 6 || words[5] != "GMT")) return {};
    auto const month_name = c_form ? words[1] : words[2], clock = c_form ? words[3] : words[4];
    auto const month = months.find(month_name);
    auto const day = whole(c_form ? words[2] : words[1], 1, 31);
    auto year = whole(c_form ? words[4] : words[3], 0, 9999);
    if (month_name.size() != 3 || month == months.npos || month % 3 != 0 || !day || !year || clock.size() != 8 || clock[2] != ':' || clock[5] != ':') return {};
    if (!c_form && words[3].size() == 2) *year += *year < 70 ? 2000 : 1900;
    auto const hour = whole(clock.substr(0, 2), 0, 23), minute = whole(clock.substr(3, 2), 0, 59), second = whole(clock.substr(6, 2), 0, 60);
    if (!hour || !minute || !second) return {};
    return detail::days_from_civil(*year, static_cast<int>(month / 3) + 1, *day) * 86400 + *hour * 3600 + *minute * 60 + *second;
}

std::optional<std::chrono::milliseconds> duration_of(std::string_view text) {
    text = detail::trimmed_text(text);
    if (text.empty()) return {};
    double total = 0;
    for (bool first = true; !text.empty(); first = false) {
        auto const v = detail::take_number(text);
        if (!v) return {};
        auto const end = std::min(text.find_first_of("0123456789."), text.size());
        auto const unit = text.substr(0, end);
        text.remove_prefix(end);
        if (unit == "ms") total += *v;
        else if (unit == "s" || (unit.empty() && first && text.empty())) total += *v * 1e3;
        else if (unit == "m") total += *v * 6e4;
        else if (unit == "h") total += *v * 3.6e6;
        else if (unit == "us" || unit == "\xC2\xB5s") total += *v / 1e3;
        else if (unit == "ns") total += *v / 1e6;
        else return {};
    }
    return detail::bounded(total);
}

std::optional<std::chrono::milliseconds> detail::spoken_time(std::string_view text) {
    struct unit { std::string_view name; double milliseconds; };
    constexpr unit units[] = {{"ms", 1}, {"millisecond", 1}, {"s", 1e3}, {"sec", 1e3}, {"second", 1e3}, {"m", 6e4}, {"min", 6e4}, {"minute", 6e4}, {"h", 3.6e6}, {"hr", 3.6e6}, {"hour", 3.6e6}};
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    auto const whole = text.substr(0, std::min(text.find_first_of(" \t,;:)"), text.size()));
    auto compact = whole;
    while (compact.ends_with('.')) compact.remove_suffix(1);
    if (std::ranges::any_of(compact, letter)) return duration_of(compact);
    double total = 0;
    bool any = false;
    while (true) {
        auto rest = text;
        auto const v = take_number(rest);
        if (!v) break;
        bool const last = rest.empty() || text[text.size() - rest.size() - 1] == '.' || (rest.front() != ' ' && rest.front() != '\t');
        rest = trimmed_text(rest);
        std::string name;
        while (!last && !rest.empty() && letter(rest.front())) { name += static_cast<char>(rest.front() | 0x20); rest.remove_prefix(1); }
        if (name.empty()) return any ? std::nullopt : std::optional(bounded(*v * 1e3));
        if (name.size() > 2 && name.ends_with('s')) name.pop_back();
        auto const* const found = std::ranges::find(units, std::string_view(name), &unit::name);
        if (found == std::end(units)) return {};
        total += *v * found->milliseconds;
        any = true;
        text = trimmed_text(rest);
        if (text.starts_with("and ")) text = trimmed_text(text.substr(4));
    }
    return any ? std::optional(bounded(total)) : std::nullopt;
}

std::optional<std::chrono::milliseconds> retry_after(net::header_lines const& headers, std::string_view message, std::int64_t now) {
    auto const number = [](std::string_view text) -> std::optional<double> {
        text = detail::trimmed_text(text);
        bool const negative = text.starts_with('-');
        if (negative) text.remove_prefix(1);
        auto const v = detail::take_number(text);
        if (!v || !text.empty()) return {};
        return negative ? 0 : *v;
    };
    if (auto const h = headers.find("retry-after-ms")) if (auto const v = number(*h)) return detail::bounded(*v);
    if (auto const h = headers.find("retry-after")) {
        if (auto const v = number(*h)) return detail::bounded(*v * 1e3);
        if (auto const date = http_date(*h)) return detail::bounded(static_cast<double>(*date - now) * 1e3);
    }
    std::optional<std::chrono::milliseconds> reset;
    for (std::string_view what : {"requests", "tokens"}) {
        auto const left = headers.find("x-ratelimit-remaining-" + std::string(what));
        if (!left || detail::trimmed_text(*left) != "0") continue;
        if (auto const h = headers.find("x-ratelimit-reset-" + std::string(what))) if (auto const t = duration_of(*h)) reset = std::max(reset.value_or(*t), *t);
    }
    if (!reset) for (auto const* spelled : {"x-rate-limit-reset-tokens", "x-ratelimit-reset-tokens"})      // Azure, in whole seconds, without a remaining-tokens
        if (auto const h = headers.find(spelled); h && !headers.find("x-ratelimit-remaining-tokens")) { reset = duration_of(*h); break; }
    if (reset) return reset;
    for (std::string_view words : {"retry after ", "try again in "}) {
        auto const at = std::search(message.begin(), message.end(), words.begin(), words.end(), [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
        if (at == message.end()) continue;
        if (auto const t = detail::spoken_time(message.substr(static_cast<std::size_t>(at - message.begin()) + words.size()))) return t;
    }
    return {};
}

} // namespace penstock::llm
