// mock-llm: a model server for tests and for users' CI. Same request, same seed: same reply, same latency, same fault.
#include "server.hpp"
#include <penstock/run/main.hpp>
#include <charconv>

namespace {

namespace run = penstock::run;

struct options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::string tls_cert = {}, tls_key = {};
    std::string latency = "0";
    std::vector<std::string> fault = {};
    std::uint64_t seed = 0;
    std::string key = {};
    std::string model = {};
    std::string text = {};
    double retry_after = 1;
    std::string bill = {};
    std::uint64_t oversize = 64 << 20;
    unsigned drip_ms = 20;
    unsigned connections = 15'000;
    unsigned idle_ms = 60'000;
    unsigned seconds = 0;

    static constexpr run::option flags[] = {
        {.member = "port", .help = "port to listen on; 0 takes a free one and prints it"},
        {.member = "address", .help = "address to listen on", .value = "IP"},
        {.member = "tls_cert", .help = "certificate chain, PEM; with --tls-key the server speaks https", .value = "FILE"},
        {.member = "tls_key", .help = "its private key, PEM", .value = "FILE"},
        {.member = "latency", .help = "milliseconds before a reply: 50, uniform:20,80 or exponential:50"},
        {.member = "fault", .help = "NAME:SHARE, a share of requests that go wrong in this way; may be given several times"},
        {.member = "seed", .help = "of replies, latencies and faults"},
        {.member = "key", .help = "the key that requests must have (a test's key, no secret); any if empty"},
        {.member = "model", .help = "the only model (or deployment) there is; any if empty"},
        {.member = "text", .help = "the content of every reply, instead of an invented one"},
        {.member = "retry_after", .help = "seconds in Retry-After", .at_least = 0},
        {.member = "bill", .help = "a JSON line for each request, appended", .value = "FILE"},
        {.member = "oversize", .help = "bytes of a body of the fault oversized"},
        {.member = "drip_ms", .help = "milliseconds between the pieces of the fault drip"},
        {.member = "connections", .help = "connections at once; more wait", .at_least = 1},
        {.member = "idle_ms", .help = "a connection without a request is closed after this"},
        {.member = "seconds", .help = "ends by itself after this; 0 is never"},
    };
};

penstock::fatal usage(std::string const& line) { return {penstock::exit_code::usage, line}; }

mock::latency parse_latency(std::string_view text) {
    using law = mock::latency::law;
    mock::latency l;
    std::string_view rest = text;
    for (auto const& [word, of] : {std::pair(std::string_view("uniform:"), law::uniform), {std::string_view("exponential:"), law::exponential}, {std::string_view("fixed:"), law::fixed}})
        if (rest.starts_with(word)) { rest.remove_prefix(word.size()); l.of = of; break; }
    auto const number = [&](double& to) {
        auto const [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), to);
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        return failed == std::errc{} && to >= 0 && to <= 3.6e6;
    };
    bool good = number(l.low);
    if (good && l.of == law::uniform) {
        good = rest.starts_with(',');
        if (good) { rest.remove_prefix(1); good = number(l.high) && l.high >= l.low; }
    }
    if (!good || !rest.empty()) throw usage("--latency is '" + std::string(text) + "', not MS, uniform:MS,MS or exponential:MS");
    return l;
}

penstock::exit_code serve(options const& o, run::job& j) {
    mock::server_options s{.address = o.address, .port = o.port, .tls_cert = o.tls_cert, .tls_key = o.tls_key, .latency = parse_latency(o.latency),
        .chat = {.seed = o.seed, .key = o.key, .retry_after = o.retry_after, .model = o.model, .text = o.text},
        .bill = o.bill, .oversize = o.oversize, .drip_ms = o.drip_ms, .connections = o.connections, .idle_ms = o.idle_ms, .seconds = o.seconds};
    auto faults = mock::parse_faults(o.fault);
    if (!faults) throw usage(faults.error());
    s.faults = *std::move(faults);
    if (o.tls_cert.empty() != o.tls_key.empty()) throw usage("--tls-cert and --tls-key belong together");
    mock::serve(s, j.stop.get_token());
    j.finished = true;
    return penstock::exit_code::complete;
}

} // namespace

int main(int argc, char** argv) {
    return run::main(argc, argv, {.name = "mock-llm", .about = "an OpenAI-compatible model server for tests: deterministic replies, latency and faults on demand, and a bill",
        .more = "A request asks for a fault with the header x-mock-fault: NAME, for a latency with x-mock-latency: MILLISECONDS. GET /bill is the bill. docs/net.md names the faults."},
        run::command<options>("", "", serve));
}
