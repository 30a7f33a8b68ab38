/// Threads that are the ranks of a run.
#pragma once
#include <arpa/inet.h>
#include <exception>
#include <functional>
#include <penstock/train/comm.hpp>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace kernels_tests {

/// Below 32768: from there on the system gives ports to outgoing connections, those of other tests too.
inline int free_port() {
    static int next = 10000 + static_cast<int>(::getpid() * 13L % 20000);
    for (int tries = 0; tries != 1000; ++tries, next = next == 29999 ? 10000 : next + 1) {
        int const fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in a{};
        a.sin_family = AF_INET, a.sin_addr.s_addr = htonl(INADDR_LOOPBACK), a.sin_port = htons(static_cast<std::uint16_t>(next));
        bool const free = ::bind(fd, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0;
        ::close(fd);
        if (free) return next++;
    }
    throw std::runtime_error("no port is free");
}

/// f(ranks) on each rank; what each says where it ends badly.
inline std::vector<std::string> on_ranks(int world, std::function<void(penstock::train::comm&)> const& f) {
    int const port = free_port();
    std::vector<std::string> said(static_cast<std::size_t>(world));
    std::vector<std::jthread> all;
    for (int r = 0; r != world; ++r)
        all.emplace_back([&, r] {
            try {
                f(*penstock::train::connect({.rank = r, .world = world, .port = port, .seconds = 20}));
            } catch (std::exception const& e) { said[static_cast<std::size_t>(r)] = e.what(); }
        });
    all.clear();
    return said;
}
inline std::vector<std::string> silent(int world) { return std::vector<std::string>(static_cast<std::size_t>(world)); }

} // namespace kernels_tests
