/// What the tests share: a source that can be read only once and whose records can only be moved, a loop that completes in a random order
/// from a seed, so that "however the children complete" is a test that can be run again, and one whose clock is ours.
#pragma once
#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <ranges>
#include <stdexcept>
#include <vector>
#include <penstock/core/async_map.hpp>
#include <penstock/core/env.hpp>

namespace test {
namespace ps = penstock;

/// Knows how many there are: none may be left when a run is over.
struct token {
    inline static std::atomic<int> alive = 0;
    int n = 0;
    explicit token(int i) : n(i) { ++alive; }
    token(token&& t) noexcept : n(t.n) { ++alive; }
    token& operator=(token&& t) noexcept { n = t.n; return *this; }
    ~token() { --alive; }
};

/// Tokens 0 .. n-1, once.
class single_pass : public std::ranges::view_base {
    int next_ = 0, end_;
    token here_{0};
public:
    struct iterator {
        using value_type = token;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;
        single_pass* s;
        explicit iterator(single_pass* p) : s(p) {}
        iterator(iterator&&) = default;
        iterator& operator=(iterator&&) = default;
        token&& operator*() const { return std::move(s->here_); }
        iterator& operator++() { s->here_ = token(++s->next_); return *this; }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return s->next_ == s->end_; }
    };
    explicit single_pass(int n) : end_(n) {}
    single_pass(single_pass&&) = default;
    single_pass& operator=(single_pass&&) = default;
    iterator begin() { return iterator(this); }
    std::default_sentinel_t end() const { return {}; }
};
static_assert(std::ranges::input_range<single_pass> && !std::ranges::forward_range<single_pass> && !std::copyable<single_pass>);

class shuffled_loop {
    std::mutex guard_;
    std::vector<std::move_only_function<void()>> queue_;
    std::uint64_t seed_;
    bool run_any() {
        std::unique_lock lock(guard_);
        if (queue_.empty()) return false;
        seed_ = seed_ * 6364136223846793005 + 1442695040888963407;
        std::swap(queue_[(seed_ >> 33) % queue_.size()], queue_.back());
        auto work = std::move(queue_.back());
        queue_.pop_back();
        lock.unlock();
        work();
        return true;
    }
public:
    explicit shuffled_loop(std::uint64_t seed) : seed_(seed) {}
    void post(std::move_only_function<void()> work) { std::lock_guard lock(guard_); queue_.push_back(std::move(work)); }
    void run_one() { if (!run_any()) throw std::logic_error("run_one with nothing to run: a real loop would hang here"); }
    void poll() { run_any(); }
};

struct shuffled_env {
    shuffled_loop events;
    penstock::ledger books = {};
    std::stop_source stopping = {};
    std::map<std::string, ps::window, std::less<>> windows = {};
    std::map<std::string, unsigned, std::less<>> capacities = {};
    unsigned running = 0, most_running = 0, started = 0;
    explicit shuffled_env(std::uint64_t seed = 1) : events(seed) {}
    shuffled_loop& loop() { return events; }
    penstock::ledger& ledger() { return books; }
    std::stop_token stop_token() const { return stopping.get_token(); }
    ps::window window(std::string_view stage, ps::window preset) const {
        auto at = windows.find(stage);
        return at == windows.end() ? preset : at->second;
    }
    unsigned capacity(std::string_view stage, unsigned preset) const {
        auto at = capacities.find(stage);
        return at == capacities.end() ? preset : at->second;
    }
};

/// Time is a number that jumps to the next event: overlap is proven by arithmetic, not by a wall clock.
struct timed_env {
    struct timed_loop {
        std::multimap<int, std::move_only_function<void()>> queue = {};
        int now = 0;
        void after(int ms, std::move_only_function<void()> work) { queue.emplace(now + ms, std::move(work)); }
        void post(std::move_only_function<void()> work) { after(0, std::move(work)); }
        void run_one() {
            if (queue.empty()) throw std::logic_error("run_one with nothing to run: a real loop would hang here");
            now = queue.begin()->first;
            auto first = queue.extract(queue.begin());
            first.mapped()();
        }
        void poll() { while (!queue.empty() && queue.begin()->first <= now) run_one(); }
    };
    timed_loop events = {};
    penstock::ledger books = {};
    std::stop_source stopping = {};
    timed_loop& loop() { return events; }
    penstock::ledger& ledger() { return books; }
    std::stop_token stop_token() const { return stopping.get_token(); }
};
/// A call that takes so long.
struct taking {
    int ms;
    template <class In> using output = In;
    template <class In> void operator()(In in, timed_env& env, auto done) const {
        env.loop().after(ms, [in = std::move(in), done]() mutable { done(std::move(in)); });
    }
};

/// An operation that answers f(record) some turns of the loop later.
template <class F> struct later {
    F f;
    template <class In> using output = ps::payload_t<ps::call_t<F, In>>;
    template <class In, class Env, class Done> void operator()(In in, Env& env, Done done) const {
        ++env.started;
        env.most_running = std::max(env.most_running, ++env.running);
        env.loop().post([f = f, in = std::move(in), &env, done = std::move(done)]() mutable { --env.running; done(ps::attempt({}, f, std::move(in))); });
    }
};
template <class F> later(F) -> later<F>;

} // namespace test
