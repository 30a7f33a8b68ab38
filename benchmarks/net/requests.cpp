// Requests a second, CPU and memory of the https client beside a bare Beast client and, with many in flight, a bare epoll client; mock-llm serves. Client and server have a core each.
#include "bare.hpp"
#include "measure.hpp"
#include "mock_server.hpp"
#include <penstock/core/loop.hpp>
#include <penstock/net/https_client.hpp>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>

namespace {

namespace net = penstock::net;

using bench::child;
using server = bench::mock_server;

/// 1.3 KB, as a request about a paragraph is.
std::string body() {
    std::string text;
    while (text.size() < 1100) text += "The people in the picture have different opinions about the way we live now. ";
    return R"({"model":"bench","temperature":0.3,"messages":[{"role":"system","content":"Read the paragraph. Answer with a short remark."},{"role":"user","content":")" + text + "\"}]}";
}

void ours(net::https_client& client, penstock::mini_loop& loop, std::uint16_t port, bool tls, std::string const& body, unsigned in_flight, unsigned total) {
    unsigned sent = 0, done = 0;
    struct sender {
        net::https_client& client;
        std::uint16_t port;
        bool tls;
        std::string const& body;
        unsigned &sent, &done, total;
        void next() {
            if (sent == total) return;
            ++sent;
            client.send({.to = {.tls = tls, .host = "127.0.0.1", .port = port, .target = "/v1/chat/completions"},
                .headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer sk-bench"}}, .body = body}, [this](net::outcome o) {
                    if (!o || o->status != 200) throw std::runtime_error("penstock: " + (o ? std::to_string(o->status) : o.error().text));
                    ++done;
                    next();
                });
        }
    } s{client, port, tls, body, sent, done, total};
    for (unsigned i = 0; i != in_flight; ++i) s.next();
    while (done != total) loop.run_one();
}

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// In a process of its own, for its memory: "requests-a-second cpu-us-a-request peak-MB".
int one(bool bare_epoll, std::uint16_t port, std::string const& ca_file, unsigned in_flight, unsigned total) {
    auto const text = body();
    auto const began = std::chrono::steady_clock::now();
    if (bare_epoll) bare::epoll(port, ca_file, text, in_flight, total);
    else {
        penstock::mini_loop loop;
        net::https_client client([&](auto w) { loop.post(std::move(w)); }, {.connections = 19'000, .ca_file = ca_file});
        ours(client, loop, port, !ca_file.empty(), text, in_flight, total);
    }
    auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    std::printf("%.0f %.1f %.0f\n", total / took, cpu_seconds() * 1e6 / total, static_cast<double>(used.ru_maxrss) / 1024);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 6 && std::string_view(argv[1]).starts_with("--one-")) return one(std::strcmp(argv[1], "--one-epoll") == 0, static_cast<std::uint16_t>(std::atoi(argv[2])), argv[3], static_cast<unsigned>(std::atoi(argv[4])), static_cast<unsigned>(std::atoi(argv[5])));
    bool const quick = argc == 2 && std::strcmp(argv[1], "--quick") == 0;
    bench::pin(0);
    auto const folder = bench::certificate();
    auto const ca = folder + "/cert.pem";
    std::vector<std::string> const tls_flags{"--tls-cert", ca, "--tls-key", folder + "/key.pem"};
    auto const text = body();
    for (bool tls : {false, true}) {
        server const serving(tls ? tls_flags : std::vector<std::string>{});
        penstock::mini_loop loop;
        net::https_client client([&](auto w) { loop.post(std::move(w)); }, {.ca_file = tls ? ca : ""});
        unsigned const total = quick ? 5'000 : 20'000;
        double cpu[2] = {};
        auto const timed = [](double& sum, auto run) { auto const from = cpu_seconds(); run(); sum += cpu_seconds() - from; };
        std::vector<bench::contender> all{
            {"bare Beast client", [&] { timed(cpu[0], [&] { bare::ask(serving.port, tls ? ca : "", text, 64, total); }); }},
            {"penstock::net::https_client", [&] { timed(cpu[1], [&] { ours(client, loop, serving.port, tls, text, 64, total); }); }},
        };
        unsigned const rounds = quick ? 1 : 7;
        bench::race(all, rounds);
        bench::table(tls ? "64 in flight, latency 0, TLS" : "64 in flight, latency 0, plain", all, {.per = double(total), .unit = "requests/s", .rate = true});
        for (std::size_t i = 0; i != 2; ++i) std::printf("%s%s: %.1f CPU us a request", i ? ". " : "\n", all[i].name.c_str(), cpu[i] * 1e6 / (total * (rounds + 1)));
        std::printf(".\n");
    }
    if (!quick) {
        std::printf("\n### Latency 1 s, 10 requests a connection\n\n| | in flight | client | requests/s | of ideal | of bare epoll | CPU us a request | peak memory, MB |\n|---|---:|---|---:|---:|---:|---:|---:|\n");
        char self[4096] = "";
        if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return 1;
        struct figures { double rate = 0, cpu = 0, memory = 0; };
        for (bool tls : {false, true}) for (unsigned in_flight : {1'000u, 10'000u}) {
            std::vector<figures> runs[2];
            std::vector<double> ratios;
            for (int round = 0; round != 3; ++round) {
                for (bool epoll : {true, false}) {
                    auto flags = tls ? tls_flags : std::vector<std::string>{};
                    flags.insert(flags.end(), {"--latency", "1000"});
                    server const serving(flags);
                    child const run({self, epoll ? "--one-epoll" : "--one-penstock", std::to_string(serving.port), tls ? ca : "", std::to_string(in_flight), std::to_string(in_flight * 10)}, 0);
                    figures f;
                    if (std::fscanf(run.out, "%lf %lf %lf", &f.rate, &f.cpu, &f.memory) != 3) throw std::runtime_error("a run failed");
                    runs[epoll ? 0 : 1].push_back(f);
                }
                ratios.push_back(runs[1].back().rate / runs[0].back().rate);
            }
            for (bool epoll : {true, false}) {
                auto const middle = [&](auto of) { std::vector<double> v; for (auto const& f : runs[epoll ? 0 : 1]) v.push_back(of(f)); return bench::median(std::move(v)); };
                auto const rate = middle([](auto const& f) { return f.rate; });
                std::printf("| %s | %u | %s | %.0f | %.2f | %.2f | %.1f | %.0f |\n", tls ? "TLS" : "plain", in_flight, epoll ? "bare epoll" : "penstock::net::https_client", rate, rate / in_flight, epoll ? 1.0 : bench::median(ratios),
                            middle([](auto const& f) { return f.cpu; }), middle([](auto const& f) { return f.memory; }));
            }
            std::fflush(stdout);
        }
    }
    return std::system(("rm -rf " + folder).c_str());
}
