/// Bytes over a non-blocking socket, plain or TLS, without waiting: the caller waits for what `flow` names. OpenSSL sits on the descriptor itself: Asio's
/// ssl::stream keeps four buffers of 17 KB for each connection, this keeps none while nothing moves (20 KB instead of 100 KB a connection).
#pragma once
#include <cerrno>
#include <cstddef>
#include <memory>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string>
#include <sys/socket.h>

namespace penstock::net::detail {

struct free_ssl {
    void operator()(SSL* s) const { SSL_free(s); }
    void operator()(SSL_CTX* c) const { SSL_CTX_free(c); }
    void operator()(SSL_SESSION* s) const { SSL_SESSION_free(s); }
};
using ssl_ptr = std::unique_ptr<SSL, free_ssl>;
using ssl_context_ptr = std::unique_ptr<SSL_CTX, free_ssl>;
using ssl_session_ptr = std::unique_ptr<SSL_SESSION, free_ssl>;

/// TLS 1.2 or newer, and no buffer kept by an idle connection. A writer of SSL_write needs SIGPIPE blocked or ignored: OpenSSL writes without MSG_NOSIGNAL.
inline ssl_context_ptr make_context(SSL_METHOD const* side) {
    ssl_context_ptr c(SSL_CTX_new(side));
    if (!c) return c;
    SSL_CTX_set_min_proto_version(c.get(), TLS1_2_VERSION);
    SSL_CTX_set_mode(c.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(c.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_read_ahead(c.get(), 1);     // one recv a record instead of two
    return c;
}

enum class flow : unsigned char { moved, wants_read, wants_write, ended, broken };
struct moved { flow state; std::size_t bytes = 0; };

class byte_stream {
    int fd_ = -1;
    ssl_ptr tls_;

    moved tls_result(int n, std::size_t bytes) {
        if (n > 0) return {flow::moved, bytes};
        auto const code = errno;
        switch (SSL_get_error(tls_.get(), n)) {
            case SSL_ERROR_WANT_READ: return {flow::wants_read};
            case SSL_ERROR_WANT_WRITE: return {flow::wants_write};
            case SSL_ERROR_ZERO_RETURN: return {flow::ended};
            case SSL_ERROR_SYSCALL: why = code; return {flow::broken};
            default: why = 0; reason = ERR_peek_error(); return {flow::broken};
        }
    }
public:
    int why = 0;                    ///< errno of the last flow::broken; 0 of an end without one
    unsigned long reason = 0;       ///< OpenSSL's code of it, 0 if none

    byte_stream() = default;
    explicit byte_stream(int fd, ssl_ptr tls = {}) : fd_(fd), tls_(std::move(tls)) { if (tls_) SSL_set_fd(tls_.get(), fd_); }
    SSL* tls() const { return tls_.get(); }

    moved handshake() {
        ERR_clear_error();
        errno = 0;
        return tls_result(SSL_do_handshake(tls_.get()), 0);
    }
    moved read(char* to, std::size_t size) {
        errno = 0;
        if (tls_) {
            ERR_clear_error();
            std::size_t got = 0;
            int const n = SSL_read_ex(tls_.get(), to, size, &got);
            return tls_result(n, got);
        }
        auto const n = ::recv(fd_, to, size, MSG_DONTWAIT);
        if (n > 0) return {flow::moved, static_cast<std::size_t>(n)};
        if (n == 0) return {flow::ended};
        if (errno == EAGAIN || errno == EINTR) return {flow::wants_read};
        why = errno;
        return {flow::broken};
    }
    moved write(char const* from, std::size_t size) {
        errno = 0;
        if (tls_) {
            ERR_clear_error();
            std::size_t put = 0;
            int const n = SSL_write_ex(tls_.get(), from, size, &put);
            return tls_result(n, put);
        }
        auto const n = ::send(fd_, from, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n >= 0) return {flow::moved, static_cast<std::size_t>(n)};
        if (errno == EAGAIN || errno == EINTR) return {flow::wants_write};
        why = errno;
        return {flow::broken};
    }
    /// Whether bytes wait inside TLS, where the kernel does not tell of them.
    bool holds_bytes() const { return tls_ && SSL_has_pending(tls_.get()); }
};

} // namespace penstock::net::detail
