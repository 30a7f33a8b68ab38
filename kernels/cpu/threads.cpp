#include "threads.hpp"
#include <array>
#include <cstdlib>
#include <new>

namespace penstock::train::cpu {
namespace {
// A worker that just finished mostly gets more to do within microseconds; a futex costs more than that. Few enough turns that an idle trainer gives its cores back.
constexpr int turns = 2000;
void pause() { __builtin_ia32_pause(); }

struct own_memory {
    void* data = nullptr;
    std::size_t size = 0;
    ~own_memory() { std::free(data); }
};
} // namespace

std::byte* workspace(std::size_t bytes, int slot) {
    thread_local std::array<own_memory, 4> memory;
    auto& m = memory[static_cast<std::size_t>(slot)];
    if (m.size < bytes) {
        std::free(m.data);
        m.size = (bytes + 4095) / 4096 * 4096;
        m.data = std::aligned_alloc(4096, m.size);
        if (!m.data) throw std::bad_alloc();
    }
    return static_cast<std::byte*>(m.data);
}

threads::threads(int count) {
    if (count <= 0) count = static_cast<int>(std::thread::hardware_concurrency());
    for (int i = 1; i < count; ++i) workers_.emplace_back([this] { serve(); });
}

threads::~threads() {
    stop_ = true;
    round_.fetch_add(1);
    round_.notify_all();
}

void threads::work() {
    for (auto i = next_.fetch_add(1); i < tasks_; i = next_.fetch_add(1)) f_(context_, i);
}

void threads::serve() {
    for (std::uint32_t seen = 0;;) {
        for (int i = 0; i != turns && round_.load() == seen; ++i) pause();
        round_.wait(seen);
        seen = round_.load();
        if (stop_) return;
        work();
        if (busy_.fetch_sub(1) == 1) busy_.notify_one();
    }
}

void threads::run(std::int64_t tasks, void (*f)(void*, std::int64_t), void* context) {
    if (tasks <= 1 || workers_.empty()) {
        for (std::int64_t i = 0; i < tasks; ++i) f(context, i);
        return;
    }
    f_ = f, context_ = context, tasks_ = tasks;
    next_ = 0;
    busy_ = static_cast<std::uint32_t>(workers_.size());
    round_.fetch_add(1);
    round_.notify_all();
    work();
    for (int i = 0; i != turns && busy_.load() != 0; ++i) pause();
    for (auto b = busy_.load(); b != 0; b = busy_.load()) busy_.wait(b);
}

} // namespace penstock::train::cpu
