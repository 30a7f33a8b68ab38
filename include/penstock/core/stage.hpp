/// Stages, recipes and plans: descriptions that are checked as types before anything runs. A plain stage says record -> record (`output`);
/// one that opens or closes families says stream -> stream (`reshape`), so "gather without fan_out" is a type error, not a hang.
#pragma once
#include <string_view>
#include <penstock/core/pull.hpp>

namespace penstock {

struct stage_base {};   ///< finds operator| by argument-dependent lookup

template <class S> concept stage = std::derived_from<std::remove_cvref_t<S>, stage_base>;

namespace detail {
template <class S, class Stream> struct flow_of;
template <class S, class T, class... P> requires requires { typename S::template output<T>; }
struct flow_of<S, stream<T, P...>> { using type = stream<typename S::template output<T>, P...>; };
template <class S, class T, class... P> requires requires { typename S::template reshape<stream<T, P...>>; }
struct flow_of<S, stream<T, P...>> { using type = typename S::template reshape<stream<T, P...>>; };
}
/// The stream that stage S makes of a stream.
template <class S, class Stream> using flow_t = typename detail::flow_of<S, Stream>::type;
template <class S, class Stream> concept accepts = stage<S> && requires { typename flow_t<S, Stream>; };

namespace detail {
template <class In, class Scattered> struct positioned;
template <class T, unsigned... Levels> struct positioned<T, std::integer_sequence<unsigned, Levels...>> {
    template <unsigned> using each = scattered;
    using type = stream<T, each<Levels>...>;
};
template <class In> struct source_stream { using type = stream<payload_t<In>>; };
template <class T> struct source_stream<item<T, alone>> { using type = stream<T>; };
template <class T, unsigned D> struct source_stream<item<T, grown<D>>> : positioned<T, std::make_integer_sequence<unsigned, D>> {};

template <class In> inline constexpr bool is_item = false;
template <class T, class Kin> inline constexpr bool is_item<item<T, Kin>> = true;
}
/// The stream of a source whose rows are In: T, result<T>, or item<T>, which has a position already.
template <class In> using stream_of = typename detail::source_stream<std::remove_cvref_t<In>>::type;

/// The record type stage S produces from In, and whether it does.
template <class S, class In> using output_t = typename flow_t<S, stream_of<In>>::record;
template <class S, class In> concept consumes = accepts<S, stream_of<In>>;

namespace detail {
/// Lets the stage that does not fit say why, in a static_assert of its own.
template <class S, class Stream> consteval void explain() {
    if constexpr (requires { S::template explain<Stream>(); }) S::template explain<Stream>();
    else static_assert(accepts<S, Stream>, "penstock: this stage cannot consume the records of the stage before it");
}
}
/// static_assert(checked<doc>(recipe)): the whole type check, without a source and without an env.
template <class In, stage S> consteval bool checked(S const&) {
    if constexpr (!consumes<S, In>) detail::explain<S, stream_of<In>>();
    return consumes<S, In>;
}

/// Two stages in sequence: again a stage. Recipes are values of this type.
template <stage A, stage B> struct chain : stage_base {
    A first; B second;
    constexpr chain(A a, B b) : first(std::move(a)), second(std::move(b)) {}
    template <class Stream> requires accepts<A, Stream> && accepts<B, flow_t<A, Stream>>
    using reshape = flow_t<B, flow_t<A, Stream>>;
    template <class Stream> static consteval void explain() {
        if constexpr (!accepts<A, Stream>) detail::explain<A, Stream>();
        else detail::explain<B, flow_t<A, Stream>>();
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const { return second.connect(first.connect(std::move(up), run), run); }
};
template <stage A, stage B> constexpr auto operator|(A a, B b) { return chain<A, B>(std::move(a), std::move(b)); }

/// f(arguments) as a result, on behalf of a stage that holds the record: when a fatal exception takes the record with it, the books say so.
template <class F, class... A> constexpr auto attempt(std::string_view stage, account& books, F const& f, A&&... arguments) {
    if constexpr (!needs_try<F, A...>) return attempt(stage, f, std::forward<A>(arguments)...);
    else try { return attempt(stage, f, std::forward<A>(arguments)...); }
    catch (...) { ++books.left; throw; }
}
namespace detail {
[[gnu::noinline, gnu::cold]] inline void reject(account& books, errc code) { ++count(books.rejected, name(code)); }
}
/// Enters what a stage made of a record. counted: where outputs are counted, a running pull's counts or the books themselves.
template <class T, class Counted> void enter(account& books, Counted& counted, result<T> const& made) {
    if (made) { ++counted.out; return; }
    detail::reject(books, made.error().code());
    ++counted.failed_out;
}
template <class T> void enter(account& books, result<T> const& made) { enter(books, books, made); }

namespace detail {
/// The counts of one pull, entered when it ends, however it ends.
struct counting : counts {
    account& books;
    explicit counting(account& a) : books(a) {}
    counting(counting&&) = delete;
    ~counting() { books.add(*this); }
};
}
/// A running stage of one record in and at most one out, from a step: bool step(account&, counts&, item&&, sink&) gives the sink at most one item and answers
/// what the sink answers, or true for an item it dropped; Step::output<T> is what it makes of a T, step.name its name in the books.
template <puller Up, class Step> struct synchronous {
    using stream = typename Up::stream::template of<typename Step::template output<typename Up::stream::record>>;
    Up up; Step step; account& books;

    template <class Sink> flow pull(Sink&& sink) {
        detail::counting counted(books);
        return up.pull([&](typename Up::stream::item&& it) { return step(books, counted, std::move(it), sink); });
    }
    position oldest() const { return up.oldest(); }
};
template <puller Up, class Step, class Run> auto synchronously(Up up, Step step, Run& run) {
    auto& books = run.books.open(step.name, Up::stream::depth, Up::stream::depth);
    return synchronous<Up, Step>{std::move(up), std::move(step), books};
}

namespace detail {
/// A container that was moved in: its elements are ours.
template <class V> inline constexpr bool owns = false;
template <class R> inline constexpr bool owns<std::ranges::owning_view<R>> = true;
template <class V> using taken_t = std::conditional_t<owns<V>, std::ranges::range_rvalue_reference_t<V>, std::ranges::range_reference_t<V>>;

/// Rows of any input range of T, result<T> or item<T>. Owns a range given as an rvalue; takes its iterator at the first pull, when the chain has come to rest.
template <std::ranges::view V, class Run> struct source_puller {
    using row = std::ranges::range_value_t<V>;
    using stream = stream_of<row>;
    V rows;
    Run& run;
    account& books;
    std::optional<std::ranges::iterator_t<V>> at = {};
    origin next = {};
    bool ended = false;

    template <class Sink> flow pull(Sink&& sink) {
        if (ended || run.closing) { ended = true; return flow::done; }
        if (run.held()) return flow::pending;
        if (!at) at.emplace(std::ranges::begin(rows));
        else ++*at;                             // not before it is asked for: on a live source this waits
        loop here(*this);
        auto const end = std::ranges::end(rows);
        for (unsigned given = 1;; ++given, ++here.at) {
            if (here.at == end) { ended = true; return flow::done; }
            auto got = read(here);              // if the source throws, nothing was read
            ++here.made;
            enter(books, here, got.value);
            if (!sink(std::move(got))) return flow::enough;
            if (given == patience || (live && run.stop.stop_requested())) return flow::again;
        }
    }
    /// Items of an unknown order (not a pull_view's, which knows) may come in any: none is past before the end.
    position oldest() const {
        if (ended) return position::end();
        if constexpr (!is_item<row>) return next;
        else if constexpr (requires { { rows.oldest() } -> std::same_as<position>; }) return rows.oldest();
        else return {};
    }
private:
    using iterator = std::ranges::iterator_t<V>;
    static constexpr bool light = std::copyable<iterator> && std::is_trivially_copyable_v<iterator>;
    static constexpr bool live = !std::ranges::forward_range<V>;    // a pipe may give one row a minute: a stop request is not to wait for a thousand
    /// What changes with every row, in registers while the loop runs.
    struct loop : counting {
        source_puller& home;
        std::conditional_t<light, iterator, iterator&> at;
        origin next;
        std::uint64_t made = 0;
        explicit loop(source_puller& s) : counting(s.books), home(s), at(*s.at), next(s.next) {}
        ~loop() {
            home.next = next;
            home.books.made += made;
            if constexpr (light) *home.at = at;
        }
    };
    static decltype(auto) taken(iterator& at) { if constexpr (owns<V>) return std::ranges::iter_move(at); else return *at; }
    typename stream::item read(loop& here) {
        if constexpr (is_item<row>) {
            decltype(auto) i = *here.at;
            // A single-pass range has no other reader: its items are moved out, so that records need not be copyable.
            if constexpr ((std::ranges::forward_range<V> && !owns<V>) || std::is_const_v<std::remove_reference_t<decltype(i)>>) return {i.where, i.value};
            else return {i.where, std::move(i.value)};
        } else {
            typename stream::item i{here.next, taken(here.at)};
            ++here.next.word;
            return i;
        }
    }
};
}

/// A source and a recipe, inert.
template <std::ranges::view V, stage S> struct plan {
    V rows; S recipe;
    template <class Run> auto connect(Run& run) && {
        using source = detail::source_puller<V, Run>;
        auto& books = run.books.open("source", source::stream::depth, source::stream::depth);
        return recipe.connect(source{std::move(rows), run, books}, run);
    }
};
/// Any std or range-v3 input range is a source: an rvalue is owned, an lvalue is referenced and must outlive the run.
template <std::ranges::viewable_range R, stage S> constexpr auto operator|(R&& rows, S recipe) {
    using in = std::ranges::range_value_t<R>;
    static_assert(std::ranges::input_range<R>, "penstock: a source must be an input range");
    using taken = detail::taken_t<std::views::all_t<R>>;
    static_assert(detail::is_item<in> || std::constructible_from<result<payload_t<in>>, taken>,
                  "penstock: the records of this source cannot be copied, and it keeps its own: move the source in, or give a view whose elements are rvalues");
    if constexpr (!consumes<S, in>) detail::explain<S, stream_of<in>>();
    return plan<std::views::all_t<R>, S>{std::views::all(std::forward<R>(rows)), std::move(recipe)};
}
template <std::ranges::view V, stage S, stage T> constexpr auto operator|(plan<V, S> p, T next) {
    return std::move(p.rows) | chain<S, T>(std::move(p.recipe), std::move(next));
}
template <class R, stage S> requires (!std::ranges::viewable_range<R> && !stage<R>)
constexpr auto operator|(R&&, S const&) {
    static_assert(std::ranges::viewable_range<R>, "penstock: what stands before the first stage is not a source: a source is an input range (a view that cannot be copied must be moved in)");
}

/// What the core asks of an env.
template <class Env> concept environment = requires(Env& e) {
    { e.loop() } -> event_loop;
    { e.ledger() } -> std::same_as<ledger&>;
    { e.stop_token() } -> std::convertible_to<std::stop_token>;
};
template <class Env> struct with_t { Env& env; };
/// Closes a plan over what it needs to run (loop, stop token, ledger, and whatever its stages ask for) and makes it a range, which the env must outlive.
template <class Env> constexpr with_t<Env> with(Env& env) { return {env}; }
template <class Env> void with(Env const&&) = delete;

template <std::ranges::view V, stage S, class Env> auto operator|(plan<V, S> p, with_t<Env> w) {
    using end = flow_t<S, stream_of<std::ranges::range_value_t<V>>>;
    static_assert(end::families == 0, "penstock::fan_out: nobody gathers this family: put gather(join) after it, or write flat_map if its children go on alone");
    static_assert(requires { { w.env.loop() } -> event_loop; }, "penstock::with: env.loop() must offer run_one(), poll() and post(function)");
    static_assert(requires { { w.env.ledger() } -> std::same_as<ledger&>; }, "penstock::with: env.ledger() must give a reference to a penstock::ledger");
    static_assert(requires { { w.env.stop_token() } -> std::convertible_to<std::stop_token>; }, "penstock::with: env.stop_token() must give a std::stop_token");
    if constexpr (end::families == 0 && environment<Env>) {
        using shared = running<Env>;
        return pull_view<decltype(std::move(p).connect(std::declval<shared&>())), Env>{std::move(p), w.env};
    }
}

} // namespace penstock
