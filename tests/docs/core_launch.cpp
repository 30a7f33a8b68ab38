#include <string>
#include <vector>
// [launch]
#include <penstock/core/async_map.hpp>
#include <penstock/core/env.hpp>

namespace ps = penstock;

/// Asks somebody who answers later. `service.send(text, callback)` stands for any transport.
template <class Service> struct ask {
    Service* service;
    template <class In> using output = std::string;         // what comes out; a constraint here speaks before anything runs
    void operator()(std::string text, auto& env, auto done) const {
        service->send(std::move(text), [&env, done](std::string reply) {            // on any thread …
            env.loop().post([done, reply = std::move(reply)]() mutable {            // … but done is called on the loop's, once
                if (reply.empty()) done(std::unexpected(ps::failure(ps::errc::refused, "an empty reply")));
                else done(std::move(reply));
            });
        });
    }
};
// [/launch]

struct echo {
    void send(std::string text, auto callback) { callback(text == "hush" ? std::string() : text + '!'); }
};

int main() {
    echo service;
    ps::bare_env env;
    std::vector<std::string> replies;
    std::vector<std::string> const texts{"a", "hush", "b"};
    for (auto&& item : texts | ps::async_map<ps::window{.in_flight = 2, .deliver = ps::order::source}>("ask", ask<echo>{&service}) | ps::with(env))
        replies.push_back(item.value ? *item.value : item.value.error().what());
    return replies == std::vector<std::string>{"a!", "an empty reply", "b!"} && env.books.imbalance().empty() ? 0 : 1;
}
