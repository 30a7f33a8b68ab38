/// What comes next, made ahead of whoever needs it, on a thread of its own: a step never waits for its batch. Values come in the order in which they were made, so whether there is a thread is no part of
/// any result.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace penstock::train {

template<class T>
class loader {
public:
    /// make gives the next value, or nothing after the last; it is called on the loader's thread alone. At most `ahead` values wait.
    loader(std::size_t ahead, std::function<std::optional<T>()> make) : ahead_(ahead ? ahead : 1), make_(std::move(make)), thread_([this](std::stop_token stop) { run(stop); }) {}
    loader(loader const&) = delete;
    loader& operator=(loader const&) = delete;
    /// Does not wait for the end: the value that is being made is finished and dropped, no further one is begun.
    ~loader() = default;

    /// The next value; nothing after the last. What make threw is thrown here, after the values before it, and again at each further call.
    std::optional<T> next() {
        std::unique_lock lock(guard_);
        changed_.wait(lock, [&] { return !ready_.empty() || ended_; });
        if (ready_.empty()) {
            if (error_) std::rethrow_exception(error_);
            return std::nullopt;
        }
        std::optional<T> value(std::move(ready_.front()));
        ready_.pop_front();
        changed_.notify_all();
        return value;
    }

private:
    void run(std::stop_token const& stop) {
        std::exception_ptr error;
        try {
            while (!stop.stop_requested()) {
                auto value = make_();
                std::unique_lock lock(guard_);
                if (!value || !changed_.wait(lock, stop, [&] { return ready_.size() < ahead_; })) break;
                ready_.push_back(*std::move(value));
                changed_.notify_all();
            }
        } catch (...) {
            error = std::current_exception();
        }
        std::lock_guard const lock(guard_);
        error_ = std::move(error), ended_ = true;
        changed_.notify_all();
    }

    std::size_t ahead_;
    std::function<std::optional<T>()> make_;
    std::mutex guard_ = {};
    std::condition_variable_any changed_ = {};
    std::deque<T> ready_ = {};
    std::exception_ptr error_ = {};
    bool ended_ = false;
    std::jthread thread_;               // last: it is stopped and joined before what it uses goes
};

} // namespace penstock::train
