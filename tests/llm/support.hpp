/// What the journal's tests share: a folder that goes away, and a journal with its loop.
#pragma once
#include <cstdlib>
#include <doctest/doctest.h>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <penstock/core/fatal.hpp>
#include <penstock/core/loop.hpp>
#include <penstock/llm/journal.hpp>

namespace support {

struct folder {
    std::string path;
    folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "penstock-llm-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    folder(folder const&) = delete;
    ~folder() { std::error_code ignored; std::filesystem::remove_all(path, ignored); }
    std::string operator/(std::string_view name) const { return path + '/' + std::string(name); }
};

inline std::string bytes_of(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_bytes(std::string const& path, std::string_view bytes) { std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size())); }

/// A question and the reply that every test gives to it.
inline penstock::llm::question question(unsigned number, std::string request = {}) {
    return {"openai", "a-model", "1", number, request.empty() ? "{\"messages\":[]}" : std::move(request)};
}
inline penstock::llm::reply answer(unsigned number) {
    return {"reply " + std::to_string(number) + std::string(number % 3000, 'x'), {number, number / 2, 7, 3}, 1 + number % 3, number};
}

/// A journal on a loop that is run by hand.
struct desk {
    penstock::mini_loop loop = {};
    std::unique_ptr<penstock::llm::journal> journal;
    explicit desk(std::string const& folder, penstock::llm::journal_options options = {})
        : journal(std::make_unique<penstock::llm::journal>(folder, std::move(options), [this](penstock::llm::journal::work w) { loop.post(std::move(w)); })) {}
    desk(desk const&) = delete;
    ~desk() { journal.reset(); loop.poll(); }
    penstock::llm::journal* operator->() { return journal.get(); }

    /// Asks, is answered and waits until it is kept.
    void keep(unsigned number) { keep(question(number), answer(number)); }
    void keep(penstock::llm::question const& q, penstock::llm::reply r) {
        REQUIRE(journal->intend(q.key()));
        wait([&](auto done) { journal->record(q, std::move(r), std::move(done)); });
    }
    template <class F> void wait(F start) {
        bool over = false;
        std::exception_ptr broken;
        start([&](std::exception_ptr why) { over = true; broken = why; });
        while (!over) loop.run_one();
        if (broken) std::rethrow_exception(broken);
    }
};

/// The line and the exit code of the fatal that f ends with; empty if it ends well.
template <class F> std::pair<std::string, penstock::exit_code> fatal_of(F f) {
    try { f(); }
    catch (penstock::fatal const& e) { return {e.what(), e.code()}; }
    return {{}, penstock::exit_code::complete};
}
inline bool one_line(std::string const& text) { return !text.empty() && text.find('\n') == text.npos; }

} // namespace support
