/// flat_map(f): one record becomes the range f makes of it, and the children go on alone. It is fan_out for children that nobody gathers: it keeps one
/// parent, only while its children are being made, and a stage that regroups records (chunk, take, sample, through) may follow it.
#pragma once
#include <optional>
#include <penstock/core/brood.hpp>

namespace penstock {
namespace detail {
template <class S, class Child> struct scattering;
template <class T, class... P, class Child> struct scattering<stream<T, P...>, Child> { using type = stream<Child, scattered, P...>; };

/// A view made of a record that owns its elements: of other records nobody can tell.
template <class Child, class In> concept looks_into = std::ranges::view<Child> && std::ranges::borrowed_range<Child> && std::ranges::range<In> && !std::ranges::view<In>;

template <puller Up, class F, class Run> class flat_map_puller {
    using parent = typename Up::stream::record;
    struct open { typename Up::stream::item it; std::optional<brood<F, parent>> children = {}; };
public:
    using stream = typename scattering<typename Up::stream, child_t<F, parent>>::type;

    flat_map_puller(Up up, F f, std::string_view name, Run& run)
        : up_(std::move(up)), f_(std::move(f)), name_(name), run_(&run), books_(&run.books.open(name, Up::stream::depth, stream::depth)) {}
    flat_map_puller(flat_map_puller&&) = default;
    ~flat_map_puller() { if (parent_) ++books_->left; }

    template <class Sink> flow pull(Sink&& sink) {
        for (unsigned steps = 0; steps != patience; ++steps) {
            if (parent_) {
                auto const index = parent_->children->born;
                auto c = parent_->children->next(name_);
                if (c && !run_->closing) {
                    if (*c) ++books_->made, ++books_->out;
                    else ++books_->failed_made, ++books_->failed_out;
                    if (!sink(typename stream::item{position(parent_->it.where).child(index), *std::move(c)})) return flow::enough;
                    continue;
                }
                ++(c ? books_->left : books_->merged);      // a stop request has cut its children off, or they are all out
                parent_.reset();
            }
            bool more = true;
            auto const why = up_.pull([&](typename Up::stream::item&& it) {
                if (!it.value) {
                    ++books_->failed_out;
                    return more = sink(typename stream::item{it.where, std::unexpected(std::move(it.value).error())});
                }
                auto failed = begin(std::move(it));
                return failed && (more = sink(std::move(*failed)));
            });
            if (!more || why != flow::enough) return why;
        }
        return flow::again;
    }
    position oldest() const {
        auto const above = up_.oldest();
        if (!parent_) return above;
        auto const own = position(parent_->it.where).child(parent_->children->born);    // those before it are out
        return own < above ? own : above;
    }
private:
    /// Takes a parent in; when that fails, gives it back as a failure.
    std::optional<typename stream::item> begin(typename Up::stream::item it) {
        parent_.emplace(std::move(it));
        try { parent_->children.emplace(f_, std::as_const(*parent_->it.value)); }
        catch (...) {
            typename stream::item lost{parent_->it.where, std::unexpected(caught(name_))};      // when fatal, the destructor counts the parent as left
            parent_.reset();
            enter(*books_, lost.value);
            return lost;
        }
        return {};
    }
    Up up_;     // first, so that it dies last
    F f_; std::string_view name_; Run* run_; account* books_;
    std::optional<open> parent_;
};
template <class F> struct flat_map_stage : stage_base {
    std::string_view name; F f;
    constexpr flat_map_stage(std::string_view n, F g) : name(n), f(std::move(g)) {}
    template <class S> requires (S::families == 0 && S::depth < position::levels && makes_children<F, typename S::record> && !looks_into<child_t<F, typename S::record>, typename S::record>)
    using reshape = typename scattering<S, child_t<F, typename S::record>>::type;

    template <class Stream> static consteval void explain() {
        using in = typename Stream::record;
        static_assert(Stream::families == 0, "penstock::flat_map: inside a family, between fan_out and gather, its children would lose their parent; use fan_out, and gather it first");
        static_assert(Stream::depth < position::levels, "penstock::flat_map: too many fan-outs after each other; raise position::levels");
        static_assert(callable<F, in const&>, "penstock::flat_map: the function cannot be called with a const reference to the record type of the stage before it");
        if constexpr (callable<F, in const&>)
            static_assert(makes_children<F, in>, "penstock::flat_map: the function must return a range of children (a vector, a view); what it returns is not a range");
        if constexpr (makes_children<F, in>)
            static_assert(!looks_into<child_t<F, in>, in>, "penstock::flat_map: its children are views into a record that is gone when they arrive; let them own what they hold (std::string), or use fan_out and gather");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const { return flat_map_puller<Up, F, Run>{std::move(up), f, name, run}; }
};
struct flat_map_fn {
    template <class F> constexpr auto operator()(std::string_view name, F f) const { return flat_map_stage<F>(name, std::move(f)); }
    template <class F> constexpr auto operator()(F f) const { return flat_map_stage<F>("flat_map", std::move(f)); }
};
} // namespace detail

inline constexpr detail::flat_map_fn flat_map;

} // namespace penstock
