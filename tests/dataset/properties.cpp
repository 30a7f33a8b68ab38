// Laws of split and fold on random inputs; rapidcheck's header costs 5 s, so they share one unit.
#include <doctest/doctest.h>
#include <penstock/dataset/fold.hpp>
#include <penstock/dataset/split.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <rapidcheck.h>
#include <utility>
#include <utf8proc.h>

namespace ds = penstock::dataset;

namespace {
std::vector<ds::split_row> random_rows() {
    auto const n = *rc::gen::inRange<std::size_t>(0, 60);
    auto const pool = *rc::gen::inRange<std::uint64_t>(1, 120);     // few keys: much hangs together
    std::vector<ds::split_row> rows;
    for (std::size_t i = 0; i != n; ++i) {
        ds::split_row r{.position = i, .stratum = std::string(1, static_cast<char>('a' + *rc::gen::inRange(0, 4)))};
        for (auto k = *rc::gen::inRange(0, 4); k != 0; --k) r.keys.push_back({0, *rc::gen::inRange<std::uint64_t>(0, pool)});
        rows.push_back(std::move(r));
    }
    return rows;
}
/// Brute force: reachability by sharing, closed until nothing changes.
std::vector<std::size_t> components_of(std::vector<ds::split_row> const& rows) {
    std::vector<std::size_t> id(rows.size());
    std::iota(id.begin(), id.end(), std::size_t{0});
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t a = 0; a != rows.size(); ++a) for (std::size_t b = 0; b != rows.size(); ++b) {
            bool const share = std::any_of(rows[a].keys.begin(), rows[a].keys.end(), [&](auto const& k) { return std::find(rows[b].keys.begin(), rows[b].keys.end(), k) != rows[b].keys.end(); });
            if (share && id[a] != id[b]) { id[a] = id[b] = std::min(id[a], id[b]); changed = true; }
        }
    }
    return id;
}
}

TEST_CASE("split: no component on both sides, counts as brute force says, ratio as near as any single move gets") {
    CHECK(rc::check([] {
        auto const rows = random_rows();
        auto const ratio = static_cast<double>(*rc::gen::inRange(0, 101)) / 100;
        auto const s = ds::split(rows, {.ratio = ratio, .seed = *rc::gen::inRange<std::uint64_t>(0, 1000)});
        auto const id = components_of(rows);
        for (std::size_t a = 0; a != rows.size(); ++a) for (std::size_t b = 0; b != a; ++b) if (id[a] == id[b]) RC_ASSERT(s.sides[a] == s.sides[b]);
        auto distinct = id;
        std::sort(distinct.begin(), distinct.end());
        RC_ASSERT(s.components == static_cast<std::uint64_t>(std::unique(distinct.begin(), distinct.end()) - distinct.begin()));
        // shares: sums, and no component whose change of sides would bring the strata nearer
        std::uint64_t total = 0, wanted = 0;
        for (auto const& x : s.strata) { total += x.validation; wanted += x.wanted; RC_ASSERT(x.validation <= x.rows && x.wanted <= x.rows); }
        RC_ASSERT(total == s.validation && wanted == s.wanted);
        RC_ASSERT(wanted == static_cast<std::uint64_t>(std::floor(ratio * static_cast<double>(rows.size()) + 0.5)));
        for (auto const c : id) {
            auto moved = s;
            for (std::size_t i = 0; i != rows.size(); ++i) if (id[i] == c) for (auto& x : moved.strata) if (x.name == rows[i].stratum) x.validation += s.sides[i] == ds::side::train ? 1u : ~std::uint64_t{0};
            RC_ASSERT(moved.cost() >= s.cost());
        }
        if (ratio == 0) RC_ASSERT(s.validation == 0);
    }));
}

TEST_CASE("split: stable under reordering, and under sharding with a merge") {
    CHECK(rc::check([] {
        auto const rows = random_rows();
        auto const s = ds::split(rows, {.ratio = 0.3, .seed = 7});
        std::vector<std::size_t> order(rows.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        auto const shards = *rc::gen::inRange<std::size_t>(1, 5);
        std::sort(order.begin(), order.end(), [&](auto a, auto b) { return std::pair(a % shards, a) < std::pair(b % shards, b); });      // shard i/n takes every n-th row; merged one after the other
        if (*rc::gen::arbitrary<bool>()) std::reverse(order.begin(), order.end());
        std::vector<ds::split_row> other;
        for (auto i : order) other.push_back(rows[i]);
        auto const t = ds::split(other, {.ratio = 0.3, .seed = 7});
        for (std::size_t k = 0; k != order.size(); ++k) RC_ASSERT(t.sides[k] == s.sides[order[k]]);
        auto const in_three = ds::split_in_three(rows, {.validation = 0.2, .test = 0.3}), of_other = ds::split_in_three(other, {.validation = 0.2, .test = 0.3});
        for (std::size_t k = 0; k != order.size(); ++k) RC_ASSERT(of_other.sides[k] == in_three.sides[order[k]]);
        auto const id = components_of(rows);
        for (std::size_t a = 0; a != rows.size(); ++a) RC_ASSERT(in_three.sides[a] == in_three.sides[id[a]]);
    }));
}

TEST_CASE("split: rows with keys do not depend on their positions") {
    CHECK(rc::check([] {
        auto rows = random_rows();
        for (std::size_t i = 0; i != rows.size(); ++i) rows[i].keys.push_back({1, i});
        auto const s = ds::split(rows, {.ratio = 0.3});
        for (auto& r : rows) r.position += 1000;
        RC_ASSERT(ds::split(rows, {.ratio = 0.3}).sides == s.sides);
    }));
}

TEST_CASE("fold: twice is once, for every code point between letters and for random texts") {
    for (std::int32_t c = 1; c != 0x110000; ++c) {
        if (!utf8proc_codepoint_valid(c)) continue;
        utf8proc_uint8_t bytes[4];
        std::string text = "a";
        text.append(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(c, bytes)));
        text += "b";
        auto const once = ds::fold(text);
        if (ds::fold(once) != once) FAIL_CHECK(c);
    }
    CHECK(rc::check([](std::vector<std::uint16_t> const& codes) {
        std::string text;
        for (auto c : codes) if (utf8proc_codepoint_valid(c)) {
            utf8proc_uint8_t bytes[4];
            text.append(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(c, bytes)));
        }
        auto const once = ds::fold(text);
        RC_ASSERT(ds::fold(once) == once);
        RC_ASSERT(ds::fold("  " + text + "\n") == once);
    }));
    CHECK(rc::check([](std::vector<std::uint8_t> const& bytes) {
        auto const once = ds::fold(std::string(bytes.begin(), bytes.end()));
        RC_ASSERT(ds::fold(once) == once);
    }));
}
