// One request to a model server: mock-llm, started here.
#include <cstdio>
#include <cstring>
#include <string>
// [request]
#include <penstock/core/loop.hpp>
#include <penstock/net/https_client.hpp>

namespace net = penstock::net;

bool ask(std::string const& base, std::string const& key) {
    penstock::mini_loop loop;
    net::https_client client([&](auto work) { loop.post(std::move(work)); });       // ends before the loop

    bool done = false, good = false;
    client.send({
        .to = net::parse_url(base + "/chat/completions").value(),
        .headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + key}},
        .body = R"({"model": "m", "messages": [{"role": "user", "content": "Name a river."}]})",
        .deadlines = {.whole = std::chrono::seconds(60)},
    }, [&](net::outcome got) {
        done = true;
        good = got && got->status == 200;
        if (got) std::printf("%d, %zu bytes after %.1f ms\n",
            got->status, got->body.size(), std::chrono::duration<double, std::milli>(got->timings.whole).count());
        else std::printf("%s (possibly executed: %u)\n", got.error().text.c_str(), got.error().unanswered);
    });
    while (!done) loop.run_one();
    return good;
}
// [/request]

int main() {
    FILE* const server = popen("build/release/bin/mock-llm --seconds 20", "r");
    char line[200] = "";
    if (!server || !fgets(line, sizeof line, server)) return 1;
    line[std::strcspn(line, "\n")] = '\0';
    return ask(std::strstr(line, "http"), "sk-any") ? 0 : 1;     // the server ends by itself
}
