// Two runs of one program: the second pays for nothing. What docs/journal.md shows.
#include <cstdio>
#include <filesystem>
#include <penstock/core/loop.hpp>
#include <penstock/llm/chat_request.hpp>
#include <penstock/llm/journal.hpp>
#include <unistd.h>

namespace llm = penstock::llm;

int run(std::string const& folder) {
    int sent = 0;
    // [run]
    penstock::mini_loop loop;
    llm::journal journal(folder, {}, [&](llm::journal::work w) { loop.post(std::move(w)); });
    for (auto const& line : journal.opened().notes) std::fprintf(stderr, "%s\n", line.c_str());

    auto const asked = llm::question_of("openai", {.model = "gpt-4o-mini", .messages = {{llm::role::user, "Why is the sky blue?"}}, .temperature = 0.3});
    if (auto const kept = journal.find(*asked)) std::printf("%s\n", kept->raw.c_str());
    else if (journal.intend(asked->key())) {                            // noted down before the first byte is sent
        ++sent;                                                         // here the request goes out, and this comes back:
        llm::reply came{.raw = R"({"choices":[{"message":{"content":"Rayleigh."}}]})", .tokens = {.input = 14, .output = 3}};
        bool kept_now = false;
        journal.record(*asked, came, [&](std::exception_ptr broken) {   // on the loop, once it survives a power loss
            if (broken) std::rethrow_exception(broken);                 // a full disk: the run ends with one line and exit code 4
            kept_now = true;
        });
        while (!kept_now) loop.run_one();
    }
    // [/run]
    return sent;
}

int main() {
    auto const folder = (std::filesystem::temp_directory_path() / ("penstock-docs-journal-" + std::to_string(::getpid()))).string();
    bool const right = run(folder) == 1 && run(folder) == 0;
    std::filesystem::remove_all(folder);
    return right ? 0 : 1;
}
