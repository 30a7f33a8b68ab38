#include "run.hpp"
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <unistd.h>
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/fold.hpp>
#include <penstock/dataset/split.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/run/asked_model.hpp>
#include <penstock/run/log.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/run/progress.hpp>
#include <penstock/text/minhash.hpp>
#include "counting.hpp"
#include "data_file.hpp"
#include "generate.hpp"
#include "metrics.hpp"
#include "provider.hpp"
#include "validate.hpp"

namespace intents {

using penstock::exit_code;
using penstock::fatal;
using penstock::dataset::with_commas;
namespace dataset = penstock::dataset;
namespace log = penstock::run::log;

namespace {

void print(std::string const& text) { std::fwrite(text.data(), 1, text.size(), stdout); }
std::string beside(std::string const& output, std::string_view name) { return (std::filesystem::path(output).parent_path() / name).string(); }
std::string dollars(double x) { char text[32]; std::snprintf(text, sizeof text, x < 1 ? "$%.4f" : "$%.2f", x); return text; }

/// Nothing is paid for that nobody agreed to. The most requests that may be sent: twice the estimate, which no run without repeats and unusable replies reaches.
std::uint64_t agree(choices const& c, grammar const& g, generator_options const& o, penstock::run::asked_model const& asked) {
    tool::counting const tokens(c.tokenizer);
    auto const cost = estimate_of(g, o, c.batch_size, tokens.counter());
    auto const most = 2 * cost.requests;
    auto const line = "at least " + with_commas(cost.requests) + " requests to " + asked.model().options().name + ", about " + with_commas(cost.input_tokens) + " input and " + with_commas(cost.output_tokens) + " output tokens: "
                    + dollars((static_cast<double>(cost.input_tokens) * c.input_price + static_cast<double>(cost.output_tokens) * c.output_price) / 1e6) + " at " + dollars(c.input_price) + " and " + dollars(c.output_price)
                    + " a million; repeats and unusable replies are asked for again, and the run stops at " + with_commas(most) + " requests; replies in the journal cost nothing";
    if (c.yes || !asked.sends()) { log::info(line); return most; }
    if (!::isatty(STDIN_FILENO)) throw fatal(exit_code::usage, line + "\n--yes goes on");
    print(line + "\ngo on? [y/N] ");
    std::fflush(stdout);
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "Y" && answer != "yes") throw fatal(exit_code::usage, "nothing was sent");
    return most;
}

void write_by_model(choices const& c, generator& to, grammar const& g, generator_options const& o, penstock::run::job& job) {
    penstock::llm::asking_env env;
    env.stopping = job.stop;
    auto flags = c.model;
    if (flags.journal.empty()) flags.journal = beside(c.output, "journal");
    penstock::run::asked_model asked(flags, {}, env, job.stop.get_token(), "without --provider the grammar writes");
    if (!asked.by_model() || (!asked.model().unavailable().empty() && asked.journal().opened().replies == 0)) {       // --fallback offline
        for (std::size_t i = 0; i != intent_count; ++i) to.intent_rows(static_cast<intent>(i));
        return;
    }
    auto const most = agree(c, g, o, asked);
    written made;
    try {
        made = model_rows(to, g, o, c.batch_size, most, env);
    } catch (fatal const& e) { throw asked.ended(e); }
    auto const kept = std::to_string(asked.model().counts().replies) + " replies of this run are in the journal";
    if (made.by_model == 0 && made.refused != 0 && !job.stopped() && !c.model.finish_partial && c.model.fallback == penstock::run::fallback::none)
        throw fatal(exit_code::access, "no reply of " + asked.model().options().name + " was usable (" + with_commas(made.refused) + " requests); " + kept + ", --log-level DEBUG shows what was wrong with them");
    if (made.dear) throw fatal(exit_code::incomplete, "stopped at twice the " + with_commas(most / 2) + " requests that were announced: " + with_commas(made.by_model) + " rows so far; " + kept + ": the same command goes on, and may send as many again");
    log::info("by the model " + with_commas(made.by_model) + " rows in " + with_commas(made.rounds) + " rounds; " + with_commas(made.repeated) + " texts that were there already, " + with_commas(made.faulty) + " that the validator would not pass, " + with_commas(made.refused) + " requests without a usable reply");
    if (made.by_grammar != 0) log::warning("the model had nothing new to say: " + with_commas(made.by_grammar) + " rows are from the grammar (generation_method \"template\")");
    print(asked.text());
}

} // namespace

exit_code make(choices const& c, penstock::run::job& job) {
    std::error_code ignored;
    if (std::filesystem::is_directory(c.output, ignored)) throw fatal(exit_code::output, "--output " + c.output + " is a folder, not a file");
    auto const folder = std::filesystem::path(c.output).parent_path().string();
    penstock::run::output_directory const alone(folder.empty() ? "." : folder);         // the log has one name for all data sets of a folder
    log::also_to(beside(c.output, "data_generation.log"));
    grammar const g;
    generator_options const how{.examples_per_intent = c.examples_per_intent, .edge_cases = c.edge_cases, .seed = c.seed, .generated_at = generation_date()};
    generator rows(g, how);
    log::info(with_commas(c.examples_per_intent) + " rows of each intent and " + with_commas(c.edge_cases) + " edge cases, seed " + std::to_string(c.seed));
    bool const by_model = c.model.provider != penstock::run::provider::offline;
    {
        penstock::run::progress progress("rows", c.examples_per_intent * intent_count + c.edge_cases);
        if (by_model) write_by_model(c, rows, g, how, job);
        else for (std::size_t i = 0; i != intent_count && !job.stopped(); ++i) {
            rows.intent_rows(static_cast<intent>(i));
            progress.at(rows.rows().size(), 0);
            log::debug(std::string(penstock::enum_name(static_cast<intent>(i))) + ": " + with_commas(c.examples_per_intent) + " rows");
        }
        if (job.stopped()) return exit_code::incomplete;
        rows.edge_rows();
        progress.at(rows.rows().size(), 0);
        progress.finish();
    }
    auto const text = data_text(rows.rows(), {.examples_per_intent = c.examples_per_intent, .edge_cases = c.edge_cases, .use_openai = by_model, .temperature = c.model.temperature, .seed = c.seed}, how.generated_at);
    auto const report = validate(data_of(c.output, text));
    write_whole(c.output, text);
    write_whole(c.output + ".validation_report.txt", report.text());
    job.finished = true;
    print(report.text() + text_of(metrics_of(rows.rows()), rows.rows().size()) + "written: " + c.output + ", " + c.output + ".validation_report.txt\n");
    log::info("written: " + c.output + ", " + with_commas(rows.rows().size()) + " rows");
    if (!report.passed()) throw fatal(by_model ? exit_code::input : exit_code::internal, c.output + " does not pass its own check: " + c.output + ".validation_report.txt");
    return exit_code::complete;
}

exit_code check(std::string const& path) {
    auto const report = validate(read_data(path));
    print(report.text());
    return report.passed() ? exit_code::complete : exit_code::input;
}

exit_code combine(std::vector<std::string> const& paths, std::string const& output) {
    std::vector<data_file> files;
    for (auto const& p : paths) files.push_back(read_data(p));
    std::vector<file_row const*> kept;
    penstock::near_index index;
    std::string told;
    for (auto const& f : files) {
        std::uint64_t equal = 0, near = 0, foreign = 0;
        for (auto const& row : f.rows) {
            if (!row.fault.empty() || !as_example(row)) { ++foreign; continue; }
            auto const folded = dataset::fold(row.text);
            if (auto const found = index.find(folded)) { ++(found->jaccard == 1 ? equal : near); continue; }
            index.add(folded);
            kept.push_back(&row);
        }
        told += f.path + ": " + with_commas(f.rows.size()) + " rows, left out " + with_commas(equal) + " equal and " + with_commas(near) + " near to an earlier one, " + with_commas(foreign) + " without our labels\n";
    }
    if (kept.empty()) throw fatal(exit_code::input, "no row of these files survives\n" + told);
    std::string sources;
    for (auto const& f : files) sources += (sources.empty() ? "" : ",") + (f.config.empty() ? "null" : f.config);
    write_whole(output, data_text(kept, files.size() == 1 ? files[0].config : "{\"sources\":[" + sources + "]}", generation_date()));
    print(told + "written: " + output + ", " + with_commas(kept.size()) + " rows\n");
    return exit_code::complete;
}

exit_code split(std::string const& path, std::string const& folder, double validation, double test, std::uint64_t seed) {
    auto file = read_data(path);
    auto const foreign = std::erase_if(file.rows, [](file_row const& r) { return !r.fault.empty() || !as_example(r); });
    if (file.rows.empty()) throw fatal(exit_code::input, path + " has no row that can be split: none has a text and our labels");
    std::vector<std::string> folded;
    std::vector<std::string_view> views;
    for (auto const& row : file.rows) folded.push_back(dataset::fold(row.text));
    for (auto const& t : folded) views.emplace_back(t);
    auto const clusters = penstock::near_clusters(views);

    // A row of several frames would tie them all into one group: it follows its frames instead.
    std::vector<dataset::split_row> rows;
    std::vector<std::size_t> row_of, followers;
    for (std::size_t i = 0; i != file.rows.size(); ++i) {
        auto const& row = file.rows[i];
        if (row.frames.size() > 1) { followers.push_back(i); continue; }
        dataset::split_row r{.position = i, .stratum = row.intent, .keys = {dataset::fingerprint_of(folded[clusters[i]], 1)}};
        for (auto const& f : row.frames) r.keys.push_back(dataset::fingerprint_of(f, 2));
        rows.push_back(std::move(r));
        row_of.push_back(i);
    }
    if (rows.empty()) throw fatal(exit_code::input, path + " has no row that can be split");
    auto const parts = dataset::split_in_three(rows, {.validation = validation, .test = test, .seed = seed});

    std::map<std::string, dataset::side, std::less<>> side_of_frame;
    std::map<std::size_t, dataset::side> side_of_cluster;
    std::map<dataset::side, std::set<std::size_t>> sides;
    for (std::size_t n = 0; n != rows.size(); ++n) {
        sides[parts.sides[n]].insert(row_of[n]);
        side_of_cluster[clusters[row_of[n]]] = parts.sides[n];
        for (auto const& f : file.rows[row_of[n]].frames) side_of_frame[f] = parts.sides[n];
    }
    std::uint64_t between = 0;
    for (auto const i : followers) {
        std::set<dataset::side> touched;
        for (auto const& f : file.rows[i].frames) if (auto const at = side_of_frame.find(f); at != side_of_frame.end()) touched.insert(at->second);
        if (auto const at = side_of_cluster.find(clusters[i]); at != side_of_cluster.end()) touched.insert(at->second);
        if (touched.size() > 1) { ++between; continue; }
        auto const side = touched.empty() ? dataset::side::train : *touched.begin();
        sides[side].insert(i);
        side_of_cluster[clusters[i]] = side;
        for (auto const& f : file.rows[i].frames) side_of_frame.try_emplace(f, side);
    }

    auto stem = path.ends_with(".json") ? path.substr(0, path.size() - 5) : path;
    if (!folder.empty()) stem = (std::filesystem::path(folder) / std::filesystem::path(stem).filename()).string();
    std::map<std::string_view, std::map<dataset::side, std::uint64_t>> table;
    for (auto const& [side, some] : sides) for (auto const i : some) ++table[file.rows[i].intent][side];
    char line[96];
    std::snprintf(line, sizeof line, "%-20s %8s %12s %8s\n", "rows", "train", "validation", "test");
    std::string told = line;
    for (auto& [name, of] : table) {
        std::snprintf(line, sizeof line, "%-20.20s %8llu %12llu %8llu\n", penstock::printable(name, 20).c_str(), static_cast<unsigned long long>(of[dataset::side::train]), static_cast<unsigned long long>(of[dataset::side::validation]), static_cast<unsigned long long>(of[dataset::side::test]));
        told += line;
    }
    for (auto const& [side, name] : {std::pair{dataset::side::train, "train"}, {dataset::side::validation, "validation"}, {dataset::side::test, "test"}}) {
        std::vector<file_row const*> some;
        for (auto const i : sides[side]) some.push_back(&file.rows[i]);
        auto const to = stem + '.' + name + ".json";
        if (some.empty()) { told += to + ": no rows, not written\n"; continue; }
        write_whole(to, data_text(some, file.config, generation_date()));
        told += "written: " + to + ", " + with_commas(some.size()) + " rows\n";
    }
    if (foreign != 0) told += "left out " + with_commas(foreign) + " rows without our labels\n";
    if (between != 0) told += with_commas(between) + " rows are made of frames of different sides, and are in no file\n";
    print(told);
    return exit_code::complete;
}

} // namespace intents
