// Two ranks on one GPU, each with a batch, are one rank with both: threads with a stream each, joined over TCP; on the emulated GPU, which plays one kernel at a time, two processes.
#include "models.hpp"
#include <cstring>
#include <fstream>
#include <sys/wait.h>
#include <thread>

namespace cuda_check {
namespace {

constexpr int world = 2, steps = 4;

// All losses, then all weights; of every rank the same.
std::vector<double> run(course const& c, precision p, int rank, int ranks, int port) {
    auto const all = connect({.rank = rank, .world = ranks, .port = port, .seconds = 60});
    auto const t = c.on(place::cuda, p, ranks == 1 ? nullptr : all.get());
    std::vector<double> found;
    for (int i = 0; i != steps; ++i) {
        auto const samples = c.at(static_cast<std::size_t>(i) * 4, 4);
        found.push_back(t->step(ranks == 1 ? std::span(samples) : std::span(samples).subspan(static_cast<std::size_t>(rank) * 2, 2)).loss);
    }
    for (auto const& w : everything(*t)) found.insert(found.end(), w.begin(), w.end());
    return found;
}

std::vector<std::vector<double>> together(course const& c, precision p, int port, std::string& why) {
    std::vector<std::vector<double>> found(world);
    auto one = [&](int rank) {
        try {
            found[static_cast<std::size_t>(rank)] = run(c, p, rank, world, port);
        } catch (std::exception const& e) { return std::string(e.what()); }
        return std::string();
    };
    if constexpr (!emulated) {
        std::vector<std::string> errors(world);
        std::vector<std::thread> threads;
        for (int rank = 0; rank != world; ++rank) threads.emplace_back([&, rank] { errors[static_cast<std::size_t>(rank)] = one(rank); });
        for (auto& t : threads) t.join();
        for (auto const& e : errors) why += e.empty() ? "" : e + "; ";
        return found;
    }
    std::fflush(stdout);        // else a child prints it again
    auto const path = [&](int rank) { return c / ("rank" + std::to_string(rank)); };
    std::vector<pid_t> children;
    for (int rank = 0; rank != world; ++rank)
        if (auto const child = ::fork(); child != 0) children.push_back(child);
        else {
            auto const error = one(rank);
            auto const& numbers = found[static_cast<std::size_t>(rank)];
            std::ofstream out(path(rank), std::ios::binary);
            out.write(reinterpret_cast<char const*>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(double)));
            out.close();
            if (!error.empty()) std::fprintf(stderr, "rank %d: %s\n", rank, error.c_str());
            ::_exit(error.empty() && out ? 0 : 1);
        }
    for (std::size_t rank = 0; rank != children.size(); ++rank) {
        int status = 0;
        ::waitpid(children[rank], &status, 0);
        if (status != 0) why += "rank " + std::to_string(rank) + " has failed; ";
        auto const file = path(static_cast<int>(rank));
        std::error_code missing;
        auto const bytes = std::filesystem::file_size(file, missing);
        found[rank].resize(missing ? 0 : bytes / sizeof(double));
        std::ifstream(file, std::ios::binary).read(reinterpret_cast<char*>(found[rank].data()), static_cast<std::streamsize>(found[rank].size() * sizeof(double)));
    }
    return found;
}

void equal(report& r, char const* name, head top, precision p, int rank_of_adapters) {
    trainer_options o{.tokens = 128, .sequences = 2, .longest = 64, .multiple = 8};        // alone, four samples are two batches
    o.optimizer.rate = 4e-3, o.optimizer.steps = steps + 1, o.optimizer.decay = 0.01;
    if (rank_of_adapters > 0) o.adapters = {.rank = rank_of_adapters, .alpha = 16};
    course const c(shape_of(top, true, true), o, emulated ? std::vector<int>{5, 12, 1, 16, 9, 14, 7} : std::vector<int>{50, 64, 1, 33, 20, 61, 44});
    std::string const what = std::string(name) + " in " + (p == precision::bf16 ? "bf16" : "float") + ": ";
    std::string why;
    static int turn = 0;
    auto const both = together(c, p, 10000 + (::getpid() * 16 + turn++) % 20000, why);
    r.expect(why.empty(), what + "two ranks run", why);
    auto const alone = run(c, p, 0, 1, 0);
    for (int rank = 0; rank != world; ++rank) {
        auto const& found = both[static_cast<std::size_t>(rank)];
        double off = found.size() == alone.size() ? 0 : INFINITY;
        std::size_t different = 0;
        for (std::size_t i = 0; i != std::min(found.size(), alone.size()); ++i)
            if (found[i] != alone[i]) {
                ++different;
                if (i < steps) off = std::max(off, std::abs(found[i] / alone[i] - 1));
            }
        // Where two paths add to one gradient (a tied head), the order of four terms is not that of two sums.
        if (top == head::regression) {
            for (std::size_t i = 0; i != steps && i < found.size(); ++i)
                if (off <= 1e-12 && found[i] != alone[i]) --different;      // a loss is a sum in double
            r.expect(off <= 1e-12 && different == 0, what + "rank " + std::to_string(rank) + " has the bits of one", std::to_string(different) + " numbers differ, losses by " + std::to_string(off));
        } else r.expect(off <= (p == precision::bf16 ? 1e-3 : 1e-5), what + "rank " + std::to_string(rank) + " has the losses of one", "off by " + std::to_string(off));
    }
}

} // namespace

void check_ranks(report& r) {
    equal(r, "regression", head::regression, precision::f32, 0), equal(r, "regression", head::regression, precision::bf16, 0);
    equal(r, "LoRA", head::regression, precision::bf16, 8), equal(r, "language model", head::language_model, precision::bf16, 0);
}

} // namespace cuda_check
