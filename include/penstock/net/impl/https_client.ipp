#pragma once
#include <penstock/net/https_client.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/net/impl/alarms.hpp>
#include <penstock/net/impl/request_bytes.hpp>
#include <penstock/net/impl/tls.hpp>
#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <csignal>
#include <cstring>
#include <deque>
#include <exception>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace penstock::net {
namespace detail {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using tcp_socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using boost::system::error_code;
using text_view = boost::beast::string_view;

inline std::chrono::microseconds between(clock::time_point from, clock::time_point to) { return std::chrono::duration_cast<std::chrono::microseconds>(to - from); }
inline clock::time_point after(clock::time_point from, std::chrono::milliseconds limit) { return limit.count() > 0 ? from + limit : clock::time_point::max(); }

inline std::string seconds(std::chrono::milliseconds t) {
    auto const ms = t.count();
    if (ms % 1000 == 0) return std::to_string(ms / 1000) + " s";
    return std::to_string(ms) + " ms";
}

/// Beast parses; this keeps status, header lines and body, and no more than the limits.
class reply_parser final : public http::basic_parser<false> {
    std::size_t header_left_, body_limit_;

    static std::string_view view(text_view s) { return {s.data(), s.size()}; }
    void on_request_impl(http::verb, text_view, text_view, int, error_code&) override {}
    void on_response_impl(int code, text_view, int, error_code&) override { got.status = code; }
    void on_field_impl(http::field, text_view name, text_view value, error_code& ec) override {
        auto const size = name.size() + value.size() + 4;
        if (size > header_left_) { ec = http::error::header_limit; return; }
        header_left_ -= size;
        got.headers.add(view(name), view(value));
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override {
        if (length) got.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, 1 << 20)));    // what a header claims is not yet here
    }
    std::size_t append(text_view bytes, error_code& ec) {
        if (bytes.size() > body_limit_ - got.body.size()) { ec = http::error::body_limit; return 0; }
        got.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    std::size_t on_body_impl(text_view bytes, error_code& ec) override { return append(bytes, ec); }
    void on_chunk_header_impl(std::uint64_t, text_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text_view bytes, error_code& ec) override { return append(bytes, ec); }
    void on_finish_impl(error_code&) override {}
public:
    response got;

    reply_parser(limits const& l, bool head) : header_left_(l.header_bytes), body_limit_(l.body_bytes) {
        eager(true);
        skip(head);
        header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(l.header_bytes, 1 << 30)));
        body_limit(boost::optional<std::uint64_t>(l.body_bytes));
    }
};

struct connection;

/// A request under way. Its alarm is due at the earlier of its phase's deadline and the whole's.
struct exchange : alarm {
    std::uint64_t id = 0;
    https_client::callback callback;
    url to;
    net::deadlines deadlines;
    net::limits limits;
    bool head = false;
    std::string wire;                   ///< the whole request; freed once it is sent whole, until then it may have to be sent again
    std::string invalid;                ///< set: what is wrong with the request
    clock::time_point began = {}, left_queue = {}, phase_began = {};
    phase during = phase::queue;
    std::size_t sent = 0;
    bool sent_whole = false, answering = false, retried = false, fresh = false;    ///< fresh: not over a pooled connection
    net::timings timings = {};
    connection* on = nullptr;
    std::optional<std::list<exchange*>::iterator> queued;
};

using endpoints = std::shared_ptr<std::vector<tcp::endpoint> const>;

struct host {
    std::string origin;
    endpoints addresses;                    ///< of the last look-up; never changed, only replaced: connections that are being opened go on with what they began with
    std::optional<tcp::endpoint> preferred; ///< the one that worked last is tried first
    clock::time_point resolved = {};
    std::vector<std::shared_ptr<connection>> asking;    ///< wait for the look-up that is under way
    std::list<exchange*> queue;
    std::deque<std::shared_ptr<connection>> idle;       ///< the last one freed is the first one used: the others may expire
    unsigned open = 0, opening = 0, limit = 0;
    clock::time_point limited = {};         ///< when the process had no more files
    ssl_session_ptr session;                ///< of the last handshake: the next one is cheaper
    bool pumping = false, again = false;
};

struct connection : std::enable_shared_from_this<connection> {
    enum class state : unsigned char { resolving, connecting, shaking, busy, idle, closed };
    tcp_socket socket;
    byte_stream bytes;
    host& at;
    exchange* now = nullptr;
    std::optional<reply_parser> reply;
    std::string rest;                       ///< of the header, until its line is whole
    state is = state::resolving;
    bool reused = false, waits_read = false, waits_write = false;
    endpoints addresses;                    ///< the host's, as they were when this connection was begun
    std::size_t first = 0, attempt = 0;     ///< which of them is tried first; how many have failed
    clock::time_point free_since = {};

    connection(asio::io_context& io, host& h) : socket(io), at(h) {}
    void begin_with(endpoints all, std::optional<tcp::endpoint> const& preferred) {
        addresses = std::move(all);
        auto const found = preferred ? std::ranges::find(*addresses, *preferred) : addresses->end();
        first = found == addresses->end() ? 0 : static_cast<std::size_t>(found - addresses->begin());
    }
    /// The preferred one, then the others in their order.
    tcp::endpoint const& endpoint() const { return (*addresses)[attempt == 0 ? first : attempt <= first ? attempt - 1 : attempt]; }
};
using connection_ptr = std::shared_ptr<connection>;

/// From the client's thread to the consumer's. Outlives both, so that a loop may run late.
struct mailbox {
    struct letter { https_client::callback to; outcome what; };
    std::mutex guard;
    std::vector<letter> letters;

    void open() {
        std::vector<letter> all;
        { std::lock_guard lock(guard); all.swap(letters); }
        std::exception_ptr first;           // one callback's exception must not lose the others' replies
        for (auto& l : all) try { l.to(std::move(l.what)); } catch (...) { if (!first) first = std::current_exception(); }
        if (first) std::rethrow_exception(first);
    }
};

class client_engine {
    enum class order : unsigned char { send, cancel, cancel_all, stop };
    struct command { order what; std::uint64_t id = 0; std::unique_ptr<exchange> x = {}; };

    https_client::post_function post_;
    client_options options_;
    std::shared_ptr<mailbox> box_ = std::make_shared<mailbox>();
    ssl_context_ptr context_;               // before whatever holds a session or an SSL of it

    std::mutex guard_;
    std::vector<command> inbox_;
    std::uint64_t last_id_ = 0;

    // From here on: the client's thread only.
    asio::io_context io_{1};
    tcp::resolver resolver_{io_};
    asio::steady_timer alarm_timer_{io_}, sweep_timer_{io_};
    clock::time_point alarm_at_ = clock::time_point::max();
    bool sweeping_ = false, stopping_ = false;
    alarms alarms_;
    std::map<std::string, host, std::less<>> hosts_;
    std::unordered_map<std::uint64_t, std::unique_ptr<exchange>> exchanges_;
    std::vector<mailbox::letter> done_;
    std::vector<char> scratch_ = std::vector<char>(64 << 10);   // one for all connections: what is read is parsed at once

    std::thread thread_;                    // last

public:
    client_engine(https_client::post_function post, client_options options) : post_(std::move(post)), options_(std::move(options)) {
        rlimit files{};
        if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY)     // leaves some to the rest of the program
            options_.connections = static_cast<unsigned>(std::min<rlim_t>(options_.connections, files.rlim_cur > 200 ? files.rlim_cur - 100 : files.rlim_cur / 2));
        options_.connections = std::max(options_.connections, 1u);
        options_.opening = std::max(options_.opening, 1u);
        if (!options_.ca_file.empty()) make_tls_context();
        thread_ = std::thread([this] { run(); });
    }
    ~client_engine() {
        give({.what = order::stop});
        thread_.join();
    }
    client_engine(client_engine&&) = delete;

    std::uint64_t send(request r, https_client::callback callback) {
        auto x = std::make_unique<exchange>();
        x->callback = std::move(callback);
        x->deadlines = r.deadlines;
        x->limits = r.limits;
        x->head = r.method == "HEAD";
        x->began = clock::now();
        x->invalid = request_bytes(r, x->wire);
        x->to = std::move(r.to);
        return give({.what = order::send, .x = std::move(x)});
    }
    void cancel(std::uint64_t id) { give({.what = order::cancel, .id = id}); }
    void cancel_all() { give({.what = order::cancel_all}); }

private:
    // ---- between the threads
    std::uint64_t give(command c) {
        std::uint64_t id = 0;
        bool first = false;
        {
            std::lock_guard lock(guard_);
            if (c.x) id = c.x->id = ++last_id_;
            first = inbox_.empty();
            inbox_.push_back(std::move(c));
        }
        if (first) asio::post(io_, [this] { obey(); });
        return id;
    }
    void obey() {
        std::vector<command> all;
        { std::lock_guard lock(guard_); all.swap(inbox_); }
        for (auto& c : all) switch (c.what) {
            case order::send: start(std::move(c.x)); break;
            case order::cancel: if (auto const at = exchanges_.find(c.id); at != exchanges_.end()) cancelled(*at->second); break;
            case order::stop: stopping_ = true; [[fallthrough]];
            case order::cancel_all:
                std::vector<std::uint64_t> ids;
                for (auto const& [id, x] : exchanges_) ids.push_back(id);
                std::ranges::sort(ids, std::greater());     // the youngest first: nothing that waits is sent because an older one made room
                for (auto id : ids) if (auto const at = exchanges_.find(id); at != exchanges_.end()) cancelled(*at->second);
                break;
        }
        watch();            // what was cancelled made room for others
    }
    void run() {
        sigset_t every;                     // signals are for the program's other threads; SIGPIPE from OpenSSL's writes stays pending here for nobody
        sigfillset(&every);
        pthread_sigmask(SIG_BLOCK, &every, nullptr);
        auto const guard = asio::make_work_guard(io_);
        while (!stopping_) {
            io_.run_one();
            for (unsigned n = 0; n != 256 && io_.poll_one() != 0; ++n) {}
            deliver();                      // once for what came together: the consumer is woken once
        }
        resolver_.cancel();
        for (auto& [origin, h] : hosts_) while (!h.idle.empty()) close(connection_ptr(h.idle.back()));
    }
    void deliver() {
        if (done_.empty()) return;
        bool first = false;
        {
            std::lock_guard lock(box_->guard);
            first = box_->letters.empty();
            if (first) box_->letters.swap(done_);
            else for (auto& l : done_) box_->letters.push_back(std::move(l));
        }
        done_.clear();
        if (first) post_([box = box_] { box->open(); });
    }

    // ---- an exchange from start to finish
    void start(std::unique_ptr<exchange> owned) {
        auto& x = *owned;
        exchanges_.emplace(x.id, std::move(owned));
        if (!x.invalid.empty()) return fail(x, problem::invalid, x.invalid);
        if (!x.to.tls && !options_.plain_http && !local_name(x.to.host)) return fail(x, problem::plain_http, "plain http is taken for this machine only: a key would travel in the clear (use https; --plain-http allows it)");
        auto& h = at_host(x.to);
        x.queued = h.queue.insert(h.queue.end(), &x);
        alarms_.set(x, after(x.began, x.deadlines.queue));
        pump(h);
    }
    host& at_host(url const& to) {
        auto origin = to.origin();
        auto const at = hosts_.find(origin);
        if (at != hosts_.end()) return at->second;
        auto& h = hosts_[origin];
        h.origin = std::move(origin);
        h.limit = options_.connections;
        error_code literal;
        auto const address = asio::ip::make_address(to.host, literal);
        if (!literal) { h.addresses = std::make_shared<std::vector<tcp::endpoint> const>(1, tcp::endpoint(address, to.port)); h.resolved = clock::time_point::max(); }
        return h;
    }
    static bool local_name(std::string_view host) {
        error_code literal;
        auto const address = asio::ip::make_address(std::string(host), literal);
        return literal ? host == "localhost" || host.ends_with(".localhost") : address.is_loopback();
    }

    /// Gives waiting requests the free connections, and opens new ones while it may.
    void pump(host& h) {
        if (h.pumping) { h.again = true; return; }      // from inside: the loop below goes round once more
        h.pumping = true;
        if (h.limit < options_.connections && clock::now() - h.limited > options_.file_patience) h.limit = options_.connections;      // files may have come free
        do {
            h.again = false;
            while (!h.queue.empty()) {
                auto& x = *h.queue.front();
                auto c = x.fresh ? connection_ptr{} : take_idle(h);
                if (!c && h.open >= h.limit && !h.idle.empty()) close(connection_ptr(h.idle.front()));    // a fresh one is wanted and the pool is full of others
                if (!c && (h.open >= h.limit || h.opening >= options_.opening)) break;
                h.queue.pop_front();
                x.queued.reset();
                auto const now = clock::now();
                if (x.left_queue == clock::time_point{}) { x.left_queue = now; x.timings.queue = between(x.began, now); }
                if (c) begin(c, x); else open(h, x);
            }
        } while (h.again);
        h.pumping = false;
    }
    connection_ptr take_idle(host& h) {
        while (!h.idle.empty()) {
            auto c = h.idle.back();
            auto const idle_for = clock::now() - c->free_since;
            bool alive = idle_for < options_.idle;
            if (alive) {        // its end may lie in the kernel, not yet seen here, and what is sent whole into it counts as possibly executed
                char byte = 0;
                auto const n = ::recv(c->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
                alive = n < 0 ? errno == EAGAIN || errno == EINTR : n > 0 && c->bytes.tls();
            }
            if (!alive) { close(c); continue; }
            h.idle.pop_back();
            c->reused = true;
            return c;
        }
        return {};
    }
    void enter(exchange& x, phase p, std::chrono::milliseconds limit) {
        x.during = p;
        x.phase_began = clock::now();
        alarms_.set(x, std::min(after(x.phase_began, limit), after(x.left_queue, x.deadlines.whole)));
    }
    void finish(exchange& x, outcome what) {
        alarms_.remove(x);
        (what ? what->timings : what.error().timings) = x.timings;
        done_.push_back({std::move(x.callback), std::move(what)});
        exchanges_.erase(x.id);
    }
    void fail(exchange& x, problem what, std::string_view reason) {
        x.timings.whole = between(x.began, clock::now());
        host* h = nullptr;
        if (x.queued) { h = &at_host(x.to); h->queue.erase(*x.queued); }
        if (x.on) { h = &x.on->at; auto* const c = std::exchange(x.on, nullptr); c->now = nullptr; drop(*c); }
        finish(x, std::unexpected(error{what, x.during, x.to.origin().append(": ").append(reason), x.sent_whole ? 1u : 0u, {}}));
        if (h) pump(*h);
    }
    void cancelled(exchange& x) { fail(x, problem::cancelled, "the request was cancelled"); }

    // ---- deadlines
    void watch() {
        if (alarms_.empty() || alarms_.first()->due >= alarm_at_) return;
        alarm_at_ = alarms_.first()->due;
        alarm_timer_.expires_at(alarm_at_);
        alarm_timer_.async_wait([this](error_code ec) {
            if (ec) return;
            alarm_at_ = clock::time_point::max();
            auto const now = clock::now();
            while (!alarms_.empty() && alarms_.first()->due <= now) rang(static_cast<exchange&>(*alarms_.first()), now);
            watch();
        });
    }
    void rang(exchange& x, clock::time_point now) {
        auto const& d = x.deadlines;
        if (x.left_queue != clock::time_point{} && now >= after(x.left_queue, d.whole)) return fail(x, problem::timeout, "no whole reply within " + seconds(d.whole) + " (" + std::string(name(x.during)) + ')');
        switch (x.during) {
            case phase::queue: return fail(x, problem::timeout, "no connection was free within " + seconds(d.queue));
            case phase::resolve: return fail(x, problem::timeout, "the name was not resolved within " + seconds(d.resolve));
            case phase::connect: return connect_next(*x.on, "no answer within " + seconds(d.connect));
            case phase::tls: return fail(x, problem::timeout, "the TLS handshake took more than " + seconds(d.tls));
            default: return fail(x, problem::timeout, "no first byte of the reply within " + seconds(d.first_byte));
        }
    }

    // ---- a connection: opened, used, kept or closed
    void open(host& h, exchange& x) {
        auto c = std::make_shared<connection>(io_, h);
        c->now = &x;
        x.on = c.get();
        ++h.open;
        ++h.opening;
        enter(x, phase::resolve, x.deadlines.resolve);
        auto const now = clock::now();
        if (h.addresses && (h.resolved == clock::time_point::max() || now - h.resolved < std::chrono::minutes(1))) {
            c->begin_with(h.addresses, h.preferred);
            return connect(c);
        }
        h.asking.push_back(c);
        if (h.asking.size() > 1) return;
        resolver_.async_resolve(x.to.host, std::to_string(x.to.port), tcp::resolver::numeric_service, [this, &h](error_code ec, tcp::resolver::results_type const& found) {
            auto const waiting = std::exchange(h.asking, {});
            std::vector<tcp::endpoint> all;
            if (!ec) for (auto const& entry : found) all.push_back(entry.endpoint());
            auto const addresses = all.empty() ? endpoints{} : std::make_shared<std::vector<tcp::endpoint> const>(std::move(all));
            h.addresses = addresses;
            h.resolved = clock::now();
            for (auto const& w : waiting) if (w->is != connection::state::closed) {
                if (!addresses) { fail(*w->now, problem::resolve, ec ? "the name cannot be resolved: " + ec.message() : "the name has no address"); continue; }
                w->begin_with(addresses, h.preferred);
                connect(w);
            }
            watch();
        });
    }
    void connect(connection_ptr const& c) {
        auto& x = *c->now;
        if (c->is == connection::state::resolving) x.timings.resolve = between(x.phase_began, clock::now());
        c->is = connection::state::connecting;
        auto const left = c->addresses->size() - c->attempt;
        auto const phase_began = x.during == phase::connect ? x.phase_began : clock::now();
        // an address that does not answer leaves its share of the time to the next ones
        auto const spent = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - phase_began);
        auto const limit = x.deadlines.connect.count() <= 0 ? x.deadlines.connect : std::max((x.deadlines.connect - spent) / static_cast<int>(left), std::chrono::milliseconds(1));
        enter(x, phase::connect, limit);
        x.phase_began = phase_began;
        auto const endpoint = c->endpoint();
        if (!x.to.tls && !options_.plain_http && !endpoint.address().is_loopback()) return fail(x, problem::plain_http, "plain http is taken for this machine only, and the name leads to another");
        error_code ec;
        c->socket.open(endpoint.protocol(), ec);
        if (ec == boost::system::errc::too_many_files_open || ec == boost::system::errc::too_many_files_open_in_system) return without_file(c, ec);
        if (!ec) c->socket.set_option(tcp::no_delay(true), ec);
        if (!ec) c->socket.native_non_blocking(true, ec);
        if (ec) return connect_next(*c, ec.message());
        c->socket.async_connect(endpoint, [this, c, attempt = c->attempt](error_code failed) {
            if (c->is != connection::state::connecting || c->attempt != attempt) return;
            if (failed) connect_next(*c, failed.message()); else connected(c);
            watch();
        });
    }
    /// At the limit of open files: the request waits for a connection to be free, and no more than these are opened.
    void without_file(connection_ptr const& c, error_code ec) {
        auto& h = c->at;
        auto& x = *c->now;
        if (h.open == 1) return fail(x, problem::connect, ec.message());
        x.on = nullptr;
        c->now = nullptr;
        drop(*c);
        h.limit = std::max(h.open, 1u);
        h.limited = clock::now();
        wait_again(h, x);
    }
    void wait_again(host& h, exchange& x) {
        x.during = phase::queue;
        x.queued = h.queue.insert(h.queue.begin(), &x);
        alarms_.set(x, after(x.left_queue, x.deadlines.whole));
    }
    void connect_next(connection& c, std::string const& reason) {
        auto& x = *c.now;
        error_code ignored;
        c.socket.close(ignored);
        auto const owner = c.shared_from_this();
        if (++c.attempt < c.addresses->size()) return connect(owner);
        auto& h = c.at;
        if (h.open == h.opening && h.resolved != clock::time_point::max()) h.resolved = {};     // none of the addresses works: the name is looked up again next time
        bool const timed_out = x.due <= clock::now();
        fail(x, timed_out ? problem::timeout : problem::connect, (timed_out ? "no connection: " : "the connection was refused or failed: ") + reason);
    }
    void connected(connection_ptr const& c) {
        auto& x = *c->now;
        auto& h = c->at;
        x.timings.connect = between(x.phase_began, clock::now());
        h.preferred = c->endpoint();
        if (!x.to.tls) {
            c->bytes = byte_stream(c->socket.native_handle());
            return opened(c);
        }
        c->is = connection::state::shaking;
        enter(x, phase::tls, x.deadlines.tls);
        auto session = make_tls_session(x.to, h);
        if (!session) return fail(x, problem::tls, "OpenSSL gives no session");
        c->bytes = byte_stream(c->socket.native_handle(), std::move(session));
        shake(c);
    }
    void shake(connection_ptr const& c) {
        auto const got = c->bytes.handshake();
        switch (got.state) {
            case flow::wants_read: return await_read(c);
            case flow::wants_write: return await_write(c);
            case flow::moved:
                c->now->timings.tls = between(c->now->phase_began, clock::now());
                return opened(c);
            default: break;
        }
        auto const verdict = SSL_get_verify_result(c->bytes.tls());
        if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) return fail(*c->now, problem::host_name, "the certificate is for another host");
        if (verdict != X509_V_OK) return fail(*c->now, problem::certificate, std::string("the certificate is not trusted: ") + X509_verify_cert_error_string(verdict));
        auto const* const why = c->bytes.reason ? ERR_reason_error_string(c->bytes.reason) : nullptr;
        fail(*c->now, problem::tls, std::string("the TLS handshake failed: ") + (why ? why : c->bytes.why ? error_code(c->bytes.why, boost::system::system_category()).message() : "the server closed the connection"));
    }
    void opened(connection_ptr const& c) {
        auto& h = c->at;
        --h.opening;
        begin(c, *c->now);
        pump(h);
    }
    void begin(connection_ptr const& c, exchange& x) {
        c->is = connection::state::busy;
        c->now = &x;
        x.on = c.get();
        c->reply.emplace(x.limits, x.head);
        c->rest.clear();
        x.sent = 0;
        x.sent_whole = x.answering = false;
        enter(x, phase::send, x.deadlines.first_byte);
        await_read(c);      // a server may answer before it has read everything (413)
        write(c);
    }
    void write(connection_ptr const& c) {
        auto& x = *c->now;
        while (x.sent != x.wire.size()) {
            auto const put = c->bytes.write(x.wire.data() + x.sent, x.wire.size() - x.sent);
            if (put.state == flow::moved) { x.sent += put.bytes; continue; }
            if (put.state == flow::wants_write) return await_write(c);
            if (put.state == flow::wants_read) return;
            return read(c, true);           // the server may have said why it closed
        }
        x.sent_whole = true;
        std::string().swap(x.wire);
        if (x.during == phase::send) x.during = phase::first_byte;
    }
    void read(connection_ptr const& c, bool write_failed = false) {
        auto& x = *c->now;
        for (;;) {
            auto const got = c->bytes.read(scratch_.data(), scratch_.size());
            switch (got.state) {
                case flow::moved:
                    if (!x.answering) {
                        x.answering = true;
                        x.timings.first_byte = between(x.phase_began, clock::now());
                        enter(x, phase::reply, {});
                    }
                    if (parse(c, {scratch_.data(), got.bytes})) return;
                    if (write_failed || c->bytes.holds_bytes() || (!c->bytes.tls() && got.bytes == scratch_.size())) continue;
                    return await_read(c);
                case flow::wants_read:
                    if (write_failed) return lost(c);
                    return await_read(c);
                case flow::wants_write: return await_write(c);
                case flow::ended: {
                    error_code ec;
                    if (c->reply->is_header_done() && c->reply->need_eof()) c->reply->put_eof(ec);
                    if (c->reply->is_done() && !ec) return complete(c, false);
                    return lost(c);
                }
                case flow::broken: return lost(c);
            }
        }
    }
    /// Whether the exchange is finished, one way or the other.
    bool parse(connection_ptr const& c, std::string_view data) {
        auto& x = *c->now;
        std::string joined;
        if (!c->rest.empty()) {
            joined = std::exchange(c->rest, {}).append(data);
            data = joined;
        }
        while (!data.empty()) {
            error_code ec;
            auto const used = c->reply->put(asio::const_buffer(data.data(), data.size()), ec);
            data.remove_prefix(used);
            if (ec == http::error::need_more) break;
            if (ec == http::error::header_limit) return fail(x, problem::too_large, "the reply's header has more than " + std::to_string(x.limits.header_bytes) + " bytes"), true;
            if (ec == http::error::body_limit) return fail(x, problem::too_large, "the reply's body has more than " + std::to_string(x.limits.body_bytes) + " bytes"), true;
            if (ec) return fail(x, problem::malformed, "the reply is not HTTP: " + ec.message()), true;
            if (!c->reply->is_done()) { if (used == 0) break; continue; }
            auto const status = c->reply->got.status;
            if (status == 101) return fail(x, problem::malformed, "the server wants another protocol"), true;
            if (status < 200) { c->reply.emplace(x.limits, x.head); continue; }     // 100, 103: the real one follows
            complete(c, data.empty());
            return true;
        }
        c->rest = data;
        if (c->rest.size() > x.limits.header_bytes + scratch_.size()) return fail(x, problem::too_large, "the reply's header has more than " + std::to_string(x.limits.header_bytes) + " bytes"), true;
        return false;
    }
    void complete(connection_ptr const& c, bool nothing_left) {
        auto& x = *c->now;
        auto& h = c->at;
        auto const now = clock::now();
        bool keep = nothing_left && x.sent_whole && c->reply->keep_alive();
        auto got = std::move(c->reply->got);
        c->reply.reset();
        c->now = nullptr;
        got.reused = c->reused;
        x.timings.whole = between(x.began, now);
        finish(x, std::move(got));
        if (keep) {
            c->is = connection::state::idle;
            c->free_since = now;
            h.idle.push_back(c);
            if (c->bytes.holds_bytes()) look_at_idle(c);
            else await_read(c);     // hears of its end
            sweep();
        } else drop(*c);
        pump(h);
    }
    /// The connection ended or broke before the reply was whole. Sent again, once, on a fresh connection, only where a kept connection broke before the request had
    /// left whole: nobody can have executed it. What had left whole may have been executed, and whether it is sent again is the caller's affair, who keeps the books.
    void lost(connection_ptr const& c) {
        auto& x = *c->now;
        auto& h = c->at;
        bool const again = c->reused && !x.answering && !x.retried && !x.sent_whole;
        if (!again) return fail(x, problem::reset, x.answering ? "the connection ended inside the reply" : x.sent_whole ? "the connection ended before a reply" : "the connection ended while the request was being sent");
        x.sent = 0;
        x.retried = x.fresh = true;
        x.on = nullptr;
        c->now = nullptr;
        drop(*c);
        wait_again(h, x);
        pump(h);
    }
    void look_at_idle(connection_ptr const& c) {
        char byte = 0;
        if (c->bytes.read(&byte, 1).state == flow::wants_read) await_read(c);     // a session ticket
        else close(c);
    }
    void close(connection_ptr const& c) {
        if (c->is == connection::state::idle) std::erase(c->at.idle, c);
        drop(*c);
    }
    void drop(connection& c) {
        if (c.is == connection::state::closed) return;
        auto& h = c.at;
        if (c.is < connection::state::busy) --h.opening;
        --h.open;
        c.is = connection::state::closed;
        if (auto* const tls = c.bytes.tls()) SSL_set_shutdown(tls, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);    // no goodbye to wait for, and the session stays good
        error_code ignored;
        c.socket.close(ignored);
        c.reply.reset();
    }
    void sweep() {
        if (sweeping_) return;
        sweeping_ = true;
        sweep_timer_.expires_after(std::max(options_.idle / 4, std::chrono::milliseconds(10)));
        sweep_timer_.async_wait([this](error_code ec) {
            sweeping_ = false;
            if (ec) return;
            auto const now = clock::now();
            bool left = false;
            for (auto& [origin, h] : hosts_) {
                while (!h.idle.empty() && now - h.idle.front()->free_since >= options_.idle) close(connection_ptr(h.idle.front()));
                left |= !h.idle.empty();
            }
            if (left) sweep();
        });
    }

    // ---- readiness
    void await_read(connection_ptr const& c) {
        if (std::exchange(c->waits_read, true)) return;
        c->socket.async_wait(tcp_socket::wait_read, [this, c](error_code ec) {
            c->waits_read = false;
            if (!ec) ready(c, true);
        });
    }
    void await_write(connection_ptr const& c) {
        if (std::exchange(c->waits_write, true)) return;
        c->socket.async_wait(tcp_socket::wait_write, [this, c](error_code ec) {
            c->waits_write = false;
            if (!ec) ready(c, false);
        });
    }
    void ready(connection_ptr const& c, bool readable) {
        switch (c->is) {
            case connection::state::shaking: shake(c); break;
            case connection::state::idle: if (readable) look_at_idle(c); break;
            case connection::state::busy: {
                auto const* const x = c->now;
                if (readable) read(c);
                if (c->is == connection::state::busy && c->now == x && !x->sent_whole) write(c);
                break;
            }
            default: break;
        }
        watch();
    }

    // ---- TLS
    void make_tls_context() {
        context_ = make_context(TLS_client_method());
        if (!context_) throw fatal(exit_code::internal, "OpenSSL gives no context");
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        if (options_.ca_file.empty()) SSL_CTX_set_default_verify_paths(context_.get());     // SSL_CERT_FILE and SSL_CERT_DIR are heard
        else if (ERR_clear_error(); SSL_CTX_load_verify_locations(context_.get(), options_.ca_file.c_str(), nullptr) != 1) {
            auto const code = ERR_peek_error();     // the first says why, a missing file by its errno
            auto const* const why = ERR_SYSTEM_ERROR(code) ? std::strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);
            throw fatal(exit_code::usage, "the CA file " + options_.ca_file + " cannot be read" + (why ? std::string(": ") + why : ""));
        }
        SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context_.get(), [](SSL* tls, SSL_SESSION* session) {
            static_cast<host*>(SSL_get_app_data(tls))->session.reset(session);
            return 1;
        });
    }
    ssl_ptr make_tls_session(url const& to, host& h) {
        static constexpr std::array<unsigned char, 9> http11 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
        if (!context_) make_tls_context();
        ssl_ptr tls(SSL_new(context_.get()));
        if (!tls) return tls;
        SSL_set_app_data(tls.get(), &h);
        SSL_set_connect_state(tls.get());
        SSL_set_alpn_protos(tls.get(), http11.data(), http11.size());
        SSL_set_hostflags(tls.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        error_code literal;
        asio::ip::make_address(to.host, literal);
        bool const good = literal ? SSL_set_tlsext_host_name(tls.get(), to.host.c_str()) == 1 && SSL_set1_host(tls.get(), to.host.c_str()) == 1
                                  : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.get()), to.host.c_str()) == 1;
        if (!good) return {};
        if (h.session && SSL_SESSION_is_resumable(h.session.get())) SSL_set_session(tls.get(), h.session.get());
        return tls;
    }
};

} // namespace detail

struct https_client::engine : detail::client_engine { using client_engine::client_engine; };

https_client::https_client(post_function post, client_options options) : engine_(std::make_unique<engine>(std::move(post), std::move(options))) {}
https_client::~https_client() = default;
std::uint64_t https_client::send(request r, callback c) { return engine_->send(std::move(r), std::move(c)); }
void https_client::cancel(std::uint64_t id) { engine_->cancel(id); }
void https_client::cancel_all() { engine_->cancel_all(); }

} // namespace penstock::net
