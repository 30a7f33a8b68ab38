/// The threads of a CPU stream: run(n, f) calls f(0) … f(n - 1) once each, on any thread, and returns when all are done. Who runs which is left to chance, so a task
/// writes only what no other task touches and sums in its own order: results then never depend on the number of threads.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace penstock::train::cpu {

/// At least this many bytes, 64-byte aligned, of the calling thread's own; valid until the thread asks again with the same slot.
std::byte* workspace(std::size_t bytes, int slot = 0);

class threads {
public:
    explicit threads(int count);        ///< 0: as many as the processor runs at once
    ~threads();
    threads(threads const&) = delete;
    threads& operator=(threads const&) = delete;

    int count() const { return static_cast<int>(workers_.size()) + 1; }
    void run(std::int64_t tasks, void (*f)(void*, std::int64_t), void* context);

private:
    void serve();
    void work();

    void (*f_)(void*, std::int64_t) = nullptr;
    void* context_ = nullptr;
    std::int64_t tasks_ = 0;
    std::atomic<std::int64_t> next_{0};
    std::atomic<std::uint32_t> round_{0}, busy_{0};
    std::atomic<bool> stop_{false};
    std::vector<std::jthread> workers_;
};

} // namespace penstock::train::cpu
