/// Says that an endpoint is dead, with its name, instead of trying each record's patience in turn. Dead: no connection came about. Unwell: it
/// connects and has nothing but 5xx and broken connections to give. Without clock and sockets. One slow reply is neither: only failures speak.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <penstock/core/fatal.hpp>
#include <penstock/llm/call_error.hpp>

namespace penstock::llm {

struct breaker_options {
    std::chrono::milliseconds dead{20'000};     ///< with a connect deadline of 10 s: said after 21 s; with refused connections after 24 s at most
    unsigned dead_failures = 2;
    std::chrono::milliseconds unwell{25'000};   ///< before eight attempts are spent, which takes about 30 s
    unsigned unwell_failures = 20;
};

/// Of one endpoint.
class breaker {
public:
    using time = std::chrono::milliseconds;     ///< since whenever; steady

    explicit breaker(std::string origin, breaker_options options = {}) : origin_(std::move(origin)), options_(options) {}
    /// A reply came.
    void succeeded() { dead_ = unwell_ = {}; }
    /// A call has failed that was begun at `started`. The fatal that ends the run, if this is enough.
    std::optional<fatal> failed(call_error const&, time started, time now);
    /// A record's retries are spent after this error. The fatal that ends the run where it is the endpoint's doing and not the record's: unwell_failures with no
    /// other answer in between, however quickly they came.
    std::optional<fatal> spent(call_error const&, time now) const;

private:
    struct streak { unsigned failures = 0; time since{}; };
    fatal said(streak const&, std::string const& what, call_error const&, time now) const;
    std::string origin_;
    breaker_options options_;
    streak dead_ = {}, unwell_ = {};
};

} // namespace penstock::llm
