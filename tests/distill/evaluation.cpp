#include "evaluation.hpp"
#include <cmath>
#include <penstock/record/json.hpp>
#include "baselines.hpp"
#include "dataset.hpp"
#include "learning.hpp"
#include "support.hpp"

namespace {
using row = std::vector<double>;
distill::scores of(std::vector<row> const& rows) {
    distill::scores s{.dimensions = rows.at(0).size()};
    for (auto const& r : rows) s.add(r);
    return s;
}
distill::metrics flat(double mae, std::size_t dimensions = 8) { return {.mae = mae, .rmse = mae, .mae_of = row(dimensions, mae), .rmse_of = row(dimensions, mae), .spearman_of = row(dimensions)}; }
std::vector<std::string> const eight = {"a", "b", "c", "d", "e", "f", "g", "h"};
}

TEST_CASE("errors and ranks by hand") {
    auto const m = distill::measure(of({{1, 5}, {2, 5}, {6, 8}}), of({{2, 5}, {4, 7}, {3, 8}}));
    CHECK(m.mae_of == row{2, 2.0 / 3});
    CHECK(m.mae == doctest::Approx(4.0 / 3));
    CHECK(m.rmse_of[0] == doctest::Approx(std::sqrt(14.0 / 3)));
    CHECK(m.rmse == doctest::Approx(std::sqrt(18.0 / 6)));
    CHECK(m.examples == 3);
    CHECK(m.spearman_of[0] == doctest::Approx(0.5));                   // ranks 0 1 2 against 0 2 1
    CHECK(m.spearman_of[1] == doctest::Approx(std::sqrt(3.0) / 2));     // a tie: 0.5 0.5 2 against 0 1 2
    CHECK(distill::spearman(row{1, 1, 1}, row{1, 2, 3}) == 0);
    CHECK(distill::spearman(row{3, 2, 1}, row{1, 2, 3}) == -1);
    CHECK(test::error_of([] { (void)distill::measure(of({{1}}), of({{1, 2}})); }).starts_with("1: "));
}

TEST_CASE("tiers: labels by rows, predictions by columns, gatekeepers count") {
    auto const f = distill::parse_filter(test::two_dimensions("  tiers:\n    good: {threshold: 5}\n    poor: {threshold: 0}\n  gatekeeper_rules:\n    b: {threshold: 2, max_overall_if_below: 3}\n"), "c");
    CHECK(distill::tier_confusion(f, of({{9, 9}, {9, 1}, {0, 0}, {9, 9}}), of({{9, 9}, {9, 9}, {9, 9}, {0, 0}})) == std::vector<std::vector<std::uint64_t>>{{1, 2}, {1, 0}});
}

TEST_CASE("the verdict: each check of the matrix at its bounds") {
    using d = distill::decision;
    auto const judged = [](double mae) { return distill::judge(flat(mae), eight).what; };
    CHECK(judged(0.999) == d::deploy);
    CHECK(judged(1.0) == d::review);
    CHECK(judged(1.09) == d::review);
    CHECK(judged(1.21) == d::fail);
    auto m = flat(0.9);
    m.mae_of = {0.5, 0.5, 0.5, 0.5, 0.5, 1.2, 1.2, 1.2};
    CHECK(distill::judge(m, eight).what == d::deploy);
    m.mae_of[0] = 1.1;
    CHECK(distill::judge(m, eight).what == d::review);
    m.mae_of = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 2.1};
    CHECK(distill::judge(m, eight).what == d::fail);
    CHECK(distill::judge(m, eight).reasons[2] == "❌ the worst dimension is h with 2.100 (above 2.0: fail)");
    auto const history = [](std::vector<std::pair<double, double>> const& epochs) {
        std::vector<distill::epoch_metrics> h;
        for (auto [train, val] : epochs) h.push_back({static_cast<unsigned>(h.size() + 1), flat(train), flat(val)});
        return distill::judge(flat(0.9), eight, h).what;
    };
    CHECK(history({{1.2, 1.2}, {1.0, 1.0}, {0.85, 0.9}}) == d::deploy);
    CHECK(history({{1.0, 1.0}, {0.75, 0.9}}) == d::review);     // 0.15 apart
    CHECK(history({{1.0, 1.0}, {0.65, 0.9}}) == d::fail);
    CHECK(history({{1.0, 1.0}, {0.8, 0.84}}) == d::review);     // test is 0.06 off
    CHECK(history({{1.0, 0.9}, {0.9, 0.95}, {0.9, 0.94}}) == d::review);
    CHECK(distill::validation_gate(0.99).starts_with("✅"));
    CHECK(distill::validation_gate(1.5).starts_with("⚠️"));
    CHECK(distill::validation_gate(1.51).starts_with("❌"));
}

TEST_CASE("files: the original's fields, and a history that is read back") {
    std::vector<std::string> const names = {"a", "b"};
    std::vector<distill::epoch_record> const history = {{1, {{"mae", 1.5}, {"rmse", 1.6}, {"a_mae", 1}, {"a_rmse", 1}, {"b_mae", 2}, {"b_rmse", 2}}, {{"mae", 2}, {"rmse", 2.2}, {"a_mae", 1}, {"a_rmse", 1}, {"b_mae", 3}, {"b_rmse", 3}}}};
    auto const text = penstock::json::encode(history).value();
    auto const again = distill::parse_history(text, names, "h.json");
    REQUIRE(again.size() == 1);
    CHECK(again[0].val.mae == 2);
    CHECK(again[0].val.mae_of == row{1, 3});
    CHECK(test::error_of([&] { (void)distill::parse_history(text, std::vector<std::string>{"z"}, "h.json"); }) == "3: h.json: epoch 1 has no \"z_mae\"");
    CHECK(test::error_of([&] { (void)distill::parse_history("{}", names, "h.json"); }).starts_with("3: h.json: is no training history"));
    auto const measured = distill::measure(of({{1, 1}}), of({{2, 4}}));
    distill::evaluation e{.filter_name = "f", .filter_version = "1", .model = "m", .dimensions = names, .tiers = {"good", "poor"}, .test = measured, .confusion = {{1, 0}, {0, 0}},
                          .baselines = {{"mean", flat(3, 2)}}, .history = again, .verdict = distill::judge(measured, names, again)};
    auto const json = distill::evaluation_json(e);
    CHECK(json.starts_with("{\"overall_mae\":2,\"overall_rmse\":2.23606797749979,\"per_dimension_mae\":{\"a\":1,\"b\":3},"));
    CHECK(json.find("\"decision\":\"FAIL\"") != json.npos);
    CHECK(json.find("\"baselines\":{\"mean\":{\"mae\":3,") != json.npos);
    auto const page = distill::evaluation_markdown(e);
    CHECK(page.starts_with("# f 1: FAIL\n"));
    CHECK(page.find("| b | 3.000 | 3.000 | 0.000 |") != page.npos);
    CHECK(page.find("| good | 1 | 0 |") != page.npos);
}

TEST_CASE("the real histories of the original are read") {
    auto const path = test::real_data("news/training_runs/uplifting__v4_distillation__training_history.json");
    if (!path) return;
    std::vector<std::string> const names = {"agency", "progress", "collective_benefit", "connection", "innovation", "justice", "resilience", "wonder"};
    auto const h = distill::parse_history(test::read(*path), names, *path);
    CHECK(h.size() == 5);
    CHECK(h[0].train.mae == doctest::Approx(2.2392695));
}

TEST_CASE("baselines: means, medians, and a ridge that finds the words") {
    auto const train = of({{1, 0}, {2, 10}, {9, 0}});
    CHECK(distill::predict_mean(train, 2).values == row{4, 10.0 / 3, 4, 10.0 / 3});
    CHECK(distill::predict_median(train, 1).values == row{2, 0});
    // One word, two texts without it: x = 1, 1, 0, 0 centred, y = 8, 8, 2, 2: w = 6 / (1 + 1) with alpha 1.
    std::vector<std::string_view> const texts = {"solar", "Solar!", "?", "x"};
    auto const y = distill::predict_ridge(texts, of({{8}, {8}, {2}, {2}}), {"solar", "wind"}, {.alpha = 1, .at_least = 1});
    CHECK(y.values[0] == doctest::Approx(5 + 3 * 0.5));
    CHECK(y.values[1] == doctest::Approx(5 - 3 * 0.5));
}

TEST_CASE("on real labels the baselines are those that were counted with other tools") {
    auto const labelled = test::real_data("news/labelled_sustainability_gemini_part1.jsonl"), config = test::real_data("news/filter_configs/sustainability_v1.config.yaml");
    if (!labelled || !config) return;
    test::folder const f;
    REQUIRE(test::distill(f, "prepare --filter '" + *config + "' --input '" + *labelled + "' --output-dir out --map climate_impact=climate_impact_potential").code == 0);
    distill::scores labels[2] = {{.dimensions = 8}, {.dimensions = 8}};
    std::vector<std::string> texts[2];
    for (int side : {0, 1})
        for (auto const& line : test::lines(test::read(f / (side ? "out/test.jsonl" : "out/train.jsonl")))) {
            auto const r = penstock::json::decode<distill::training_row>(line);
            REQUIRE(bool(r));
            labels[side].add(r->labels);
            texts[side].push_back(r->title + "\n\n" + r->content);
        }
    auto const all = distill::baselines({texts[0].begin(), texts[0].end()}, labels[0], {texts[1].begin(), texts[1].end()}, labels[1]);
    for (auto const& b : all) std::printf("%s: test MAE %.4f, RMSE %.4f, Spearman %.4f\n", b.name.c_str(), b.of.mae, b.of.rmse, b.of.spearman);
    CHECK(std::abs(all[0].of.mae - 1.64) < 0.08);
    CHECK(std::abs(all[1].of.mae - 1.55) < 0.08);
    CHECK(std::abs(all[2].of.mae - 0.83) < 0.1);
}
