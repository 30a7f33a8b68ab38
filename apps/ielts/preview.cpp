#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <penstock/dataset/summary.hpp>
#include <penstock/record/json_encode.hpp>
#include <penstock/run/asked_model.hpp>
#include <penstock/run/main.hpp>
#include <penstock/run/metadata.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/printable.hpp>
#include "pipeline.hpp"
#include "prepare.hpp"

namespace ielts {

using penstock::exit_code;
namespace llm = penstock::llm;
using penstock::dataset::counted;

namespace {
/// Text of several lines for a terminal, each line indented.
std::string indented(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const end = text.find('\n');
        out += "    " + penstock::run::printable(std::string(text.substr(0, end)), 2000) + '\n';
        if (end == text.npos) break;
        text.remove_prefix(end + 1);
    }
    return out;
}
std::string_view written_by(llm::writer by) {
    return by == llm::writer::model ? "the model" : by == llm::writer::offline ? "the offline writer" : "the offline writer, because the model was not to be had";
}
struct showing final : receiver {
    std::uint64_t n = 0, rejected = 0, fallbacks = 0;

    void take(penstock::position const& where, penstock::result<example> const& made) override {
        std::string out = "Row " + std::to_string(where.root.row() + 1) + '\n';
        if (!made) out += indented(made.error().raw()) + "  verdict: rejected: " + made.error().what() + '\n';
        else for (auto const c : criteria) out += of(*made, c);
        out += '\n';
        std::fwrite(out.data(), 1, out.size(), stdout);
        ++n;
        rejected += !made;
    }
    std::string of(example const& e, criterion c) {
        auto const encoded = [](auto const& record) { auto text = penstock::json::encode(record); return indented(text ? *text : text.error().what()); };
        auto const by = e.by[index(c)];
        fallbacks += by == llm::writer::fallback;
        std::string out = "  " + std::string(name(c)) + "\n" + indented(shown(prompt_of({std::make_shared<study const>(e.prompt, e.essay), c, e.bands[index(c)].band})));
        if (by == llm::writer::model) out += "  accepted reply:\n" + encoded(e.said[index(c)]);
        return out + "  taken as:\n" + encoded(e.notes[index(c)]) + "  written by: " + std::string(written_by(by)) + "\n  verdict: taken\n";
    }
};
} // namespace

exit_code preview(choices const& c, penstock::run::job& job) {
    auto rows = essays::of_file(c.input, job.stop.get_token());
    penstock::run::output_directory folder(c.output_dir);
    llm::asking_env env;
    env.stopping = job.stop;
    env.windows["examiner"] = {.in_flight = c.batch_size};
    penstock::run::asked_model by(c.model, folder.path(), env, job.stop.get_token(), without_model(c.model.provider));
    showing to;
    try {
        run_sampled(std::move(rows), c.preview, c.seed, {.rule = c.low, .form = c.form, .model = by.by_model() ? by.model().options().name : std::string(), .explain = true}, env, to);
    } catch (penstock::fatal const& e) { throw by.ended(e); }
    penstock::run::require_balance(env.books);
    auto const seen = env.books.totals();
    if (seen.read == 0 && !job.stopped()) throw penstock::fatal(exit_code::input, (c.input == "-" ? "stdin" : c.input) + " has no rows");
    auto text = counted(to.n, "row", "rows") + " shown, " + std::to_string(to.rejected) + " rejected; the same command without --preview runs all of them" + (by.by_model() ? ", and pays for these no more\n" : "\n") + by.text();
    if (to.fallbacks != 0) text += counted(to.fallbacks, "answer", "answers") + " by the offline writer in the model's place\n";
    if (seen.left != 0) text += counted(seen.left, "row has", "rows have") + " no reply yet" + (c.model.finish_partial ? ": without --finish-partial they are asked for\n" : "\n");
    std::fwrite(text.data(), 1, text.size(), stdout);
    return job.stopped() || seen.left != 0 ? exit_code::incomplete : exit_code::complete;
}

} // namespace ielts
