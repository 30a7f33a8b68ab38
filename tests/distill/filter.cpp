#include "filter.hpp"
#include "support.hpp"
#include "yaml.hpp"

namespace {
using labels = std::vector<double>;
std::string said(std::string const& text) { return test::error_of([&] { (void)distill::parse_filter(text, "c"); }); }
}

TEST_CASE("the first dialect: a gatekeeper among the dimensions, caps by flag") {
    auto const f = distill::parse_filter(R"(
filter: {name: one, version: "1.0"}
scoring:
  dimensions:
    impact: {weight: 0.6, description: "x"}
    trust:
      weight: 0.4
      gatekeeper: true
      gatekeeper_threshold: 5
      gatekeeper_max_score: 4
  tiers:
    low: {threshold: 0.0}
    high: {threshold: 7.5}
    middle: {threshold: 5.0}
  content_type_caps:
    vaporware: {max_investment: 4, max_overall: 5.0, triggers: [a, b]}
)", "c");
    CHECK(f.name == "one");
    CHECK(f.dimensions[0].name == "impact");
    CHECK(f.overall(labels{10, 5}) == doctest::Approx(8));
    CHECK(f.capped(labels{10, 5}, {}) == doctest::Approx(8));
    CHECK(f.capped(labels{10, 4}, {}) == 4);
    CHECK(f.capped(labels{10, 9}, std::vector<std::string>{"vaporware_risk"}) == 5);
    CHECK(f.capped(labels{10, 9}, std::vector<std::string>{"vaporware"}) == 5);
    CHECK(f.capped(labels{10, 9}, std::vector<std::string>{"story"}) > 9);
    CHECK(f.tier_of(7.5) == "high");
    CHECK(f.tier_of(7.5 - 1e-12) == "high");
    CHECK(f.tier_of(7.4) == "middle");
    CHECK(f.tier_of(-1) == "low");
    CHECK(!f.bins);
}

TEST_CASE("the second dialect: rules beside the dimensions") {
    auto const f = distill::parse_filter(test::two_dimensions("  gatekeeper_rules:\n    b: {threshold: 5.0, max_overall_if_below: 4.9, reasoning: x}\n    a: {threshold: 4.0, max_overall_if_below: 3.9}\n"), "c");
    CHECK(f.capped(labels{8, 4.9}, {}) == 4.9);
    CHECK(f.capped(labels{3, 4}, {}) == 3.5);
    CHECK(f.capped(labels{3.9, 10}, {}) == 3.9);
    CHECK(f.bins);
    CHECK(f.tier_of(8) == "very_high");
    CHECK(f.tier_of(7.9) == "high");
    CHECK(f.tier_of(1.9) == "very_low");
}

TEST_CASE("the third dialect: an exception for the gatekeeper, caps under a condition") {
    auto const f = distill::parse_filter(R"(
filter: {name: three}
scoring:
  dimensions:
    benefit:
      weight: 0.5
      gatekeeper: true
      gatekeeper_threshold: 5
      gatekeeper_max_score: 3
      gatekeeper_exception: {dimension: wonder, threshold: 7, min_benefit: 3}
    wonder: {weight: 0.5}
  content_type_caps:
    business: {max_score: 4.0, condition: "benefit < 6"}
    finance: {max_score: 2.0}
)", "c");
    CHECK(f.capped(labels{4, 6.9}, {}) == 3);
    CHECK(f.capped(labels{4, 7}, {}) == 5.5);
    CHECK(f.capped(labels{2.9, 7}, {}) == 3);
    CHECK(f.capped(labels{5.9, 5.9}, std::vector<std::string>{"business"}) == 4);
    CHECK(f.capped(labels{6, 6}, std::vector<std::string>{"business"}) == 6);
    CHECK(f.capped(labels{6, 6}, std::vector<std::string>{"finance", "business"}) == 2);
}

TEST_CASE("what is wrong with a filter is said with its line") {
    CHECK(said("filter: {name: x}\n") == "2: c:1: has no dimensions under \"scoring\"");
    CHECK(said("scoring: {}\n") == "2: c:1: the filter has no name");
    CHECK(said("a: [1\n") == "2: c:2: is not YAML: end of sequence flow not found");
    CHECK(said("a: 1\na: 2\n") == "2: c:2: has the key \"a\" twice");
    CHECK(said("filter: {name: x}\nscoring:\n  dimensions:\n    a: {weight: much}\n") == "2: c:4: \"weight\" is not a number");
    CHECK(said("filter: {name: x}\nscoring:\n  dimensions:\n    a: {weight: 0}\n") == "2: c:4: all weights are 0");
    CHECK(said("filter: {name: x}\nscoring:\n  dimensions:\n    a: {weight: -1}\n").ends_with("the weight of \"a\" is below 0"));
    CHECK(said("filter: {name: x}\nscoring:\n  dimensions:\n    a:\n      gatekeeper: true\n").ends_with("has no \"gatekeeper_threshold\""));
    CHECK(said(test::two_dimensions("  gatekeeper_rules:\n    z: {threshold: 1, max_overall_if_below: 1}\n")) == "2: c:7: \"z\" is no dimension of this filter");
    CHECK(said(test::two_dimensions("  content_type_caps:\n    x: {triggers: []}\n")).ends_with("content type \"x\" has neither \"max_overall\" nor \"max_score\""));
    CHECK(said(test::two_dimensions("  content_type_caps:\n    x: {max_score: 1, condition: \"a is 6\"}\n")).ends_with("the condition \"a is 6\" is not of the form: dimension < number"));
    CHECK(test::error_of([] { (void)distill::read_filter("/no/such/config.yaml"); }) == "2: /no/such/config.yaml: cannot be read");
}

TEST_CASE("aliases do not grow without end") {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i != 9; ++i) {
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j != 10; ++j) text += "*a" + std::to_string(i - 1) + (j == 9 ? "]\n" : ", ");
    }
    CHECK(test::error_of([&] { (void)distill::parse_yaml(text, "c"); }).ends_with("has more than a million values"));
}

TEST_CASE("the three real filters") {
    for (auto const* name : {"sustainability_v1", "sustainability_tech_deployment_v1", "uplifting_v1"}) {
        auto const path = test::real_data("news/filter_configs/" + std::string(name) + ".config.yaml");
        if (!path) continue;
        auto const f = distill::read_filter(*path);
        CHECK(f.dimensions.size() == 8);
        double sum = 0;
        for (auto const& d : f.dimensions) sum += d.weight;
        CHECK(sum == doctest::Approx(1));
        CHECK(!f.bins);
        CHECK(f.gatekeepers.size() == (std::string_view(name) == "sustainability_tech_deployment_v1" ? 2u : 1u));
        CHECK(f.caps.size() == (std::string_view(name) == "sustainability_tech_deployment_v1" ? 0u : 3u));
    }
}
