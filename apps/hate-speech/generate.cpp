#include "generate.hpp"
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>
#include <penstock/core/env.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>
#include <penstock/dataset/chat.hpp>
#include <penstock/dataset/leakage.hpp>
#include <penstock/dataset/lint.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/dataset/tokens.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/io/rejects_file.hpp>
#include <penstock/io/rows.hpp>
#include <penstock/record/json_encode.hpp>
#include <penstock/run/log.hpp>
#include <penstock/run/main.hpp>
#include <penstock/run/metadata.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/printable.hpp>
#include "counting.hpp"
#include "strategies.hpp"
#include "survey.hpp"

namespace hate {

using penstock::exit_code;
using penstock::fatal;
namespace dataset = penstock::dataset;
namespace io = penstock::io;
namespace run = penstock::run;

namespace {
/// What metadata.json says of a file that was written.
struct written_file {
    std::string file;
    std::uint64_t rows = 0, hate_speech = 0, not_hate = 0, reasoning_null = 0, over_limit = 0;
    std::vector<std::uint64_t> rows_over_limit = {};        // of the input, from 1
};
/// A file is opened with its first row: there is no empty one.
struct output {
    std::string path;
    std::size_t part = 0;
    std::optional<io::atomic_file> file = {};
    written_file about;
    std::vector<std::uint64_t> tokens = {};
    output(std::string const& where, std::size_t of) : path(where), part(of), about{.file = path.substr(path.rfind('/') + 1)} {}

    penstock::result<void> add(std::string const& system, std::string user, std::string const& assistant, std::uint64_t row, std::uint64_t limit, dataset::token_counter const& count) {
        if (!file) file.emplace(path);
        auto const chat = dataset::three_turns(system, std::move(user), assistant);
        if (auto done = penstock::json::encode_to(file->pending(), chat); !done) return done;
        file->write("\n");
        ++about.rows;
        tokens.push_back(dataset::tokens_of(chat, count));
        if (limit != 0 && tokens.back() > limit) { ++about.over_limit; about.rows_over_limit.push_back(row); }
        return {};
    }
};
void say(std::string const& line) { std::printf("%s\n", line.c_str()); }
std::string const rule(60, '=');
std::string shown(std::string const& path) { return run::printable(std::filesystem::path(path).lexically_normal().string(), 500); }

void banner(choices const& c, bool optimized) {
    say(rule + "\nFINE-TUNING DATA GENERATION\n" + rule);
    say("Unified data directory: " + run::printable(c.unified_dir, 500) + "\nOutput directory: " + run::printable(c.data_output_dir, 500));
    say(std::string("Include test split: ") + (c.include_test ? "True" : "False") + "\nGenerate optimized: " + (optimized ? "True" : "False"));
    say("Template: " + run::printable(c.prompt_template, 500) + "\nStrategy: " + run::printable(c.strategy, 200) + "\n" + rule + "\n");
}

/// What the optimized form is made with.
struct optimized_form {
    std::string source = {};                        // of the template
    std::optional<strategy> by = {};                // nothing: the simple form only
    std::optional<prompting> turns = {};
    std::string warning = {};
};
optimized_form optimized_of(choices const& c) {
    if (c.simple_only) return {};
    auto const all = strategies::load(c.prompt_template);
    auto const* const found = all.find(c.strategy);
    if (!found) return {.source = all.source(), .warning = "WARNING: Strategy " + run::printable(c.strategy, 200) + " not found in template. Using simple format only.\nINFO: strategies of this template: " + run::printable(all.names(), 1000)};
    auto const s = c.align_labels ? aligned(*found) : *found;
    auto const what = disagreement(s);
    return {.source = all.source(), .by = s, .turns = prompting(s), .warning = what.empty() ? "" : "WARNING: " + run::printable(what, 2000) + (c.align_labels ? "" : " (--align-labels rewrites the prompt)")};
}

class generation {
    choices const& chosen_;
    run::job& job_;
    run::metadata about_ = {};              // first: it keeps the time of the start
    optimized_form form_;                   // before the rows are read and a folder is made: a template that is wrong leaves no trace
    survey seen_;
    tool::counting counting_;
    run::output_directory folder_;
    io::rejects_file rejects_;
    std::vector<output> simple_ = {}, optimized_ = {};
    std::vector<std::string> ledgers_ = {};
    dataset::leakage leaks_ = dataset::leakage({.shown = 3});
    std::string first_reject_ = {};

    std::vector<std::size_t> wanted() const { return chosen_.include_test ? std::vector<std::size_t>{0, 1, 2} : std::vector<std::size_t>{0, 1}; }

    void write(std::size_t p) {
        auto const path = chosen_.unified_dir + '/' + std::string(parts[p].file);
        auto& simple = simple_.emplace_back(folder_ / (std::string(parts[p].output) + ".jsonl"), p);
        auto* const optimized = form_.turns ? &optimized_.emplace_back(folder_ / (std::string(parts[p].output) + "_optimized.jsonl"), p) : nullptr;
        leaks_.begin(std::string(parts[p].file));
        std::unordered_set<dataset::fingerprint> before;
        auto const twice = [&](post const& x) -> std::string {
            if (!chosen_.drop_duplicates) return {};
            auto const f = dataset::folded_fingerprint_of(x.text);
            auto const& t = seen_.about(f);
            if (t.conflicting()) return "both labels";
            for (std::size_t later = p + 1; later != part_count; ++later) if (t.rows[later] != 0) return "also in " + std::string(parts[later].split);
            return before.insert(f).second ? std::string() : "duplicate";
        };
        penstock::bare_env env;
        env.stopping = job_.stop;
        for (auto&& item : io::rows<unified_row>(io::input(path))
                         | penstock::filter("split", [&](unified_row const& r) { return seen_.left_out(p, r); })
                         | penstock::map("post", read_post)
                         | penstock::filter("duplicates", twice)
                         | penstock::with(env)) {
            auto const row = item.where.row() + 1;
            auto const reject = [&](penstock::failure const& f) {
                if (rejects_.count() == 0) first_reject_ = path + ": row " + std::to_string(row) + ": " + f.what();
                rejects_.add(penstock::origin::of(static_cast<std::uint16_t>(p), row - 1), f);
            };
            if (!item.value) { reject(item.value.error()); continue; }
            auto const& x = *item.value;
            auto const a = answer_of(x, chosen_.reasoning);
            auto const must = [&](auto const& done) { if (!done) throw fatal(exit_code::internal, path + ": row " + std::to_string(row) + ": " + done.error().what()); };
            auto const assistant = penstock::json::encode(a);
            must(assistant);
            must(simple.add(std::string(simple_system), simple_user(x), *assistant, row, chosen_.max_tokens, counting_.counter()));
            if (optimized) must(optimized->add(form_.turns->system(), form_.turns->user(x), *assistant, row, chosen_.max_tokens, counting_.counter()));
            for (auto* const o : {&simple, optimized}) if (o) {
                ++(x.hate ? o->about.hate_speech : o->about.not_hate);
                o->about.reasoning_null += !a.reasoning;
            }
            leaks_.add(x.text, row);
        }
        run::require_balance(env.books);
        run::metadata books;
        books.set(env.books);
        ledgers_.push_back('"' + std::string(parts[p].output) + "\":" + *books.find("ledger"));
        if (simple.about.rows != 0) return;
        if (p == 0) throw fatal(exit_code::input, "no row of " + path + " survives" + (rejects_.count() ? "; " + dataset::counted(rejects_.count(), "reject is", "rejects are") + " in " + rejects_.partial() + "\nthe first: " + first_reject_ : ""));
        say("WARNING: no row of " + std::string(parts[p].file) + " is left, so " + simple.about.file + (optimized ? " and " + optimized->about.file + " are" : " is") + " not written");
        simple_.pop_back();
        if (optimized) optimized_.pop_back();
    }
    void tell_splits() const {
        for (auto const p : wanted()) {
            auto const& f = seen_.of(p);
            if (!f.whole) continue;
            say("WARNING: No samples found with split=" + std::string(parts[p].split) + " in " + std::string(parts[p].file) + "\nINFO: Using all " + std::to_string(f.rows) + " samples from file instead");
            if (f.kept_elsewhere != 0) say("INFO: " + dataset::counted(f.kept_elsewhere, "row of it is", "rows of it are") + " left out: another split keeps the same text");
        }
    }
    void commit() {
        auto const metadata_path = folder_ / "metadata.json";
        bool const ours = std::filesystem::exists(metadata_path);
        io::atomic_file metadata(metadata_path);
        metadata.write(about_.text());
        metadata.seal();
        rejects_.seal();
        std::unordered_set<std::string> names;
        for (auto* const list : {&simple_, &optimized_}) for (auto& o : *list) names.insert(o.path);
        auto const remove = [](std::string const& path) { if (std::remove(path.c_str()) != 0 && errno != ENOENT) throw fatal(exit_code::output, path + ": cannot be removed: " + std::strerror(errno)); };
        remove(metadata_path);                      // where it stands, the files beside it are those that it describes
        if (ours) for (auto const& p : parts) for (auto const* end : {".jsonl", "_optimized.jsonl"}) if (auto const path = folder_ / (std::string(p.output) + end); !names.contains(path)) remove(path);
        for (auto* const list : {&simple_, &optimized_}) for (auto& o : *list) o.file->commit();
        rejects_.commit();
        metadata.commit();
    }
    void check() {
        std::vector<dataset::lint_file> files;
        for (auto* const list : {&simple_, &optimized_}) for (auto& o : *list) { o.file->seal(); files.push_back({.path = o.file->partial(), .name = o.path}); }
        auto const found = dataset::lint(files, {.assistant_json = true});
        auto const of_the_data = found.count("too_few_examples") + found.count("file_too_large") + found.count("line_too_long") + found.count("duplicate_across_files");
        if (found.errors() > of_the_data) throw fatal(exit_code::internal, "the files in " + folder_.path() + " do not pass their own check\n" + found.text());
        for (auto const& f : found.findings) if (f.check == "too_few_examples" || f.check == "file_too_large") run::log::warning(f.file + ": " + f.message);
        about_.set_json("lint", found.json());
    }
    void summary() const {
        using dataset::counted;
        using dataset::with_commas;
        auto const& again = seen_.repeated();
        say("");
        for (auto const* const list : {&simple_, &optimized_}) for (auto const& o : *list) {
            say(o.about.file + ": hate_speech " + with_commas(o.about.hate_speech) + ", not_hate " + with_commas(o.about.not_hate) + ", reasoning null in " + with_commas(o.about.reasoning_null)
                + (counting_.counter().estimated ? "; tokens a row (estimated): " : "; tokens a row: ") + dataset::summarise(o.tokens).text());
            if (o.about.over_limit == 0) continue;
            std::string rows;
            for (std::size_t i = 0; i != std::min<std::size_t>(5, o.about.rows_over_limit.size()); ++i) rows += (i ? ", " : "") + std::to_string(o.about.rows_over_limit[i]);
            say("  WARNING: " + counted(o.about.over_limit, "row is", "rows are") + " over " + with_commas(chosen_.max_tokens) + " tokens: a trainer that cuts there cuts into the answer; rows " + rows
                + (o.about.over_limit > 5 ? ", … (all in metadata.json)" : "") + " of " + std::string(parts[o.part].file));
        }
        say("duplicates: " + counted(again.within, "row repeats", "rows repeat") + " a text of the same part, " + with_commas(again.between) + " of another part; " + counted(again.conflicting, "text has", "texts have") + " both labels"
            + (chosen_.drop_duplicates ? " (dropped)" : again.shown.empty() ? "" : " (--drop-duplicates drops them)"));
        for (std::size_t i = 0; i != std::min<std::size_t>(5, again.shown.size()); ++i) say("  " + again.shown[i]);
        if (again.shown.size() > 5) say("  and " + with_commas(again.shown.size() - 5) + " more, in metadata.json");
        std::fputs(leaks_.text().c_str(), stdout);
        for (std::size_t p = 0; p != part_count; ++p) {
            auto const& f = seen_.of(p);
            std::string other;
            for (auto const& [split, n] : f.by_split) if (split != parts[p].split) other += (other.empty() ? "" : ", ") + (split.empty() ? "(none)" : run::printable(split, 40)) + ' ' + std::to_string(n);
            if (f.read && !f.whole) say(std::string(parts[p].file) + ": " + with_commas(f.rows) + " rows, " + with_commas(f.kept) + " with split=" + std::string(parts[p].split) + (other.empty() ? "" : "; left out, because their split is another: " + other));
        }
        auto const& train = seen_.of(0);
        if (auto const test = train.by_split.find("test"); test != train.by_split.end() && !train.whole && seen_.of(2).read)
            say(counted(test->second, "row", "rows") + " with split=test inside unified_train.json " + (test->second == 1 ? "is" : "are") + " in no test set: unified_test.json has its own, " + counted(seen_.of(2).kept, "row", "rows")
                + (test->second == 578 ? " (the 578 of the original's table are those inside the training file)" : ""));
        if (rejects_.count() != 0) say(counted(rejects_.count(), "row is", "rows are") + " in " + shown(rejects_.path()) + ", the first: " + run::printable(first_reject_, 300));
    }

public:
    generation(choices const& c, run::job& job)
        : chosen_(c), job_(job), form_(optimized_of(c)), seen_(c.unified_dir, c.include_test), counting_(c.tokenizer), folder_(c.data_output_dir), rejects_(folder_ / "rejects.jsonl", {"unified_train.json", "unified_val.json", "unified_test.json"}) {}

    exit_code run_it() {
        banner(chosen_, !chosen_.simple_only);
        if (!form_.warning.empty()) say(form_.warning);
        tell_splits();
        say("Generating fine-tuning data files...\n");
        for (auto const p : wanted()) {
            if (job_.stopped()) return exit_code::incomplete;
            write(p);
        }
        if (job_.stopped()) return exit_code::incomplete;
        check();
        struct repeated { std::uint64_t within = 0, between = 0, conflicting = 0; std::vector<std::string> texts; };
        auto const& again = seen_.repeated();
        std::string ledgers;
        std::vector<written_file> files;
        for (auto* const list : {&simple_, &optimized_}) for (auto const& o : *list) files.push_back(o.about);
        for (auto const& l : ledgers_) ledgers += (ledgers.empty() ? "" : ",") + l;
        about_.set("prompt_template", form_.by ? form_.source : "");
        about_.set("strategy", form_.by ? form_.by->name : "");
        about_.set("labels_aligned", form_.by && chosen_.align_labels);
        about_.set("labels_agree", form_.by && form_.warning.empty());
        about_.set("max_tokens", chosen_.max_tokens);
        about_.set("tokens_are_estimated", counting_.counter().estimated);
        about_.set_json("files", penstock::json::encode(files));
        about_.set_json("duplicates", penstock::json::encode(repeated{again.within, again.between, again.conflicting, again.shown}));
        about_.set("leaks", leaks_.total());
        about_.set_json("ledger", '{' + ledgers + '}');
        about_.set(job_);
        about_.set_versions_and_timings();
        commit();
        job_.finished = true;

        say(rule + "\nGENERATION COMPLETE\n" + rule);
        for (auto const* const list : {&simple_, &optimized_}) if (!list->empty()) {
            say(list == &simple_ ? "\nSIMPLE format:" : "\nOPTIMIZED format:");
            for (auto const& o : *list) say("  ✓ " + shown(o.path) + " (" + std::to_string(o.about.rows) + " samples)");
        }
        summary();
        say("\n" + rule + "\n[SUCCESS] Fine-tuning data generation complete\nOutput directory: " + run::printable(chosen_.data_output_dir, 500) + "\n" + rule);
        return exit_code::complete;
    }
};
} // namespace

exit_code generate(choices const& c, run::job& job) { return generation(c, job).run_it(); }

} // namespace hate
