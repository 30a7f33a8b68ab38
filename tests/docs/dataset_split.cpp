#include <penstock/dataset/split.hpp>
#include <cstdio>
#include <set>
// [split]
namespace ds = penstock::dataset;

struct essay { std::string prompt, text, band; };

ds::split_result divide(std::vector<essay> const& essays) {
    std::vector<ds::split_row> rows;
    for (auto const& e : essays)
        rows.push_back({.position = rows.size(), .stratum = e.band,
                        .keys = {ds::folded_fingerprint_of(e.text, 1), ds::folded_fingerprint_of(e.prompt, 2)}});   // 1 and 2 keep a prompt apart from an equal essay
    return ds::split(rows, {.ratio = 0.2, .seed = 42});
}
// [/split]

int main() {
    std::vector<essay> essays;
    for (int i = 0; i != 200; ++i) essays.push_back({"Prompt " + std::to_string(i % 60), "Essay " + std::to_string(i % 190), i % 3 ? "6.0" : "7.5"});
    auto const s = divide(essays);
    std::fputs(s.text().c_str(), stdout);
    std::set<std::string> prompts[2];
    for (std::size_t i = 0; i != essays.size(); ++i) prompts[std::size_t(s.sides[i])].insert(essays[i].prompt);
    for (auto const& p : prompts[0]) if (prompts[1].contains(p)) return 1;
    return s.validation > 30 && s.validation < 50 ? 0 : 1;
}
