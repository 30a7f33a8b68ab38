#include <algorithm>
#include <doctest/doctest.h>
#include <penstock/net/impl/alarms.hpp>
#include <random>

namespace net = penstock::net;
using net::detail::alarm;
using time_point = net::detail::clock::time_point;

TEST_CASE("alarms: the first is the earliest, whatever was set, moved and removed before") {
    std::mt19937 dice(7);
    std::vector<alarm> all(60);
    net::detail::alarms heap;
    for (int step = 0; step != 20'000; ++step) {
        auto& a = all[dice() % all.size()];
        auto const what = dice() % 4;
        if (what == 0) heap.remove(a);
        else if (what == 1) heap.set(a, time_point::max());
        else heap.set(a, time_point(net::detail::clock::duration(dice() % 50)));
        auto earliest = time_point::max();
        std::size_t in = 0;
        for (auto const& x : all) if (x.place != alarm::nowhere) { ++in; earliest = std::min(earliest, x.due); }
        REQUIRE(heap.empty() == (in == 0));
        if (in) REQUIRE(heap.first()->due == earliest);
    }
}
