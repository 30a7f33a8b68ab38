#include "tallies.hpp"

namespace ielts {

void tallies::add(penstock::position const& where, example const& e) {
    auto const row = where.root.row() + 1;
    ++(e.overall.low ? bands.low : bands.numbers);
    bool all = true, numbers = true;
    double sum = 0;
    std::vector<std::string> ruled;
    for (auto const c : ielts::criteria) {
        auto const& b = e.bands[index(c)];
        sum += b.band;
        criteria.low += b.low;
        numbers = numbers && !b.low && !b.by_rule;
        if (!b.by_rule) continue;
        all = false;
        ++criteria.by_rule;
        ruled.emplace_back(name(c));
    }
    for (auto const by : e.by) {
        using enum penstock::llm::writer;
        ++(by == model ? criteria_written.model : by == offline ? criteria_written.offline : criteria_written.fallback);
    }
    criteria_written.mapped_error_types += e.mapped_types;
    criteria_written.repeated_quotes += e.repeated_quotes;
    criteria.rows_with_all += all;
    criteria.rows_with_numbers += numbers;
    if (!ruled.empty()) criteria.rows_by_rule.push_back({row, std::move(ruled)});
    if (ielts::far_apart(e.bands, e.overall.band)) {
        ++far_apart.rows;
        far_apart.listed.push_back({row, e.overall.band, sum / criterion_count});
    }
}

} // namespace ielts
