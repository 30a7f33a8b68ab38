/// any_stage<In, Out, Env>: a recipe, or a part of one, behind a virtual call: a header declares it, one unit compiles it, and a unit that strings it to others
/// pays for none of its stages. The pull protocol passes through as it is and nothing is stored at the boundary, so order, books, families, stops and early exits
/// are those of the whole recipe; what it costs is one indirect call a record each way.
#pragma once
#include <cassert>
#include <concepts>
#include <memory>
#include <utility>
#include <penstock/core/stage.hpp>

namespace penstock {
namespace detail {
template <class T> struct as_stream { using type = stream<T>; };
template <class T, class... P> struct as_stream<stream<T, P...>> { using type = stream<T, P...>; };

/// The rest of the pipeline, for the length of one pull.
template <class Item> class any_sink {
    void* sink_;
    bool (*give_)(void*, Item&&);
public:
    template <class Sink> explicit any_sink(Sink& sink)
        : sink_(const_cast<void*>(static_cast<void const*>(std::addressof(sink)))), give_([](void* to, Item&& it) -> bool { return (*static_cast<Sink*>(to))(std::move(it)); }) {}
    bool operator()(Item&& it) const { return give_(sink_, std::move(it)); }
};

template <class Stream> class any_puller {
    using item = typename Stream::item;
    struct base {
        virtual ~base() = default;
        virtual flow pull(any_sink<item> sink) = 0;
        virtual position oldest() = 0;
    };
    template <class P> struct held final : base {
        P chain;
        explicit held(P p) : chain(std::move(p)) {}
        flow pull(any_sink<item> sink) override { return chain.pull(sink); }
        position oldest() override { return chain.oldest(); }
    };
    std::unique_ptr<base> chain_;
public:
    using stream = Stream;
    template <class P> requires (!std::same_as<P, any_puller>) explicit any_puller(P chain) : chain_(std::make_unique<held<P>>(std::move(chain))) {}
    template <class Sink> flow pull(Sink&& sink) { return chain_->pull(any_sink<item>(sink)); }
    position oldest() const { return chain_->oldest(); }
};
} // namespace detail

/// In and Out are record types; inside a family they are streams: `any_stage<essay, stream<question, essay>, Env>` ends between a fan_out of essays and its gather.
/// Made of any stage that gives Out for In; runs over an Env, and over no type derived from it. Copies share the description, and each run connects its own copy of the stages.
template <class In, class Out, class Env> class any_stage : public stage_base {
    using from = typename detail::as_stream<In>::type;
    using to = typename detail::as_stream<Out>::type;
    struct base {
        virtual ~base() = default;
        virtual detail::any_puller<to> connect(detail::any_puller<from> up, running<Env>& run) const = 0;
    };
    template <class S> struct held final : base {
        S stages;
        explicit held(S s) : stages(std::move(s)) {}
        detail::any_puller<to> connect(detail::any_puller<from> up, running<Env>& run) const override { return detail::any_puller<to>(stages.connect(std::move(up), run)); }
    };
    std::shared_ptr<base const> stages_;
public:
    template <stage S> requires (!std::same_as<S, any_stage>) any_stage(S stages) {
        if constexpr (!accepts<S, from>) detail::explain<S, from>();
        else {
            static_assert(std::same_as<flow_t<S, from>, to>, "penstock::any_stage: these stages do not give the records, or not in the families, that it is declared to give");
            if constexpr (std::same_as<flow_t<S, from>, to>) stages_ = std::make_shared<held<S>>(std::move(stages));
        }
    }
    template <class Stream> requires std::same_as<Stream, from> using reshape = to;
    template <class Stream> static consteval void explain() {
        static_assert(std::same_as<Stream, from>, "penstock::any_stage: it is declared for other records, or for other families, than the stage before it gives");
    }
    template <puller Up, class Run> auto connect(Up up, Run& run) const {
        static_assert(std::same_as<Run, running<Env>>, "penstock::any_stage: it is compiled for another env than the one that the recipe runs with");
        assert(stages_ && "penstock::any_stage: it was moved from");
        if constexpr (std::same_as<Run, running<Env>>) return stages_->connect(detail::any_puller<from>(std::move(up)), run);
        else return std::move(up);
    }
};

} // namespace penstock
