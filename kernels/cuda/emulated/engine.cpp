// Fibers by hand where the processor is known (a change costs some ten instructions; a warp's product of matrices takes 32 of them), by ucontext elsewhere.
#include "../simt.hpp"
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <ucontext.h>
#include <vector>
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define PENSTOCK_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace penstock::train::cuda::emulated {

place here;
std::byte* block_memory = nullptr;

namespace {

constexpr std::size_t stack_bytes = std::size_t{1} << 18;
enum class state { fresh, ready, at_barrier, in_exchange, finished };

struct copy { void* to; void const* from; bool wanted; };

struct fiber {
    std::unique_ptr<std::byte[]> stack{new std::byte[stack_bytes]};
    ucontext_t context{};
    void* saved = nullptr;
    state is = state::fresh;
    int exchanges = 0;                              // how many this lane has left something for
    std::vector<std::vector<copy>> groups = {};     // closed, not arrived; the oldest first
    std::vector<copy> open = {};
};
struct warp_state {
    alignas(64) std::byte slots[2][32][64];
    int left = 0;                                   // lanes that have left something for the exchange now under way
};

order running = order::forward;
std::vector<fiber> fibers;
std::vector<warp_state> warps;
std::function<void()> const* kernel_now = nullptr;
int current = 0, threads_now = 0;
[[maybe_unused]] ucontext_t scheduler_context;
[[maybe_unused]] void* scheduler_saved = nullptr;

[[noreturn]] void die(char const* what) {
    std::fprintf(stderr, "emulated kernel: %s (block %d %d %d, thread %d)\n", what, here.x, here.y, here.z, here.thread);
    std::abort();
}

#if defined(__x86_64__)
extern "C" void penstock_change_fiber(void** save, void* load);
asm(R"(
.text
.globl penstock_change_fiber
.type penstock_change_fiber,@function
penstock_change_fiber:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size penstock_change_fiber,.-penstock_change_fiber
)");
#endif

#ifdef PENSTOCK_ASAN
void* scheduler_fake = nullptr;
void const* scheduler_bottom = nullptr;
std::size_t scheduler_size = 0;
#endif

void to_scheduler() {       // from the fiber that runs
    [[maybe_unused]] auto& f = fibers[static_cast<std::size_t>(current)];
#ifdef PENSTOCK_ASAN
    void* fake = nullptr;
    __sanitizer_start_switch_fiber(f.is == state::finished ? nullptr : &fake, scheduler_bottom, scheduler_size);
#endif
#if defined(__x86_64__)
    penstock_change_fiber(&f.saved, scheduler_saved);
#else
    swapcontext(&f.context, &scheduler_context);
#endif
#ifdef PENSTOCK_ASAN
    __sanitizer_finish_switch_fiber(fake, &scheduler_bottom, &scheduler_size);
#endif
}

void body() {
#ifdef PENSTOCK_ASAN
    __sanitizer_finish_switch_fiber(nullptr, &scheduler_bottom, &scheduler_size);
#endif
    (*kernel_now)();
    auto& f = fibers[static_cast<std::size_t>(current)];
    if (!f.open.empty() || !f.groups.empty()) die("a thread ends with copies that it has not waited for");
    f.is = state::finished;
    to_scheduler();
    die("a thread goes on after its end");
}

void prepare(fiber& f) {
#ifdef PENSTOCK_ASAN
    __asan_unpoison_memory_region(f.stack.get(), stack_bytes);      // the last thread on this stack ended without leaving its functions
#endif
#if defined(__x86_64__)
    auto top = reinterpret_cast<std::uintptr_t>(f.stack.get() + stack_bytes) & ~std::uintptr_t{15};
    auto* p = reinterpret_cast<void**>(top);
    *--p = nullptr;                                 // where body would return to; keeps the stack as a call leaves it
    *--p = reinterpret_cast<void*>(&body);
    for (int i = 0; i != 6; ++i) *--p = nullptr;
    f.saved = p;
#else
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = f.stack.get(), f.context.uc_stack.ss_size = stack_bytes, f.context.uc_link = nullptr;
    makecontext(&f.context, body, 0);
#endif
    f.is = state::ready, f.exchanges = 0;
}

void resume(int thread) {
    auto& f = fibers[static_cast<std::size_t>(thread)];
    current = thread, here.thread = thread;
    if (f.is == state::fresh) prepare(f);
#ifdef PENSTOCK_ASAN
    __sanitizer_start_switch_fiber(&scheduler_fake, f.stack.get(), stack_bytes);
#endif
#if defined(__x86_64__)
    penstock_change_fiber(&scheduler_saved, f.saved);
#else
    swapcontext(&scheduler_context, &f.context);
#endif
#ifdef PENSTOCK_ASAN
    __sanitizer_finish_switch_fiber(scheduler_fake, nullptr, nullptr);
#endif
}

// Until every lane of the warp is at the block's barrier or finished.
void run_warp(int w) {
    auto& warp = warps[static_cast<std::size_t>(w)];
    for (;;) {
        int waiting = 0, finished = 0;
        bool moved = false;
        for (int lane = 0; lane != 32; ++lane) {
            auto& f = fibers[static_cast<std::size_t>(w * 32 + lane)];
            if (f.is == state::fresh || f.is == state::ready) resume(w * 32 + lane), moved = true;
            finished += f.is == state::finished, waiting += f.is == state::in_exchange;
        }
        if (warp.left == 32) {
            warp.left = 0;
            for (int lane = 0; lane != 32; ++lane) fibers[static_cast<std::size_t>(w * 32 + lane)].is = state::ready;
            continue;
        }
        if (waiting > 0 && !moved) die(finished > 0 ? "a warp exchanges after one of its threads has ended" : "a warp exchanges in a branch that not all of its threads take");
        if (waiting == 0) return;
    }
}

void run_block() {
    for (int i = 0; i != threads_now; ++i) fibers[static_cast<std::size_t>(i)].is = state::fresh;
    for (auto& w : warps) w.left = 0;
    for (;;) {
        int const count = threads_now / 32;
        for (int i = 0; i != count; ++i) run_warp(running == order::forward ? i : count - 1 - i);
        int at_barrier = 0;
        for (int i = 0; i != threads_now; ++i) at_barrier += fibers[static_cast<std::size_t>(i)].is == state::at_barrier;
        if (at_barrier == 0) return;
        if (at_barrier != threads_now) die("a barrier that not all threads reach");
        for (int i = 0; i != threads_now; ++i) fibers[static_cast<std::size_t>(i)].is = state::ready;
    }
}

} // namespace

void run_in(order o) { running = o; }

void run_grid(int x, int y, int z, int threads, std::size_t shared, std::function<void()> const& kernel) {
    if (threads <= 0 || threads % 32 != 0 || threads > 1024) die("threads of a block that are no whole warps, or too many");
    if (shared > 99 * 1024) die("more shared memory than a block has on every GPU from compute capability 8.0 on");
    if (y > 65535 || z > 65535) die("a grid that is too large");
    if (fibers.size() < static_cast<std::size_t>(threads)) fibers.resize(static_cast<std::size_t>(threads));
    warps.resize(static_cast<std::size_t>(threads) / 32);
    kernel_now = &kernel, threads_now = threads;
    std::int64_t const blocks = std::int64_t{x} * y * z;
    for (std::int64_t b = 0; b != blocks; ++b) {
        auto const i = running == order::forward ? b : blocks - 1 - b;
        here = {0, threads, static_cast<int>(i % x), static_cast<int>(i / x % y), static_cast<int>(i / x / y), x, y};
        std::unique_ptr<std::byte, decltype(&std::free)> const memory(static_cast<std::byte*>(std::aligned_alloc(128, (shared + 127) / 128 * 128 + 128)), std::free);
        std::memset(memory.get(), 0xff, (shared + 127) / 128 * 128 + 128);
        block_memory = memory.get();
        run_block();
    }
    block_memory = nullptr;
}

void block_barrier() {
    fibers[static_cast<std::size_t>(current)].is = state::at_barrier;
    to_scheduler();
}

std::byte const* exchange(void const* mine, std::size_t bytes) {
    auto& f = fibers[static_cast<std::size_t>(current)];
    auto& warp = warps[static_cast<std::size_t>(current / 32)];
    auto* const slots = &warp.slots[f.exchanges++ % 2][0][0];
    if (bytes > 0) std::memcpy(slots + current % 32 * 64, mine, bytes);
    ++warp.left;
    f.is = state::in_exchange;
    to_scheduler();
    return slots;
}

void copy_later(void* to, void const* from, bool wanted) {
    if (reinterpret_cast<std::uintptr_t>(to) % 16 != 0 || (wanted && reinterpret_cast<std::uintptr_t>(from) % 16 != 0)) die("a copy of 16 bytes that is not aligned to them");
    std::memset(to, 0xff, 16);
    fibers[static_cast<std::size_t>(current)].open.push_back({to, from, wanted});
}
void close_copies() {
    auto& f = fibers[static_cast<std::size_t>(current)];
    f.groups.push_back(std::move(f.open));
    f.open.clear();
}
void await_copies(int pending) {
    auto& f = fibers[static_cast<std::size_t>(current)];
    while (f.groups.size() > static_cast<std::size_t>(pending)) {
        for (auto const& c : f.groups.front())
            if (c.wanted) std::memcpy(c.to, c.from, 16);
            else std::memset(c.to, 0, 16);
        f.groups.erase(f.groups.begin());
    }
}

} // namespace penstock::train::cuda::emulated
