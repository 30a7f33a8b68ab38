#include "server.hpp"
#include "bill.hpp"
#include "random.hpp"
#include <penstock/core/fatal.hpp>
#include <penstock/net/impl/tls.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <xxhash.h>

namespace mock {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using tcp_socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using tcp_acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
using boost::system::error_code;
using text_view = boost::beast::string_view;
using penstock::exit_code;
using penstock::fatal;
using penstock::net::detail::byte_stream;
using penstock::net::detail::flow;
using penstock::net::detail::ssl_ptr;
using clock = std::chrono::steady_clock;

class request_parser final : public http::basic_parser<true> {
    static std::string_view view(text_view s) { return {s.data(), s.size()}; }
    void on_request_impl(http::verb, text_view method_text, text_view target_text, int, error_code&) override { method = view(method_text); target = view(target_text); }
    void on_response_impl(int, text_view, int, error_code&) override {}
    void on_field_impl(http::field, text_view name, text_view value, error_code&) override {
        auto const is = [&](std::string_view wanted) { return boost::beast::iequals(name, text_view(wanted.data(), wanted.size())); };
        if (is("authorization")) authorization = view(value);
        else if (is("api-key")) api_key = view(value);
        else if (is("x-mock-fault")) fault_name = view(value);
        else if (is("x-mock-latency")) latency = view(value);
        else if (is("expect")) expects = true;
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override { if (length) body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, 1 << 20))); }
    std::size_t on_body_impl(text_view bytes, error_code&) override { body.append(bytes.data(), bytes.size()); return bytes.size(); }
    void on_chunk_header_impl(std::uint64_t, text_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text_view bytes, error_code&) override { body.append(bytes.data(), bytes.size()); return bytes.size(); }
    void on_finish_impl(error_code&) override {}
public:
    std::string method, target, authorization, api_key, fault_name, latency, body;
    bool expects = false;

    explicit request_parser(std::uint64_t limit) { eager(true); header_limit(64 << 10); body_limit(boost::optional<std::uint64_t>(limit)); }
};

class session;

/// What all connections share.
struct server {
    server_options options;
    penstock::net::detail::ssl_context_ptr tls;
    mock::bill bill;
    std::unordered_set<session*> sessions;
    std::vector<char> scratch = std::vector<char>(64 << 10);
    bool accepting = false;
    std::time_t date_of = 0;
    std::string date;
    asio::io_context io{1};             // behind what sessions use: they end with it
    tcp_acceptor acceptor{io};
    asio::steady_timer again{io}, sweep{io}, end{io};

    void accept();
    void sweep_idle();
    std::string const& date_line() {
        auto const now = std::time(nullptr);
        if (now == date_of) return date;
        std::tm parts{};
        gmtime_r(&now, &parts);
        char text[48];
        date.assign(text, std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts));
        date_of = now;
        return date;
    }
};

std::string_view reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 204: return "No Content";
        case 307: return "Temporary Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 404: return "Not Found";
        case 429: return "Too Many Requests";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        default: return "Status";
    }
}

/// One connection: reads a request, waits for its latency, writes its reply as the fault says, and begins again.
class session : public std::enable_shared_from_this<session> {
    server& at_;
    tcp_socket socket_;
    byte_stream bytes_;
    std::optional<request_parser> request_;
    std::optional<asio::steady_timer> timer_;
    std::string rest_, out_;
    std::size_t sent_ = 0, until_ = 0;      ///< of out_: what is written, and where writing ends
    delivery how_ = delivery::whole;
    bool shaking_ = false, waits_read_ = false, waits_write_ = false, keep_ = true, chat_ = false, closed_ = false, busy_ = false;
    std::string path_;
public:
    clock::time_point active = clock::now();

    session(server& s, tcp_socket socket) : at_(s), socket_(std::move(socket)) { at_.sessions.insert(this); }
    ~session() {
        at_.sessions.erase(this);
        if (!at_.accepting) at_.accept();
    }
    session(session&&) = delete;
    bool idle() const { return !busy_; }

    void start() {
        error_code ignored;
        socket_.set_option(tcp::no_delay(true), ignored);
        socket_.native_non_blocking(true, ignored);
        ssl_ptr tls(at_.tls ? SSL_new(at_.tls.get()) : nullptr);
        if (tls) { SSL_set_accept_state(tls.get()); shaking_ = true; }
        bytes_ = byte_stream(socket_.native_handle(), std::move(tls));
        if (shaking_) shake(); else { next_request(); await_read(); }
    }
    void close(bool reset = false) {
        if (std::exchange(closed_, true)) return;
        error_code ignored;
        if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
        else if (bytes_.tls() && !shaking_) SSL_shutdown(bytes_.tls());
        if (timer_) timer_->cancel();
        socket_.close(ignored);
    }

private:
    void await_read() {
        if (std::exchange(waits_read_, true)) return;
        socket_.async_wait(tcp_socket::wait_read, [self = shared_from_this()](error_code ec) {
            self->waits_read_ = false;
            if (!ec && !self->closed_) self->ready();
        });
    }
    void await_write() {
        if (std::exchange(waits_write_, true)) return;
        socket_.async_wait(tcp_socket::wait_write, [self = shared_from_this()](error_code ec) {
            self->waits_write_ = false;
            if (!ec && !self->closed_) self->ready();
        });
    }
    template <class F> void after(std::chrono::microseconds wait, F then) {
        if (!timer_) timer_.emplace(at_.io);
        timer_->expires_after(wait);
        timer_->async_wait([self = shared_from_this(), then](error_code ec) { if (!ec && !self->closed_) then(*self); });
    }
    void ready() {
        if (shaking_) shake();
        else if (busy_ && (how_ == delivery::hang || how_ == delivery::stall)) listen();
        else if (busy_) write();
        else read();
    }
    /// Nothing more is said; hears of the other side's end.
    void listen() {
        auto const got = bytes_.read(at_.scratch.data(), at_.scratch.size());
        if (got.state == flow::ended || got.state == flow::broken) close(); else await_read();
    }
    void shake() {
        auto const got = bytes_.handshake();
        if (got.state == flow::wants_read) return await_read();
        if (got.state == flow::wants_write) return await_write();
        if (got.state != flow::moved) return close();
        shaking_ = false;
        next_request();
        read();
    }
    void next_request() {
        request_.emplace(at_.options.body_limit);
        busy_ = false;
        active = clock::now();
    }
    void read() {
        for (;;) {
            auto const got = bytes_.read(at_.scratch.data(), at_.scratch.size());
            if (got.state == flow::wants_read) return await_read();
            if (got.state == flow::wants_write) return await_write();
            if (got.state != flow::moved) return close();
            active = clock::now();
            if (parse({at_.scratch.data(), got.bytes})) return;
            if (!bytes_.holds_bytes() && (bytes_.tls() || got.bytes < at_.scratch.size())) return await_read();
        }
    }
    /// Whether a request is whole (or the connection is closed): reading stops until its reply is out.
    bool parse(std::string_view data) {
        std::string joined;
        if (!rest_.empty()) {
            joined = std::exchange(rest_, {}).append(data);
            data = joined;
        }
        while (!data.empty()) {
            error_code ec;
            auto const used = request_->put(asio::const_buffer(data.data(), data.size()), ec);
            data.remove_prefix(used);
            if (ec == http::error::need_more) break;
            if (ec) {
                reply r = error_reply(at_.options.chat, {.name = "400", .status = ec == http::error::body_limit ? 413 : 400, .type = "invalid_request_error", .message = "The request is not HTTP, or too large."}, false);
                keep_ = false;
                busy_ = true;
                chat_ = false;
                send(r, nullptr);
                return true;
            }
            if (request_->is_done()) {
                rest_ = data;
                handle();
                return true;
            }
            if (used == 0) break;
        }
        rest_ = data;
        if (request_->is_header_done() && std::exchange(request_->expects, false)) bytes_.write("HTTP/1.1 100 Continue\r\n\r\n", 25);
        return false;
    }
    void handle() {
        auto& q = *request_;
        auto const& o = at_.options;
        busy_ = true;
        keep_ = q.keep_alive();
        path_ = q.target.substr(0, q.target.find('?'));
        chat_ = is_chat(q.target);
        fault const* f = nullptr;
        std::chrono::microseconds wait{};
        reply r;
        if (chat_ && q.method == "POST") {
            auto const hash = XXH3_64bits_withSeed(q.body.data(), q.body.size(), XXH3_64bits(q.target.data(), q.target.size()));
            random dice((hash + o.chat.seed) ^ (std::uint64_t{at_.bill.asked_before(hash)} << 32));
            f = draw_fault(o.faults, dice);
            wait = draw_latency(dice);
            if (!q.fault_name.empty()) {
                f = find_fault(q.fault_name);
                if (f == nullptr && q.fault_name != "none") r = error_reply(o.chat, {.name = "400", .status = 400, .type = "invalid_request_error", .message = "x-mock-fault has no such name"}, false);
            }
            double given = 0;
            if (auto const [end, failed] = std::from_chars(q.latency.data(), q.latency.data() + q.latency.size(), given); failed == std::errc{} && given >= 0 && given <= 3.6e6) wait = std::chrono::microseconds(std::llround(given * 1000));
            if (r.status == 200) r = answer_chat(o.chat, {q.method, q.target, q.body, q.authorization, q.api_key, at_.tls != nullptr}, f, hash);
            at_.bill.arrived(path_, hash, f ? f->name : std::string_view{}, r);
        } else {
            bool const get = q.method == "GET" || q.method == "HEAD";
            if (get && path_ == "/bill") r = {.headers = "Content-Type: application/json\r\n", .body = at_.bill.text()};
            else if (get && (path_ == "/v1/models" || path_ == "/openai/v1/models")) r = answer_models(o.chat);
            else if (get && path_ == "/health") r = {.headers = "Content-Type: application/json\r\n", .body = "{\"status\":\"ok\"}"};
            else r = error_reply(o.chat, {.name = "404", .status = chat_ ? 405 : 404, .type = "invalid_request_error", .code = "unknown_url", .message = "Unknown request URL."}, false);
            chat_ = false;
        }
        if (wait.count() == 0) return send(r, f);
        out_.clear();
        assemble(r, f);
        after(wait, [](session& s) { s.write(); });
    }
    std::chrono::microseconds draw_latency(random& dice) const {
        auto const& l = at_.options.latency;
        double const ms = l.of == latency::law::fixed ? l.low : l.of == latency::law::uniform ? l.low + dice.unit() * (l.high - l.low) : -l.low * std::log(1 - dice.unit());
        return std::chrono::microseconds(std::llround(std::min(ms, 3.6e6) * 1000));
    }
    void send(reply const& r, fault const* f) {
        out_.clear();
        assemble(r, f);
        write();
    }
    /// The reply's bytes into out_, and where and how their writing ends.
    void assemble(reply const& r, fault const* f) {
        auto const frame = f ? f->framing : framing::length;
        how_ = f ? f->delivery : delivery::whole;
        bool const head = request_->method == "HEAD";
        std::string const* body = &r.body;
        std::string big;
        if (frame == framing::oversized) {
            big.assign(at_.options.oversize, ' ');
            body = &big;
        }
        if (frame == framing::close || frame == framing::until_close || frame == framing::long_length || frame == framing::garbage) keep_ = false;
        out_.reserve(512 + r.headers.size() + body->size());
        if (frame == framing::garbage) {
            out_ = "\x16\x03 this is not HTTP, whatever you may have thought\r\n\r\n";
            until_ = out_.size();
            sent_ = 0;
            return;
        }
        if (frame == framing::interim) out_ += "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
        char status[4] = {static_cast<char>('0' + r.status / 100), static_cast<char>('0' + r.status / 10 % 10), static_cast<char>('0' + r.status % 10), ' '};
        out_.append("HTTP/1.1 ").append(status, 4).append(reason(r.status)).append("\r\nServer: mock-llm\r\n").append(at_.date_line()).append(r.headers);
        if (frame == framing::huge_header) out_.append("x-huge: ").append(1 << 20, 'h').append("\r\n");
        if (!keep_) out_ += "Connection: close\r\n";
        auto length = body->size();
        if (frame == framing::short_length) length /= 2;
        if (frame == framing::long_length) length *= 2;
        bool const chunked = frame == framing::chunked;
        if (chunked) out_ += "Transfer-Encoding: chunked\r\n";
        else if (frame != framing::until_close && r.status != 204) out_.append("Content-Length: ").append(std::to_string(length)).append("\r\n");
        out_ += "\r\n";
        auto const header = out_.size();
        if (!head && r.status != 204) {
            if (!chunked) out_ += *body;
            else {
                for (std::size_t at = 0, piece = body->size() / 3 + 1; at < body->size(); at += piece) {
                    auto const text = std::string_view(*body).substr(at, piece);
                    char hex[20];
                    auto const end = std::to_chars(hex, hex + sizeof hex, text.size(), 16).ptr;
                    out_.append(hex, end).append("\r\n").append(text).append("\r\n");
                }
                out_ += "0\r\n\r\n";
            }
        }
        sent_ = 0;
        until_ = out_.size();
        switch (how_) {
            case delivery::reset_before: case delivery::hang: until_ = 0; break;
            case delivery::reset_head: until_ = header / 2; break;
            case delivery::stall: until_ = header; break;
            case delivery::reset_inside: case delivery::half: until_ = header + (out_.size() - header) / 2; break;
            default: break;
        }
    }
    void write() {
        bool const drip = how_ == delivery::drip;
        while (sent_ != until_) {
            auto const size = drip ? std::min<std::size_t>(at_.options.drip_bytes, until_ - sent_) : until_ - sent_;
            auto const put = bytes_.write(out_.data() + sent_, size);
            if (put.state == flow::moved) {
                sent_ += put.bytes;
                active = clock::now();
                if (drip && sent_ != until_) return after(std::chrono::milliseconds(at_.options.drip_ms), [](session& s) { s.write(); });
                continue;
            }
            if (put.state == flow::wants_write) return await_write();
            if (put.state == flow::wants_read) return await_read();
            return close();
        }
        written();
    }
    void written() {
        switch (how_) {
            case delivery::reset_before: case delivery::reset_head: case delivery::reset_inside: return close(true);
            case delivery::half: return end_of_sending();
            case delivery::hang: case delivery::stall: return await_read();     // until the other side closes it
            default: break;
        }
        if (chat_) at_.bill.answered(path_);
        if (how_ == delivery::reset_after) return close(true);
        if (!keep_) return end_of_sending();
        if (out_.capacity() > (1 << 16)) std::string().swap(out_);
        next_request();
        if (rest_.empty() && !bytes_.holds_bytes()) return await_read();
        asio::post(at_.io, [self = shared_from_this()] {        // a request that came with the one before
            if (self->closed_ || self->busy_) return;
            if (!self->rest_.empty() && self->parse(std::exchange(self->rest_, {}))) return;
            self->read();
        });
    }
    /// Closed in order; a moment later, so that what the other side still sends does not turn the end into a reset.
    void end_of_sending() {
        error_code ignored;
        if (bytes_.tls() && how_ != delivery::half) SSL_shutdown(bytes_.tls());
        socket_.shutdown(tcp_socket::shutdown_send, ignored);
        how_ = delivery::hang;
        after(std::chrono::milliseconds(50), [](session& s) { s.close(); });
    }
};

void server::accept() {
    if (sessions.size() >= options.connections) { accepting = false; return; }
    accepting = true;
    acceptor.async_accept([this](error_code ec, tcp_socket socket) {
        if (ec == asio::error::operation_aborted) return;
        if (!ec) {
            bill.connected();
            std::make_shared<session>(*this, std::move(socket))->start();
            // the rest of what waits, without going through the reactor for each
            for (int n = 0; n != 64 && sessions.size() < options.connections; ++n) {
                auto next = acceptor.accept(ec);
                if (ec) break;
                bill.connected();
                std::make_shared<session>(*this, std::move(next))->start();
            }
            if (!ec || ec == asio::error::would_block || ec == asio::error::try_again) return accept();
        }
        again.expires_after(std::chrono::milliseconds(50));     // no file descriptors left, most likely: not a busy loop
        again.async_wait([this](error_code stopped) { if (!stopped) accept(); });
    });
}
void server::sweep_idle() {
    sweep.expires_after(std::chrono::milliseconds(std::clamp(options.idle_ms / 4, 10u, 1000u)));
    sweep.async_wait([this](error_code ec) {
        if (ec) return;
        auto const limit = clock::now() - std::chrono::milliseconds(options.idle_ms);
        std::vector<std::shared_ptr<session>> old;
        for (auto* s : sessions) if (s->idle() && s->active < limit) old.push_back(s->shared_from_this());
        for (auto const& s : old) s->close();
        sweep_idle();
    });
}

std::string openssl_reason() {
    auto const* const why = ERR_reason_error_string(ERR_peek_last_error());
    return why ? why : "unknown";
}

} // namespace

void serve(server_options const& options, std::stop_token stop) {
    std::signal(SIGPIPE, SIG_IGN);
    auto const owner = std::make_unique<server>();
    auto& s = *owner;
    s.options = options;
    if (!options.bill.empty() && !s.bill.keep_in(options.bill)) throw fatal(exit_code::output, options.bill + ": cannot be opened for writing");
    if (!options.tls_cert.empty()) {
        s.tls = penstock::net::detail::make_context(TLS_server_method());
        ERR_clear_error();
        if (SSL_CTX_use_certificate_chain_file(s.tls.get(), options.tls_cert.c_str()) != 1) throw fatal(exit_code::input, options.tls_cert + ": " + openssl_reason());
        if (SSL_CTX_use_PrivateKey_file(s.tls.get(), options.tls_key.c_str(), SSL_FILETYPE_PEM) != 1) throw fatal(exit_code::input, options.tls_key + ": " + openssl_reason());
    }
    error_code ec;
    auto const address = asio::ip::make_address(options.address, ec);
    if (ec) throw fatal(exit_code::usage, "--address is '" + options.address + "', not an IP address");
    tcp::endpoint const endpoint(address, options.port);
    s.acceptor.open(endpoint.protocol(), ec);
    if (!ec) s.acceptor.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) s.acceptor.bind(endpoint, ec);
    if (!ec) s.acceptor.listen(4096, ec);
    if (!ec) s.acceptor.non_blocking(true, ec);
    if (ec) throw fatal(exit_code::output, options.address + ":" + std::to_string(options.port) + ": " + ec.message());
    std::printf("mock-llm: %s://%s:%u/v1\n", s.tls ? "https" : "http", address.is_v6() ? ("[" + options.address + "]").c_str() : options.address.c_str(), unsigned{s.acceptor.local_endpoint().port()});
    std::fflush(stdout);

    s.accept();
    s.sweep_idle();
    if (options.seconds != 0) {
        s.end.expires_after(std::chrono::seconds(options.seconds));
        s.end.async_wait([&](error_code) { s.io.stop(); });
    }
    std::stop_callback const stopped(stop, [&] { s.io.stop(); });
    s.io.run();
    s.accepting = true;         // sessions that end now start no accept
}

} // namespace mock
