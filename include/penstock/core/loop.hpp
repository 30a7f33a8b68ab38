/// The smallest event loop: enough for CPU stages, tests and a transport with its own thread. Any type with post, run_one and poll can stand in
/// for it. What is posted must not throw: it may run while a stage waits in its destructor for its operations.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>   // std::move_only_function
#include <mutex>
#include <utility>

namespace penstock {

class mini_loop {
    std::mutex guard_;
    std::condition_variable filled_;
    std::deque<std::move_only_function<void()>> queue_;

    void run_front(std::unique_lock<std::mutex> lock) {
        auto work = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        [&]() noexcept { work(); }();       // a throw ends the program here, loudly: passed on, it would leave an operation that never answers
    }
public:
    /// From any thread. Notifies under the lock: the loop may be destroyed as soon as it is released.
    void post(std::move_only_function<void()> work) {
        std::lock_guard lock(guard_);
        queue_.push_back(std::move(work));
        filled_.notify_one();
    }
    void run_one() {
        std::unique_lock lock(guard_);
        filled_.wait(lock, [this] { return !queue_.empty(); });
        run_front(std::move(lock));
    }
    /// Runs what is ready, without waiting.
    void poll() {
        for (;;) {
            std::unique_lock lock(guard_);
            if (queue_.empty()) return;
            run_front(std::move(lock));
        }
    }
};

} // namespace penstock
