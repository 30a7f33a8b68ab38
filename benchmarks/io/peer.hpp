/// A Python contender as a child that waits for the word, and the folder of files that all contenders read and write.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.hpp"

namespace bench {

/// In memory where there is /dev/shm: a disk would be what is measured.
struct folder {
    std::string path;
    folder() {
        char in_memory[] = "/dev/shm/penstock-bench-XXXXXX", on_disk[] = "/tmp/penstock-bench-XXXXXX";
        auto* made = ::mkdtemp(in_memory);
        if (!made) made = ::mkdtemp(on_disk);
        if (!made) { std::puts("no folder for the files of this benchmark"); std::exit(1); }
        path = made;
    }
    folder(folder&&) = delete;
    ~folder() { if (std::system(("rm -rf " + path).c_str()) != 0) std::puts("a temporary folder stays"); }
    std::string operator/(std::string_view name) const { return path + '/' + std::string(name); }
};

/// The interpreter that has the peers: PENSTOCK_PYTHON, or that of the environment made for them.
inline char const* python() {
    auto const* const own = std::getenv("PENSTOCK_PYTHON");
    return own && *own ? own : PENSTOCK_PEER_PYTHON;
}

class peer {
    int to_ = -1, from_ = -1;
    pid_t child_ = -1;
public:
    /// Whether the environment with the peers is there, or could be made; else it has said so in one line.
    static bool available(std::string const& packages = "orjson pyarrow") {
        std::fflush(stdout);
        return std::system(("sh " PENSTOCK_PEER_VENV " " + packages).c_str()) == 0;
    }
    peer(std::string const& job, std::string const& in, std::string const& out) {
        int there[2], back[2];
        if (::pipe2(there, O_CLOEXEC) != 0 || ::pipe2(back, O_CLOEXEC) != 0) std::abort();    // else a later child keeps the end that tells this one to go
        child_ = ::fork();
        if (child_ == 0) {
            ::dup2(there[0], 0);
            ::dup2(back[1], 1);
            ::execl(python(), python(), PENSTOCK_PEERS, job.c_str(), in.c_str(), out.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(there[0]);
        ::close(back[1]);
        to_ = there[1];
        from_ = back[0];
        answer();
    }
    peer(peer&&) = delete;
    ~peer() {
        ::close(to_);
        ::close(from_);
        ::waitpid(child_, nullptr, 0);
    }
    std::string answer() {
        std::string line;
        for (char c; ::read(from_, &c, 1) == 1 && c != '\n';) line += c;
        return line;
    }
    std::string run() {
        if (::write(to_, "\n", 1) != 1) return {};
        return answer();
    }
};

} // namespace bench
