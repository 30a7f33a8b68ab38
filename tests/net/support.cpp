#include "support.hpp"
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

mock_server::mock_server(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PENSTOCK_MOCK_LLM);
    arguments.insert(arguments.end(), {"--seconds", "300"});
    std::vector<char*> argv;
    for (auto& a : arguments) argv.push_back(a.data());
    argv.push_back(nullptr);
    int pipe[2];
    if (pipe2(pipe, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    auto const parent = getpid();
    child_ = fork();
    if (child_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(126);
        dup2(pipe[1], 1);
        execv(argv[0], argv.data());
        _exit(127);
    }
    ::close(pipe[1]);
    out_ = pipe[0];
    std::string line;
    for (char c = 0; line.size() < 200 && c != '\n';) {
        pollfd p{out_, POLLIN, 0};
        if (poll(&p, 1, 20'000) != 1 || ::read(out_, &c, 1) != 1) throw std::runtime_error("the mock server did not start: " + line);
        line += c;
    }
    auto const v1 = line.rfind("/v1"), colon = line.rfind(':');
    port = static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1, v1 - colon - 1)));
}
mock_server::~mock_server() {
    kill();
    ::close(out_);
}
void mock_server::kill() {
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
}
int mock_server::terminate() {
    ::kill(child_, SIGTERM);
    for (int i = 0; i != 1000; ++i) {
        int status = 0;
        if (::waitpid(child_, &status, WNOHANG) == child_) { child_ = -1; return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }
        std::this_thread::sleep_for(10ms);
    }
    return -1;
}

scripted_server::scripted_server(std::function<void(int, unsigned)> serve) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&here), size) != 0 || ::listen(listener_, 16) != 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
        throw std::runtime_error("a listener");
    port = ntohs(here.sin_port);
    thread_ = std::thread([this, serve = std::move(serve)] {
        for (unsigned n = 0; !stop_;) {
            pollfd p{listener_, POLLIN, 0};
            if (poll(&p, 1, 20) != 1) continue;
            int const fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) continue;
            serve(fd, n++);
            ::close(fd);
        }
    });
}
scripted_server::~scripted_server() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
}
std::string read_request(int fd) {
    std::string all;
    for (std::size_t whole = std::string::npos; all.size() < whole;) {
        pollfd p{fd, POLLIN, 0};
        char buffer[64 << 10];
        if (poll(&p, 1, 10'000) != 1) return {};
        auto const n = ::recv(fd, buffer, sizeof buffer, 0);
        if (n <= 0) return {};
        all.append(buffer, static_cast<std::size_t>(n));
        auto const head = all.find("\r\n\r\n");
        if (head == std::string::npos) continue;
        auto const length = all.find("Content-Length: ");
        whole = head + 4 + (length < head ? std::stoul(all.substr(length + 16)) : 0);
    }
    return all;
}
void write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

std::string const& certificates() {
    static struct folder {
        std::string path;
        folder() {
            char name[] = "/tmp/penstock-net-XXXXXX";
            if (!mkdtemp(name)) throw std::runtime_error("mkdtemp");
            path = name;
            auto const script = "set -e; cd " + path + R"(; exec >openssl.log 2>&1
                new() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
                for ca in ca other-ca; do new $ca; openssl req -x509 -new -key $ca.key -subj "/CN=penstock test $ca" -days 2 -out $ca.pem -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign; done
                mkdir -p db; : >db/index; echo 01 >db/serial
                printf '[ca]\ndefault_ca=x\n[x]\ndatabase=db/index\nserial=db/serial\nnew_certs_dir=db\ndefault_md=sha256\npolicy=p\nunique_subject=no\ncopy_extensions=copy\n[p]\ncommonName=supplied\n' >ca.cnf
                leaf() { new $1; openssl req -new -key $1.key -subj "/CN=$1" -addext "subjectAltName=$2" -out $1.csr
                         openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in $1.csr -out $1.pem -startdate $3 -enddate $4; }
                leaf good DNS:localhost,IP:127.0.0.1 20200101000000Z 20490101000000Z
                leaf other-host DNS:elsewhere.example,IP:127.0.0.9 20200101000000Z 20490101000000Z
                leaf expired DNS:localhost,IP:127.0.0.1 20200101000000Z 20210101000000Z
            )";
            if (std::system(("sh -c '" + [&] { std::string s = script; for (std::size_t i = 0; (i = s.find('\'', i)) != s.npos; i += 4) s.replace(i, 1, "'\\''"); return s; }() + "'").c_str()) != 0)
                throw std::runtime_error("openssl could not make the certificates: " + path + "/openssl.log");
        }
        ~folder() { [[maybe_unused]] auto const status = std::system(("rm -rf " + path).c_str()); }
    } const made;
    return made.path;
}

void no_secret(std::string_view text) {
    INFO(text);
    CHECK(text.find("secret") == text.npos);
    CHECK(text.find('\n') == text.npos);
}
net::outcome tester::ask(net::request r) {
    std::optional<net::outcome> got;
    client.send(std::move(r), [&](net::outcome o) { got = std::move(o); });
    REQUIRE(loop.run_until([&] { return got.has_value(); }));
    if (!*got) no_secret(got->error().text);
    return std::move(*got);
}
net::error tester::fails(net::request r) {
    auto const began = std::chrono::steady_clock::now();
    auto got = ask(std::move(r));
    CHECK(std::chrono::steady_clock::now() - began < 10s);
    REQUIRE(!got);
    return got.error();
}
net::url at(std::uint16_t port, std::string_view path, bool tls, std::string_view host) { return {.tls = tls, .host = std::string(host), .port = port, .target = std::string(path)}; }
net::request chat(std::uint16_t port, std::string_view fault, bool tls, std::string_view host) {
    net::request r{.to = at(port, "/v1/chat/completions?trace=" + std::string(secret), tls, host),
        .headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + std::string(secret)}},
        .body = R"({"model":"m","messages":[{"role":"user","content":"The quick brown fox jumps over the lazy dog and goes home."}]})"};
    if (!fault.empty()) r.headers.push_back({"x-mock-fault", std::string(fault)});
    return r;
}
net::request get(std::uint16_t port, std::string_view path, bool tls) { return {.method = "GET", .to = at(port, path, tls)}; }
std::uint64_t bill(std::uint16_t port, std::string_view key) {
    tester t;
    auto const got = t.ask(get(port, "/bill"));
    REQUIRE(got);
    auto const start = got->body.find("\"" + std::string(key) + "\":");
    return start == std::string::npos ? 0 : std::stoull(got->body.substr(start + key.size() + 3));
}
