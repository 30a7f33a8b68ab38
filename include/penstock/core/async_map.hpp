/// async_map(launch): many operations at once on one thread. Results leave as they complete: in_source_order at the end of a recipe restores
/// the order once, instead of every stage making its successors wait for its slowest reply.
#pragma once
#include <algorithm>
#include <cassert>
#include <deque>
#include <exception>
#include <memory>
#include <vector>
#include <penstock/core/stage.hpp>
#include <penstock/core/window.hpp>

namespace penstock {
namespace detail {
template <class Run> window window_for(Run& run, std::string_view stage, window preset) {
    auto w = preset;
    if constexpr (requires { run.env.window(stage, preset); }) w = run.env.window(stage, preset);
    w.in_flight = std::max(w.in_flight, 1u);
    return w;
}
template <class Launch, class In> concept launches = requires { typename Launch::template output<In>; };

/// The part of a running stage that completions reach; tickets stay out of it, so that a late copy of `done` cannot keep a family open.
template <class T> struct desk {
    struct reply { std::optional<result<T>> came; unsigned round = 0; bool awaited = false; };
    std::vector<reply> replies;             // one for each seat
    std::deque<unsigned> turn;              // seats in the order they are handed out: as they complete, or as they started
    unsigned launched = 0;
    unsigned& in_flight;                    // of the run
    std::exception_ptr& broken;
    bool const as_completed;

    template <class Run> desk(window w, Run& run) : replies(w.capacity()), in_flight(run.in_flight), broken(run.broken), as_completed(w.deliver == order::completion) {}
    unsigned open(unsigned i) {
        ++launched, ++in_flight;
        replies[i].awaited = true;
        return ++replies[i].round;
    }
    /// Ends the wait for operation `round` of seat i; false when it has ended before.
    bool close(unsigned i, unsigned round) {
        auto& r = replies[i];
        if (!r.awaited || r.round != round) return false;
        r.awaited = false;
        --launched, --in_flight;
        return true;
    }
    void settle(unsigned i, result<T> r) {
        replies[i].came.emplace(std::move(r));
        if (as_completed) turn.push_back(i);
    }
};
} // namespace detail

/// What an operation answers to: called once, on the loop's thread, with the result, or with an exception that ends the run (std::current_exception() of
/// a fatal one). A second call is a programmer's mistake: an assertion, and without assertions it does nothing. Copies are one and the same.
template <class T> class answer {
    std::shared_ptr<detail::desk<T>> desk_;
    unsigned seat_, round_;
    bool close() const {
        bool const first = desk_->close(seat_, round_);
        assert(first && "penstock::async_map: done was called twice, or after launch threw");
        return first;
    }
public:
    answer(std::shared_ptr<detail::desk<T>> d, unsigned seat) : desk_(std::move(d)), seat_(seat), round_(desk_->open(seat)) {}
    void operator()(result<T> r) const { if (close()) desk_->settle(seat_, std::move(r)); }
    template <std::same_as<std::exception_ptr> E> void operator()(E cannot_go_on) const {       // a template: done(0) is a result
        assert(cannot_go_on && "penstock::async_map: done was called with an empty exception_ptr");
        if (close() && !desk_->broken) desk_->broken = std::move(cannot_go_on);
    }
};

namespace detail {
template <puller Up, class Launch, class Run> class async_puller {
    using in = typename Up::stream::record;
    using made = typename Launch::template output<in>;
    static constexpr bool placed = std::invocable<Launch const&, in, decltype(std::declval<Run&>().env), answer<made> const&, position const&>;
public:
    using stream = typename Up::stream::template of<made>;

    async_puller(Up up, Launch launch, std::string_view name, window limits, Run& run)
        : up_(std::move(up)), launch_(std::move(launch)), name_(name), limits_(limits), run_(&run),
          books_(&run.books.open(name, stream::depth, stream::depth)), seats_(limits.capacity()), desk_(std::make_shared<detail::desk<made>>(limits, run)) {
        for (auto i = limits.capacity(); i-- != 0;) free_.push_back(i);
    }
    async_puller(async_puller&&) = default;
    ~async_puller() {
        if (!desk_) return;
        if constexpr (requires { launch_.cancel(run_->env); }) if (desk_->launched) launch_.cancel(run_->env);
        while (desk_->launched) run_->env.loop().run_one();      // join: no operation outlives the stage
        for (auto const& s : seats_) if (s.taken) ++(s.came_failed ? books_->failed_left : books_->left);
    }
    template <class Sink> flow pull(Sink&& sink) {
        for (unsigned steps = 0; steps != patience; ++steps) {
            auto upstream = flow::pending;
            if (!ended_ && room()) {
                upstream = up_.pull([this](typename Up::stream::item&& it) { start(std::move(it)); return room(); });
                ended_ = upstream == flow::done;
            }
            bool freed = false;
            while (auto i = next()) {
                bool const passing = seats_[*i].came_failed;
                freed = true;
                auto out = hand_out(*i);
                if (passing) ++books_->failed_out;
                else {
                    if (!out.value) {
                        out.value.error().made_by(name_);
                        if (out.value.error().code() == errc::cancelled) {      // a stop request, not a verdict on the record
                            ++books_->left;
                            out.kin.cut();
                            continue;
                        }
                    }
                    enter(*books_, out.value);
                }
                if (!sink(std::move(out))) return flow::enough;
            }
            if (ended_ && free_.size() == seats_.size()) return flow::done;
            if (upstream == flow::again) return flow::again;
            if (!freed) return flow::pending;       // else there is room for more
        }
        return flow::again;
    }
    position oldest() const {
        auto least = up_.oldest();
        for (auto const& s : seats_) if (s.taken && position(s.where) < least) least = s.where;
        return least;
    }
private:
    bool room() const { return desk_->launched < limits_.in_flight && !free_.empty(); }
    struct seat { typename stream::kin::place where; typename stream::kin kin; bool taken = false, came_failed = false; };
    void start(typename Up::stream::item it) {
        auto const i = free_.back();
        free_.pop_back();
        seats_[i] = {it.where, std::move(it.kin), true, !it.value};
        if (!desk_->as_completed) desk_->turn.push_back(i);
        if (!it.value) return desk_->settle(i, std::unexpected(std::move(it.value).error()));
        answer<made> const done(desk_, i);
        static_assert(placed || requires { launch_(*std::move(it.value), run_->env, done); }, "penstock::async_map: the launcher cannot be called with (record, env&, done)");
        try {
            if constexpr (placed) launch_(*std::move(it.value), run_->env, done, position(it.where));
            else launch_(*std::move(it.value), run_->env, done);
        }
        catch (...) {
            bool const unanswered = desk_->close(i, desk_->replies[i].round);
            auto lost = caught(name_);                                  // when fatal, the seat stays taken: the record is left
            if (unanswered) desk_->settle(i, std::unexpected(std::move(lost)));     // else the answer stands: it has been paid for
        }
        if (run_->broken) std::rethrow_exception(run_->broken);
    }
    std::optional<unsigned> next() {
        if (desk_->turn.empty() || !desk_->replies[desk_->turn.front()].came) return {};
        auto const i = desk_->turn.front();
        desk_->turn.pop_front();
        return i;
    }
    typename stream::item hand_out(unsigned i) {
        auto& s = seats_[i];
        typename stream::item out{s.where, *std::move(desk_->replies[i].came), std::move(s.kin)};
        desk_->replies[i].came.reset();
        s.taken = false;
        free_.push_back(i);
        return out;
    }
    Up up_;     // first, so that it dies last
    Launch launch_; std::string_view name_; window limits_; Run* run_; account* books_;
    std::vector<seat> seats_;
    std::vector<unsigned> free_;
    std::shared_ptr<detail::desk<made>> desk_;
    bool ended_ = false;
};
template <window W, class Launch> struct async_stage : stage_base {
    std::string_view name; Launch launch;
    constexpr async_stage(std::string_view n, Launch l) : name(n), launch(std::move(l)) {}
    template <class In> requires launches<Launch, In> using output = typename Launch::template output<In>;
    template <class Stream> static consteval void explain() {
        using in = typename Stream::record;
        if constexpr (requires { Launch::template explain<in>(); }) Launch::template explain<in>();
        else static_assert(launches<Launch, in>, "penstock::async_map: the launcher must say what it makes of the record of the stage before it: template <class In> using output = ...");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const {
        return async_puller<Up, Launch, Run>{std::move(up), launch, name, window_for(run, name, W), run};
    }
};
} // namespace detail

/// launch(record, env, done) starts one operation and returns; the operation calls done (an `answer`) once, on the loop's thread. launch either throws or
/// sees to it that done is called, whatever happens, and not both; its type says what comes out: template <class In> using output. One that takes a fourth argument is told
/// where the record comes from (position const&). The launcher is copied into the running stage,
/// stays at one address there, and outlives its operations: the stage's destructor runs the loop until each has answered. A launcher with cancel(env) is
/// told first that nobody waits for its answers any more: the consumer left early, or the run cannot go on.
template <window W = window{}, class L> constexpr auto async_map(std::string_view name, L launch) { return detail::async_stage<W, L>{name, std::move(launch)}; }
template <window W = window{}, class L> constexpr auto async_map(L launch) { return async_map<W>("async_map", std::move(launch)); }

} // namespace penstock
