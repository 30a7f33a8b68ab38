#include "metrics.hpp"
#include <cmath>
#include <cstdio>
#include <set>
#include <unordered_set>
#include <penstock/dataset/fingerprint.hpp>
#include <penstock/dataset/fold.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/record/json_decode.hpp>
#include <penstock/text/minhash.hpp>
#include <penstock/text/ngrams.hpp>

namespace intents {

using penstock::enum_name;

namespace {
double rounded(double share) { return std::round(share * 10'000) / 10'000; }
double share_of(std::uint64_t part, std::uint64_t whole) { return whole == 0 ? 0 : rounded(static_cast<double>(part) / static_cast<double>(whole)); }
struct style_only { std::optional<std::string> style; };
struct with_style { style_only metadata; };
}

diversity metrics_of(std::span<example const> rows) {
    diversity out;
    penstock::distinct_ngrams all(3);
    std::map<std::string, penstock::distinct_ngrams> by_intent;
    std::unordered_set<penstock::dataset::fingerprint> texts;
    penstock::near_index index;
    std::vector<std::uint64_t> lengths;
    std::uint64_t near = 0;
    for (auto const* name : {"short", "medium", "long"}) out.length_distribution[name] = 0;
    for (auto const& r : rows) {
        ++out.audience_distribution[std::string(enum_name(r.audience))];
        ++out.complexity_distribution[std::string(enum_name(r.complexity))];
        ++out.style_distribution[std::string(enum_name(r.metadata.style))];
        auto const words = penstock::words(r.text).size();
        lengths.push_back(words);
        ++out.length_distribution[words < 20 ? "short" : words < 50 ? "medium" : "long"];
        all.add(r.text);
        by_intent.try_emplace(std::string(enum_name(r.intent)), 3).first->second.add(r.text);
        auto const folded = penstock::dataset::fold(r.text);
        texts.insert(penstock::dataset::fingerprint_of(folded));
        near += index.find(folded).has_value();
        index.add(folded);
    }
    auto const l = penstock::dataset::summarise(std::move(lengths));
    out.words_per_text = {l.least, l.median, l.p95, l.most, std::round(l.mean * 100) / 100};
    out.uniqueness_score = rounded(all.ratio());
    for (auto& [name, grams] : by_intent) out.uniqueness_by_intent[name] = rounded(grams.ratio());
    out.distinct_texts = share_of(texts.size(), rows.size());
    out.near_duplicate_rate = share_of(near, rows.size());
    out.topic_coverage = share_of(by_intent.size(), intent_count);
    out.style_variety = share_of(out.style_distribution.size(), style_count);
    return out;
}

counts statistics_of(std::span<example const> rows) {
    counts out{{"total_generated", rows.size()}, {"edge_cases_generated", 0}};
    for (auto const& r : rows) {
        ++out["intent_" + std::string(enum_name(r.intent))];
        ++out["audience_" + std::string(enum_name(r.audience))];
        ++out["complexity_" + std::string(enum_name(r.complexity))];
        if (r.metadata.edge_case) { ++out["edge_cases_generated"]; ++out["edge_" + std::string(enum_name(*r.metadata.edge_case))]; }
    }
    return out;
}

std::optional<example> as_example(file_row const& row) {
    auto const i = penstock::enum_value<intent>(row.intent);
    auto const a = penstock::enum_value<audience>(row.audience);
    auto const c = penstock::enum_value<complexity>(row.complexity);
    if (!i || !a || !c || row.text.empty()) return {};
    example out{.text = row.text, .intent = *i, .audience = *a, .complexity = *c, .confidence = row.confidence.value_or(0), .metadata = {}, .generated_at = {}};
    if (row.edge_case) out.metadata.edge_case = penstock::enum_value<edge_case>(*row.edge_case);
    if (auto const read = penstock::json::decode<with_style, penstock::json::policy{.missing = penstock::json::missing_keys::keep, .mistyped = penstock::json::mistyped::coerce}>(row.json); read && read->metadata.style)
        out.metadata.style = penstock::enum_value<style>(*read->metadata.style).value_or(style::neutral);
    out.metadata.frames = row.frames;
    return out;
}

std::string text_of(diversity const& d, std::uint64_t rows) {
    auto const three = [](double x) { char text[16]; std::snprintf(text, sizeof text, "%.3f", x); return std::string(text); };
    std::string out = "distinct word trigrams " + three(d.uniqueness_score) + (rows >= 10'000 ? " (12,000 sentences that people typed, CLINC150: 0.51)\n " : "\n ");        // it falls with the size: small sets cannot be compared
    for (auto const& [name, ratio] : d.uniqueness_by_intent) out += ' ' + name + ' ' + three(ratio);
    out += "\ndistinct texts " + three(d.distinct_texts) + ", rows near an earlier one " + three(d.near_duplicate_rate) + ", of " + penstock::dataset::with_commas(rows) + " rows\n";
    out += "words in a text: median " + std::to_string(d.words_per_text.median) + ", 95 in 100 at most " + std::to_string(d.words_per_text.p95) + ", longest " + std::to_string(d.words_per_text.most) + '\n';
    return out;
}

} // namespace intents
