#include "baseline.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <penstock/core/filter.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/io/rejects_file.hpp>
#include <penstock/io/rows.hpp>
#include <penstock/llm/ask.hpp>
#include <penstock/record/json_encode.hpp>
#include <penstock/run/asked_model.hpp>
#include <penstock/run/log.hpp>
#include <penstock/run/main.hpp>
#include <penstock/run/metadata.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/printable.hpp>
#include "bag_of_words.hpp"
#include "posts.hpp"
#include "scores.hpp"
#include "strategies.hpp"
#include "unified_file.hpp"

namespace hate {

using penstock::exit_code;
using penstock::fatal;
namespace io = penstock::io;
namespace llm = penstock::llm;
namespace run = penstock::run;

namespace {
struct judged { post of; answer said; llm::writer by = llm::writer::model; };
struct prediction { std::uint64_t row = 0; std::string label, answer, confidence, target_group; std::optional<std::string> reasoning; };
struct figures {
    std::string strategy;
    std::uint64_t rows = 0, unparsable = 0, true_positives = 0, false_positives = 0, true_negatives = 0, false_negatives = 0;
    double accuracy = 0, precision = 0, recall = 0, f1 = 0;
    std::map<std::string, scores::group> groups = {};
};
figures figures_of(std::string const& strategy, scores const& s) {
    return {strategy, s.rows(), s.unparsable(), s.true_positives, s.false_positives, s.true_negatives, s.false_negatives, s.accuracy(), s.precision(), s.recall(), s.f1(), s.groups};
}
std::string file_name(std::string name) {
    for (auto& c : name) if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) c = '_';
    return "predictions_" + name + ".jsonl";
}

bag_of_words learnt_from(std::string const& path) {
    bag_of_words bag;
    each_row(path, [&](penstock::result<unified_row> row) {
        if (!row || (row->split && *row->split != "train")) return;
        if (auto p = read_post(*std::move(row))) bag.learn(p->text, p->hate);
    });
    if (bag.learnt() == 0) throw fatal(exit_code::input, path + " has no row with split=train: offline answers are learnt from them");
    return bag;
}

/// The turns of one strategy; "simple" is the simple form.
struct asking {
    std::string name;
    std::optional<prompting> with;
    llm::chat_request operator()(post const& p) const { return with ? llm::chat(with->system(), with->user(p)) : llm::chat(std::string(simple_system), simple_user(p)); }
};
std::vector<asking> strategies_of(baseline_choices const& c) {
    std::vector<asking> out;
    std::optional<strategies> all;
    for (auto const& name : c.strategies) {
        if (std::ranges::any_of(out, [&](auto const& a) { return file_name(a.name) == file_name(name); })) throw fatal(exit_code::usage, "--strategy " + name + " is given twice");
        if (name == "simple") { out.push_back({name, {}}); continue; }
        if (!all) all = strategies::load(c.prompt_template);
        auto const* const found = all->find(name);
        if (!found) throw fatal(exit_code::usage, "--strategy " + name + ": the template has no such strategy; it has " + all->names() + ", and there is always simple");
        if (auto const what = disagreement(*found); !what.empty() && c.model.provider != run::provider::offline) run::log::warning(what + ": the prompt is aligned, because replies are held to the targets' form");
        out.push_back({name, prompting(aligned(*found))});
    }
    return out;
}
} // namespace

exit_code baseline(baseline_choices const& c, run::job& job) {
    run::metadata about;
    auto asked_by = strategies_of(c);
    if (c.model.provider == run::provider::offline) {       // the answers do not look at a prompt: one row for all
        asked_by.clear();
        asked_by.push_back({"offline", {}});
    }
    auto const input = c.input.empty() ? c.unified_dir + "/unified_test.json" : c.input;
    if (input == "-" && c.model.provider != run::provider::offline) throw fatal(exit_code::usage, "standard input can be read once, and the posts are read for each strategy, and again for those without an answer: give a file");
    if (input != "-") each_row(input, [](auto const&) {});     // a model is not paid for half a file
    std::optional<bag_of_words> bag;
    if (c.model.provider == run::provider::offline || c.model.fallback == run::fallback::offline) bag = learnt_from(c.unified_dir + "/unified_train.json");

    run::output_directory folder(c.output_dir);
    io::rejects_file rejects(folder / "rejects.jsonl", {input});
    std::vector<io::atomic_file> files;
    std::vector<figures> all;
    std::string details, models;
    for (auto const& strategy : asked_by) {
        llm::asking_env env;
        env.stopping = job.stop;
        env.windows["classify"] = {.in_flight = c.in_flight};
        run::asked_model model(c.model, folder.path(), env, job.stop.get_token());
        auto& file = files.emplace_back(folder / file_name(strategy.name));
        scores counted;
        auto const recipe = penstock::filter("split", [&](unified_row const& r) { return c.split.empty() || r.split == c.split; })
                          | penstock::map("post", read_post)
                          | llm::ask<answer>("classify", strategy, [](post const& p, answer a, llm::writer by) { return judged{p, std::move(a), by}; })
                                .offline([&bag](post const& p) {
                                    auto const odds = bag->log_odds(p.text);
                                    return answer{.classification = odds > 0 ? "hate_speech" : "not_hate", .confidence = std::abs(odds) > 3 ? "high" : std::abs(odds) > 1 ? "medium" : "low", .reasoning = {}, .protected_group = {}};
                                })
                          | penstock::in_source_order();

        std::set<std::uint64_t> unanswered;        // rows whose every reply was refused; their labels are read again
        for (auto&& item : io::rows<unified_row>(io::input(input, job.stop.get_token())) | recipe | penstock::with(env)) {
            auto const row = item.where.row() + 1;
            if (!item.value) {
                rejects.add(item.where, item.value.error());
                if (item.value.error().stage() == "classify") unanswered.insert(row);
                continue;
            }
            auto const& j = *item.value;
            bool const said = j.said.classification == "hate_speech";
            counted.add(j.of.hate, said, j.of.group);
            if (auto const done = penstock::json::encode_to(file.pending(), prediction{row, j.of.hate ? "hate_speech" : "not_hate", std::string(j.said.classification), std::string(j.said.confidence), j.of.group, j.said.reasoning}); !done)
                throw fatal(exit_code::internal, "a prediction cannot be written: " + done.error().what());
            file.write("\n");
        }
        if (job.stopped()) {
            job.goes_on = "replies that came are in the journal: the same command goes on, and pays for none of them again\n" + job.command_line;
            return exit_code::incomplete;
        }
        run::require_balance(env.books);
        if (!unanswered.empty()) {
            std::uint64_t row = 0;
            for (auto&& r : io::rows<unified_row>(input)) if (++row; r && unanswered.contains(row)) counted.add(r->label_binary == "hate", std::nullopt, r->target_group_norm.value_or(""));
        }
        if (counted.rows() == 0) throw fatal(exit_code::input, input + " has no row " + (c.split.empty() ? "that can be judged" : "with split=" + c.split));
        all.push_back(figures_of(strategy.name, counted));
        details += "\n" + run::printable(strategy.name, 100) + "\n" + counted.text() + model.text();
        models += (models.empty() ? "" : ",") + model.json();
    }
    about.set("input", input);
    about.set("answers", bag && c.model.provider == run::provider::offline ? "offline: naive Bayes learnt from " + std::to_string(bag->learnt()) + " posts" : "model");
    about.set_json("models", '[' + models + ']');
    about.set_json("results", penstock::json::encode(all));
    about.set(job);
    about.set_versions_and_timings();
    io::atomic_file metadata(folder / "metadata.json");
    metadata.write(about.text());
    metadata.seal();
    for (auto& f : files) f.seal();
    for (auto& f : files) f.commit();
    rejects.commit();
    metadata.commit();
    job.finished = true;

    if (bag && c.model.provider == run::provider::offline) std::printf("No model was asked, so no strategy was used: naive Bayes over words learnt from %llu posts. What a prompt has to beat:\n\n", static_cast<unsigned long long>(bag->learnt()));
    std::printf("%-24s %8s %10s %9s %10s %8s %8s\n", "strategy", "rows", "unparsable", "accuracy", "precision", "recall", "F1");
    for (auto const& f : all)
        std::printf("%-24s %8llu %10llu %9.3f %10.3f %8.3f %8.3f\n", run::printable(f.strategy, 24).c_str(), static_cast<unsigned long long>(f.rows), static_cast<unsigned long long>(f.unparsable), f.accuracy, f.precision, f.recall, f.f1);
    std::fputs(details.c_str(), stdout);
    std::printf("\nFiles in %s: one predictions file a strategy, rejects.jsonl (%llu rows), metadata.json\n", run::printable(folder.path(), 500).c_str(), static_cast<unsigned long long>(rejects.count()));
    return exit_code::complete;
}

} // namespace hate
