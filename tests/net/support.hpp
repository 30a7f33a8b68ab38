/// What the tests of net/ stand on: the mock server as a child process, servers with a script of their own, certificates made here, and a loop with an end.
#pragma once
#include <penstock/net/https_client.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace net = penstock::net;
using namespace std::chrono_literals;

/// The key that every request of these tests carries, in a header and in the target; no error text may hold it.
inline constexpr std::string_view secret = "sk-verysecret0123456789";

/// The consumer's loop: callbacks run in run_until, on the thread of the test.
class bounded_loop {
    std::mutex guard_;
    std::condition_variable filled_;
    std::deque<net::https_client::work> queue_;
public:
    void post(net::https_client::work w) {
        std::lock_guard lock(guard_);
        queue_.push_back(std::move(w));
        filled_.notify_one();
    }
    /// False when `limit` is over before done() is true.
    template <class Done> bool run_until(Done done, std::chrono::milliseconds limit = 20s) {
        auto const end = std::chrono::steady_clock::now() + limit;
        while (!done()) {
            std::unique_lock lock(guard_);
            if (!filled_.wait_until(lock, end, [&] { return !queue_.empty(); })) return false;
            auto work = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            work();
        }
        return true;
    }
};

/// apps/mock-llm as a child that dies with this process.
class mock_server {
    pid_t child_ = -1;
    int out_ = -1;
public:
    std::uint16_t port = 0;
    explicit mock_server(std::vector<std::string> arguments = {});
    ~mock_server();
    mock_server(mock_server const&) = delete;
    void kill();                ///< SIGKILL, and waits for its end
    int terminate();            ///< SIGTERM; its exit status, -1 after 10 s
};

/// A server whose connections are served one after the other by a function; its last call ends the server.
class scripted_server {
    int listener_ = -1;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
public:
    std::uint16_t port = 0;
    /// serve(fd, n): the n-th connection, from 0. The descriptor is closed after it.
    explicit scripted_server(std::function<void(int fd, unsigned n)> serve);
    ~scripted_server();
    scripted_server(scripted_server const&) = delete;
};
/// One request (head and Content-Length body) from the descriptor; empty at its end, or after 10 s.
std::string read_request(int fd);
void write_all(int fd, std::string_view bytes);

/// A CA and certificates of it, made once a process by the openssl command: <folder>/ca.pem, other-ca.pem, good.pem (localhost, 127.0.0.1), expired.pem,
/// other-host.pem, each with its .key.
std::string const& certificates();

/// A client with its loop, and a call that waits.
struct tester {
    bounded_loop loop = {};
    net::https_client client;
    explicit tester(net::client_options options = {}) : client([this](net::https_client::work w) { loop.post(std::move(w)); }, std::move(options)) {}

    /// The outcome, checked for what each must hold: no secret in an error's text. Fails the test after 20 s.
    net::outcome ask(net::request);
    /// The error of a request that must fail, and its time under 10 s.
    net::error fails(net::request);
};
net::url at(std::uint16_t port, std::string_view path = "/v1/chat/completions", bool tls = false, std::string_view host = "127.0.0.1");
/// A chat request of the mock with the secret in it; fault: x-mock-fault.
net::request chat(std::uint16_t port, std::string_view fault = {}, bool tls = false, std::string_view host = "127.0.0.1");
net::request get(std::uint16_t port, std::string_view path, bool tls = false);
/// A number of the mock's bill: count("billed").
std::uint64_t bill(std::uint16_t port, std::string_view key);
void no_secret(std::string_view text);
