// What a question costs from prompt to record: the stage that asks, with its journal unsynced and fsynced, beside the bare https client and the Python clients of
// PyPI, all against mock-llm. Client and server have a core each. Every run is a process of its own: "requests/s, CPU us a request, peak MB".
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <measure.hpp>
#include <mock_server.hpp>
#include <ranges>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>
#include <penstock/llm/ask.hpp>

namespace {
namespace ps = penstock;
namespace llm = penstock::llm;

using bench::child;

struct remark { std::string remark; };
std::string const& paragraph() {
    static std::string const text = [] { std::string t; while (t.size() < 1100) t += "The people in the picture have different opinions about the way we live now. "; return t; }();
    return text;
}
/// One run of the stage, in this process.
int one(std::uint16_t port, std::string const& ca, unsigned in_flight, int total, llm::sync sync, std::string const& folder) {
    bench::pin(0);
    auto const recipe = llm::ask<remark>("ask", [](int i) { return llm::chat("Read the paragraph. Answer with a short remark.", std::to_string(i) + ' ' + paragraph()); }, [](int, remark r) { return r.remark.size(); });
    auto const began = std::chrono::steady_clock::now();
    std::size_t size = 0;
    {
        llm::asking_env env;
        env.windows = {{"ask", {.in_flight = in_flight}}};
        auto const post = [&](auto w) { env.loop().post(std::move(w)); };
        llm::journal journal(folder, {.sync = sync}, post);
        llm::model model({.name = "bench", .base_url = (ca.empty() ? "http" : "https") + std::string("://127.0.0.1:") + std::to_string(port) + "/v1", .api_key = "sk-bench", .temperature = 0.3, .client = {.ca_file = ca}}, journal, post);
        env.asks = &model;
        (std::views::iota(0, total) | recipe | ps::with(env)).each([&](auto&& item) {
            if (!item.value) throw std::runtime_error(item.value.error().what());
            size += *item.value;
        });
    }
    auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    std::printf("%.0f %.1f %.0f\n", total / took, (static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec)) * 1e6 / total, static_cast<double>(used.ru_maxrss) / 1024);
    return size == 0;
}
struct figures { double rate = 0, cpu = 0, memory = 0; };
figures run(std::vector<std::string> const& words) {
    child const c(words, 0);
    figures f;
    if (std::fscanf(c.out, "%lf %lf %lf", &f.rate, &f.cpu, &f.memory) != 3) throw std::runtime_error("a run failed: " + words[0]);
    return f;
}
} // namespace

int main(int argc, char** argv) {
    if (argc == 8 && std::strcmp(argv[1], "--one") == 0)
        return one(static_cast<std::uint16_t>(std::atoi(argv[2])), argv[3], static_cast<unsigned>(std::atoi(argv[4])), std::atoi(argv[5]), std::strcmp(argv[6], "off") == 0 ? llm::sync::off : llm::sync::grouped, argv[7]);
    char self[4096] = "";
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return 1;
    auto const folder = bench::certificate(), ca = folder + "/cert.pem";
    bool const peers = std::system(PENSTOCK_PEER_VENV " aiohttp httpx openai >/dev/null 2>&1") == 0;
    for (bool const tls : {false, true}) {
        std::vector<std::string> how{"--text", R"({"remark":"True."})"};
        if (tls) how.insert(how.end(), {"--tls-cert", ca, "--tls-key", folder + "/key.pem"});
        bench::mock_server const serving(how);
        auto const port = std::to_string(serving.port);
        auto const trusted = tls ? ca : std::string();
        struct contender { std::string name; std::vector<std::string> words; std::vector<figures> runs = {}; };
        std::vector<contender> all;
        auto const ours = [&](std::string const& what, char const* in_flight, char const* total, char const* sync) { all.push_back({what, {self, "--one", port, trusted, in_flight, total, sync, folder + "/journal"}}); };
        ours("ask, journal unsynced, 64 in flight", "64", "20000", "off");
        ours("ask, journal fsynced, 64 in flight", "64", "20000", "on");
        ours("ask, journal unsynced, 1,000 in flight", "1000", "20000", "off");
        ours("ask, journal fsynced, 1,000 in flight", "1000", "20000", "on");
        if (peers) for (auto const* p : {"aiohttp", "httpx", "openai"}) all.push_back({std::string(p) + " (no journal), 64 in flight", {PENSTOCK_PEER_PYTHON, PENSTOCK_PEERS, p, port, trusted, "64", "1500"}});
        for (int round = 0; round != 3; ++round) for (auto& c : all) {
            std::filesystem::remove_all(folder + "/journal");
            c.runs.push_back(run(c.words));
        }
        std::printf("\n### From prompt to record, latency 0, %s\n\n| | requests/s (median of 3) | of the first, round by round | CPU us a request | peak memory, MB |\n|---|---:|---:|---:|---:|\n", tls ? "TLS" : "plain");
        for (auto const& c : all) {
            auto const middle = [&](auto of) { std::vector<double> v; for (std::size_t i = 0; i != c.runs.size(); ++i) v.push_back(of(i)); return bench::median(std::move(v)); };
            std::printf("| %s | %.0f | %.2f | %.1f | %.0f |\n", c.name.c_str(), middle([&](auto i) { return c.runs[i].rate; }), middle([&](auto i) { return c.runs[i].rate / all[0].runs[i].rate; }),
                        middle([&](auto i) { return c.runs[i].cpu; }), middle([&](auto i) { return c.runs[i].memory; }));
        }
        std::fflush(stdout);
    }
    if (!peers) std::printf("\naiohttp, httpx and openai are not here: PyPI cannot be reached.\n");
    std::filesystem::remove_all(folder);
}
