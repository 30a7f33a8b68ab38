// The loader: order, how far it runs ahead, errors in their place, and an end that waits for nobody.
#include <doctest/doctest.h>
#include <atomic>
#include <penstock/train/loader.hpp>
#include <stdexcept>
#include <string>
#include <vector>

using penstock::train::loader;

TEST_CASE("values come in order, each once, then nothing") {
    for (std::size_t ahead : {0U, 1U, 2U, 7U}) {
        int made = 0;
        loader<int> l(ahead, [&]() -> std::optional<int> { return made == 100 ? std::nullopt : std::optional(made++); });
        std::vector<int> got;
        while (auto const x = l.next()) got.push_back(*x);
        REQUIRE(got.size() == 100);
        for (int i = 0; i != 100; ++i) CHECK(got[static_cast<std::size_t>(i)] == i);
        CHECK(!l.next());
    }
}

TEST_CASE("it runs ahead, and no further than it was told") {
    std::atomic<int> made{0};
    loader<int> l(3, [&]() -> std::optional<int> { return made++; });
    for (int taken = 0; taken != 50; ++taken) {
        if (taken % 10 == 0) while (made < taken + 4) std::this_thread::yield();      // three wait, a fourth is in the maker's hands; a loader that makes only what is asked for hangs here
        CHECK(made <= taken + 4);
        CHECK(*l.next() == taken);
    }
}

TEST_CASE("an error comes after the values before it, and stays") {
    int made = 0;
    loader<int> l(2, [&]() -> std::optional<int> { if (made == 3) throw std::runtime_error("row 4 is none"); return made++; });
    for (int i = 0; i != 3; ++i) CHECK(l.next() == i);
    CHECK_THROWS_WITH(l.next(), "row 4 is none");
    CHECK_THROWS_WITH(l.next(), "row 4 is none");
}

TEST_CASE("it may go at any time: its thread is joined, full or at work") {
    for (int taken = 0; taken != 20; ++taken) {
        std::atomic<bool> inside{false};
        {
            loader<std::string> l(2, [&]() -> std::optional<std::string> {
                inside = true;
                std::string s(1000, 'x');
                inside = false;
                return s;
            });
            for (int i = 0; i != taken; ++i) l.next();
        }
        CHECK(!inside);     // nobody is in there any more
    }
}
