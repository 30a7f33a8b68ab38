#include "prepare.hpp"
#include <cstdint>
#include <string>
#include <utility>
#include <penstock/dataset/cost.hpp>
#include <penstock/run/asked_model.hpp>
#include <penstock/run/log.hpp>
#include <penstock/run/main.hpp>
#include <penstock/run/progress.hpp>
#include "outputs.hpp"
#include "pipeline.hpp"

namespace ielts {
namespace {
struct writing final : receiver {
    outputs& out;
    penstock::run::progress& progress;
    writing(outputs& o, penstock::run::progress& p) : out(o), progress(p) {}
    void take(penstock::position const& where, penstock::result<example> const& made) override {
        out.add(where, made);
        made ? progress.row() : progress.reject();
    }
};

/// Rows to expect, for the ETA on a terminal; 0: unknown.
std::uint64_t expected(choices const& c) {
    if (!penstock::run::progress::stderr_world().terminal) return 0;
    auto const rows = essays::count(c.input);
    return c.num_samples && *c.num_samples < rows ? *c.num_samples : rows;
}
} // namespace

penstock::exit_code prepare(choices const& c, penstock::run::job& job) {
    auto prices = c.prices.empty() ? penstock::dataset::price_table() : penstock::dataset::price_table::from_file(c.prices);      // before all the work
    auto rows = essays::of_file(c.input, job.stop.get_token());
    auto const total = expected(c);
    outputs out(c, std::move(prices), job);

    penstock::llm::asking_env env;
    env.stopping = job.stop;
    env.windows["examiner"] = {.in_flight = c.batch_size};
    env.capacities["criteria"] = c.batch_size / unsigned{criterion_count} + 2;      // essays open at once: what fills the window, and a little
    penstock::run::asked_model asked(c.model, out.folder(), env, job.stop.get_token(), without_model(c.model.provider));
    manner const how{.rule = c.low, .form = c.form, .model = asked.by_model() ? asked.model().options().name : std::string()};
    penstock::run::log::debug(std::to_string(env.windows["examiner"].in_flight) + " questions in flight, " + std::to_string(env.capacities["criteria"]) + " essays open at once");
    try {
        penstock::run::progress progress("essays", total);
        writing to(out, progress);
        if (c.num_samples) run_sampled(std::move(rows), *c.num_samples, c.seed, how, env, to);
        else run_all(std::move(rows), how, env, to);
        progress.finish();
    } catch (penstock::fatal const& e) {        // a read that waited was told to stop: what is finished is kept
        if (e.code() == penstock::exit_code::incomplete && job.stopped()) return out.finish(env.books, asked);
        throw asked.ended(e);
    }
    return out.finish(env.books, asked);
}

} // namespace ielts
