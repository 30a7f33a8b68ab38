#include "bare.hpp"
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace bare {
namespace {

[[noreturn]] void broken(char const* what) { throw std::runtime_error(std::string("bare epoll: ") + what + ": " + std::strerror(errno)); }

/// One connection: connects, shakes hands, then writes the request and reads the reply until nothing is left to ask.
class line {
    enum class state { connecting, shaking, writing, reading } now_ = state::connecting;
    int epoll_, socket_;
    SSL* tls_ = nullptr;
    std::string const& request_;
    unsigned &left_, &answered_;
    std::size_t written_ = 0;
    std::string reply_ = {};
    std::uint32_t watched_ = 0;

    void watch(std::uint32_t events) {
        if (events == watched_) return;
        epoll_event e{.events = events, .data = {.ptr = this}};
        if (epoll_ctl(epoll_, watched_ ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket_, &e) != 0) broken("epoll_ctl");
        watched_ = events;
    }
    /// Bytes done; 0: later.
    std::size_t done(long n) {
        if (n > 0) return static_cast<std::size_t>(n);
        if (tls_) {
            auto const why = SSL_get_error(tls_, static_cast<int>(n));
            if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) broken("TLS");
            watch(why == SSL_ERROR_WANT_READ ? EPOLLIN : EPOLLOUT);
            return 0;
        }
        if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) broken("the connection broke");
        watch(now_ == state::reading ? EPOLLIN : EPOLLOUT);
        return 0;
    }
    bool whole() const {
        auto const end = reply_.find("\r\n\r\n");
        if (end == reply_.npos) return false;
        auto const at = std::string_view(reply_).substr(0, end).find("Content-Length: ");
        if (at == reply_.npos) throw std::runtime_error("bare epoll: a reply without Content-Length");
        std::size_t size = 0;
        std::from_chars(reply_.data() + at + 16, reply_.data() + end, size);
        return reply_.size() >= end + 4 + size;
    }
public:
    line(int epoll, std::uint16_t port, SSL_CTX* tls, std::string const& request, unsigned& left, unsigned& answered)
        : epoll_(epoll), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), request_(request), left_(left), answered_(answered) {
        if (socket_ < 0) broken("socket");
        int const on = 1;
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in to{};
        to.sin_family = AF_INET, to.sin_port = htons(port), to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS) broken("connect");
        if (tls) {
            tls_ = SSL_new(tls);
            SSL_set_fd(tls_, socket_);
            SSL_set_connect_state(tls_);
        }
        watch(EPOLLOUT);
    }
    line(line&&) = delete;
    ~line() { SSL_free(tls_); ::close(socket_); }

    void go_on() {
        for (;;) switch (now_) {
            case state::connecting: now_ = tls_ ? state::shaking : state::writing; if (!ask()) { watch(EPOLLIN); return; } break;
            case state::shaking: if (!done(SSL_do_handshake(tls_))) return; now_ = state::writing; break;
            case state::writing: {
                auto const rest = request_.size() - written_;
                auto const n = done(tls_ ? SSL_write(tls_, request_.data() + written_, static_cast<int>(rest)) : ::send(socket_, request_.data() + written_, rest, MSG_NOSIGNAL));
                if (!n) return;
                if ((written_ += n) == request_.size()) { now_ = state::reading; reply_.clear(); }
                break;
            }
            case state::reading: {
                char piece[16384];
                auto const n = done(tls_ ? SSL_read(tls_, piece, sizeof piece) : ::recv(socket_, piece, sizeof piece, 0));
                if (!n) return;
                reply_.append(piece, n);
                if (!whole()) break;
                if (!reply_.starts_with("HTTP/1.1 200")) throw std::runtime_error("bare epoll: not 200");
                ++answered_;
                now_ = state::writing, written_ = 0;
                if (!ask()) { watch(EPOLLIN); return; }
                break;
            }
        }
    }
private:
    bool ask() { return left_ != 0 && left_-- != 0; }
};

} // namespace

void epoll(std::uint16_t port, std::string const& ca_file, std::string const& body, unsigned in_flight, unsigned total) {
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls(nullptr, SSL_CTX_free);
    if (!ca_file.empty()) {
        tls.reset(SSL_CTX_new(TLS_client_method()));
        if (!tls || SSL_CTX_load_verify_file(tls.get(), ca_file.c_str()) != 1) throw std::runtime_error("bare epoll: the certificate cannot be read");
        SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
        SSL_CTX_set_mode(tls.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    }
    auto const request = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\nContent-Type: application/json\r\nAuthorization: Bearer sk-bench\r\nContent-Length: "
                       + std::to_string(body.size()) + "\r\n\r\n" + body;
    int const epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) broken("epoll_create1");
    unsigned left = total, answered = 0;
    {
        std::vector<std::unique_ptr<line>> all;
        for (unsigned i = 0; i != in_flight; ++i) all.push_back(std::make_unique<line>(epoll, port, tls.get(), request, left, answered));
        std::array<epoll_event, 512> events;
        while (answered != total) {
            int const n = epoll_wait(epoll, events.data(), events.size(), -1);
            if (n < 0 && errno != EINTR) broken("epoll_wait");
            for (int i = 0; i < n; ++i) static_cast<line*>(events[static_cast<std::size_t>(i)].data.ptr)->go_on();
        }
    }
    ::close(epoll);
}

} // namespace bare
