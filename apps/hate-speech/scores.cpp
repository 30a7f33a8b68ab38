#include "scores.hpp"
#include <cstdio>
#include <penstock/run/printable.hpp>

namespace hate {
namespace {
double share(std::uint64_t part, std::uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }
} // namespace

void scores::add(bool hate, std::optional<bool> said, std::string const& of_group) {
    auto& g = groups[of_group.empty() ? "(none)" : of_group];
    ++(hate ? g.hate_speech : g.not_hate);
    if (!said) { ++(hate ? unparsable_hate : unparsable_normal); g.missed += hate; return; }
    if (hate) { ++(*said ? true_positives : false_negatives); g.missed += !*said; }
    else { ++(*said ? false_positives : true_negatives); g.false_positives += *said; }
}
double scores::accuracy() const { return share(true_positives + true_negatives, rows()); }
double scores::precision() const { return share(true_positives, true_positives + false_positives); }
double scores::recall() const { return share(true_positives, true_positives + false_negatives + unparsable_hate); }
double scores::f1() const {
    auto const p = precision(), r = recall();
    return p + r == 0 ? 0 : 2 * p * r / (p + r);
}
std::string scores::text() const {
    char line[200];
    std::string out;
    auto const put = [&](auto const&... x) { std::snprintf(line, sizeof line, x...); out += line; };
    auto const n = [](std::uint64_t x) { return static_cast<unsigned long long>(x); };
    put("  %-22s %16s %14s %12s\n", "label \\ answer", "hate_speech", "not_hate", "unparsable");
    put("  %-22s %16llu %14llu %12llu\n", "hate_speech", n(true_positives), n(false_negatives), n(unparsable_hate));
    put("  %-22s %16llu %14llu %12llu\n", "not_hate", n(false_positives), n(true_negatives), n(unparsable_normal));
    put("  %-22s %16s %14s %12s\n", "by group", "false positives", "of not_hate", "missed");
    for (auto const& [name, g] : groups)
        put("  %-22s %8llu (%4.1f%%) %14llu %4llu of %llu\n", penstock::run::printable(name, 22).c_str(), n(g.false_positives), 100 * share(g.false_positives, g.not_hate), n(g.not_hate), n(g.missed), n(g.hate_speech));
    return out;
}

} // namespace hate
