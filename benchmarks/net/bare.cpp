#include "bare.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <stdexcept>
#include <vector>

namespace bare {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using socket_type = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

template <class Stream> class worker {
    Stream stream_;
    http::request<http::string_body> request_;
    http::response<http::string_body> response_;
    beast::flat_buffer buffer_;
    unsigned& left_;

    static void check(beast::error_code ec) { if (ec) throw std::runtime_error("bare Beast: " + ec.message()); }
    void next() {
        if (left_ == 0) return;
        --left_;
        http::async_write(stream_, request_, [this](beast::error_code ec, std::size_t) {
            check(ec);
            response_ = {};
            http::async_read(stream_, buffer_, response_, [this](beast::error_code failed, std::size_t) {
                check(failed);
                if (response_.result_int() != 200) throw std::runtime_error("bare Beast: not 200");
                next();
            });
        });
    }
public:
    template <class... A> worker(std::uint16_t port, std::string const& body, unsigned& left, A&... a) : stream_(a...), left_(left) {
        request_.method(http::verb::post);
        request_.target("/v1/chat/completions");
        request_.version(11);
        request_.set(http::field::host, "127.0.0.1:" + std::to_string(port));
        request_.set(http::field::content_type, "application/json");
        request_.set(http::field::authorization, "Bearer sk-bench");
        request_.body() = body;
        request_.prepare_payload();
        beast::get_lowest_layer(stream_).connect({asio::ip::make_address("127.0.0.1"), port});
        beast::get_lowest_layer(stream_).set_option(asio::ip::tcp::no_delay(true));
        if constexpr (requires { stream_.handshake(asio::ssl::stream_base::client); }) stream_.handshake(asio::ssl::stream_base::client);
    }
    void start() { next(); }
};

} // namespace

void ask(std::uint16_t port, std::string const& ca_file, std::string const& body, unsigned in_flight, unsigned total) {
    asio::io_context io(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    unsigned left = total;
    auto const run = [&](auto& all) {
        for (auto& w : all) w->start();
        io.run();
    };
    if (ca_file.empty()) {
        std::vector<std::unique_ptr<worker<socket_type>>> all;
        for (unsigned i = 0; i != in_flight; ++i) all.push_back(std::make_unique<worker<socket_type>>(port, body, left, io));
        run(all);
    } else {
        tls.load_verify_file(ca_file);
        tls.set_verify_mode(asio::ssl::verify_peer);
        std::vector<std::unique_ptr<worker<asio::ssl::stream<socket_type>>>> all;
        for (unsigned i = 0; i != in_flight; ++i) all.push_back(std::make_unique<worker<asio::ssl::stream<socket_type>>>(port, body, left, io, tls));
        run(all);
    }
}

} // namespace bare
