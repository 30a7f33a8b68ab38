// What a question costs from prompt to record: the stage that asks without a journal, with one unsynced and fsynced, beside a bare Beast client that sends the same bytes and reads
// nothing of the reply, and the Python clients of PyPI, all against mock-llm, 64 and 1,000 in flight, plain and TLS. Client and server have a core each. Every run is a process
// of its own: "requests/s, CPU us a request, peak MB". A quarter of an hour, most of it httpx's and openai's with 1,000 in flight; --quick: one round of few
// requests, to see that all of them run.
#include "../net/bare.hpp"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <measure.hpp>
#include <mock_server.hpp>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>
#include <penstock/llm/ask.hpp>
#include <penstock/llm/provider/openai.hpp>

namespace {
namespace ps = penstock;
namespace llm = penstock::llm;

using bench::child;

struct remark { std::string remark; };
std::string const& paragraph() {
    static std::string const text = [] { std::string t; while (t.size() < 1100) t += "The people in the picture have different opinions about the way we live now. "; return t; }();
    return text;
}
llm::chat_request prompt(int i) { return llm::chat("Read the paragraph. Answer with a short remark.", std::to_string(i) + ' ' + paragraph()); }

/// Sizes of what the replies said, of all `total`.
std::size_t by_ask(std::uint16_t port, std::string const& ca, unsigned in_flight, int total, std::string_view kept, std::string const& folder) {
    auto const recipe = llm::ask<remark>("ask", prompt, [](int, remark r) { return r.remark.size(); });
    std::size_t size = 0;
    llm::asking_env env;
    env.windows = {{"ask", {.in_flight = in_flight}}};
    auto const post = [&](auto w) { env.loop().post(std::move(w)); };
    std::optional<llm::journal> journal;
    if (kept == "nothing") journal.emplace(llm::without_journal, post);
    else journal.emplace(folder, llm::journal_options{.sync = kept == "unsynced" ? llm::sync::off : llm::sync::grouped}, post);
    llm::model model({.name = "bench", .base_url = (ca.empty() ? "http" : "https") + std::string("://127.0.0.1:") + std::to_string(port) + "/v1", .api_key = "sk-bench", .temperature = 0.3, .client = {.ca_file = ca}}, *journal, post);
    env.asks = &model;
    (std::views::iota(0, total) | recipe | ps::with(env)).each([&](auto&& item) {
        if (!item.value) throw std::runtime_error(item.value.error().what());
        size += *item.value;
    });
    return size;
}
/// The body that ask sends.
std::string body() {
    auto r = prompt(0);
    r.model = "bench";
    r.temperature = 0.3;
    r.schema = ps::strict_schema<remark>();
    return llm::openai::request(r, {}, "").value().body;
}
/// One run, in this process. what: "bare", or what ask's journal keeps: "nothing", "unsynced", "fsynced".
int one(std::uint16_t port, std::string const& ca, unsigned in_flight, int total, std::string_view what, std::string const& folder) {
    bench::pin(0);
    auto const began = std::chrono::steady_clock::now();
    std::size_t size = 1;
    if (what == "bare") bare::ask(port, ca, body(), in_flight, static_cast<unsigned>(total));
    else size = by_ask(port, ca, in_flight, total, what, folder);
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
        return one(static_cast<std::uint16_t>(std::atoi(argv[2])), argv[3], static_cast<unsigned>(std::atoi(argv[4])), std::atoi(argv[5]), argv[6], argv[7]);
    bool const quick = argc == 2 && std::strcmp(argv[1], "--quick") == 0;
    char self[4096] = "";
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return 1;
    rlimit files{};         // 1,000 in flight are 1,000 connections
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) { files.rlim_cur = files.rlim_max; setrlimit(RLIMIT_NOFILE, &files); }
    auto const folder = bench::certificate(), ca = folder + "/cert.pem";
    bool const peers = std::system(PENSTOCK_PEER_VENV " aiohttp httpx openai >/dev/null 2>&1") == 0;
    struct contender { std::string name; std::vector<std::string> words; std::vector<figures> runs = {}; };
    for (bool const tls : {false, true}) {
        std::vector<std::string> how{"--text", R"({"remark":"True."})"};
        if (tls) how.insert(how.end(), {"--tls-cert", ca, "--tls-key", folder + "/key.pem"});
        bench::mock_server const serving(how);
        auto const port = std::to_string(serving.port);
        auto const trusted = tls ? ca : std::string();
        for (char const* in_flight : {"64", "1000"}) {
            std::vector<contender> all;
            auto const ours = [&](std::string const& name, char const* what) { all.push_back({name, {self, "--one", port, trusted, in_flight, quick ? "2000" : "20000", what, folder + "/journal"}}); };
            ours("bare Beast client", "bare");
            ours("ask, no journal", "nothing");
            ours("ask, journal unsynced", "unsynced");
            ours("ask, journal fsynced", "fsynced");
            if (peers) for (auto const* p : {"aiohttp", "httpx", "openai"}) all.push_back({std::string(p) + ", no journal", {PENSTOCK_PEER_PYTHON, PENSTOCK_PEERS, p, port, trusted, in_flight, quick ? "1000" : std::string_view(in_flight) == "64" ? "3000" : "2000"}});
            for (int round = 0; round != (quick ? 1 : 3); ++round) for (auto& c : all) {
                std::filesystem::remove_all(folder + "/journal");
                c.runs.push_back(run(c.words));
            }
            auto const middle = [](contender const& c, auto of) { std::vector<double> v; for (std::size_t i = 0; i != c.runs.size(); ++i) v.push_back(of(i)); return bench::median(std::move(v)); };
            auto const against = [&](contender const& c, contender const& base) { return middle(c, [&](auto i) { return c.runs[i].rate / base.runs[i].rate; }); };
            std::printf("\n### From prompt to record, latency 0, %s, %s in flight\n\n| | requests/s (median of %zu) | of the first, round by round | CPU us a request | peak memory, MB |\n|---|---:|---:|---:|---:|\n", tls ? "TLS" : "plain", in_flight, all[0].runs.size());
            for (auto const& c : all)
                std::printf("| %s | %.0f | %.2f | %.1f | %.0f |\n", c.name.c_str(), middle(c, [&](auto i) { return c.runs[i].rate; }), against(c, all[0]), middle(c, [&](auto i) { return c.runs[i].cpu; }), middle(c, [&](auto i) { return c.runs[i].memory; }));
            std::printf("\nRound by round: unsynced is %.2f of no journal, fsynced %.2f of unsynced.\n", against(all[2], all[1]), against(all[3], all[2]));
            std::fflush(stdout);
        }
    }
    if (!peers) std::printf("\naiohttp, httpx and openai are not here: PyPI cannot be reached.\n");
    std::filesystem::remove_all(folder);
}
