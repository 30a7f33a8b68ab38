#include "bands.hpp"
#include <string>
#include <string_view>
#include <penstock/core/result.hpp>
#include "text.hpp"

namespace ielts {
namespace {
/// "0".."9", "6.5", "7.0", "7.00" as halves; -1 for anything else.
int halves(std::string_view number) {
    if (number.empty() || !is_digit(number[0])) return -1;
    int twice = 2 * (number[0] - '0');
    number.remove_prefix(1);
    if (number.empty()) return twice;
    if (number[0] != '.' || number.size() < 2) return -1;
    if (number[1] == '5') ++twice;
    else if (number[1] != '0') return -1;
    for (char const c : number.substr(2)) if (c != '0') return -1;
    return twice <= 18 ? twice : -1;
}

std::string_view skip_space(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    return text;
}
bool drop(std::string_view& text, std::string_view word) {
    if (text.size() < word.size() || !same(text.substr(0, word.size()), word)) return false;
    text.remove_prefix(word.size());
    return true;
}
} // namespace

penstock::result<band_reading> read_band(std::string_view text, low_band rule) {
    using penstock::errc;
    using penstock::failure;
    auto rest = text;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    auto const noise = [](char c) { return is_space(c) || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    while (!rest.empty() && noise(rest.front())) rest.remove_prefix(1);
    while (!rest.empty() && noise(rest.back())) rest.remove_suffix(1);
    if (rest.empty()) return std::unexpected(failure{errc::schema, "band: it is empty"});
    auto const shown = [&] { return '"' + std::string(clip(rest, 40)) + '"'; };
    if (auto below = rest; drop(below, "<") || drop(below, "below ")) {
        if (halves(skip_space(below)) != 8) return std::unexpected(failure{errc::schema, "band: " + shown() + " is not a band; of the open ones only \"<4\" is known"});
        if (rule == low_band::reject) return std::unexpected(failure{errc::rejected, "band: " + shown() + " is no number, and --low-band says reject"});
        return band_reading{3.5, true};
    }
    auto const twice = halves(rest);
    if (twice < 0) return std::unexpected(failure{errc::schema, "band: " + shown() + " is not a multiple of 0.5 from 0 to 9"});
    return band_reading{twice / 2.0, false};
}

band_prefix band_at_start(std::string_view text) {
    auto rest = text;
    auto const marks = [&] { while (!rest.empty() && (is_space(rest[0]) || rest[0] == '*' || rest[0] == '(' || rest[0] == '[' || rest[0] == ':' || rest[0] == '_')) rest.remove_prefix(1); };
    marks();
    for (std::string_view const word : {"suggested", "band", "score"}) { drop(rest, word); marks(); }
    band_prefix out;
    out.below = drop(rest, "<") || drop(rest, "below ");
    rest = skip_space(rest);
    std::size_t n = 0;
    while (n < rest.size() && is_digit(rest[n])) ++n;
    if (n == 0) return {};
    if (n + 1 < rest.size() && rest[n] == '.' && is_digit(rest[n + 1])) for (++n; n < rest.size() && is_digit(rest[n]); ++n) {}
    if (halves(rest.substr(0, n)) < 0) return {};
    out.number = rest.substr(0, n);
    out.length = text.size() - rest.size() + n;
    return out;
}

std::string band_text(double band) {
    auto const twice = static_cast<int>(band * 2 + 0.5);
    return std::to_string(twice / 2) + (twice % 2 ? ".5" : "");
}

} // namespace ielts
