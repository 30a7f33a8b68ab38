#include "evaluation.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <utility>
#include <penstock/core/fatal.hpp>
#include <penstock/record/json.hpp>

namespace distill {

namespace json = penstock::json;

double spearman(std::span<double const> a, std::span<double const> b) {
    auto const ranks = [](std::span<double const> x) {
        std::vector<std::size_t> order(x.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {}, [&](std::size_t i) { return x[i]; });
        std::vector<double> out(x.size());
        for (std::size_t i = 0; i != order.size();) {
            auto j = i;
            while (j != order.size() && x[order[j]] == x[order[i]]) ++j;
            for (auto k = i; k != j; ++k) out[order[k]] = static_cast<double>(i + j - 1) / 2;
            i = j;
        }
        return out;
    };
    auto const x = ranks(a), y = ranks(b);
    double const mean = (static_cast<double>(x.size()) - 1) / 2;
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i != x.size(); ++i) {
        xy += (x[i] - mean) * (y[i] - mean);
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
    }
    return xx == 0 || yy == 0 ? 0 : xy / std::sqrt(xx * yy);
}

metrics measure(scores const& predicted, scores const& labels) {
    auto const d = labels.dimensions, n = labels.rows();
    if (predicted.dimensions != d || predicted.rows() != n) throw penstock::fatal(penstock::exit_code::internal, "predictions and labels are of different sizes");
    metrics m;
    m.examples = n;
    for (std::size_t k = 0; k != d; ++k) {
        double absolute = 0, squared = 0;
        std::vector<double> p, l;
        for (std::size_t i = 0; i != n; ++i) {
            p.push_back(predicted.row(i)[k]);
            l.push_back(labels.row(i)[k]);
            absolute += std::abs(p.back() - l.back());
            squared += (p.back() - l.back()) * (p.back() - l.back());
        }
        auto const rows = static_cast<double>(std::max<std::size_t>(n, 1));
        m.mae_of.push_back(absolute / rows);
        m.rmse_of.push_back(std::sqrt(squared / rows));
        m.spearman_of.push_back(spearman(p, l));
        m.mae += absolute / rows;
        m.rmse += squared / rows;
        m.spearman += m.spearman_of.back();
    }
    auto const dimensions = static_cast<double>(std::max<std::size_t>(d, 1));
    m.mae /= dimensions;
    m.rmse = std::sqrt(m.rmse / dimensions);
    m.spearman /= dimensions;
    return m;
}

std::vector<std::vector<std::uint64_t>> tier_confusion(filter const& f, scores const& predicted, scores const& labels) {
    std::vector<std::vector<std::uint64_t>> counts(f.tiers.size(), std::vector<std::uint64_t>(f.tiers.size()));
    auto const tier = [&](std::span<double const> row) {
        auto const& name = f.tier_of(f.capped(row, {}));
        return static_cast<std::size_t>(std::ranges::find(f.tiers, name, &tier::name) - f.tiers.begin());
    };
    for (std::size_t i = 0; i != labels.rows(); ++i) ++counts[tier(labels.row(i))][tier(predicted.row(i))];
    return counts;
}

namespace {
std::string two(double x, int digits = 3) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, x);
    return text;
}
}

std::string validation_gate(double mae) {
    if (mae < 1.0) return "✅ validation MAE " + two(mae) + " < 1.0: go on to `distill evaluate`";
    if (mae <= 1.5) return "⚠️ validation MAE " + two(mae) + " is between 1.0 and 1.5: evaluate, but it may need more training";
    return "❌ validation MAE " + two(mae) + " > 1.5: consider training again before a full evaluation";
}

std::string_view name(decision d) { return d == decision::deploy ? "DEPLOY" : d == decision::review ? "REVIEW" : "FAIL"; }

verdict judge(metrics const& test, std::span<std::string const> dimensions, std::span<epoch_metrics const> history) {
    verdict v;
    auto const say = [&](decision d, std::string const& line) {
        v.what = std::max(v.what, d);
        v.reasons.push_back((d == decision::deploy ? "✅ " : d == decision::review ? "⚠️ " : "❌ ") + line);
    };
    auto const grade = [](double x, double good, double fair) { return x < good ? decision::deploy : x <= fair ? decision::review : decision::fail; };

    say(grade(test.mae, 1.0, 1.2), "test MAE " + two(test.mae) + " (below 1.0: deploy; to 1.2: review)");
    std::size_t good = 0, worst = 0;
    for (std::size_t k = 0; k != test.mae_of.size(); ++k) {
        good += test.mae_of[k] < 1.1;
        if (test.mae_of[k] > test.mae_of[worst]) worst = k;
    }
    if (!test.mae_of.empty()) {
        bool const enough = 8 * good >= 5 * test.mae_of.size();      // five of eight
        say(enough ? decision::deploy : decision::review, std::to_string(good) + " of " + std::to_string(test.mae_of.size()) + " dimensions have a MAE below 1.1");
        say(test.mae_of[worst] > 2.0 ? decision::fail : decision::deploy, "the worst dimension is " + dimensions[worst] + " with " + two(test.mae_of[worst]) + " (above 2.0: fail)");
    }
    if (history.empty()) return v;
    auto const best = std::ranges::min_element(history, {}, [](epoch_metrics const& e) { return e.val.mae; });
    auto const gap = best->val.mae - best->train.mae;
    say(gap > 0.2 ? decision::fail : gap > 0.1 ? decision::review : decision::deploy, "validation is " + two(gap) + " above training in the best epoch (over 0.1: review; over 0.2: fail)");
    auto const apart = std::abs(best->val.mae - test.mae);
    say(apart > 0.05 ? decision::review : decision::deploy, "validation and test are " + two(apart) + " apart (over 0.05: review)");
    if (history.size() > 1) {
        std::size_t falls = 0;
        for (std::size_t i = 1; i != history.size(); ++i) falls += history[i].val.mae < history[i - 1].val.mae;
        bool const converges = 3 * falls >= 2 * (history.size() - 1) && history.back().val.mae <= history.front().val.mae;
        say(converges ? decision::deploy : decision::review, "validation MAE fell in " + std::to_string(falls) + " of " + std::to_string(history.size() - 1) + " epochs, from " + two(history.front().val.mae) + " to " + two(history.back().val.mae));
    }
    return v;
}

namespace {

using named = std::map<std::string, double>;
named by_name(std::vector<double> const& values, std::span<std::string const> names) {
    named out;
    for (std::size_t i = 0; i != values.size(); ++i) out[names[i]] = values[i];
    return out;
}
struct baseline_fields { double mae = 0, rmse = 0, spearman = 0; };
struct evaluation_fields {
    double overall_mae = 0, overall_rmse = 0;
    named per_dimension_mae, per_dimension_rmse;
    std::uint64_t num_examples = 0;
    double overall_spearman = 0;
    named per_dimension_spearman;
    std::string filter_name, filter_version, model;
    std::vector<std::string> dimension_names, tier_names;
    std::vector<std::vector<std::uint64_t>> tier_confusion;
    std::map<std::string, baseline_fields> baselines;
    std::string decision;
    std::vector<std::string> reasons;
};
std::string encoded(auto const& x) {
    auto text = json::encode(x);
    if (!text) throw penstock::fatal(penstock::exit_code::internal, "metrics cannot be written: " + text.error().what());
    return *std::move(text);
}
}

std::string evaluation_json(evaluation const& e) {
    evaluation_fields f{.overall_mae = e.test.mae, .overall_rmse = e.test.rmse, .per_dimension_mae = by_name(e.test.mae_of, e.dimensions), .per_dimension_rmse = by_name(e.test.rmse_of, e.dimensions),
                        .num_examples = e.test.examples, .overall_spearman = e.test.spearman, .per_dimension_spearman = by_name(e.test.spearman_of, e.dimensions), .filter_name = e.filter_name,
                        .filter_version = e.filter_version, .model = e.model, .dimension_names = e.dimensions, .tier_names = e.tiers, .tier_confusion = e.confusion, .baselines = {},
                        .decision = std::string(name(e.verdict.what)), .reasons = e.verdict.reasons};
    for (auto const& b : e.baselines) f.baselines[b.name] = {b.of.mae, b.of.rmse, b.of.spearman};
    return encoded(f) + '\n';
}

std::string evaluation_markdown(evaluation const& e) {
    auto out = "# " + e.filter_name + ' ' + e.filter_version + ": " + std::string(name(e.verdict.what)) + "\n\nModel `" + e.model + "` on " + std::to_string(e.test.examples) + " test articles.\n\n";
    for (auto const& r : e.verdict.reasons) out += "- " + r + '\n';
    out += "\n| | MAE | RMSE | Spearman |\n|---|---|---|---|\n";
    auto const line = [&](std::string const& what, double mae, double rmse, double rank) { out += "| " + what + " | " + two(mae) + " | " + two(rmse) + " | " + two(rank) + " |\n"; };
    line("this model", e.test.mae, e.test.rmse, e.test.spearman);
    for (auto const& b : e.baselines) line(b.name, b.of.mae, b.of.rmse, b.of.spearman);
    out += "\n| dimension | MAE | RMSE | Spearman |\n|---|---|---|---|\n";
    for (std::size_t i = 0; i != e.dimensions.size(); ++i) line(e.dimensions[i], e.test.mae_of[i], e.test.rmse_of[i], e.test.spearman_of[i]);
    out += "\nTiers: rows are those of the labels, columns those of the model.\n\n| |";
    for (auto const& t : e.tiers) out += ' ' + t + " |";
    out += "\n|---|";
    for (std::size_t i = 0; i != e.tiers.size(); ++i) out += "---|";
    for (std::size_t i = 0; i != e.confusion.size(); ++i) {
        out += "\n| " + e.tiers[i] + " |";
        for (auto n : e.confusion[i]) out += ' ' + std::to_string(n) + " |";
    }
    out += '\n';
    if (!e.history.empty()) {
        out += "\n| epoch | train MAE | validation MAE |\n|---|---|---|\n";
        for (auto const& h : e.history) out += "| " + std::to_string(h.epoch) + " | " + two(h.train.mae) + " | " + two(h.val.mae) + " |\n";
    }
    return out;
}

namespace {
struct history_line { unsigned epoch = 0; named train, val; };
}

std::vector<epoch_metrics> parse_history(std::string_view text, std::span<std::string const> dimensions, std::string const& shown) {
    auto const lines = json::decode<std::vector<history_line>>(text);
    if (!lines) throw penstock::fatal(penstock::exit_code::input, shown + ": is no training history: " + lines.error().what());
    std::vector<epoch_metrics> out;
    for (auto const& l : *lines) {
        auto const side = [&](named const& of) {
            metrics m;
            auto const get = [&](std::string const& key) {
                auto const at = of.find(key);
                if (at == of.end()) throw penstock::fatal(penstock::exit_code::input, shown + ": epoch " + std::to_string(l.epoch) + " has no \"" + key + '"');
                return at->second;
            };
            m.mae = get("mae"), m.rmse = get("rmse");
            for (auto const& d : dimensions) m.mae_of.push_back(get(d + "_mae")), m.rmse_of.push_back(get(d + "_rmse"));
            return m;
        };
        out.push_back({l.epoch, side(l.train), side(l.val)});
    }
    return out;
}

} // namespace distill
