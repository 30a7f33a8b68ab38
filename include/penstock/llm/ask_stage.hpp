/// The stage of ask.hpp without the decoder: a unit that strings a pipeline together need not compile simdjson. Some unit of the program includes read_reply.hpp and says
/// `template penstock::result<Reply> penstock::llm::read_reply<Reply>(std::string const&);`.
#pragma once
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#include <penstock/core/async_map.hpp>
#include <penstock/core/env.hpp>
#include <penstock/llm/model.hpp>
#include <penstock/record/schema.hpp>

namespace penstock::llm {

/// Who wrote a reply.
enum class writer : std::uint8_t {
    model,
    offline,    ///< the recipe's own function, because no model is asked in this run
    fallback,   ///< the same, because the model was not to be had
};

/// A reply's text as its type, held to everything that the type says. Defined in read_reply.hpp.
template <class Reply> result<Reply> read_reply(std::string const& text);

/// Two messages, as most prompts are.
inline chat_request chat(std::string system, std::string user) {
    return {.messages = {{role::system, std::move(system)}, {role::user, std::move(user)}}};
}

/// What a recipe that asks needs besides: env.model(), null where no model is asked in this run; and who then signs what the offline writer writes.
struct asking_env : bare_env {
    llm::model* asks = nullptr;
    writer without_model = writer::offline;
    llm::model* model() const { return asks; }
};

namespace detail {
inline chat_request request_of(chat_request r) { return r; }
inline chat_request request_of(std::string user) { return {.messages = {{role::user, std::move(user)}}}; }

struct no_writer {};
template <class Join, class In, class Reply> concept joins_with_writer = callable<Join, In const&, Reply, writer>;
template <class Join, class In, class Reply> concept joins = joins_with_writer<Join, In, Reply> || callable<Join, In const&, Reply>;
template <class Join, class In, class Reply> decltype(auto) join_reply(Join const& join, In const& in, Reply&& r, writer by) {
    if constexpr (joins_with_writer<Join, In, Reply>) return join(in, std::move(r), by);
    else return join(in, std::move(r));
}
template <class Join, class In, class Reply> using joined_t = payload_t<decltype(join_reply(std::declval<Join const&>(), std::declval<In const&>(), std::declval<Reply>(), writer::model))>;
template <class Prompt, class In> concept prompts = requires(Prompt const& p, In const& in) { request_of(p(in)); };

template <class Reply, class Prompt, class Join, class Offline> struct asking {
    std::string_view name; Prompt prompt; Join join; Offline offline;

    template <class In> requires (prompts<Prompt, In> && joins<Join, In, Reply>) using output = joined_t<Join, In, Reply>;
    template <class In> static consteval void explain() {
        static_assert(prompts<Prompt, In>, "penstock::ask: the prompt must take a const reference to the record of the stage before it and return a text or a chat_request");
        static_assert(joins<Join, In, Reply>, "penstock::ask: the join must take (record const&, reply), and may take the penstock::llm::writer of the reply as a third");
        if constexpr (!std::is_same_v<Offline, no_writer>)
            static_assert(callable<Offline, In const&>, "penstock::ask: the offline writer must take a const reference to the record of the stage before it and return the reply");
    }
    template <class In, class Env, class Done> void operator()(In in, Env& env, Done done, position const& where) const {
        static_assert(requires { { env.model() } -> std::convertible_to<model*>; }, "penstock::ask: env.model() must give a pointer to the penstock::llm::model that is asked: use penstock::llm::asking_env");
        using out = output<In>;
        model* const asked = env.model();
        if (!asked) {
            if constexpr (!writes) throw fatal(exit_code::usage, "stage \"" + std::string(name) + "\" asks a model and has no offline writer: choose a provider");
            else {
                auto by = writer::offline;
                if constexpr (requires { env.without_model; }) by = env.without_model;
                return env.loop().post([this, in = std::move(in), done, by] { answer(done, in, by); });
            }
        }
        struct state { In in; std::optional<result<out>> made; };
        auto s = std::make_shared<state>(state{std::move(in), {}});
        auto request = request_of(prompt(std::as_const(s->in)));
        if (request.schema.empty()) request.schema = strict_schema<Reply>();
        asked->ask(std::move(request), where,
            [this, s](std::string const& text) -> std::string {
                auto r = read_reply<Reply>(text);
                if (!r) return r.error().what();
                s->made = attempt(name, [&] { return result<out>(join_reply(join, std::as_const(s->in), *std::move(r), writer::model)); });
                if (*s->made) return {};
                return s->made->error().what();
            },
            [this, s, done, asked](result<answered> came, std::exception_ptr broken) {
                static_cast<void>(this), static_cast<void>(asked);      // unused without a writer
                if (broken) return done(broken);
                if (came) return done(*std::move(s->made));
                if constexpr (writes) {     // only for a model that is not to be had: what it refused or got wrong is rejected with its reason
                    auto const code = came.error().code();
                    if (asked->options().fallback && (code == errc::transport || code == errc::timeout)) return answer(done, s->in, writer::fallback);
                }
                done(std::unexpected(std::move(came).error()));
            });
    }
    void cancel(auto& env) const { if (model* const asked = env.model()) asked->close(); }

private:
    static constexpr bool writes = !std::is_same_v<Offline, no_writer>;
    /// The offline writer's reply. Runs on the loop, where nothing may be thrown.
    template <class Done, class In> void answer(Done const& done, In const& in, writer by) const {
        try {
            done(attempt(name, [&]() -> result<output<In>> {
                result<Reply> r = offline(in);
                if (!r) return std::unexpected(std::move(r).error());
                return join_reply(join, in, *std::move(r), by);
            }));
        } catch (...) { done(std::current_exception()); }       // a fatal one
    }
};

template <window W, class Launch> struct ask_stage : penstock::detail::async_stage<W, Launch> {
    using base = penstock::detail::async_stage<W, Launch>;
    constexpr explicit ask_stage(std::string_view name, Launch l) : base(name, std::move(l)) {}
    /// The reply without a model: a function of the record. Used where no model is asked in a run, and with model_options::fallback where it is not to be had.
    template <class F> constexpr auto offline(F f) const;
};
template <class Reply, window W, class Prompt, class Join, class Offline> constexpr auto asking_stage(std::string_view name, Prompt p, Join j, Offline o) {
    using launch = asking<Reply, Prompt, Join, Offline>;
    return ask_stage<W, launch>(name, launch{name, std::move(p), std::move(j), std::move(o)});
}
template <class L> struct parts_of;
template <class R, class P, class J, class O> struct parts_of<asking<R, P, J, O>> { using reply = R; };
template <window W, class Launch> template <class F> constexpr auto ask_stage<W, Launch>::offline(F f) const {
    return asking_stage<typename parts_of<Launch>::reply, W>(this->name, this->launch.prompt, this->launch.join, std::move(f));
}
} // namespace detail

/// prompt(record const&): a text (one user message) or a chat_request (messages, draw, and what else it wants to set itself).
/// join(record const&, Reply) or join(record const&, Reply, writer): what goes on, or a failure, whose reason the model is told when it is asked again.
/// The record is not judged by one reply: after model_options::reask it is rejected, with the last reply as its raw text.
template <class Reply, window W = window{.in_flight = 64}, class Prompt, class Join> constexpr auto ask(std::string_view name, Prompt prompt, Join join) {
    return detail::asking_stage<Reply, W>(name, std::move(prompt), std::move(join), detail::no_writer{});
}
template <class Reply, window W = window{.in_flight = 64}, class Prompt, class Join> constexpr auto ask(Prompt prompt, Join join) {
    return ask<Reply, W>("ask", std::move(prompt), std::move(join));
}

/// A record that is asked about several times on purpose: `fan_out(draw(3)) | ask<Reply>(…) | gather(vote)`; the prompt sets chat_request::draw to its number.
template <class T> struct drawn { T const* of; std::uint32_t number; };
inline constexpr auto draw = [](std::uint32_t times) {
    return [times]<class T>(T const& record) {
        std::vector<drawn<T>> all;
        for (std::uint32_t i = 0; i != times; ++i) all.push_back({&record, i});
        return all;
    };
};

} // namespace penstock::llm
