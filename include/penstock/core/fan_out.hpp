/// fan_out(f): one record becomes the range f makes of it, a family that a gather downstream joins again. At most Capacity parents are open, and the
/// next is not even pulled until one is given back. Children that nobody gathers are flat_map's.
#pragma once
#include <algorithm>
#include <memory>
#include <penstock/core/brood.hpp>

namespace penstock {
namespace detail {
template <puller Up, class F, class Run> class fan_out_puller {
    using parent_item = typename Up::stream::item;
    using parent = typename Up::stream::record;
    template <class S> struct opened;
    template <class T, class... P> struct opened<penstock::stream<T, P...>> { using type = penstock::stream<child_t<F, T>, T, P...>; };
public:
    using stream = typename opened<typename Up::stream>::type;

    fan_out_puller(Up up, F f, std::string_view name, unsigned capacity, Run& run)
        : up_(std::move(up)), f_(std::move(f)), name_(name), run_(&run), books_(&run.books.open(name, Up::stream::depth, stream::depth)),
          nursery_(std::make_unique<nursery<parent_item>>(capacity, *books_)) {
        run.families.push_back(nursery_.get());
    }
    template <class Sink> flow pull(Sink&& sink) {
        for (unsigned steps = 0; steps != patience; ++steps) {
            if (brood_) {
                auto const born = brood_->born;
                if (auto c = brood_->next(name_)) {
                    if (!run_->closing) {
                        if (!sink(child(born, *std::move(c)))) return flow::enough;
                        continue;
                    }
                    hold_.cut();
                }
                close();
                if (!nursery_->complete.empty()) return flow::again;    // gather has one to give: nothing more is read before that is asked for
            }
            if (nursery_->free.empty()) return flow::pending;       // every open parent waits for children that are in flight, or gather has one ready
            bool more = true;
            auto const why = up_.pull([&](parent_item&& it) {
                if (it.value) {
                    auto failed = open(std::move(it));
                    return failed && (more = sink(std::move(*failed)));
                }
                ++books_->failed_out;
                return more = sink(childless(it, std::move(it.value).error()));
            });
            if (!more || why != flow::enough) return why;
        }
        return flow::again;
    }
    position oldest() const {
        auto const above = up_.oldest();
        if (!brood_) return above;
        auto const own = position(nursery_->parents[slot_]->where).child(brood_->born);     // those before it are out
        return own < above ? own : above;
    }
private:
    std::optional<typename stream::item> open(parent_item it) {
        slot_ = nursery_->free.back();
        auto& kept = nursery_->parents[slot_].emplace(std::move(it));
        try { brood_.emplace(f_, std::as_const(*kept.value)); }
        catch (...) {
            result<parent> lost = std::unexpected(caught(name_));       // a fatal exception leaves the parent in the nursery, which counts it as left
            auto back = std::move(kept);
            nursery_->parents[slot_].reset();
            enter(*books_, lost);
            return childless(back, std::move(lost).error());
        }
        nursery_->free.pop_back();
        nursery_->cradles[slot_] = {};
        hold_ = ticket{*nursery_, slot_};
        return {};
    }
    typename stream::item child(std::uint32_t index, result<typename stream::record> value) {
        ++nursery_->cradles[slot_].born;
        if (value) ++books_->made, ++books_->out;
        else ++books_->failed_made, ++books_->failed_out;
        return {position(nursery_->parents[slot_]->where).child(index), std::move(value), ticket{*nursery_, slot_}};
    }
    void close() {
        brood_.reset();
        hold_ = {};         // the last ticket, unless children are under way
    }
    /// A parent that is a failure has no children: it passes through the family at its own depth.
    static typename stream::item childless(parent_item& it, failure f) {
        typename stream::item out{it.where, std::unexpected(std::move(f))};
        if constexpr (Up::stream::families != 0) out.kin = std::move(it.kin);
        return out;
    }
    Up up_;     // first, so that it dies last
    F f_; std::string_view name_; Run* run_; account* books_;
    std::unique_ptr<nursery<parent_item>> nursery_;
    std::uint32_t slot_ = 0;    // of the parent whose children are being born
    ticket hold_ = {};          // keeps its family open meanwhile
    std::optional<brood<F, parent>> brood_;
};
template <unsigned Capacity, class F> struct fan_out_stage : stage_base {
    std::string_view name; F f;
    constexpr fan_out_stage(std::string_view n, F g) : name(n), f(std::move(g)) {}
    template <class S> struct opened;
    template <class T, class... P> requires makes_children<F, T> && (sizeof...(P) < position::levels)
    struct opened<stream<T, P...>> { using type = stream<child_t<F, T>, T, P...>; };
    template <class Stream> using reshape = typename opened<Stream>::type;

    template <class Stream> static consteval void explain() {
        static_assert(Stream::depth < position::levels, "penstock::fan_out: too many fan-outs inside each other; gather an inner one first, or raise position::levels");
        speak<typename Stream::record>();
    }
    template <class In> static consteval void speak() {
        static_assert(callable<F, In const&>, "penstock::fan_out: the function cannot be called with a const reference to the record type of the stage before it");
        if constexpr (callable<F, In const&>)
            static_assert(makes_children<F, In>, "penstock::fan_out: the function must return a range of children (a vector, a view); what it returns is not a range");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const {
        auto capacity = Capacity;
        if constexpr (requires { run.env.capacity(name, Capacity); }) capacity = run.env.capacity(name, Capacity);
        return fan_out_puller<Up, F, Run>{std::move(up), f, name, std::max(capacity, 1u), run};
    }
};
} // namespace detail

/// Capacity: parents open at once, the default; an env with capacity(stage name, default) decides at run time.
template <unsigned Capacity = 64, class F> constexpr auto fan_out(std::string_view name, F f) { return detail::fan_out_stage<Capacity, F>{name, std::move(f)}; }
template <unsigned Capacity = 64, class F> constexpr auto fan_out(F f) { return fan_out<Capacity>("fan_out", std::move(f)); }

} // namespace penstock
