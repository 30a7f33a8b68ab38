// The whole model: gradients, losses of many steps, the same bits twice, and a run that begins on the CPU and goes on here.
#include "models.hpp"

namespace cuda_check {
namespace {

template<class S> constexpr precision precision_of = std::same_as<S, bf16> ? precision::bf16 : precision::f32;

double length(std::vector<double> const& x) {
    double sum = 0;
    for (double v : x) sum += v * v;
    return std::sqrt(sum);
}
template<class T> double distance(std::vector<T> const& a, std::vector<T> const& b) {      // NaN and sizes that differ are far
    if (a.size() != b.size()) return INFINITY;
    double sum = 0;
    for (std::size_t i = 0; i != a.size(); ++i) sum += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    return std::isnan(sum) ? INFINITY : std::sqrt(sum);
}
std::string shown(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", x);
    return text;
}

// Every parameter's gradient: as near the truth as three times the CPU's in the same format (as the operations' backward is held), and as near the CPU's as the format allows. In bf16, whose own error comes to
// 1e-2 and more, twice the CPU's is allowed too; in float for the keys' bias alone, whose gradient is what many large terms leave over. How often that was needed is said.
template<class S> void gradients(report& r, std::string const& name, course const& c) {
    std::string const what = name + " in " + name_of<S>();
    auto const truth = c.on(place::cpu, precision::f64), cpu = c.on(place::cpu, precision_of<S>), cuda = c.on(place::cuda, precision_of<S>);
    auto const all = c.every();
    auto const expected = truth->step(all), on_cpu = cpu->step(all), found = cuda->step(all);
    double const bound = std::same_as<S, bf16> ? 1e-2 : 1e-5;
    auto near = [&](char const* of, double x, double y) { r.expect(std::abs(x - y) <= bound * std::abs(y), what + ": " + of, shown(x) + ", on the CPU " + shown(y)); };
    near("loss", found.loss, on_cpu.loss), near("norm of the gradient", found.norm, on_cpu.norm);
    r.expect(found.tokens == on_cpu.tokens && expected.loss > 0, what + ": tokens");
    double const scores_off = distance(found.scores, expected.scores), scores_cpu = distance(on_cpu.scores, expected.scores), scores = length({expected.scores.begin(), expected.scores.end()});
    r.expect(scores_off <= 2 * scores_cpu + 2 * unit<S> * scores, what + ": scores", "off by " + shown(scores_off) + ", the CPU by " + shown(scores_cpu) + " of " + shown(scores));
    double worst = 0;
    int beyond = 0, all_gradients = 0;
    std::string where;
    for (auto const& p : truth->names()) {
        auto const g = truth->gradient(p), a = cpu->gradient(p), b = cuda->gradient(p);
        if (g.empty()) continue;
        double const size = length(g), theirs = distance(a, g), ours = distance(b, g), apart = distance(a, b);
        if (apart / size > worst) worst = apart / size, where = p;
        r.expect(ours <= 3 * theirs + 4 * unit<S> * size, what + ": gradient of " + p, "off by " + shown(ours / size) + " of its size, the CPU by " + shown(theirs / size));
        bool const needed = apart > bound * size && (std::same_as<S, bf16> || p.ends_with("k_proj.bias"));
        ++all_gradients, beyond += needed;
        r.expect(apart <= (needed ? 2 * theirs : bound * size), what + ": gradient of " + p + " beside the CPU's", "apart by " + shown(apart / size) + " of its size");
    }
    std::printf("  %s: loss %.6f, on the CPU %.6f, in double %.6f; gradients at most %.1e apart (%s); %d of %d beyond %.0e\n", what.c_str(), found.loss, on_cpu.loss, expected.loss, worst, where.c_str(), beyond, all_gradients, bound);
}

struct curve {
    std::vector<double> losses, smooth;
    curve(course const& c, place where, precision p, int steps) {
        auto const t = c.on(where, p);
        for (int i = 0; i != steps; ++i) {
            losses.push_back(t->step(c.at(static_cast<std::size_t>(i), 4)).loss);
            smooth.push_back(i == 0 ? losses[0] : 0.9 * smooth.back() + 0.1 * losses.back());
        }
    }
    double gap(curve const& o) const {
        double most = 0;
        for (std::size_t i = 0; i != smooth.size(); ++i) most = std::max(most, std::isnan(smooth[i]) ? INFINITY : std::abs(smooth[i] - o.smooth[i]));
        return most;
    }
};

// Float's losses are those of the CPU; bf16's smoothed ones are no farther from the CPU's than twice what the format itself comes to there.
void curves(report& r, std::string const& name, course const& c, int steps) {
    curve const cpu(c, place::cpu, precision::f32, steps), cuda(c, place::cuda, precision::f32, steps), cpu16(c, place::cpu, precision::bf16, steps), cuda16(c, place::cuda, precision::bf16, steps);
    double early = 0, all = 0;
    for (std::size_t i = 0; i != cpu.losses.size(); ++i) {
        double const off = std::isnan(cuda.losses[i]) ? INFINITY : std::abs(cuda.losses[i] / cpu.losses[i] - 1);
        all = std::max(all, off);
        if (i < 50) early = std::max(early, off);
    }
    r.expect(cpu.smooth.back() < 0.8 * cpu.smooth.front(), name + ": there is something to learn", shown(cpu.smooth.front()) + " to " + shown(cpu.smooth.back()));
    r.expect(early <= 1e-4, name + ": losses of the first steps in float", "off by " + shown(early));
    r.expect(all <= 1e-2, name + ": losses of all steps in float", "off by " + shown(all));
    double const noise = cpu16.gap(cpu), found = cuda16.gap(cpu16);
    r.expect(found <= 2 * noise + 1e-3 * cpu.smooth.front(), name + ": smoothed losses in bf16", "off by " + shown(found) + ", the CPU's bf16 from its float by " + shown(noise));
    std::printf("  %s: %d steps from %.4f to %.4f; float off by %.1e in the first 50, %.1e in all; bf16 by %.1e, the CPU's bf16 from its float by %.1e\n", name.c_str(), steps, cpu.smooth.front(), cpu.smooth.back(), early, all, found, noise);
}

template<class S> void same_bits(report& r, course c) {
    std::string const in = std::string(" in ") + name_of<S>();
    std::vector<std::vector<double>> first;
    std::vector<double> losses;
    for (auto level : {recompute::nothing, recompute::nothing, recompute::rows, recompute::blocks}) {
        c.options.recompute = level;
        auto const t = c.on(place::cuda, precision_of<S>);
        std::vector<double> found;
        for (std::size_t i = 0; i != 3; ++i) {
            auto const step = t->step(c.at(i * 2, 5));
            found.push_back(step.loss), found.push_back(step.norm);
            found.insert(found.end(), step.scores.begin(), step.scores.end());
        }
        auto weights = everything(*t);
        if (first.empty()) first = std::move(weights), losses = found;
        else {
            auto const what = level == recompute::nothing ? "a run twice" : level == recompute::rows ? "rows computed again" : "blocks computed again";
            r.expect(weights == first && found == losses, what + (": the same bits" + in));
        }
    }
}

constexpr int samples_saved = emulated ? 64 : 32;          // many, where a row is narrow: one rounding of bf16 that falls the other way is 1e-3 of the loss of a few

void goes_on(report& r, course const& c, precision p, place from, place to) {
    auto const path = c / "checkpoint.safetensors";
    auto const first = c.on(from, p), second = c.on(to, p);
    for (std::size_t i = 0; i != 4; ++i) first->step(c.at(i, samples_saved));
    first->save(path, {{"epoch", "1"}});
    auto const words = second->resume(path);
    double off = 0;
    for (std::size_t i = 4; i != 10; ++i) {
        double const a = first->step(c.at(i, samples_saved)).loss, b = second->step(c.at(i, samples_saved)).loss;
        off = std::max(off, std::isnan(b) ? INFINITY : std::abs(b / a - 1));
    }
    std::string const name = std::string("a checkpoint of the ") + (from == place::cpu ? "CPU goes on here" : "GPU goes on on the CPU") + " in " + (p == precision::bf16 ? "bf16" : "float");
    std::printf("  %s: losses off by %.1e\n", name.c_str(), off);
    r.expect(words == string_pairs{{"epoch", "1"}} && second->steps() == 10 && off <= 1e-3, name, "losses off by " + shown(off));
}

} // namespace

void check_model(report& r) {
    std::vector<int> const lengths = emulated ? std::vector<int>{5, 20, 1, 33, 9, 17, 2} : std::vector<int>{64, 200, 1, 511, 33, 128, 300, 65};
    trainer_options plain{.tokens = emulated ? 96 : 1536, .sequences = 8, .longest = emulated ? 40 : 512, .multiple = emulated ? 8 : 64};
    plain.optimizer.rate = emulated ? 4e-3 : 1e-3, plain.optimizer.warmup = 5, plain.optimizer.steps = 400, plain.optimizer.decay = 0.01;
    auto several = plain, huber = plain, adapters = plain;
    several.tokens = emulated ? 40 : 512;                 // a step is several batches
    huber.optimizer.huber = 0.7, huber.recompute = recompute::blocks;
    adapters.adapters = {.rank = 8, .alpha = 16, .targets = {true, true, true, true, true, true, true}}, adapters.recompute = recompute::rows;

    struct { char const* name; course c; } const all[] = {
        {"regression", {shape_of(head::regression), plain, lengths}},
        {"regression in several batches, Huber, blocks computed again", {shape_of(head::regression), [&] { auto o = huber; o.tokens = several.tokens; return o; }(), lengths}},
        {"language model", {shape_of(head::language_model), several, lengths}},
        {"language model, head of its own", {shape_of(head::language_model, false), plain, lengths}},
        {"LoRA", {shape_of(head::regression), adapters, lengths}},
        {"LoRA of a language model", {shape_of(head::language_model), adapters, lengths}},
    };
    for (auto const& [name, c] : all) gradients<float>(r, name, c), gradients<bf16>(r, name, c);
    if (!emulated) {        // the width of Qwen2.5-0.5B, and heads of 128 as in its larger brothers
        auto wide = shape_of(head::regression);
        wide.hidden_size = 896, wide.num_attention_heads = 14, wide.num_key_value_heads = 2, wide.intermediate_size = 4864, wide.num_hidden_layers = 2, wide.vocab_size = 8192;
        course const half(wide, plain, {512, 511, 64, 300, 1});
        gradients<float>(r, "the width of 0.5B", half), gradients<bf16>(r, "the width of 0.5B", half);
        wide.head_dim = 128, wide.num_attention_heads = 6, wide.num_key_value_heads = 1, wide.hidden_size = 768;
        course const heads(wide, plain, {512, 511, 64, 300, 1});
        gradients<float>(r, "heads of 128", heads), gradients<bf16>(r, "heads of 128", heads);
    }
    int const steps = emulated ? 30 : 200;
    std::vector<int> const few = emulated ? std::vector<int>{5, 12, 1, 16, 9, 14} : std::vector<int>{64, 100, 1, 128, 33, 70, 12, 90};
    auto const learner = shape_of(head::regression, true, true), reader = shape_of(head::language_model, true, true);
    curves(r, "regression", {learner, plain, few}, steps), curves(r, "language model", {reader, plain, few}, steps);
    same_bits<float>(r, {learner, several, lengths}), same_bits<bf16>(r, {learner, several, lengths}), same_bits<bf16>(r, {reader, several, lengths});
    auto slow = plain;      // bf16's noise, which grows with the rate and falls with the number of samples, stays below what lost moments would do
    slow.optimizer.rate /= 40, slow.sequences = samples_saved;
    std::vector<int> many;
    for (int i = 0; i != samples_saved; ++i) many.push_back(1 + (emulated ? i * 5 % 7 : i * 37 % 64));
    course saved(learner, slow, many);
    for (auto& sample : saved.samples)
        for (auto& label : sample.labels) label += 5;       // as articles are labelled, from 0 to 10
    for (auto p : {precision::f32, precision::bf16}) goes_on(r, saved, p, place::cpu, place::cuda), goes_on(r, saved, p, place::cuda, place::cpu);
}

} // namespace cuda_check
