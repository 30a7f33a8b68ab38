#include "dataset.hpp"
#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/fingerprint.hpp>
#include <penstock/dataset/fold.hpp>
#include <penstock/io/jsonl.hpp>
#include <penstock/text/minhash.hpp>

namespace distill {

namespace dataset = penstock::dataset;

division divide(filter const& f, std::vector<article> const& articles, division_options o) {
    division d;
    std::vector<std::string> folded;
    std::set<std::string_view> ids;
    for (auto const& a : articles) {
        folded.push_back(dataset::fold(a.content.empty() ? a.title : a.content));
        d.tiers.push_back(f.tier_of(f.capped(a.labels, a.said_to_be)));
        d.same.ids_twice += !ids.insert(a.id).second;
    }
    std::vector<std::string_view> const texts(folded.begin(), folded.end());
    std::vector<dataset::fingerprint> prints;
    for (auto t : texts) prints.push_back(dataset::fingerprint_of(t));

    std::map<dataset::fingerprint, std::vector<std::size_t>> equal;
    for (std::size_t i = 0; i != prints.size(); ++i) equal[prints[i]].push_back(i);
    for (auto const& [print, rows] : equal) {
        if (rows.size() < 2) continue;
        ++d.same.equal_groups;
        d.same.equal_rows += rows.size();
        d.same.conflicting_groups += std::ranges::any_of(rows, [&](auto i) { return articles[i].labels != articles[rows[0]].labels; });
    }
    std::vector<std::size_t> cluster(texts.size());
    std::iota(cluster.begin(), cluster.end(), std::size_t{0});
    if (o.near <= 1) cluster = penstock::near_clusters(texts, {.characters = 5, .threshold = o.near});
    std::map<std::size_t, std::pair<dataset::fingerprint, std::uint64_t>> clusters;      // the smallest print, which does not depend on the order of rows; rows
    for (std::size_t i = 0; i != cluster.size(); ++i) {
        auto const [at, fresh] = clusters.try_emplace(cluster[i], prints[i], 0);
        at->second.first = std::min(at->second.first, prints[i]);
        ++at->second.second;
    }
    if (o.near <= 1) for (auto const& [first, about] : clusters) if (about.second > 1) ++d.same.near_groups, d.same.near_rows += about.second;

    std::vector<dataset::split_row> rows;
    for (std::size_t i = 0; i != articles.size(); ++i) {
        auto const& joined = clusters.at(cluster[i]).first;
        rows.push_back({.position = i, .stratum = d.tiers[i], .keys = {prints[i]}});
        if (joined != prints[i]) rows.back().keys.push_back(joined);
    }
    d.parts = dataset::split_in_three(rows, {.validation = o.validation, .test = o.test, .seed = o.seed});
    return d;
}

} // namespace distill
