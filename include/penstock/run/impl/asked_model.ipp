#pragma once
#include <penstock/run/asked_model.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/record/json_encode.hpp>
#include <penstock/run/log.hpp>
#include <penstock/run/printable.hpp>
#include <optional>
#include <utility>

namespace penstock::run {

namespace detail::asking {
struct tokens { std::uint64_t input = 0, cached = 0, output = 0, reasoning = 0; };
struct facts {
    std::string provider, name;
    std::optional<std::string> endpoint;        // where requests may have gone
    double temperature = 0;
    std::uint64_t questions = 0, from_journal = 0, requests = 0, retried = 0, replies = 0, asked_again = 0, unusable = 0;
    tokens paid_tokens;
    std::uint64_t possibly_paid_twice = 0;
    std::string unavailable;
};

inline llm::model_options options(model_flags const& m) {
    bool const azure = m.provider == provider::azure;
    llm::model_options o;
    o.provider = azure ? llm::provider_kind::azure : llm::provider_kind::openai;
    o.name = !m.model.empty() ? m.model : azure ? m.azure_openai_deployment : "gpt-4o-mini";
    o.base_url = !m.base_url.empty() ? m.base_url : azure ? m.azure_openai_endpoint : std::string();
    o.api_version = m.azure_openai_api_version;
    o.api_key = (azure ? m.azure_openai_api_key : m.openai_api_key).reveal();
    if (o.api_key.find_first_not_of(" \t\r\n") == std::string::npos) o.api_key.clear();       // blanks are no key
    o.temperature = m.temperature;
    o.reask = m.reask;
    o.only_kept = m.finish_partial;
    o.fallback = m.fallback == fallback::offline;
    o.retry.max_attempts = m.max_attempts;
    o.deadlines.first_byte = o.deadlines.whole = std::chrono::seconds(m.timeout);
    o.retry.whole = std::max<std::chrono::milliseconds>(o.retry.whole, 3 * o.deadlines.whole);      // a timeout is tried again, too
    o.client.ca_file = m.ca_file;
    o.client.plain_http = m.plain_http;
    return o;
}
/// What a run without it would only learn from the first reply; empty: nothing.
inline std::string lacks(model_flags const& m, llm::model_options const& o) {
    if (m.replay || m.finish_partial) return {};          // nothing is sent
    if (m.provider == provider::azure) {
        if (o.base_url.empty()) return "no Azure endpoint: set AZURE_OPENAI_ENDPOINT or --base-url";
        if (o.api_key.empty()) return "no key for Azure: set AZURE_OPENAI_API_KEY";
        if (o.name.empty()) return "no Azure deployment: set AZURE_OPENAI_DEPLOYMENT or --model";
        return {};
    }
    return o.api_key.empty() && m.base_url.empty() ? "no key for OpenAI: set OPENAI_API_KEY (a server of your own needs none: --base-url)" : std::string();
}
} // namespace detail::asking

asked_model::asked_model(model_flags const& m, std::string const& folder, llm::asking_env& env, std::stop_token stop, std::string_view without) {
    if (m.replay && m.retry_rejected) throw fatal(exit_code::usage, "--replay sends nothing and --retry-rejected asks again: give one of them");
    if (m.provider == provider::offline) {
        if (m.replay) throw fatal(exit_code::usage, "--replay takes a model's replies from the journal, and no model is asked in this run");
        return;
    }
    auto o = detail::asking::options(m);
    if (auto const what = detail::asking::lacks(m, o); !what.empty()) {
        if (m.fallback == fallback::none) throw fatal(exit_code::access, what + "; " + std::string(without));
        log::warning(what + ": the offline writer stands in");
        if (o.name.empty()) {       // nor is it known whose replies could be in the journal
            missing_ = what;
            env.without_model = llm::writer::fallback;
            return;
        }
        o.unavailable = what;
    }
    if (o.base_url.empty() && m.provider == provider::azure) o.base_url = "https://not-needed.invalid";     // nothing is sent
    if (o.name.empty()) throw fatal(exit_code::usage, "which deployment's replies are meant? AZURE_OPENAI_DEPLOYMENT or --model");
    sends_ = !m.replay && !m.finish_partial && o.unavailable.empty();
    auto const post = [&env](auto work) { env.loop().post(std::move(work)); };
    journal_ = std::make_unique<llm::journal>(!m.journal.empty() ? m.journal : folder + "/journal",
        llm::journal_options{.sync = m.journal_sync == journal_sync::on ? llm::sync::grouped : llm::sync::off, .replay = m.replay, .retry_rejected = m.retry_rejected}, post);
    for (auto const& note : journal_->opened().notes) log::info(note);
    if (auto const lost = journal_->opened().lost_now) log::warning(dataset::counted(lost, "request was", "requests were") + " under way when an earlier run died: possibly paid twice");
    model_ = std::make_unique<llm::model>(std::move(o), *journal_, post, std::move(stop));
    env.asks = model_.get();
}
asked_model::~asked_model() = default;

fatal asked_model::ended(fatal const& e) const {
    using enum exit_code;
    if (!model_ || (e.code() != access && e.code() != endpoint && e.code() != output && e.code() != incomplete)) return e;
    auto const kept = model_->counts().replies;
    return fatal(e.code(), std::string(e.what()) + "\n" + (kept == 0 ? std::string("no reply of this run came") : dataset::counted(kept, "reply of this run is", "replies of this run are") + " in the journal")
                               + ": the same command goes on" + (kept == 0 ? "" : ", and pays for none of them again"));
}

std::string asked_model::json() const {
    if (!model_) return "null";
    auto const& n = model_->counts();
    auto const& o = model_->options();
    auto text = json::encode(detail::asking::facts{
        .provider = o.provider == llm::provider_kind::azure ? "azure" : "openai", .name = o.name, .endpoint = sends_ ? std::optional(model_->origin()) : std::nullopt, .temperature = o.temperature.value_or(0),
        .questions = n.asked, .from_journal = n.from_journal, .requests = n.sent, .retried = n.retried, .replies = n.replies, .asked_again = n.reasked, .unusable = n.unusable,
        .paid_tokens = {n.tokens.input, n.tokens.cached, n.tokens.output, n.tokens.reasoning}, .possibly_paid_twice = journal_->possibly_paid_twice(), .unavailable = model_->unavailable()});
    if (!text) throw fatal(exit_code::internal, "metadata: " + text.error().what());
    return *std::move(text);
}
std::string asked_model::text() const {
    if (!missing_.empty()) return "model: " + missing_ + "; the offline writer stood in for it\n";
    if (!model_) return {};
    using dataset::with_commas;
    auto const& n = model_->counts();
    std::string out = "model " + printable(model_->options().name, 200) + (sends_ ? " at " + model_->origin() : std::string(", which was not asked")) + ": " + with_commas(n.asked) + " questions, " + with_commas(n.from_journal) + " replies from the journal, "
                    + with_commas(n.sent) + " requests sent (" + with_commas(n.retried) + " of them again), " + with_commas(n.reasked) + " replies asked for again, " + with_commas(n.unusable) + " given up\n"
                    + "paid in this run: " + with_commas(n.tokens.input) + " input and " + with_commas(n.tokens.output) + " output tokens; possibly paid twice: " + with_commas(journal_->possibly_paid_twice()) + "\n";
    if (!model_->unavailable().empty()) out += "the model was not to be had: " + printable(model_->unavailable(), 500) + "\n";
    return out;
}

} // namespace penstock::run
