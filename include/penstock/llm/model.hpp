/// One model at one endpoint, behind its journal: what `ask` asks. A question whose reply is in the journal costs nothing; the others are sent, retried, kept
/// and only then read. It is the one place where a request, its retries, its journal entries and the reading of its reply meet.
#pragma once
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>   // std::move_only_function
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <penstock/core/position.hpp>
#include <penstock/core/result.hpp>
#include <penstock/llm/chat_request.hpp>
#include <penstock/llm/journal.hpp>
#include <penstock/llm/question.hpp>
#include <penstock/llm/policy/breaker.hpp>
#include <penstock/llm/policy/retry.hpp>
#include <penstock/llm/usage.hpp>
#include <penstock/net/https_client.hpp>

namespace penstock::llm {

enum class provider_kind : std::uint8_t { openai, azure };

struct model_options {
    provider_kind provider = provider_kind::openai;
    std::string name = {};                          ///< as the provider calls it; Azure: the deployment
    std::string base_url = {};                      ///< OpenAI: with its /v1; Azure: the endpoint. Empty: api.openai.com
    std::string api_version = {};                   ///< Azure; empty: the date that azure.hpp names
    std::string api_key = {};                       ///< reaches nothing but the request's header
    std::optional<double> temperature = {};
    std::optional<std::uint32_t> max_output_tokens = {};
    unsigned reask = 1;                             ///< times that a reply which cannot be used is asked again, with the reason
    bool only_kept = false;                         ///< sends nothing: a question without a reply in the journal is left, as after a stop request
    bool fallback = false;                          ///< where the model is not to be had, the asker is told `unavailable` and the run goes on
    std::string unavailable = {};                   ///< why it is not to be had, where that is known before the run: only replies in the journal are given
    retry_options retry = {};
    breaker_options breaker = {};
    net::client_options client = {};
    net::deadlines deadlines = {.first_byte = std::chrono::seconds(120), .whole = std::chrono::seconds(120)};   ///< of one request; retry.whole holds several
    std::chrono::milliseconds grace{20'000};        ///< after a stop request or the end of a run, replies to what was sent are waited for so long: they are paid
};

/// What was asked and what it cost, this run.
struct model_counts {
    std::uint64_t asked = 0;            ///< questions of records, reasks not among them
    std::uint64_t from_journal = 0;     ///< replies that cost nothing
    std::uint64_t sent = 0;             ///< requests, retries among them; not what found no connection
    std::uint64_t replies = 0;          ///< that came and were kept
    std::uint64_t retried = 0, reasked = 0;
    std::uint64_t unusable = 0;         ///< records whose replies were all judged wrong
    usage tokens = {};                  ///< of the replies that came
};

/// A reply that passed its check.
struct answered {
    std::string text;
    std::string model = {};             ///< as the server names what answered
    usage tokens = {};
    bool from_journal = false;
};

/// For one thread, the consumer's.
class model {
    struct body;
    std::shared_ptr<body> body_;
public:
    using work = std::move_only_function<void()>;
    using post = std::move_only_function<void(work)>;
    /// Empty: the reply is good; else what is wrong with it, in words that the model is told when it is asked again. May keep what it decoded.
    using check = std::move_only_function<std::string(std::string const& text)>;
    /// A reply, or the record's failure; or null and an exception with which the run ends (a fatal).
    using done = std::move_only_function<void(result<answered>, std::exception_ptr)>;

    /// post: to the consumer's loop, from any thread. stop: no more is sent once it is requested; what is in flight is waited for. Throws fatal(usage) for
    /// options that cannot be meant. The journal outlives it.
    model(model_options, journal&, post, std::stop_token stop = {});
    /// Cancels what is in flight.
    ~model();
    model(model&&) = delete;

    /// request: the messages and the reply's schema; what it leaves open (model, temperature, output limit) comes from the options. done is called once,
    /// on the loop, perhaps before this returns. where: the record that asks, as `penstock journal why` finds it again.
    void ask(chat_request request, position const& where, check, done);
    /// What such a request is in the journal, with what it leaves open filled in.
    result<question> question_of(chat_request request) const;
    /// Nobody waits any more: what was not sent is not sent, what was sent is waited for (grace) and kept. Once all is answered it may be asked again.
    void close();

    model_counts const& counts() const;
    model_options const& options() const;
    /// Why the model is not to be had, once that is known (with model_options::fallback, or from the start by model_options::unavailable); else empty.
    std::string const& unavailable() const;
    std::string origin() const;         ///< "https://api.openai.com:443"
};

} // namespace penstock::llm
