// distill prepare: labelled articles in, train.jsonl, val.jsonl and test.jsonl out, with rejects.jsonl and metadata.json beside them.
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>
#include <penstock/core/env.hpp>
#include <penstock/core/map.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/io/jsonl.hpp>
#include <penstock/io/rejects_file.hpp>
#include <penstock/run/metadata.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/printable.hpp>
#include "commands.hpp"
#include "dataset.hpp"

namespace distill {
namespace {

using penstock::exit_code;
using penstock::fatal;
namespace io = penstock::io;
namespace run = penstock::run;
namespace dataset = penstock::dataset;

struct options {
    std::string filter, input, output_dir;
    double train_ratio = 0.8, val_ratio = 0.1, test_ratio = 0.1;
    std::uint64_t seed = 42;
    std::vector<std::string> map;
    std::string analysis;
    double near = division_options{}.near;

    static constexpr run::option flags[] = {
        {.member = "filter", .help = "the filter: a folder with config.yaml", .value = "DIR", .required = true},
        {.member = "input", .help = "labelled articles, one JSON object a line, .gz and .zst too; - is standard input", .value = "FILE", .required = true},
        {.member = "output_dir", .help = "where the files go", .value = "DIR", .required = true},
        {.member = "train_ratio", .help = "share of train.jsonl", .value = "RATIO", .at_least = 0, .at_most = 1},
        {.member = "val_ratio", .help = "share of val.jsonl", .value = "RATIO", .at_least = 0, .at_most = 1},
        {.member = "test_ratio", .help = "share of test.jsonl", .value = "RATIO", .at_least = 0, .at_most = 1},
        {.member = "seed", .help = "of the split"},
        {.member = "map", .help = "the label that holds a dimension's score, where it has another name", .value = "DIMENSION=LABEL"},
        {.member = "analysis", .help = "the member that holds the scores; the filter's name and _analysis if empty", .value = "NAME"},
        {.member = "near", .help = "likeness from which two contents are never on two sides (Jaccard index of 5-grams); above 1: only equal ones", .value = "INDEX", .at_least = 0.1, .at_most = 2},
    };
};

constexpr std::array names{"train", "val", "test"};

struct facts {
    std::string filter_name, filter_version;
    std::vector<std::string> dimension_names;
    std::uint64_t total_examples = 0, train_examples = 0, val_examples = 0, test_examples = 0;
    double train_ratio = 0, val_ratio = 0, test_ratio = 0;
    std::uint64_t seed = 0;
    std::map<std::string, std::map<std::string, std::uint64_t>> tiers;      // tier, then file, rows; and "wanted" ones
    duplicates same;
    std::uint64_t rows_without_id = 0, rows_moved_to_keep_groups = 0;
};

void print(facts const& f, filter const& of, std::uint64_t rejected, std::string const& folder) {
    std::printf("%s %s: %llu articles, %zu dimensions, %llu rejected\n", penstock::printable(f.filter_name).c_str(), penstock::printable(f.filter_version).c_str(), static_cast<unsigned long long>(f.total_examples),
                f.dimension_names.size(), static_cast<unsigned long long>(rejected));
    std::printf("  %-24s %8s %8s %8s\n", "tier", "train", "val", "test");
    for (auto const& t : of.tiers) {
        auto const& n = f.tiers.at(t.name);
        std::printf("  %-24s %8llu %8llu %8llu\n", penstock::printable(t.name, 24).c_str(), static_cast<unsigned long long>(n.at("train")), static_cast<unsigned long long>(n.at("val")), static_cast<unsigned long long>(n.at("test")));
    }
    std::printf("  %-24s %8llu %8llu %8llu\n", "", static_cast<unsigned long long>(f.train_examples), static_cast<unsigned long long>(f.val_examples), static_cast<unsigned long long>(f.test_examples));
    if (f.same.near_rows + f.same.equal_rows != 0)
        std::printf("  %llu rows have an equal or near-equal content elsewhere (%llu groups of equal ones, %llu of these with different labels); each group is on one side\n",
                    static_cast<unsigned long long>(std::max(f.same.near_rows, f.same.equal_rows)), static_cast<unsigned long long>(f.same.equal_groups), static_cast<unsigned long long>(f.same.conflicting_groups));
    std::printf("Wrote train.jsonl, val.jsonl, test.jsonl, rejects.jsonl and metadata.json to %s\n", penstock::printable(folder).c_str());
}

exit_code work(options const& o, run::job& job) {
    if (std::abs(o.train_ratio + o.val_ratio + o.test_ratio - 1) > 1e-9) throw fatal(exit_code::usage, "--train-ratio, --val-ratio and --test-ratio do not add up to 1");
    if (o.train_ratio == 0) throw fatal(exit_code::usage, "--train-ratio 0 leaves no row to train on");
    auto const of = read_filter(o.filter);
    label_reader labels(of, o.map, o.analysis);
    run::metadata about;
    auto rows = io::jsonl<object>(io::input(o.input, job.stop.get_token()));
    run::output_directory const folder(o.output_dir);
    io::rejects_file rejects(folder / "rejects.jsonl", {o.input == "-" ? "stdin" : o.input});

    penstock::bare_env env;
    env.stopping = job.stop;
    std::vector<article> articles;
    {
        auto recipe = penstock::map("labels", [&labels](object const& row) {
            auto read = labels.read(row);
            if (!read) return penstock::result<article>(std::unexpected(std::move(read.error()).of(penstock::json::encode(row).value_or(std::string()))));
            return read;
        });
        auto* book = static_cast<penstock::account*>(nullptr);
        for (auto&& item : std::move(rows) | recipe | penstock::with(env)) {
            if (!book) book = &env.ledger().open("write", 0, 0);
            if (item.value) { articles.push_back(*std::move(item.value)); ++book->out; }
            else { rejects.add(penstock::position(item.where), item.value.error()); ++book->failed_out; }
        }
    }
    if (job.stopped()) return exit_code::interrupted;
    labels.check();
    if (articles.empty()) throw fatal(exit_code::input, penstock::printable(o.input) + (rejects.count() ? ": no row survives; why stands in " + rejects.partial() : std::string(" is empty")));
    run::require_balance(env.ledger());

    auto const d = divide(of, articles, {.validation = o.val_ratio, .test = o.test_ratio, .seed = o.seed, .near = o.near});
    facts f{.filter_name = of.name, .filter_version = of.version, .dimension_names = {}, .total_examples = articles.size(), .train_ratio = o.train_ratio, .val_ratio = o.val_ratio, .test_ratio = o.test_ratio,
            .seed = o.seed, .tiers = {}, .same = d.same, .rows_without_id = labels.without_id(), .rows_moved_to_keep_groups = d.parts.test.cost() + d.parts.validation.cost()};
    for (auto const& dimension : of.dimensions) f.dimension_names.push_back(dimension.name);
    for (auto const& t : of.tiers) for (auto const* name : names) f.tiers[t.name][name] = 0;

    std::vector<io::atomic_file> files;
    for (auto const* name : names) files.emplace_back(folder / (std::string(name) + ".jsonl"));
    std::array<std::uint64_t, 3> counts{};
    for (std::size_t i = 0; i != articles.size(); ++i) {
        auto& a = articles[i];
        auto const side = static_cast<std::size_t>(d.parts.sides[i]);
        auto& file = files[side];
        if (auto const done = penstock::json::encode_to(file.pending(), training_row{std::move(a.id), std::move(a.title), std::move(a.content), std::move(a.labels), f.dimension_names}); !done)
            throw fatal(exit_code::internal, "a row cannot be written: " + done.error().what());
        file.write("\n");
        ++counts[side];
        ++f.tiers[d.tiers[i]][names[side]];
    }
    f.train_examples = counts[0], f.val_examples = counts[1], f.test_examples = counts[2];
    about.set_members(penstock::json::encode(f));
    about.set(env.ledger());
    about.set(job);
    about.set_versions_and_timings();
    io::atomic_file metadata(folder / "metadata.json");
    metadata.write(about.text());
    rejects.seal();
    metadata.seal();
    for (auto& file : files) file.seal();
    for (auto& file : files) file.commit();
    rejects.commit();
    metadata.commit();
    job.finished = true;
    print(f, of, rejects.count(), folder.path());
    return exit_code::complete;
}

} // namespace

std::unique_ptr<run::command_base> prepare() { return run::command<options>("prepare", "labelled articles to train.jsonl, val.jsonl and test.jsonl", work); }

} // namespace distill
