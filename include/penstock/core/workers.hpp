/// A fixed set of threads that work off one queue. The destructor joins, after what was submitted is done: nothing is detached or dropped.
#pragma once
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>   // std::move_only_function
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace penstock {

class workers {
    std::mutex guard_;
    std::condition_variable_any filled_;
    std::deque<std::move_only_function<void()>> queue_;
    std::vector<std::jthread> threads_;     // last, so that they are joined first
public:
    /// threads: 0 is as many as the machine runs at once.
    explicit workers(unsigned threads = 0) {
        if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
        for (unsigned i = 0; i != threads; ++i) threads_.emplace_back([this](std::stop_token stop) {
            for (;;) {
                std::unique_lock lock(guard_);
                if (!filled_.wait(lock, stop, [&] { return !queue_.empty(); })) return;
                auto work = std::move(queue_.front());
                queue_.pop_front();
                lock.unlock();
                work();
            }
        });
    }
    workers(workers&&) = delete;
    /// From any thread. The work must not throw.
    void submit(std::move_only_function<void()> work) {
        std::lock_guard lock(guard_);
        queue_.push_back(std::move(work));
        filled_.notify_one();
    }
};

} // namespace penstock
