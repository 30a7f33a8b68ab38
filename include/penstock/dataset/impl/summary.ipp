#pragma once
#include <penstock/dataset/summary.hpp>
#include <algorithm>

namespace penstock::dataset {

summary summarise(std::vector<std::uint64_t> values) {
    summary s;
    if (values.empty()) return s;
    std::ranges::sort(values);
    auto const at = [&](std::uint64_t percent) { return values[(values.size() * percent + 99) / 100 - 1]; };
    s.count = values.size();
    for (auto v : values) s.total += v;
    s.least = values.front();
    s.median = at(50);
    s.p95 = at(95);
    s.most = values.back();
    s.mean = static_cast<double>(s.total) / static_cast<double>(s.count);
    return s;
}

std::string with_commas(std::uint64_t n) {
    auto text = std::to_string(n);
    for (auto at = text.size(); at > 3;) text.insert(at -= 3, ",");
    return text;
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) { return with_commas(n) + ' ' + std::string(n == 1 ? one : many); }

std::string summary::text() const {
    return "least " + with_commas(least) + " · median " + with_commas(median) + " · p95 " + with_commas(p95) + " · most " + with_commas(most);
}

} // namespace penstock::dataset
