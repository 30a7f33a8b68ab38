#include <algorithm>
#include <penstock/train/fit.hpp>

namespace penstock::train {
namespace {

struct load {
    double batches = 0, tokens = 0;
};
load load_of(fit_question const& q, std::int64_t budget) {
    load l;
    auto const a_step = static_cast<std::size_t>(std::max<std::int64_t>(q.a_step, 1));
    for (std::size_t first = 0; first < q.lengths.size(); first += a_step) {
        std::int64_t filled = budget + 1;
        for (auto const n : q.lengths.subspan(first, std::min(a_step, q.lengths.size() - first))) {
            if (filled + n > budget) ++l.batches, filled = 0;
            filled += n, l.tokens += static_cast<double>(n);
        }
    }
    return l;
}

} // namespace

std::optional<trainer_options> fit(qwen2_config const& c, trainer_options o, fit_question const& q) {
    bool const fixed = o.static_shapes.value_or(o.place == place::cuda);
    auto const least = (o.longest + o.multiple - 1) / o.multiple * o.multiple, most = std::max<std::int64_t>(least, fixed ? 32768 : 4096);
    std::optional<trainer_options> best;
    double time = 0;
    auto const consider = [&](std::int64_t tokens, recompute again) {
        o.tokens = tokens, o.recompute = again;
        if (plan(c, o).total() > q.memory) return false;
        auto const work = load_of(q, tokens);
        double const cost = (fixed ? work.batches * static_cast<double>(tokens) : work.tokens) * (again == recompute::nothing ? 1 : again == recompute::rows ? 1.02 : 1.33) + 200 * work.batches;
        if (!best || cost < time) best = o, time = cost;
        return true;
    };
    for (auto again : {recompute::nothing, recompute::rows, recompute::blocks}) {
        if (q.recompute && again != *q.recompute) continue;
        if (q.tokens) consider(std::max(*q.tokens, o.longest), again);
        else for (auto t = least; t <= most && consider(t, again); t += t < 4096 ? 256 : 1024) {}
    }
    return best;
}

} // namespace penstock::train
