/// mock-llm as the child of a benchmark: client and server have a core each.
#pragma once
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bench {

/// Fails on a machine of one core: then they share it.
inline void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
}
/// A program whose standard output is read; dies with this process.
struct child {
    pid_t id = -1;
    std::FILE* out = nullptr;
    child(std::vector<std::string> words, int core) {
        int pipe[2];
        if (pipe2(pipe, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
        std::vector<char*> argv;
        for (auto& w : words) argv.push_back(w.data());
        argv.push_back(nullptr);
        id = fork();
        if (id == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            pin(core);
            dup2(pipe[1], 1);
            execv(argv[0], argv.data());
            _exit(127);
        }
        ::close(pipe[1]);
        out = fdopen(pipe[0], "r");
    }
    ~child() {
        kill(id, SIGKILL);
        waitpid(id, nullptr, 0);
        std::fclose(out);
    }
    child(child const&) = delete;
};
struct mock_server : child {
    std::uint16_t port = 0;
    explicit mock_server(std::vector<std::string> more) : child(command(std::move(more)), 1) {
        char line[200] = "";
        if (!std::fgets(line, sizeof line, out)) throw std::runtime_error("the mock server did not start");
        port = static_cast<std::uint16_t>(std::atoi(std::strrchr(line, ':') + 1));
    }
private:
    static std::vector<std::string> command(std::vector<std::string> more) {
        more.insert(more.begin(), {PENSTOCK_MOCK_LLM, "--seconds", "3600", "--connections", "19000"});
        return more;
    }
};
/// A certificate for 127.0.0.1 in a new folder: cert.pem, key.pem. Whoever asks removes the folder.
inline std::string certificate() {
    char name[] = "/tmp/penstock-bench-XXXXXX";
    if (!mkdtemp(name)) throw std::runtime_error("mkdtemp");
    std::string const to = name;
    if (std::system(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=bench -addext subjectAltName=IP:127.0.0.1 -keyout " + to + "/key.pem -out " + to + "/cert.pem >" + to + "/log 2>&1").c_str()) != 0)
        throw std::runtime_error("openssl made no certificate");
    return to;
}

} // namespace bench
