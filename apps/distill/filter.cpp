#include "filter.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <utility>
#include <penstock/core/fatal.hpp>
#include "yaml.hpp"

namespace distill {

double filter::overall(std::span<double const> labels) const {
    double sum = 0, weights = 0;
    for (std::size_t i = 0; i != dimensions.size(); ++i) sum += dimensions[i].weight * labels[i], weights += dimensions[i].weight;
    return sum / weights;
}

double filter::capped(std::span<double const> labels, std::span<std::string const> said_to_be) const {
    auto score = overall(labels);
    for (auto const& g : gatekeepers) {
        if (labels[g.dimension] >= g.threshold) continue;
        if (g.unless && labels[g.unless->dimension] >= g.unless->threshold && labels[g.dimension] >= g.unless->at_least) continue;
        score = std::min(score, g.cap);
    }
    for (auto const& c : caps) {
        if (std::ranges::none_of(said_to_be, [&](auto const& s) { return s == c.content || s == c.content + "_risk" || s + "_risk" == c.content; })) continue;
        if (c.only_if) {
            auto const x = labels[c.only_if->dimension], y = c.only_if->number;
            auto const& sign = c.only_if->sign;
            if (!(sign == "<" ? x < y : sign == "<=" ? x <= y : sign == ">" ? x > y : x >= y)) continue;
        }
        score = std::min(score, c.cap);
    }
    return score;
}

std::string const& filter::tier_of(double score) const {
    // Weights such as 0.1 are not what they say in binary: a score that is a threshold but for the last digits reaches it.
    for (auto const& t : tiers) if (score >= t.threshold - 1e-9) return t.name;
    return tiers.back().name;
}

std::optional<std::size_t> filter::find(std::string_view dimension) const {
    auto const at = std::ranges::find(dimensions, dimension, &dimension::name);
    return at == dimensions.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - dimensions.begin()));
}

namespace {

struct reader {
    std::string const& shown;
    filter f = {};

    [[noreturn]] void no(yaml const& at, std::string const& why) const { throw penstock::fatal(penstock::exit_code::usage, shown + ':' + std::to_string(at.line) + ": " + why); }
    static std::string in_quotes(std::string_view s) { return '"' + std::string(s) + '"'; }
    double number(yaml const& y, std::string_view key) const {
        char* end = nullptr;
        auto const x = std::strtod(y.text.c_str(), &end);
        if (y.what != yaml::kind::text || y.text.empty() || *end != 0 || !std::isfinite(x)) no(y, in_quotes(key) + " is not a number");
        return x;
    }
    double number_of(yaml const& map, std::string_view key) const {
        auto const* const y = map.find(key);
        if (!y) no(map, "has no " + in_quotes(key));
        return number(*y, key);
    }
    std::string text_of(yaml const* map, std::string_view key) const {
        auto const* const y = map ? map->find(key) : nullptr;
        return y && y->what == yaml::kind::text ? y->text : "";
    }
    std::size_t dimension_of(yaml const& at, std::string_view name) const {
        auto const i = f.find(name);
        if (!i) no(at, in_quotes(name) + " is no dimension of this filter");
        return *i;
    }
    void dimensions(yaml const& list) {
        if (list.what != yaml::kind::map || list.members.empty()) no(list, "\"dimensions\" is not a map of dimensions");
        double sum = 0;
        for (auto const& [name, about] : list.members) {
            auto const* const weight = about.find("weight");
            f.dimensions.push_back({name, weight ? number(*weight, "weight") : 1.0});
            if (f.dimensions.back().weight < 0) no(about, "the weight of " + in_quotes(name) + " is below 0");
            sum += f.dimensions.back().weight;
        }
        if (!(sum > 0)) no(list, "all weights are 0");
        for (auto const& [name, about] : list.members) {
            if (text_of(&about, "gatekeeper") != "true") continue;
            gatekeeper g{dimension_of(about, name), number_of(about, "gatekeeper_threshold"), number_of(about, "gatekeeper_max_score")};
            if (auto const* const e = about.find("gatekeeper_exception")) {
                auto const* const least = e->find("min_" + name);
                g.unless = gatekeeper::exception{dimension_of(*e, text_of(e, "dimension")), number_of(*e, "threshold"), least ? number(*least, "min_" + name) : 0};
            }
            f.gatekeepers.push_back(g);
        }
    }
    void caps(yaml const& list) {
        for (auto const& [content, about] : list.members) {
            auto const* cap = about.find("max_overall");
            if (!cap) cap = about.find("max_score");
            if (!cap) no(about, "content type " + in_quotes(content) + " has neither \"max_overall\" nor \"max_score\"");
            content_cap c{content, number(*cap, "max_score"), {}};
            if (auto const* const condition = about.find("condition")) {
                auto const& t = condition->text;
                auto const sign = t.find_first_of("<>");
                auto const behind = sign == t.npos ? t.npos : t.find_first_not_of("<>=", sign);
                if (behind == t.npos) no(*condition, "the condition " + in_quotes(t) + " is not of the form: dimension < number");
                auto const trimmed = [](std::string s) {
                    s.erase(0, std::min(s.find_first_not_of(' '), s.size()));
                    while (!s.empty() && s.back() == ' ') s.pop_back();
                    return s;
                };
                yaml y = *condition;
                y.text = trimmed(t.substr(behind));
                c.only_if = content_cap::comparison{dimension_of(*condition, trimmed(t.substr(0, sign))), t.substr(sign, behind - sign), number(y, "condition")};
                while (c.only_if->sign.ends_with(' ')) c.only_if->sign.pop_back();
                if (c.only_if->sign != "<" && c.only_if->sign != "<=" && c.only_if->sign != ">" && c.only_if->sign != ">=") no(*condition, "the condition " + in_quotes(t) + " is not of the form: dimension < number");
            }
            f.caps.push_back(std::move(c));
        }
    }
    filter read(yaml const& root) {
        auto const* const about = root.find("filter");
        f.name = text_of(about, "name");
        f.version = text_of(about, "version");
        if (f.name.empty()) no(about ? *about : root, "the filter has no name");
        auto const* const scoring = root.find("scoring");
        auto const* const list = scoring ? scoring->find("dimensions") : nullptr;
        if (!list) no(scoring ? *scoring : root, "has no dimensions under \"scoring\"");
        dimensions(*list);
        if (auto const* const rules = scoring->find("gatekeeper_rules"))
            for (auto const& [name, rule] : rules->members) f.gatekeepers.push_back({dimension_of(rule, name), number_of(rule, "threshold"), number_of(rule, "max_overall_if_below")});
        if (auto const* const types = scoring->find("content_type_caps")) caps(*types);
        if (auto const* const tiers = scoring->find("tiers"))
            for (auto const& [name, tier] : tiers->members) f.tiers.push_back({name, number_of(tier, "threshold")});
        f.bins = f.tiers.empty();
        if (f.bins) f.tiers = {{"very_high", 8}, {"high", 6}, {"medium", 4}, {"low", 2}, {"very_low", 0}};
        std::ranges::sort(f.tiers, [](tier const& a, tier const& b) { return a.threshold != b.threshold ? a.threshold > b.threshold : a.name < b.name; });
        return std::move(f);
    }
};

} // namespace

filter parse_filter(std::string_view text, std::string const& shown) { return reader{shown}.read(parse_yaml(text, shown)); }
filter read_filter(std::string const& path) {
    std::error_code ignored;
    auto const file = std::filesystem::is_directory(path, ignored) ? (std::filesystem::path(path) / "config.yaml").string() : path;
    return reader{file}.read(read_yaml(file));
}

} // namespace distill
