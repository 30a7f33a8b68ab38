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

inline int free_port() {
    int const fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET, a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof a;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&a), size) != 0 || ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &size) != 0) throw std::runtime_error("no port is free");
    ::close(fd);
    return ntohs(a.sin_port);
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
