// A star around rank 0: it takes a piece of each rank in the order of ranks, adds, and gives the sum back. Pieces of 1 MiB, so that nobody holds a second copy of all gradients. Before each call a rank says what it is
// about to do: ranks that have come apart end with a word instead of with each other's numbers.
#include <penstock/train/comm.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <penstock/core/fatal.hpp>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace penstock::train {
namespace {

struct alone final : comm {
    int rank() const override { return 0; }
    int world() const override { return 1; }
    void sum(std::span<float>) override {}
    void sum(std::span<double>) override {}
    void reduce_scatter(std::span<float>, std::span<shard const>) override {}
    void reduce_scatter(std::span<double>, std::span<shard const>) override {}
    void all_gather(std::span<std::byte>, std::span<shard const>) override {}
    void to_root(std::span<std::byte>, int) override {}
};

struct socket_handle {
    int fd = -1;
    socket_handle() = default;
    explicit socket_handle(int f) : fd(f) {}
    socket_handle(socket_handle&& s) noexcept : fd(std::exchange(s.fd, -1)) {}
    socket_handle& operator=(socket_handle&& s) noexcept { std::swap(fd, s.fd); return *this; }
    ~socket_handle() { if (fd >= 0) ::close(fd); }
};

class star final : public comm {
public:
    explicit star(comm_options const& o) : o_(o) {
        if (o.rank == 0) accept_all();
        else reach_root();
    }
    int rank() const override { return o_.rank; }
    int world() const override { return o_.world; }
    void sum(std::span<float> x) override { sum_all(x); }
    void sum(std::span<double> x) override { sum_all(x); }
    void reduce_scatter(std::span<float> x, std::span<shard const> shards) override { sum_shards(x, shards); }
    void reduce_scatter(std::span<double> x, std::span<shard const> shards) override { sum_shards(x, shards); }
    void all_gather(std::span<std::byte> x, std::span<shard const> shards) override {
        agree("gathers", x.size());
        for (auto const& s : shards)
            each_piece(part(x, s), [&](std::span<std::byte> p) {
                if (o_.rank != 0) {
                    if (s.rank == o_.rank) send(peers_[0], 0, p.data(), p.size());
                    else receive(peers_[0], 0, p.data(), p.size());
                    return;
                }
                if (s.rank != 0) receive(peer(s.rank), s.rank, p.data(), p.size());
                for (int r = 1; r != o_.world; ++r)
                    if (r != s.rank) send(peer(r), r, p.data(), p.size());
            });
    }
    void to_root(std::span<std::byte> x, int from) override {
        if (from == 0) return;
        if (o_.rank == from) send(peers_[0], 0, x.data(), x.size());
        else if (o_.rank == 0) receive(peer(from), from, x.data(), x.size());
    }

private:
    static constexpr std::size_t piece = std::size_t{1} << 20;
    static constexpr int everybody = -1;
    int seconds_to_come() const { return std::min(o_.seconds, 60); }      // a rank that does not start is known sooner than one that is silent: nobody loads or writes yet

    [[noreturn]] void fail(std::string const& why) const { throw fatal(exit_code::endpoint, "rank " + std::to_string(o_.rank) + " of " + std::to_string(o_.world) + ": " + why); }
    std::string place() const { return o_.address + ":" + std::to_string(o_.port); }

    socket_handle const& peer(int r) const { return peers_[static_cast<std::size_t>(r)]; }
    template<class T> static std::span<T> part(std::span<T> x, shard const& s) { return x.subspan(static_cast<std::size_t>(s.first), static_cast<std::size_t>(s.count)); }
    template<class T, class F> static void each_piece(std::span<T> x, F const& f) {
        for (std::size_t first = 0; first < x.size(); first += piece / sizeof(T)) f(x.subspan(first, std::min(piece / sizeof(T), x.size() - first)));
    }

    struct call {
        char what[8] = {};
        std::uint64_t size = 0;
        std::string words() const { return std::string(what, ::strnlen(what, sizeof what)) + " " + std::to_string(size); }
    };
    void agree(char const* what, std::size_t size) const {
        call ours;
        std::memcpy(ours.what, what, std::min(std::strlen(what), sizeof ours.what)), ours.size = size;
        if (o_.rank != 0) return send(peers_[0], 0, &ours, sizeof ours);
        for (int r = 1; r != o_.world; ++r) {
            call theirs;
            receive(peer(r), r, &theirs, sizeof theirs);
            if (std::memcmp(&theirs, &ours, sizeof ours) != 0) fail("rank " + std::to_string(r) + " is elsewhere in the run: it " + theirs.words() + ", this rank " + ours.words());
        }
    }

    // Adds a piece of all ranks up, in their order, and gives the sum to one of them, or to everybody.
    template<class T> void sum_piece(std::span<T> x, std::vector<T>& other, int to) {
        if (o_.rank != 0) {
            send(peers_[0], 0, x.data(), x.size_bytes());
            if (to == everybody || to == o_.rank) receive(peers_[0], 0, x.data(), x.size_bytes());
            return;
        }
        other.resize(std::max(other.size(), x.size()));
        for (int r = 1; r != o_.world; ++r) {
            receive(peer(r), r, other.data(), x.size_bytes());
            for (std::size_t i = 0; i != x.size(); ++i) x[i] += other[i];
        }
        for (int r = 1; r != o_.world; ++r)
            if (to == everybody || to == r) send(peer(r), r, x.data(), x.size_bytes());
    }
    template<class T> void sum_all(std::span<T> x) {
        agree("sums", x.size_bytes());
        std::vector<T> other;
        each_piece(x, [&](std::span<T> p) { sum_piece(p, other, everybody); });
    }
    template<class T> void sum_shards(std::span<T> x, std::span<shard const> shards) {
        agree("scatters", x.size_bytes());
        std::vector<T> other;
        for (auto const& s : shards) each_piece(part(x, s), [&](std::span<T> p) { sum_piece(p, other, s.rank); });
    }

    static void prepare(socket_handle const& s, int seconds) {
        timeval const t{.tv_sec = seconds, .tv_usec = 0};
        int const on = 1;
        ::setsockopt(s.fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
        ::setsockopt(s.fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
        ::setsockopt(s.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    void send(socket_handle const& s, int to, void const* data, std::size_t size) const {
        auto const* p = static_cast<char const*>(data);
        while (size > 0) {
            auto const n = ::send(s.fd, p, size, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;      // a signal asks for the end of the step, not of this call; with a timeout set, SA_RESTART does nothing here
            if (n <= 0) fail("rank " + std::to_string(to) + " has gone, or takes nothing");
            p += n, size -= static_cast<std::size_t>(n);
        }
    }
    void receive(socket_handle const& s, int from, void* data, std::size_t size) const {
        auto* p = static_cast<char*>(data);
        while (size > 0) {
            auto const n = ::recv(s.fd, p, size, 0);
            if (n < 0 && errno == EINTR) continue;
            if (n == 0 || (n < 0 && errno != EAGAIN)) fail("rank " + std::to_string(from) + " has gone");
            if (n < 0) fail("rank " + std::to_string(from) + " has said nothing for " + std::to_string(o_.seconds) + " s");
            p += n, size -= static_cast<std::size_t>(n);
        }
    }

    struct addresses {
        addrinfo* list = nullptr;
        ~addresses() { if (list) ::freeaddrinfo(list); }
    };
    void look_up(addresses& a) const {
        addrinfo hints{};
        hints.ai_family = AF_INET, hints.ai_socktype = SOCK_STREAM;
        if (int const e = ::getaddrinfo(o_.address.c_str(), std::to_string(o_.port).c_str(), &hints, &a.list); e != 0) fail(o_.address + ": " + ::gai_strerror(e));
    }
    void accept_all() {
        addresses a;
        look_up(a);
        socket_handle const listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        int const on = 1;
        ::setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (::bind(listener.fd, a.list->ai_addr, a.list->ai_addrlen) != 0 || ::listen(listener.fd, o_.world) != 0) fail(place() + ": " + std::strerror(errno));
        prepare(listener, seconds_to_come());      // accept waits as long as a receive
        peers_.resize(static_cast<std::size_t>(o_.world));
        for (int missing = o_.world - 1; missing != 0; --missing) {
            int fd = -1;
            do fd = ::accept(listener.fd, nullptr, nullptr);
            while (fd < 0 && errno == EINTR);
            socket_handle s(fd);
            if (s.fd < 0) fail(std::to_string(missing) + " ranks have not come to " + place() + " within " + std::to_string(seconds_to_come()) + " s");
            prepare(s, seconds_to_come());
            std::int32_t hello[2] = {};
            receive(s, -1, hello, sizeof hello);
            if (hello[0] <= 0 || hello[0] >= o_.world || hello[1] != o_.world || peers_[static_cast<std::size_t>(hello[0])].fd >= 0) fail("a process that says it is rank " + std::to_string(hello[0]) + " of " + std::to_string(hello[1]) + " is not one of ours");
            prepare(s, o_.seconds);
            peers_[static_cast<std::size_t>(hello[0])] = std::move(s);
        }
    }
    void reach_root() {
        addresses a;
        look_up(a);
        auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds_to_come());
        for (;;) {
            socket_handle s(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            if (::connect(s.fd, a.list->ai_addr, a.list->ai_addrlen) == 0) {
                peers_.push_back(std::move(s));
                break;
            }
            if (std::chrono::steady_clock::now() > until) fail(place() + ": " + std::strerror(errno));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        prepare(peers_[0], o_.seconds);
        std::int32_t const hello[2] = {o_.rank, o_.world};
        send(peers_[0], 0, hello, sizeof hello);
    }

    comm_options o_;
    std::vector<socket_handle> peers_ = {};      // of rank 0: by rank; of the others: rank 0
};

int number(char const* name, int otherwise) {
    char const* const s = std::getenv(name);
    if (!s || !*s) return otherwise;
    char* end = nullptr;
    auto const n = std::strtol(s, &end, 10);
    if (*end || n < 0 || n > 65535) throw fatal(exit_code::usage, std::string(name) + "=" + s + " is not a number that it can be");
    return static_cast<int>(n);
}

// SLURM_STEP_TASKS_PER_NODE, "2(x3),1": the largest of its counts.
int most_tasks_of_a_node(int otherwise) {
    char const* s = std::getenv("SLURM_STEP_TASKS_PER_NODE");
    if (!s) s = std::getenv("SLURM_TASKS_PER_NODE");
    int most = 0;
    while (s && *s) {
        char* end = nullptr;
        auto const n = std::strtol(s, &end, 10);
        if (end == s || n < 1 || n > 65535) return otherwise;
        most = std::max(most, static_cast<int>(n));
        s = std::strchr(end, ',');
        if (s) ++s;
    }
    return most ? most : otherwise;
}

} // namespace

comm_options comm_from_environment() {
    comm_options o;
    struct { char const *rank, *world, *local, *local_world; } const launchers[] = {{"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"},
        {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"}, {"SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", nullptr}};
    for (auto const& l : launchers)
        if (std::getenv(l.rank) && std::getenv(l.world)) {
            o.rank = number(l.rank, 0), o.world = number(l.world, 1), o.local_rank = number(l.local, 0);
            o.local_world = std::clamp(l.local_world ? number(l.local_world, o.world) : most_tasks_of_a_node(o.world), 1, std::max(o.world, 1));
            break;
        }
    if (o.world < 1 || o.rank >= o.world) throw fatal(exit_code::usage, "rank " + std::to_string(o.rank) + " of " + std::to_string(o.world) + " cannot be; see RANK and WORLD_SIZE");
    if (char const* const a = std::getenv("MASTER_ADDR"); a && *a) o.address = a;
    o.port = number("MASTER_PORT", o.port);
    o.seconds = number("PENSTOCK_COMM_SECONDS", o.seconds);
    if (o.seconds < 1) throw fatal(exit_code::usage, "PENSTOCK_COMM_SECONDS: a rank needs a second at least");
    return o;
}

std::unique_ptr<comm> connect(comm_options const& o) {
    if (o.world == 1) return std::make_unique<alone>();
    return std::make_unique<star>(o);
}

} // namespace penstock::train
