// ielts-rules [--rule NAME] [--sample N] FILE: how often each error rule of the offline writer hits in the essays of FILE (CSV, JSONL, JSON), and N hits of one rule, drawn with a
// fixed seed, with their surroundings: for reading by hand. The counts in apps/ielts/README.md come from it.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "errors.hpp"
#include "essays.hpp"

namespace {
constexpr std::size_t around = 45;      // bytes of the essay shown on either side of a hit

std::string shown(std::size_t row, std::string_view essay, ielts::found_error const& e) {
    auto const from = e.at > around ? e.at - around : 0;
    auto line = std::to_string(row) + ": ..." + std::string(essay.substr(from, e.at - from)) + " [[" + std::string(e.span) + " => " + e.fix + "]] " + std::string(essay.substr(e.at + e.span.size(), around));
    for (auto& c : line) if (c == '\n' || c == '\r') c = '|';
    return line;
}
}

int main(int argc, char** argv) {
    std::string rule, file;
    std::size_t sample = 50;
    for (int i = 1; i < argc; ++i) {
        std::string_view const a = argv[i];
        if (a == "--rule" && i + 1 < argc) rule = argv[++i];
        else if (a == "--sample" && i + 1 < argc) sample = std::strtoul(argv[++i], nullptr, 10);
        else file = a;
    }
    if (file.empty()) { std::fputs("usage: ielts-rules [--rule NAME] [--sample N] FILE\n", stderr); return 2; }
    std::map<std::string_view, std::vector<std::string>> hits;
    std::size_t row = 0;
    for (auto&& essay : ielts::essays::of_file(file)) {
        if (essay) for (auto const& e : ielts::find_errors(essay->essay)) hits[e.rule].push_back(shown(row, essay->essay, e));
        ++row;
    }
    for (auto const name : ielts::error_rules()) std::printf("%-14s %5zu hits\n", std::string(name).c_str(), hits[name].size());
    auto& all = hits[rule];
    std::mt19937_64 random(1);
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random() % i]);     // std::shuffle differs between libraries
    for (std::size_t i = 0; i < std::min(sample, all.size()); ++i) std::puts(all[i].c_str());
}
