#include <doctest/doctest.h>
#include <set>
#include <unordered_set>
#include <penstock/core/position.hpp>
using namespace penstock;

constexpr position row7 = origin::of(1, 7);
static_assert(row7 < row7.child(0) && row7.child(0) < row7.child(1), "a parent stands before its children");
static_assert(row7.child(0).child(9) < row7.child(1) && row7.child(9).child(9) < position(origin::of(1, 8)));
static_assert(position(origin::of(0, 1ull << 40)) < position(origin::of(1, 0)), "sources in order");
static_assert(row7.child(3).index() == 3 && row7.child(3).child(4).depth() == 2);
static_assert(row7.child(6).child(5).child(4).child(3).child(2).child(1) < position::end());

TEST_CASE("position: distinct places have distinct hashes and texts, and the hash is the same everywhere") {
    std::set<std::string> texts;
    std::unordered_set<std::uint64_t> hashes;
    for (unsigned row = 0; row != 100; ++row) {
        position p = origin::of(0, row);
        texts.insert(p.text()), hashes.insert(p.hash());
        for (unsigned i = 0; i != 10; ++i) for (unsigned j = 0; j != 10; ++j) texts.insert(p.child(i).child(j).text()), hashes.insert(p.child(i).child(j).hash());
    }
    CHECK(texts.size() == 100 * 101);
    CHECK(hashes.size() == 100 * 101);
    CHECK(row7.child(3).text() == "1:7.3");
    CHECK(row7.child(3).hash() == std::hash<position>{}(row7.child(3)));
    CHECK(position(origin::of(0, 0)).hash() == 0xe220a8397b1dcdafu);    // splitmix64's first number from seed 0
}
