/// The pull protocol and the one range that drives it. Everything between source and consumer answers pull(sink): it gives the sink items until the sink
/// has enough; only the range at the end waits. The sink is the rest of the pipeline, inlined: a run of synchronous stages is one loop in the source, and
/// no item is stored between two of them (map|filter|map over ints: 10 to 4 ns a record in an iterator's loop, 1.2 in each(), by hand 1.1).
#pragma once
#include <cassert>
#include <concepts>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <stop_token>
#include <utility>
#include <vector>
#include <penstock/core/family.hpp>
#include <penstock/core/ledger.hpp>
#include <penstock/core/position.hpp>
#include <penstock/core/result.hpp>
#include <range/v3/range_fwd.hpp>   // only ranges::view_base: 0.07 s

namespace penstock {

/// One record under way. Kin is `alone` (no bytes, and where is one word) or, after a fan_out, `ticket`.
template <class T, class Kin = alone> struct item {
    using record = T;
    template <class U> using of = item<U, Kin>;
    typename Kin::place where;
    result<T> value;
    [[no_unique_address]] Kin kin = {};
};

/// In place of a parent's type: the fan-out was a flat_map, and nobody will gather its children.
struct scattered;

/// The type of what flows at one point of a recipe: the record and the fan-outs it went through, innermost first: its parents whose families are
/// open, then the scattered ones.
template <class T, class... Parents> struct stream {
    using record = T;
    static constexpr unsigned depth = sizeof...(Parents);
    static constexpr unsigned families = (0u + ... + !std::same_as<Parents, scattered>);    ///< open ones
    using kin = std::conditional_t<depth == 0, alone, std::conditional_t<families == 0, grown<depth>, ticket>>;
    using item = penstock::item<T, kin>;
    template <class U> using of = stream<U, Parents...>;
};

/// Why a pull ended.
enum class flow : unsigned char {
    enough,     ///< the sink said so
    pending,    ///< nothing more is ready, but something is in flight: run the loop
    again,      ///< nothing to wait for: look at the loop and the stop token, then go on
    done,       ///< no more, now and for ever
};
/// A stage that has come so far in one pull answers `again`: some 5 microseconds of dropping rows, 1/1000 of a check per record.
inline constexpr unsigned patience = 1024;

/// A running stage. pull(sink) calls `bool sink(item&&)` for each item it has, until that answers false (enough) or there are no more for now; what the sink
/// has been given is out, whatever it throws. oldest(): every record before this position has come out of it or never will; asked between pulls.
template <class P>
concept puller = std::move_constructible<P> && requires(P& p, bool (*sink)(typename P::stream::item&&)) {
    { p.pull(sink) } -> std::same_as<flow>;
    { p.oldest() } -> std::same_as<position>;
};

template <class L>
concept event_loop = requires(L& l) { l.run_one(); l.poll(); l.post([] {}); };   // wait for one; run what is ready; wake from any thread

/// What the stages of one running chain share.
template <class Env> struct running {
    Env& env;
    ledger& books;
    std::stop_token stop;
    unsigned in_flight = 0;     ///< operations that will post to the loop
    unsigned holds = 0;         ///< stages that ask the source to wait
    bool closing = false;       ///< the stop request, as seen by the range at the end: sources answer done
    std::exception_ptr broken = {};         ///< what an operation answered when the run cannot go on; thrown by whoever drives
    std::vector<nursery_base*> families;    ///< while connecting: fan_outs whose gather is yet to come

    explicit running(Env& e) : env(e), books(e.ledger()), stop(e.stop_token()) { books.begin_run(); }
    running(running&&) = delete;
    /// A held source waits only while something is in flight, so that a hold can cost time but never a deadlock.
    bool held() const { return holds != 0 && in_flight != 0; }
};

/// Pulls until the sink has enough or the stream has ended: the one loop that waits.
template <puller P, class Env, class Sink> flow drive(P& chain, running<Env>& run, Sink&& sink) {
    for (;;) {
        if (run.stop.stop_requested()) run.closing = true;
        switch (auto const why = chain.pull(sink)) {
        case flow::enough: case flow::done: return why;
        case flow::again: run.env.loop().poll(); break;
        case flow::pending:
            assert(run.in_flight && "a stage answered pending with nothing in flight");
            run.env.loop().run_one();       // the consumer's thread drives all I/O
        }
        if (run.broken) std::rethrow_exception(run.broken);
    }
}

/// The one iterator of the framework: a single-pass handle over a running chain.
/// Copies share the stream, as copies of istream_view do; that also makes it a range-v3 view. Iterators live no longer than the last copy.
template <puller P, class Env>
class pull_view : public ranges::view_base, public std::ranges::view_base {
    using delivered = typename P::stream::item;
    static_assert(P::stream::families == 0);    // with() has said so in a sentence
    struct wake { Env& env; void operator()() const { env.loop().post([] {}); } };
    struct state {
        running<Env> shared;
        P chain;
        std::stop_callback<wake> on_stop;       // else a stop request would wait for the next reply
        enum : unsigned char { due, here, ended } slot = due;   // due: the next record was asked for but not looked at
        union { delivered current; };           // alive while the slot says here

        template <class Plan> state(Plan&& plan, Env& env) : shared(env), chain(std::forward<Plan>(plan).connect(shared)), on_stop(shared.stop, wake{env}) {}
        ~state() { drop(); }
        /// Pulls as late as can be: take(8) increments eight times but looks at the ninth never, and a ninth reply would have been paid for.
        void look() { if (slot == due) fetch(); }
        [[gnu::noinline]] void fetch() {        // else clang calls look() three times a record
            slot = ended;                       // first: after an exception the range is at its end
            drive(chain, shared, [this](delivered&& it) { std::construct_at(&current, std::move(it)); slot = here; return false; });
        }
        void drop() { if (slot == here) std::destroy_at(&current); }
        void pass() {
            look();
            if (slot != here) return;
            drop();
            slot = due;
        }
    };
    std::shared_ptr<state> s_;
public:
    struct iterator {
        using value_type = delivered;
        using difference_type = std::ptrdiff_t;
        using reference = value_type&;
        using pointer = value_type*;
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::input_iterator_tag;
        state* s = nullptr;
        reference operator*() const { s->look(); return s->current; }
        pointer operator->() const { return &**this; }
        iterator& operator++() { s->pass(); return *this; }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { i.s->look(); return i.s->slot == state::ended; }
    };
    pull_view() = default;
    template <class Plan> pull_view(Plan&& plan, Env& env) : s_(std::make_shared<state>(std::forward<Plan>(plan), env)) {}
    iterator begin() const { return {s_.get()}; }
    std::default_sentinel_t end() const { return {}; }
    /// f(item&&) for every item still to come: a loop over the range without the stop at each record that an iterator needs. What f throws ends the run.
    template <class F> void each(F&& f) {
        if (s_->slot == state::ended) return;
        bool const looked_at = s_->slot == state::here;
        std::optional<delivered> first;
        if (looked_at) first.emplace(std::move(s_->current));
        s_->drop();
        s_->slot = state::ended;
        if (first) f(*std::move(first));
        drive(s_->chain, s_->shared, [&](delivered&& it) { f(std::move(it)); return true; });
    }
    /// Every record before this position has been delivered or never will be: the source of a further recipe answers this.
    position oldest() const {
        auto const least = s_->chain.oldest();
        return s_->slot == state::here && position(s_->current.where) < least ? position(s_->current.where) : least;
    }
};

} // namespace penstock
