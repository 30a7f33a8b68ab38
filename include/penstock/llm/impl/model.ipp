#pragma once
#include <penstock/llm/model.hpp>
#include <penstock/llm/provider/azure.hpp>
#include <penstock/llm/provider/openai.hpp>
#include <penstock/llm/impl/hidden_key.hpp>
#include <penstock/text/printable.hpp>
#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

namespace penstock::llm {
namespace detail {

/// Posts work to the loop later: a thread that sleeps until the next is due. In a hurry it posts all of it at once.
class alarm_clock {
    using clock = std::chrono::steady_clock;
    model::post& post_;
    std::mutex guard_;
    std::condition_variable changed_;
    std::multimap<clock::time_point, model::work> due_;
    bool over_ = false;
    std::thread thread_;

    void watch() {
        std::unique_lock lock(guard_);
        for (;;) {
            if (over_) return;
            if (due_.empty()) { changed_.wait(lock); continue; }
            if (auto const first = due_.begin()->first; clock::now() < first) { changed_.wait_until(lock, first); continue; }
            auto work = std::move(due_.begin()->second);
            due_.erase(due_.begin());
            post_(std::move(work));
        }
    }
public:
    explicit alarm_clock(model::post& p) : post_(p), thread_([this] { watch(); }) {}
    alarm_clock(alarm_clock const&) = delete;
    ~alarm_clock() {
        { std::lock_guard lock(guard_); over_ = true; }
        changed_.notify_one();
        thread_.join();
    }
    void after(std::chrono::milliseconds wait, model::work w) {
        std::lock_guard lock(guard_);
        due_.emplace(clock::now() + wait, std::move(w));
        changed_.notify_one();
    }
    void hurry() {
        std::lock_guard lock(guard_);
        for (auto& [when, work] : due_) post_(std::move(work));
        due_.clear();
    }
};

inline std::chrono::milliseconds steady_now() { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()); }
inline failure stopped_call() { return {errc::cancelled, "the run was stopped"}; }

} // namespace detail

struct model::body : std::enable_shared_from_this<model::body> {
    /// One question on its way to a reply that can be used.
    struct asking {
        chat_request request;
        position where;
        model::check check;
        model::done done;
        question asked = {};
        llm::key key = {}, first = {};                  // first: of the record's own question, before any reask
        bool replied = false;
        unsigned reasked = 0;
        llm::retry retry;
        std::chrono::milliseconds begun{}, attempt{};
    };
    using ref = std::shared_ptr<asking>;
    static constexpr std::size_t shortest_secret = 16;      // of a key that is struck out of replies

    model_options options;
    llm::journal& journal;
    model::post to_loop;
    std::string provider_name, origin_text, unavailable;
    llm::breaker breaker;
    model_counts counts = {};
    std::minstd_rand random{std::random_device{}()};
    bool closed = false;        // nothing is sent: nobody waits, or
    bool ended = false;         // the run is stopped or cannot go on, so that it stays closed
    unsigned asking_now = 0, flying = 0;
    std::uint64_t closings = 0;
    std::optional<detail::alarm_clock> alarms = {};
    std::optional<net::https_client> client = {};
    std::optional<std::stop_callback<std::function<void()>>> on_stop = {};

    body(model_options o, llm::journal& j, model::post p, std::string origin, std::string name)
        : options(std::move(o)), journal(j), to_loop(std::move(p)), provider_name(std::move(name)), origin_text(std::move(origin)), unavailable(options.unavailable), breaker(origin_text, options.breaker) {}

    bool azure() const { return options.provider == provider_kind::azure; }
    result<net::request> wire(chat_request const& r) const {
        if (!azure()) {
            openai::endpoint to;
            if (!options.base_url.empty()) to.base_url = options.base_url;
            return openai::request(r, to, options.api_key);
        }
        azure::endpoint to{.url = options.base_url};
        if (!options.api_version.empty()) to.api_version = options.api_version;
        return azure::request(r, to, options.api_key);
    }

    void fill(chat_request& r) const {
        if (r.model.empty()) r.model = options.name;
        if (!r.temperature) r.temperature = options.temperature;
        if (!r.max_output_tokens) r.max_output_tokens = options.max_output_tokens;
    }
    void answer(ref const& a, result<answered> r, std::exception_ptr broken = nullptr) {
        --asking_now;
        if (a->replied) journal.asked(a->where, a->first);
        else if (!a->asked.request.empty()) journal.unanswered(a->where, a->asked);
        a->done(std::move(r), std::move(broken));
    }
    failure not_to_be_had() const { return {errc::transport, unavailable}; }
    void fail(ref const& a, failure f) { answer(a, std::unexpected(std::move(f))); }
    void end(ref const& a, std::exception_ptr broken) {
        ended = true;
        close();
        answer(a, std::unexpected(detail::stopped_call()), std::move(broken));
    }

    void begin(ref const& a) {
        auto q = llm::question_of(provider_name, a->request);
        if (!q) return fail(a, std::move(q.error()));
        a->asked = std::move(*q);
        a->key = a->asked.key();
        try {
            if (a->reasked == 0) a->first = a->key;
            look(a);        // replies that were judged wrong are found and judged again: the same rejects in every run, and none where the recipe has learnt to read them
        } catch (...) { end(a, std::current_exception()); }
    }
    /// In the journal, under way, or to be sent. Throws what the journal throws.
    void look(ref const& a) {
        if (auto kept = journal.find(a->asked)) {
            ++counts.from_journal;
            auto r = azure() ? azure::reply(std::string_view(kept->raw)) : openai::reply(std::string_view(kept->raw));
            if (!r) return judge(a, errc::schema, "the reply in the journal cannot be read: " + r.error().message, std::move(kept->raw));
            return read(a, std::move(*r), true);
        }
        if (auto why = journal.verdict(a->key)) return fail(a, failure(errc::refused, *std::move(why)));       // without a reply: the provider refused the question itself
        if (closed || options.only_kept) return fail(a, detail::stopped_call());
        if (!unavailable.empty()) return fail(a, not_to_be_had());
        if (!journal.intend(a->key))
            return journal.wait(a->key, [self = shared_from_this(), a](std::exception_ptr broken) {
                if (broken) return self->end(a, broken);
                try { self->look(a); } catch (...) { self->end(a, std::current_exception()); }
            });
        a->begun = detail::steady_now();
        a->retry = llm::retry(options.retry, a->begun);
        send(a);
    }
    void give_up(ref const& a, failure f) {
        journal.abandon(a->key);
        fail(a, std::move(f));
    }
    void send(ref const& a) {
        if (closed) return give_up(a, detail::stopped_call());
        if (!unavailable.empty()) return give_up(a, not_to_be_had());
        auto request = wire(a->request);
        if (!request) return give_up(a, std::move(request.error()));
        request->deadlines = options.deadlines;
        journal.sending(a->key);
        ++counts.sent, ++flying;
        a->attempt = detail::steady_now();
        client->send(std::move(*request), [self = shared_from_this(), a](net::outcome came) {
            --self->flying;
            try { self->came(a, std::move(came)); } catch (...) { self->end(a, std::current_exception()); }
        });
    }
    void came(ref const& a, net::outcome o) {
        call_error error;
        if (o) {
            detail::hide(o->body, options.api_key, shortest_secret);
            auto r = azure() ? azure::reply(*o, options.api_key, std::time(nullptr)) : openai::reply(*o, options.api_key, std::time(nullptr));
            if (r) {
                breaker.succeeded();
                auto const took = detail::steady_now() - a->begun;
                return journal.record(a->asked, {std::move(o->body), r->tokens, a->retry.attempts() + 1, static_cast<std::uint32_t>(took.count())},
                    [self = shared_from_this(), a, said = std::move(*r)](std::exception_ptr broken) mutable {
                        if (broken) return self->end(a, broken);
                        ++self->counts.replies;
                        self->counts.tokens += said.tokens;
                        try { self->read(a, std::move(said), false); } catch (...) { self->end(a, std::current_exception()); }
                    });
            }
            error = std::move(r.error());
            if (o->status >= 200 && o->status < 300) journal.lost(a->key, 1, "what came was no completion");        // and asked again
            else journal.resting(a->key);
        } else {
            if (o.error().during < net::phase::send) --counts.sent;         // it never left
            if (o.error().unanswered == 0) journal.resting(a->key);
            else journal.lost(a->key, o.error().unanswered);
            if (o.error().what == net::problem::cancelled) return give_up(a, detail::stopped_call());
            error = error_of(o.error());
        }
        auto const now = detail::steady_now();
        if (auto dead = breaker.failed(error, a->attempt, now)) return halt(a, *dead);
        auto d = a->retry.failed(error, now, std::uniform_real_distribution<>()(random));
        switch (d.act) {
            case act::reject:
                if (rule(error).act == act::retry) { if (auto sick = breaker.spent(error, now)) return halt(a, *sick); }        // not the row's doing: it stays for the same command
                else if (d.reject_as == errc::refused) return refuse(a, std::move(d.why));
                return give_up(a, failure(d.reject_as, d.why));
            case act::stop: return halt(a, fatal(d.stop_as, where_text() + ": " + d.why));
            case act::retry: break;
        }
        if (closed) return give_up(a, detail::stopped_call());
        ++counts.retried;
        alarms->after(d.wait, [self = shared_from_this(), a] { try { self->send(a); } catch (...) { self->end(a, std::current_exception()); } });
    }
    /// The provider will not answer this very question, in no run: kept as a verdict without a reply.
    void refuse(ref const& a, std::string why) {
        journal.judge(a->key, why, [self = shared_from_this(), a, why](std::exception_ptr broken) mutable {
            if (broken) return self->end(a, broken);
            try { self->give_up(a, failure(errc::refused, std::move(why))); } catch (...) { self->end(a, std::current_exception()); }      // whoever waits for it finds the verdict
        });
    }
    std::string where_text() const { return origin_text + " (" + provider_name + ' ' + options.name + ')'; }
    /// No request of this run will succeed.
    void halt(ref const& a, fatal const& why) {
        journal.abandon(a->key);
        if (options.fallback && (why.code() == exit_code::access || why.code() == exit_code::endpoint)) {
            if (unavailable.empty()) unavailable = why.what();
            if (!closed) alarms->hurry();       // else what waits is the grace of replies that are paid
            return fail(a, not_to_be_had());
        }
        end(a, std::make_exception_ptr(why));
    }
    /// A reply that is kept: used, asked again with the reason, or judged wrong for good.
    void read(ref const& a, chat_reply r, bool kept) {
        a->replied = true;
        if (!r.refusal.empty()) return judge(a, errc::refused, "the model refused: " + printable(r.refusal, 200), std::move(r.refusal));
        if (r.finish == finish::filtered) return judge(a, errc::refused, "the provider's content filter ended the reply" + (r.filtered.empty() ? "" : ": " + r.filtered), std::move(r.text));
        if (r.finish == finish::length) return judge(a, errc::schema, "the reply was cut off at the token limit", std::move(r.text));
        auto why = a->check(r.text);
        if (why.empty()) return answer(a, answered{std::move(r.text), std::move(r.model), r.tokens, kept});
        if (a->reasked == options.reask)
            return judge(a, errc::schema, a->reasked == 0 ? why : why + " (asked " + std::to_string(a->reasked + 1) + " times)", std::move(r.text));
        ++a->reasked;
        ++counts.reasked;
        a->request.messages.push_back({role::assistant, std::move(r.text)});
        a->request.messages.push_back({role::user, "That answer cannot be used: " + why + ". Answer the question again, with the whole answer in the form that was asked for."});
        begin(a);
    }
    void judge(ref const& a, errc code, std::string why, std::string reply) {
        a->replied = true;
        ++counts.unusable;
        if (journal.verdict(a->first)) return fail(a, failure(code, std::move(why)).of(std::move(reply)));      // of an earlier run
        journal.judge(a->first, why, [self = shared_from_this(), a, code, why, reply = std::move(reply)](std::exception_ptr broken) mutable {
            if (broken) return self->end(a, broken);
            self->fail(a, failure(code, std::move(why)).of(std::move(reply)));
        });
    }
    void close() {
        if (std::exchange(closed, true)) return;
        alarms->hurry();
        if (flying != 0) alarms->after(options.grace, [self = shared_from_this(), n = ++closings] { if (self->closed && self->closings == n && self->client) self->client->cancel_all(); });
    }
};

model::model(model_options o, llm::journal& j, post to_loop, std::stop_token stop) {
    if (o.name.empty()) throw fatal(exit_code::usage, "no model is named: --model NAME");
    bool const azure = o.provider == provider_kind::azure;
    auto base = o.base_url.empty() ? azure ? std::string() : openai::endpoint{}.base_url : o.base_url;
    auto where = net::parse_url(base);
    auto const wrong = [&](std::string const& what) { return fatal(exit_code::usage, std::string(azure ? "the Azure endpoint" : "the base URL") + ": " + what); };
    if (!where) throw wrong(where.error());
    auto const path = std::string_view(where->target).substr(0, where->target.find('?'));       // what consoles show is the address of one call
    if (azure && path.find("/openai/deployments") != path.npos) throw wrong("it ends before /openai/deployments, as https://NAME.openai.azure.com does");
    if (path.ends_with("/chat/completions") || path.ends_with("/chat/completions/")) throw wrong("it ends before /chat/completions, with its /v1");
    if (path.size() != where->target.size()) throw wrong("it has no query (keys go into a header)");
    if (o.temperature && !(*o.temperature >= 0 && *o.temperature <= 2)) throw fatal(exit_code::usage, "the temperature is not between 0 and 2");
    body_ = std::make_shared<body>(std::move(o), j, std::move(to_loop), where->origin(), std::string(azure ? azure::provider : openai::provider));
    auto& b = *body_;
    b.alarms.emplace(b.to_loop);
    b.client.emplace([&b](net::https_client::work w) { b.to_loop(std::move(w)); }, b.options.client);
    b.on_stop.emplace(std::move(stop), [weak = std::weak_ptr(body_)] {
        if (auto self = weak.lock()) self->to_loop([self] { self->ended = true; self->close(); });
    });
}
model::~model() {
    auto& b = *body_;
    b.on_stop.reset();
    b.closed = b.ended = true;
    b.client.reset();
    b.alarms.reset();
}

void model::ask(chat_request request, position const& where, check c, done d) {
    auto& b = *body_;
    ++b.counts.asked;
    if (b.asking_now++ == 0 && !b.ended) b.closed = false;      // a run that was left early is over: this is another
    b.fill(request);
    b.begin(std::make_shared<body::asking>(body::asking{std::move(request), where, std::move(c), std::move(d), {}, {}, {}, false, 0, llm::retry(b.options.retry, {}), {}, {}}));
}
result<question> model::question_of(chat_request request) const {
    body_->fill(request);
    return llm::question_of(body_->provider_name, request);
}
void model::close() { body_->close(); }
model_counts const& model::counts() const { return body_->counts; }
model_options const& model::options() const { return body_->options; }
std::string const& model::unavailable() const { return body_->unavailable; }
std::string model::origin() const { return body_->origin_text; }

} // namespace penstock::llm
