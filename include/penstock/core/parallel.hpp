/// parallel(f): map on the environment's worker threads, so that long work never runs inside a pull. Only the record travels to a worker;
/// its position and its ticket stay with the stage, on one thread. f is called by several threads at once.
#pragma once
#include <functional>   // std::move_only_function
#include <penstock/core/async_map.hpp>

namespace penstock {
namespace detail {
template <class F> struct on_workers {
    F f;
    template <class In> requires callable<F, In> using output = payload_t<call_t<F, In>>;
    template <class In> static consteval void explain() {
        static_assert(callable<F, In>, "penstock::parallel: the function cannot be called with the record type produced by the stage before it");
    }
    template <class In, class Env> void operator()(In in, Env& env, answer<output<In>> done) const {
        constexpr bool has_pool = requires { env.pool().submit([] {}); };
        static_assert(has_pool, "penstock::parallel: this env has no threads: env.pool() must offer submit(function), as penstock::workers does");
        if constexpr (has_pool) env.pool().submit([&f = f, in = std::optional<In>(std::move(in)), &env, done = std::move(done)]() mutable {
            std::move_only_function<void()> reply;
            {                                                       // once it is posted, the run may end without this thread: nothing of the record stays here
                std::optional<result<output<In>>> made;
                std::exception_ptr broken;
                try { made.emplace(attempt({}, f, *std::move(in))); }
                catch (...) { broken = std::current_exception(); }  // fatal: the consumer's thread throws it
                in.reset();
                reply = [made = std::move(made), broken = std::move(broken), done = std::move(done)]() mutable {
                    if (made) done(*std::move(made));
                    else done(std::move(broken));
                };
            }
            env.loop().post(std::move(reply));
        });
    }
};
} // namespace detail

template <window W = window{.in_flight = 16}, class F> constexpr auto parallel(std::string_view name, F f) { return async_map<W>(name, detail::on_workers<F>{std::move(f)}); }
template <window W = window{.in_flight = 16}, class F> constexpr auto parallel(F f) { return parallel<W>("parallel", std::move(f)); }

} // namespace penstock
