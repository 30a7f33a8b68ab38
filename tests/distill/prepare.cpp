#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <penstock/dataset/fold.hpp>
#include <penstock/record/json.hpp>
#include "dataset.hpp"
#include "learning.hpp"
#include "labels.hpp"
#include <penstock/train/tokenizer.hpp>
#include "support.hpp"

namespace {
namespace json = penstock::json;

distill::object row(std::string const& text) {
    auto r = json::decode<distill::object>(text);
    REQUIRE_MESSAGE(bool(r), text);
    return *std::move(r);
}
/// One row through the reader of a filter of a and b: labels, or the reason.
std::string labels_of(std::string const& analysis, std::vector<std::string> const& mapped = {}) {
    auto const f = distill::parse_filter(test::two_dimensions(), "c");
    distill::label_reader reader(f, mapped, "");
    auto const a = reader.read(row(R"({"id":"x","title":"t","content":"c","two_analysis":)" + analysis + "}"));
    if (!a) return a.error().what();
    std::string out;
    for (double x : a->labels) out += (out.empty() ? "" : " ") + std::to_string(x).substr(0, 4);
    return out;
}
distill::training_row training_row_of(std::string const& line) {
    auto r = json::decode<distill::training_row>(line);
    REQUIRE_MESSAGE(bool(r), line);
    return *std::move(r);
}
}

TEST_CASE("labels: flat, nested, and with their reasoning") {
    CHECK(labels_of(R"({"a":7,"b":6.5,"content_type":"x"})") == "7.00 6.50");
    CHECK(labels_of(R"({"dimensions":{"b":0,"a":10},"overall_score":3})") == "10.0 0.00");
    CHECK(labels_of(R"({"a":{"score":7,"reasoning":"because"},"b":{"reasoning":"so","score":2}})") == "7.00 2.00");
    CHECK(labels_of(R"({"dimensions":{"a":{"score":1},"b":2}})") == "1.00 2.00");
    CHECK(labels_of(R"({"other":3,"b":2})", {"a=other"}) == "3.00 2.00");
}

TEST_CASE("labels that cannot be used are said one by one") {
    CHECK(labels_of(R"({"a":7})") == "score of \"b\" is missing");
    CHECK(labels_of(R"({"a":null,"b":1})") == "score of \"a\" is missing");
    CHECK(labels_of(R"({"a":11,"b":1})") == "score of \"a\" is 11, not between 0 and 10");
    CHECK(labels_of(R"({"a":-0.5,"b":1})") == "score of \"a\" is -0.5, not between 0 and 10");
    CHECK(labels_of(R"({"a":"7/10","b":1})") == "score of \"a\" is \"7/10\", not a number");
    CHECK(labels_of(R"({"a":true,"b":1})") == "score of \"a\" is true, not a number");
    CHECK(labels_of(R"({"a":{"reasoning":"x"},"b":1})") == "score of \"a\" is an object without \"score\"");
    CHECK(labels_of("7") == "\"two_analysis\" is not an object");
}

TEST_CASE("other members of a row") {
    auto const f = distill::parse_filter("filter: {name: my-filter}\nscoring:\n  dimensions:\n    a: {}\n", "c");
    distill::label_reader reader(f, {}, "");
    auto const a = reader.read(row(R"({"title":"t","description":"d","my_filter_analysis":{"a":3,"content_type":"news","flags":{"x":true,"y":false}}})"));
    REQUIRE(bool(a));
    CHECK(a->content == "d");
    CHECK(a->id == "row_1");
    CHECK(a->said_to_be == std::vector<std::string>{"news", "x"});
    CHECK(reader.read(row(R"({"id":17,"title":"t","my-filter_analysis":{"a":3}})"))->id == "17");
    CHECK(reader.read(row(R"({"id":"q","my-filter_analysis":{"a":3}})")).error().what() == "neither a title nor content");
    CHECK(reader.read(row(R"({"id":"q"})")).error().what() == "no \"my-filter_analysis\"");
    CHECK(reader.without_id() == 1);
}

TEST_CASE("a dimension that no row has is an error with the nearest label; so is the analysis") {
    test::folder const f;
    test::write(f / "filter/config.yaml", "filter: {name: one}\nscoring:\n  dimensions:\n    climate_effect: {weight: 1}\n");
    test::write(f / "rows.jsonl", R"({"id":"1","title":"t","content":"c","one_analysis":{"climate_effect_potential":3,"trust":4,"reasoning":"long"}})" "\n");
    auto const r = test::distill(f, "prepare --filter filter --input rows.jsonl --output-dir out");
    CHECK(r.code == 3);
    CHECK(r.err == "distill: no row has a score of \"climate_effect\"; the nearest label is \"climate_effect_potential\" (--map climate_effect=climate_effect_potential takes it)\n");
    CHECK(!std::filesystem::exists(f / "out/train.jsonl"));
    CHECK(test::distill(f, "prepare --filter filter --input rows.jsonl --output-dir out --map climate_effect=climate_effect_potential").code == 0);
    CHECK(training_row_of(test::lines(test::read(f / "out/train.jsonl")).at(0)).dimension_names == std::vector<std::string>{"climate_effect"});
    CHECK(test::distill(f, "prepare --filter filter --input rows.jsonl --output-dir out --map other=trust").err == "distill: --map other=trust: \"other\" is no dimension of one\n");
    CHECK(test::distill(f, "prepare --filter filter --input rows.jsonl --output-dir out --map climate_effect").code == 2);
    test::write(f / "filter/config.yaml", "filter: {name: two}\nscoring:\n  dimensions:\n    trust: {weight: 1}\n");
    CHECK(test::distill(f, "prepare --filter filter --input rows.jsonl --output-dir out").err == "distill: no row has \"two_analysis\"; the rows have \"one_analysis\" (--analysis NAME takes another)\n");
    CHECK(test::distill(f, "prepare --filter filter --input rows.jsonl --output-dir out --analysis one_analysis").code == 0);
    CHECK(test::distill(f, "prepare --filter filter --input rows.jsonl --output-dir out --val-ratio 0.2").code == 2);
    CHECK(test::distill(f, "prepare --filter filter --input none.jsonl --output-dir out").code == 3);
    test::write(f / "rows.jsonl", "");
    CHECK(test::distill(f, "prepare --filter filter --input rows.jsonl --output-dir out").err == "distill: rows.jsonl is empty\n");
}

TEST_CASE("the split: exact counts by tier, groups on one side, labels as they came") {
    auto const f = distill::parse_filter(test::two_dimensions(), "c");
    std::vector<distill::article> articles;
    auto const text = [](unsigned n) {      // words that two texts do not share
        std::string out;
        for (unsigned w = 0; w != 30; ++w) { n = n * 1664525u + 1013904223u; out += " w" + std::to_string(n >> 8); }
        return out;
    };
    for (unsigned i = 0; i != 1000; ++i) {
        double const score = i % 10 < 3 ? 8 : 1;
        articles.push_back({std::to_string(i), "t", text(i), {score, score}, {}});
    }
    // 1000 to 1003: a copy in capitals with other labels, a near copy of it, and of that.
    auto const copy = [&](std::string content, double label) { articles.push_back({std::to_string(articles.size()), "t", std::move(content), {label, label}, {}}); };
    std::string capitals = text(5);
    std::ranges::transform(capitals, capitals.begin(), [](unsigned char c) { return static_cast<char>(c == 'w' ? 'W' : c); });
    copy(capitals, 1);
    copy(text(5) + " more", 1);
    copy(text(5) + " more again", 1);
    auto const d = distill::divide(f, articles, {.validation = 0.1, .test = 0.1, .seed = 42});
    std::map<std::pair<std::string, int>, int> counts;
    for (std::size_t i = 0; i != articles.size(); ++i) ++counts[{d.tiers[i], static_cast<int>(d.parts.sides[i])}];
    CHECK(counts[{"good", 1}] == 30);
    CHECK(counts[{"good", 2}] == 30);
    CHECK(std::abs(counts[{"poor", 1}] - 70) <= 1);
    CHECK(std::abs(counts[{"poor", 2}] - 70) <= 1);
    CHECK(d.same.equal_groups == 1);
    CHECK(d.same.equal_rows == 2);
    CHECK(d.same.conflicting_groups == 0);      // both say 1
    CHECK(d.same.near_rows == 4);
    for (auto i : {1000u, 1001u, 1002u}) CHECK(d.parts.sides[i] == d.parts.sides[5]);
    // The order of rows is of no influence on where a row goes.
    auto turned = articles;
    std::ranges::reverse(turned);
    auto const again = distill::divide(f, turned, {.validation = 0.1, .test = 0.1, .seed = 42});
    for (std::size_t i = 0; i != articles.size(); ++i) if (d.parts.sides[i] != again.parts.sides[articles.size() - 1 - i]) FAIL_CHECK("row " << i << " changed sides");
}

TEST_CASE("the sample: every row is in one file, rejects have their reasons, the same bytes every time") {
    test::folder const f;
    auto const command = std::string("prepare --filter '" DISTILL_SAMPLE "/filter' --input '" DISTILL_SAMPLE "/labelled.jsonl' --output-dir ");
    auto const r = test::distill(f, command + "one");
    CHECK_MESSAGE(r.code == 0, r.err);
    std::size_t rows = 0;
    std::set<std::string> ids, contents;
    for (auto const* name : {"train", "val", "test"}) {
        std::set<std::string> here;
        for (auto const& line : test::lines(test::read(f / ("one/" + std::string(name) + ".jsonl")))) {
            auto const t = training_row_of(line);
            CHECK(t.labels.size() == 4);
            CHECK(t.dimension_names == std::vector<std::string>{"practicality", "safety", "thrift", "clarity"});
            ids.insert(t.id);
            auto const folded = penstock::dataset::fold(t.content);
            CHECK(!contents.contains(folded));      // in no earlier file
            here.insert(folded);
            ++rows;
        }
        contents.merge(here);
    }
    CHECK(rows == 161);
    CHECK(ids.size() == 161);
    auto const rejects = test::lines(test::read(f / "one/rejects.jsonl"));
    REQUIRE(rejects.size() == 2);
    CHECK(rejects[0].find(R"("row":162,)") != std::string::npos);
    CHECK(rejects[0].find(R"("reason":"score of \"clarity\" is missing")") != std::string::npos);
    CHECK(rejects[0].find(R"(mend_161)") != std::string::npos);
    CHECK(rejects[1].find(R"("reason":"score of \"safety\" is 70, not between 0 and 10")") != std::string::npos);
    CHECK(test::distill(f, command + "two").code == 0);
    CHECK(test::distill(f, command + "three --seed 7").code == 0);
    for (auto const* name : {"train.jsonl", "val.jsonl", "test.jsonl", "rejects.jsonl"}) CHECK(test::read(f / ("one/" + std::string(name))) == test::read(f / ("two/" + std::string(name))));
    CHECK(test::read(f / "one/test.jsonl") != test::read(f / "three/test.jsonl"));
}

TEST_CASE("real labels: the tiers as counted, every group of copies on one side") {
    auto const labelled = test::real_data("news/labelled_sustainability_gemini_part1.jsonl"), config = test::real_data("news/filter_configs/sustainability_v1.config.yaml");
    if (!labelled || !config) return;
    test::folder const f;
    auto const r = test::distill(f, "prepare --filter '" + *config + "' --input '" + *labelled + "' --output-dir out --map climate_impact=climate_impact_potential");
    CHECK_MESSAGE(r.code == 0, r.err);
    CHECK(test::lines(test::read(f / "out/train.jsonl")).size() == 3044);
    CHECK(test::lines(test::read(f / "out/val.jsonl")).size() == 380);
    CHECK(test::lines(test::read(f / "out/test.jsonl")).size() == 380);
    auto const about = test::read(f / "out/metadata.json");
    CHECK(about.find("\"equal_groups\": 32") != about.npos);
    CHECK(about.find("\"conflicting_groups\": 26") != about.npos);
}

TEST_CASE("rows are read back for the filter they were made for, and no other") {
    test::folder const f;
    auto const two = distill::parse_filter(test::two_dimensions(), "c"), turned = distill::parse_filter("filter: {name: turned}\nscoring:\n  dimensions:\n    b: {}\n    a: {}\n", "c");
    auto const said = [&](std::string const& rows, distill::filter const& of) {
        test::write(f / "rows.jsonl", rows);
        return test::error_of([&] { (void)distill::read_rows(f / "rows.jsonl", of, {}); });
    };
    std::string const good = R"({"id":"1","title":"t","content":"c","labels":[3,4.5],"dimension_names":["a","b"]})" "\n";
    CHECK(said(good, two) == "nothing");
    CHECK(distill::read_rows(f / "rows.jsonl", two, {}).at(0).labels == std::vector<double>{3, 4.5});
    auto const at = "3: " + (f / "rows.jsonl");
    CHECK(said(good + good, turned) == at + ", row 1: its dimensions are not those of the filter turned; distill prepare writes them for a filter");
    CHECK(said(good + R"({"id":"1","title":"t","content":"c","labels":[3],"dimension_names":["a","b"]})", two) .starts_with(at + ", row 2: its dimensions are not those of the filter"));
    CHECK(said(R"({"id":"1","title":"t","content":"c","labels":[3,11],"dimension_names":["a","b"]})", two) == at + ", row 1: a label is not between 0 and 10");
    CHECK(said("{\n", two).starts_with(at));
    CHECK(said("", two) == at + " is empty");
}

TEST_CASE("distill tokens: a line an article, ids that are decoded to its text") {
    test::folder const f;
    CHECK(test::distill(f, "tokens --model . --input rows.jsonl").code == 3);
    test::write(f / "rows.jsonl", "{\"title\":\"A b\",\"content\":\"c\"}\n{\"content\":null}\n");
    penstock::train::tokenizer_parts parts;
    for (penstock::train::token i = 0; i != 256; ++i) parts.tokens.emplace_back(1, static_cast<char>(i));
    penstock::train::tokenizer::of(parts, "t").save(f.path.string());
    auto const r = test::distill(f, "tokens --model . --input rows.jsonl");
    CHECK(r.code == 0);
    CHECK(r.out == "[65,32,98,10,10,99]\n[10,10]\n");
    test::write(f / "rows.jsonl", "{\"title\":\n");
    CHECK(test::distill(f, "tokens --model tokenizer.json --input rows.jsonl").code == 3);
}

TEST_CASE("penstock lint counts with a tokenizer where it is given one") {
    test::folder const f;
    penstock::train::tokenizer_parts parts;
    for (penstock::train::token i = 0; i != 256; ++i) parts.tokens.emplace_back(1, static_cast<char>(i));
    penstock::train::tokenizer::of(parts, "t").save(f.path.string());
    test::write(f / "rows.jsonl", R"({"messages":[{"role":"user","content":"four"},{"role":"assistant","content":"sixsix"}]})" "\n");
    auto const lint = [&](std::string const& more) { return std::system(("cd '" + f.path.string() + "' && '" PENSTOCK_TOOL "' lint rows.jsonl --min-examples 0 " + more + " >out.txt").c_str()); };
    CHECK(lint("") == 0);
    CHECK(test::read(f / "out.txt").find("tokens a row (estimated): ") != std::string::npos);
    CHECK(lint("--tokenizer . --json") == 0);
    CHECK(test::read(f / "out.txt").find("\"tokens\": {\n        \"total\": 32,") != std::string::npos);      // 3 + (3 + 4 + 4) + (3 + 9 + 6)
}
