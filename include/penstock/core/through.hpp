/// through(view): lifts a view adaptor of std or range-v3 into the middle of a recipe: through(ranges::views::chunk(5)), through(std::views::drop(3)).
/// Such a view cannot answer `pending`, so it waits for its records inside its increment: nothing after it starts meanwhile. That is its price.
#pragma once
#include <deque>
#include <memory>
#include <vector>
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
/// The values of the stages before, as a view asks for them. Knows their type only, so that the adaptor's type needs no source and no env.
template <class T> struct feed {
    std::optional<T> here = {};
    bool due = true;                    ///< the next one was asked for, but nobody has looked whether there is one: take(8) increments eight times
    bool looked_at = false;             ///< the view has looked at it, not only moved on to it
    virtual void next() = 0;            ///< here is empty at the end
    void fetch() { if (std::exchange(due, false)) next(); }
    virtual ~feed() = default;
};
template <class T> class feed_view : public ranges::view_base, public std::ranges::view_base {
    feed<T>* from_ = nullptr;
public:
    struct iterator {
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using reference = T&;
        using pointer = T*;
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::input_iterator_tag;
        feed<T>* from = nullptr;
        reference operator*() const { from->fetch(); from->looked_at = true; return *from->here; }
        iterator& operator++() { from->fetch(); from->due = true; return *this; }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { i.from->fetch(); return !i.from->here; }
    };
    feed_view() = default;
    explicit feed_view(feed<T>* f) : from_(f) {}
    iterator begin() const { return {from_}; }
    std::default_sentinel_t end() const { return {}; }
};
template <class View, class T> concept lifts = requires(View const& v, feed_view<T> f) { { f | v } -> std::ranges::input_range; };
template <class View, class T> using lifted_t = decltype(std::declval<feed_view<T>>() | std::declval<View const&>());

/// A part that can be read only once (chunk's, of a single-pass range) looks at records that are gone at the next pull: it is copied into a vector.
template <class R> concept passing_part = std::ranges::input_range<R> && !std::ranges::forward_range<R>;
template <class V> struct lifted_record { using type = std::ranges::range_value_t<V>; };
template <class V> requires passing_part<std::ranges::range_reference_t<V>>
struct lifted_record<V> { using type = std::vector<std::ranges::range_value_t<std::ranges::range_reference_t<V>>>; };

template <class View, puller Up, class Run> class through_puller {
    using in = typename Up::stream::record;
    using lifted = lifted_t<View, in>;
    using record = typename lifted_record<lifted>::type;
public:
    using stream = typename Up::stream::template of<record>;

    through_puller(Up up, View view, account& books, Run& run) : feed_(std::make_unique<feeding>(std::move(up), books, run)), view_(std::move(view)), books_(&books) {}
    through_puller(through_puller&&) = default;
    ~through_puller() { if (feed_) books_->failed_left += feed_->failures.size(); }

    /// Never answers pending. After a stop request the view is not asked for what it made of a part of its records.
    template <class Sink> flow pull(Sink&& sink) {
        for (unsigned given = 0; given != patience; ++given) {
            if (feed_->failures.empty() && !ended_ && !feed_->stopped) advance();
            if (!feed_->failures.empty()) {         // those met on the way go first
                auto f = std::move(feed_->failures.front());
                feed_->failures.pop_front();
                ++books_->failed_out;
                if (!sink(typename stream::item{f.where, std::unexpected(std::move(f.value).error())})) return flow::enough;
                continue;
            }
            if (ended_ || feed_->stopped) return flow::done;
            auto made = read();
            if (feed_->stopped) return flow::done;      // made of half its records
            due_ = true;
            ++books_->made, ++books_->out;
            if (!sink(typename stream::item{feed_->last(), std::move(made)})) return flow::enough;
        }
        return flow::again;
    }
    /// A record inside the view comes out, if at all, under the position of the last one looked at by then.
    position oldest() const {
        auto least = feed_->up.oldest();
        if (!ended_ && position(feed_->last()) < least) least = feed_->last();
        for (auto const& f : feed_->failures) if (position(f.where) < least) least = f.where;
        return least;
    }
private:
    struct feeding final : feed<in> {
        Up up; account* books; Run* run;
        std::deque<typename Up::stream::item> failures = {};
        typename stream::kin::place here_at = {}, looked_before = {};
        bool stopped = false;       // the end it came to is a stop request
        feeding(Up u, account& b, Run& r) : up(std::move(u)), books(&b), run(&r) {}
        /// Where the record is that the view looked at last. Chunk, which reads one ahead, has not looked at that one.
        auto last() const { return this->looked_at ? here_at : looked_before; }
        void next() override {
            looked_before = last();
            this->looked_at = false;
            this->here.reset();
            drive(up, *run, [this](typename Up::stream::item&& it) {
                if (!it.value) { failures.push_back(std::move(it)); return true; }
                here_at = it.where;
                this->here.emplace(*std::move(it.value));
                ++books->merged;
                return false;
            });
            if (!this->here) stopped = run->closing;
        }
    };
    /// To the next record of the view, if it is not there already.
    void advance() {
        if (!range_) range_.emplace(feed_view<in>(feed_.get()) | view_);
        if (!at_) at_.emplace(std::ranges::begin(*range_));
        else if (due_) ++*at_;
        due_ = false;
        ended_ = *at_ == std::ranges::end(*range_);
    }
    record read() {
        if constexpr (passing_part<std::ranges::range_reference_t<lifted>>) {
            record part;
            auto&& r = **at_;
            for (auto i = std::ranges::begin(r); i != std::ranges::end(r); ++i) part.push_back(std::ranges::iter_move(i));
            return part;
        } else return std::ranges::iter_move(*at_);
    }
    std::unique_ptr<feeding> feed_;     // first, so that it dies last; at one address, for the view points to it
    View view_; account* books_;
    std::optional<lifted> range_ = {};
    std::optional<std::ranges::iterator_t<lifted>> at_ = {};
    bool due_ = false, ended_ = false;
};
template <class View> struct through_stage : stage_base {
    std::string_view name; View view;
    constexpr through_stage(std::string_view n, View v) : name(n), view(std::move(v)) {}
    template <class S> struct through_it { using type = typename S::template of<typename lifted_record<lifted_t<View, typename S::record>>::type>; };
    template <class Stream> requires (Stream::families == 0 && lifts<View, typename Stream::record>) using reshape = typename through_it<Stream>::type;
    template <class Stream> static consteval void explain() {
        static_assert(Stream::families == 0, "penstock::through: inside a family, between fan_out and gather, a view would lose which child is whose; put it before the fan_out or after the gather");
        static_assert(lifts<View, typename Stream::record>, "penstock::through: this is not a view adaptor that takes a single-pass range of the record type of the stage before it");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const {
        auto& books = run.books.open(name, Up::stream::depth, Up::stream::depth);
        return through_puller<View, Up, Run>{std::move(up), view, books, run};
    }
};
struct through_fn {
    template <class V> constexpr auto operator()(std::string_view name, V view) const { return through_stage<V>(name, std::move(view)); }
    template <class V> constexpr auto operator()(V view) const { return through_stage<V>("through", std::move(view)); }
};
} // namespace detail

/// A record that comes out has the position of the last one the view looked at by then; one that makes several gives them all the same one (flat_map numbers
/// them). Records that the view gives by reference are moved from, so that they need not be copyable. Failures pass around the view, before its next record. What the view's own functions throw ends the run: nobody knows which record it was about.
inline constexpr detail::through_fn through;

} // namespace penstock
