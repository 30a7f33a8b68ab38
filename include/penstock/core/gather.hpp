/// gather(join): gives each parent back once, with all its children's results in child order, failures included. A dropped child is a gap in
/// the indexes; a parent whose children were cut off by a stop request is not given back at all, for its row would be wrong. Where children are
/// views into their parent, the join takes it by reference (`parent const&` or `parent&&`): a parameter by value has moved it already.
#pragma once
#include <penstock/core/stage.hpp>

namespace penstock {

template <class T> struct child {
    std::uint32_t index;
    result<T> value;
};
/// What became of one parent's children.
template <class T> struct children {
    std::uint32_t born = 0;             ///< how many fan_out made; those that are not in results were dropped
    std::vector<child<T>> results;      ///< in child order
};

namespace detail {
template <class S> struct closed;       // the stream after the innermost family is closed
template <class T, class P, class... G> struct closed<stream<T, P, G...>> { using type = stream<P, G...>; };
template <class Join, class S> struct joined;
template <class Join, class T, class P, class... G> requires (stream<T, P, G...>::families != 0 && callable<Join, P, children<T>>)
struct joined<Join, stream<T, P, G...>> { using type = stream<payload_t<call_t<Join, P, children<T>>>, G...>; };

template <puller Up, class Join, class Run> class gather_puller {
    using record = typename Up::stream::record;
    using parent_item = typename closed<typename Up::stream>::type::item;
public:
    using stream = typename joined<Join, typename Up::stream>::type;

    gather_puller(Up up, Join join, std::string_view name, Run& run) : up_(std::move(up)), join_(std::move(join)), name_(name),
        books_(&run.books.open(name, Up::stream::depth, stream::depth)),
        nursery_(static_cast<nursery<parent_item>*>(run.families.back())),     // the types have proven that it is ours
        shelves_(nursery_->cradles.size()) {
        run.families.pop_back();
    }
    gather_puller(gather_puller&&) = default;
    ~gather_puller() { for (auto& s : shelves_) leave(s); }

    template <class Sink> flow pull(Sink&& sink) {
        for (unsigned steps = 0; steps != patience; ++steps) {
            while (!nursery_->complete.empty())
                if (auto out = give_back()) if (!sink(std::move(*out))) return flow::enough;
            bool more = true;
            auto const why = up_.pull([&](typename Up::stream::item&& it) {
                if (it.kin.home() != nursery_) {
                    ++books_->failed_out;
                    return more = sink(passing(std::move(it)));
                }
                shelves_[it.kin.slot()].push_back({it.where.index(), std::move(it.value)});
                { auto const used = std::move(it.kin); }           // its ticket dies here, and may complete its family
                return nursery_->complete.empty();
            });
            if (!more || (why != flow::enough && nursery_->complete.empty())) return why;      // that pull may have dropped a family's last child
        }
        return flow::again;
    }
    position oldest() const {
        auto least = up_.oldest();
        for (auto const& p : nursery_->parents) if (p && position(p->where) < least) least = p->where;
        return least;
    }
private:
    using shelf = std::vector<child<record>>;

    std::optional<typename stream::item> give_back() {
        auto const slot = nursery_->complete.front();
        nursery_->complete.pop_front();
        auto& parent = *nursery_->parents[slot];        // stays where it is until the join is over: children may be views into it
        auto const [born, living, cut] = nursery_->cradles[slot];
        auto results = std::exchange(shelves_[slot], {});
        if (cut) {
            ++nursery_->books.left;
            leave(results);
            parent.kin.cut();
            free(slot);
            return {};
        }
        for (auto const& c : results) ++(c.value ? books_->merged : books_->absorbed);
        in_child_order(results, born);
        // After a fatal exception the parent is still in the nursery, which counts it as left.
        typename stream::item out{parent.where, attempt(name_, join_, *std::move(parent.value), children<record>{born, std::move(results)}), std::move(parent.kin)};
        free(slot);
        ++nursery_->books.merged, ++books_->made;
        enter(*books_, out.value);
        return out;
    }
    /// Indexes are distinct and below born, so no sort is needed; what a sort instantiates was a twentieth of a pipeline's code.
    static void in_child_order(shelf& results, std::uint32_t born) {
        bool sorted = true;
        for (std::size_t i = 1; i < results.size(); ++i) sorted = sorted && results[i - 1].index < results[i].index;
        if (sorted) return;
        std::vector<std::uint32_t> at(born);        // of each child in results, from 1
        for (std::uint32_t i = 0; i != results.size(); ++i) at[results[i].index] = i + 1;
        shelf ordered;
        ordered.reserve(results.size());
        for (auto const i : at) if (i) ordered.push_back(std::move(results[i - 1]));
        results = std::move(ordered);
    }
    void free(std::uint32_t slot) {
        nursery_->parents[slot].reset();
        nursery_->free.push_back(slot);
    }
    /// A parent that failed before it had children.
    static typename stream::item passing(typename Up::stream::item it) {
        assert(!it.value);
        if constexpr (stream::depth == 0) return {it.where.root, std::unexpected(std::move(it.value).error())};
        else if constexpr (stream::families == 0) return {it.where, std::unexpected(std::move(it.value).error())};
        else return {it.where, std::unexpected(std::move(it.value).error()), std::move(it.kin)};
    }
    void leave(shelf const& s) { for (auto const& c : s) ++(c.value ? books_->left : books_->failed_left); }

    Up up_;     // first, so that it dies last
    Join join_; std::string_view name_; account* books_;
    nursery<parent_item>* nursery_;
    std::vector<shelf> shelves_;        // one for each cradle
};
template <class Join> struct gather_stage : stage_base {
    std::string_view name; Join join;
    constexpr gather_stage(std::string_view n, Join j) : name(n), join(std::move(j)) {}
    template <class Stream> using reshape = typename joined<Join, Stream>::type;

    template <class Stream> static consteval void explain() {
        static_assert(Stream::families != 0, "penstock::gather: there is no fan_out before it in this recipe, so there is no parent to give back (flat_map keeps none)");
        if constexpr (Stream::families != 0) speak(Stream{});
    }
    template <class T, class P, class... G> static consteval void speak(stream<T, P, G...>) {
        static_assert(callable<Join, P, children<T>>, "penstock::gather: the join must take the parent record of the fan_out and penstock::children of the record type of the stage before it");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const { return gather_puller<Up, Join, Run>{std::move(up), join, name, run}; }
};
struct gather_fn {
    template <class J> constexpr auto operator()(std::string_view name, J join) const { return gather_stage<J>{name, std::move(join)}; }
    template <class J> constexpr auto operator()(J join) const { return gather_stage<J>{"gather", std::move(join)}; }
};
} // namespace detail

inline constexpr detail::gather_fn gather;

} // namespace penstock
