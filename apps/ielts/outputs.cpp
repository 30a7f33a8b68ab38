#include "outputs.hpp"
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <penstock/dataset/cost.hpp>
#include <penstock/dataset/fingerprint.hpp>
#include <penstock/dataset/lint.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/run/log.hpp>
#include <penstock/run/main.hpp>
#include <penstock/run/metadata.hpp>
#include "about.hpp"
#include "summary.hpp"

namespace ielts {

using penstock::exit_code;
using penstock::fatal;
namespace dataset = penstock::dataset;
namespace io = penstock::io;
namespace run = penstock::run;
using dataset::counted;

namespace {

std::string source_name(choices const& c) { return c.input == "-" ? "stdin" : c.input; }

/// What is wrong with the data and not with the way it was written: it is reported, and the file is not called valid.
constexpr std::string_view faults_of_the_data[] = {"too_few_examples", "file_too_large", "line_too_long"};

/// The check of every line of the .partial files, in the names that they will have.
dataset::lint_report check(std::vector<io::atomic_file> const& files, dataset::token_counter const& tokens) {
    std::vector<dataset::lint_file> partial;
    for (auto const& f : files) partial.push_back({.path = f.partial(), .name = f.path()});
    return dataset::lint(partial, {.assistant_json = true, .tokens = tokens});
}

void remove(std::string const& path) {
    if (std::remove(path.c_str()) != 0 && errno != ENOENT) throw fatal(exit_code::output, path + ": cannot be removed: " + std::strerror(errno));
}

} // namespace

outputs::outputs(choices const& c, dataset::price_table prices, run::job& job)
    : chosen_(c), job_(job), prices_(std::move(prices)), counting_(c.tokenizer), folder_(c.output_dir), rejects_(folder_ / "rejects.jsonl", {source_name(c)}), spool_(folder_.path()) {}

void outputs::add(penstock::position const& where, penstock::result<example> const& made) {
    auto const row = [&] { return "row " + std::to_string(where.root.row() + 1); };
    if (!made) {
        auto const why = row() + ", " + made.error().what();
        if (rejects_.count() == 0) first_reject_ = why;
        rejects_.add(where, made.error());
        run::log::debug("rejected: " + why);
        return;
    }
    if (lines_.empty()) first_example_ = row() + " of " + source_name(chosen_) + "\n" + shown(*made);
    lines_.push_back(spool_.append(made->line));
    rows_.push_back({.position = where.root.word, .stratum = band_text(made->overall.band),
                     .keys = {dataset::folded_fingerprint_of(made->essay, 1), dataset::folded_fingerprint_of(made->prompt, 2)}});
    tallies_.add(where, *made);
}

outputs::data_files outputs::write() {
    data_files made{.parts = dataset::split(rows_, {.ratio = chosen_.validation_ratio, .seed = chosen_.seed}), .files = {}};
    std::string line;
    for (auto const side : {dataset::side::train, dataset::side::validation}) {
        auto const path = folder_ / (side == dataset::side::train ? "train.jsonl" : "validation.jsonl");
        if (side == dataset::side::validation && chosen_.validation_ratio == 0) {
            remove(path + ".partial");      // of a run that was interrupted: it does not belong to this train.jsonl.partial
            continue;
        }
        auto& file = made.files.emplace_back(path);
        for (std::size_t i = 0; i != lines_.size(); ++i) {
            if (made.parts.sides[i] != side) continue;
            line.clear();
            spool_.read(lines_[i], line);
            line += '\n';
            file.write(line);
        }
        file.seal();
    }
    return made;
}

void outputs::leave_partial() {
    if (!lines_.empty()) write();
    job_.goes_on = std::to_string(lines_.size()) + " finished rows and " + std::to_string(rejects_.count()) + " rejects are in " + folder_.path() + " as .partial files\n"
                 + "to go on, run the same command again: " + job_.command_line;
}

/// metadata.json goes first and comes last: where it stands, the files beside it are those that it describes.
void outputs::commit(std::vector<io::atomic_file>& data, io::atomic_file& metadata) {
    remove(metadata.path());
    if (chosen_.validation_ratio == 0) remove(folder_ / "validation.jsonl");        // of an earlier run: beside this train.jsonl it would leak
    auto const keep = [](auto& file) {
        file.commit();
        run::log::debug("committed: " + file.path());
    };
    for (auto& file : data) keep(file);
    keep(rejects_);
    keep(metadata);
}

exit_code outputs::finish(penstock::ledger const& books, run::asked_model const& by) {
    if (job_.stopped()) {
        leave_partial();
        return exit_code::incomplete;
    }
    run::require_balance(books);
    auto const rows = books.totals();
    rejects_.seal();
    if (rows.read == 0) throw fatal(exit_code::input, source_name(chosen_) + " has no rows");
    if (lines_.empty() && rows.left != 0)
        throw fatal(exit_code::incomplete, "no row of " + source_name(chosen_) + " has all its replies yet: " + counted(rows.left, "row is", "rows are") + " left, " + std::to_string(rejects_.count()) + " rejected in " + rejects_.partial()
                                           + "\nthe same command without --finish-partial asks for them");
    if (lines_.empty())
        throw fatal(exit_code::input, "no row of " + source_name(chosen_) + " survives: " + (rejects_.count() == 1 ? "the only one is" : "all " + std::to_string(rejects_.count()) + " are") + " in " + rejects_.partial()
                                      + "\nthe first: " + first_reject_);

    auto [parts, files] = write();
    auto const linted = check(files, counting_.counter());
    std::uint64_t expected = 0;
    for (auto const name : faults_of_the_data) expected += linted.count(name);
    if (linted.errors() > expected) throw fatal(exit_code::internal, "the files in " + folder_.path() + " do not pass their own check\n" + linted.text());
    for (auto const& f : linted.findings) if (f.grade == dataset::severity::error) run::log::warning(f.file + ": " + std::string(f.check) + ": " + f.message);
    auto const cost = prices_.estimate(chosen_.training_model, linted.files[0].rows, linted.files[0].tokens.total);

    describe(about_, source_name(chosen_), chosen_, parts, linted, cost, tallies_);
    about_.set_json("model", by.json());
    about_.set(books);
    about_.set(job_);
    about_.set_versions_and_timings();
    io::atomic_file metadata(folder_ / "metadata.json");
    metadata.write(about_.text());
    metadata.seal();
    commit(files, metadata);
    job_.finished = true;

    if (rejects_.count() != 0) run::log::info(counted(rejects_.count(), "row is", "rows are") + " in " + rejects_.path() + ", the first: " + first_reject_);
    if (tallies_.criteria.by_rule != 0) run::log::info(counted(tallies_.criteria.by_rule, "criterion", "criteria") + " not stated, taken from the essay's band");
    auto const empty = [&](std::string_view name) {
        run::log::warning(std::string(name) + " is empty: " + counted(lines_.size(), "row", "rows") + " in " + counted(parts.components, "group leaves", "groups leave") + " nothing for it");
    };
    if (parts.validation == lines_.size()) empty("train.jsonl");
    if (parts.validation == 0 && files.size() > 1) empty("validation.jsonl");
    std::string again = "penstock lint --assistant-json";
    for (auto const& file : files) again += ' ' + run::shell_quoted(file.path());
    auto const text = summary({.rows = rows, .counted = tallies_, .parts = parts, .low = chosen_.low, .files = linted, .cost = cost, .folder = folder_.path(), .rejects = rejects_.count(), .example = first_example_, .check = again, .model = by.text()});
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (rows.left == 0) return exit_code::complete;
    run::log::warning(counted(rows.left, "row has", "rows have") + " no reply yet: the files are without " + (rows.left == 1 ? "it" : "them") + ", and the same command without --finish-partial asks");
    return exit_code::incomplete;
}

} // namespace ielts
