#include <doctest/doctest.h>
#include <penstock/text/minhash.hpp>
#include <penstock/text/ngrams.hpp>
#include <rapidcheck.h>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>

namespace ps = penstock;

namespace {
/// Random words of a small vocabulary, and some of their texts changed a little: pairs of all degrees of likeness.
struct corpus {
    std::mt19937_64 random;
    std::vector<std::string> texts = {};
    std::string word() {
        std::string w;
        for (auto n = 2 + random() % 7; n != 0; --n) w += static_cast<char>('a' + random() % 26);
        return w;
    }
    corpus(std::size_t count, std::uint64_t seed, std::size_t shortest = 5) : random(seed) {
        std::vector<std::string> vocabulary;
        for (int i = 0; i != 400; ++i) vocabulary.push_back(word());
        while (texts.size() != count) {
            if (!texts.empty() && random() % 3 != 0) {
                auto t = texts[random() % texts.size()];
                for (auto edits = random() % 5; edits != 0 && !t.empty(); --edits) {
                    auto const at = random() % t.size();
                    if (random() % 2 == 0) t.insert(at, vocabulary[random() % vocabulary.size()] + ' '); else t.erase(at, random() % 8);
                }
                texts.push_back(std::move(t));
                continue;
            }
            std::string t;
            for (auto n = shortest + random() % 40; n != 0; --n) t += vocabulary[random() % vocabulary.size()] + ' ';
            texts.push_back(std::move(t));
        }
    }
    std::vector<std::string_view> views() const { return {texts.begin(), texts.end()}; }
};
/// The plain definition: distinct substrings, sorted, and what they share.
std::vector<std::string_view> grams_of(std::string_view t, std::size_t k) {
    std::vector<std::string_view> all;
    if (t.size() < k && !t.empty()) all.push_back(t);
    for (std::size_t i = 0; i + k <= t.size(); ++i) all.push_back(t.substr(i, k));
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}
double by_definition(std::vector<std::string_view> const& x, std::vector<std::string_view> const& y) {
    if (x.empty() && y.empty()) return 1;
    std::vector<std::string_view> both;
    std::ranges::set_intersection(x, y, std::back_inserter(both));
    return static_cast<double>(both.size()) / static_cast<double>(x.size() + y.size() - both.size());
}
std::vector<ps::near_pair> by_hand(std::vector<std::string_view> const& texts, ps::near_options o) {
    std::vector<std::vector<std::string_view>> grams;
    for (auto t : texts) grams.push_back(grams_of(t, o.characters));
    std::vector<ps::near_pair> all;
    for (std::size_t i = 0; i != texts.size(); ++i) for (std::size_t j = i + 1; j != texts.size(); ++j) {
        auto const [small, large] = std::minmax({grams[i].size(), grams[j].size()});
        if (static_cast<double>(small) < o.threshold * static_cast<double>(large)) continue;        // no index is above the ratio of the sizes
        if (auto const x = by_definition(grams[i], grams[j]); x >= o.threshold) all.push_back({i, j, x});
    }
    return all;
}
}

TEST_CASE("jaccard: what the definition says, symmetric, 1 of a text with itself") {
    CHECK(ps::jaccard("abcdefgh", "abcdefgh") == 1);
    CHECK(ps::jaccard("abcdefgh", "ijklmnop") == 0);
    CHECK(ps::jaccard("abcdef", "abcdefg", 5) == doctest::Approx(2. / 3));
    CHECK(ps::jaccard("", "") == 1);
    CHECK(ps::jaccard("", "a") == 0);
    CHECK(rc::check([] {
        auto const text = rc::gen::container<std::string>(rc::gen::inRange('a', 'd'));
        auto const a = *text, b = *text;
        auto const k = *rc::gen::inRange<std::size_t>(1, 5);
        RC_ASSERT(ps::jaccard(a, b, k) == by_definition(grams_of(a, k), grams_of(b, k)));
        RC_ASSERT(ps::jaccard(a, b, k) == ps::jaccard(b, a, k));
        if (ps::jaccard(a, b, k) == 1) RC_ASSERT(ps::minhash_of(a, k) == ps::minhash_of(b, k));      // the order and the number of a k-gram do not matter
    }));
}

TEST_CASE("minhash: the estimate is unbiased, and its error is what theory says") {
    for (auto const shortest : {3, 60}) {       // of few k-grams and of many
        corpus const c(600, 11, static_cast<std::size_t>(shortest));
        double error = 0, squares = 0;
        unsigned pairs = 0, far = 0;
        for (std::size_t i = 0; i + 1 < c.texts.size(); ++i) for (std::size_t j = i + 1; j < std::min(i + 40, c.texts.size()); ++j) {
            auto const exact = ps::jaccard(c.texts[i], c.texts[j]);
            if (exact < 0.2 || exact > 0.8) continue;
            auto const estimate = ps::estimated_jaccard(ps::minhash_of(c.texts[i]), ps::minhash_of(c.texts[j]));
            auto const scaled = (estimate - exact) / std::sqrt(exact * (1 - exact) / ps::minhash::lanes);
            error += scaled;
            squares += scaled * scaled;
            far += std::abs(scaled) > 5;
            ++pairs;
        }
        INFO(pairs << " pairs");
        REQUIRE(pairs > 300);
        CHECK(std::abs(error / pairs) < 0.25);          // of a standard error; pairs share texts, so this is wider than 1/sqrt(pairs)
        CHECK(std::sqrt(squares / pairs) > 0.8);
        CHECK(std::sqrt(squares / pairs) < 1.2);
        CHECK(far == 0);
    }
}

TEST_CASE("minhash: eight lanes at once are what a loop over the definition gives") {
    auto const splitmix = [](std::uint64_t x) {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    };
    CHECK(rc::check([&] {
        auto const text = *rc::gen::container<std::string>(rc::gen::inRange('a', 'z'));
        auto const signature = ps::minhash_of(text);
        for (std::uint64_t lane = 0; lane != ps::minhash::lanes; ++lane) {
            auto const a = static_cast<std::uint32_t>(splitmix(2 * lane + 1) >> 32) | 1, b = static_cast<std::uint32_t>(splitmix(2 * lane + 2) >> 32);
            std::uint32_t least = 0xFFFFFFFF;
            for (auto const gram : ps::character_ngrams(text, 5)) least = std::min(least, a * static_cast<std::uint32_t>(gram >> 32) + b);
            RC_ASSERT(signature.least[lane] == least);
        }
    }));
}
TEST_CASE("near_pairs: all that a comparison of every pair finds, and no other") {
    for (auto const threshold : {0.5, 0.8, 0.95}) for (std::uint64_t seed = 1; seed != 4; ++seed) {
        corpus const c(300, seed);
        auto const views = c.views();
        auto const found = ps::near_pairs(views, {.threshold = threshold}), expected = by_hand(views, {.threshold = threshold});
        CHECK(expected.size() > 30);
        CHECK(found == expected);       // a miss has a chance of 1e-6 a pair, and the seeds are fixed
    }
}
TEST_CASE("near_clusters: the components of the pairs, whatever the order of the texts") {
    for (std::uint64_t seed = 5; seed != 8; ++seed) {
        corpus const c(300, seed);
        auto const views = c.views();
        auto const clusters = ps::near_clusters(views);
        std::vector<std::size_t> expected(views.size());
        for (std::size_t i = 0; i != expected.size(); ++i) expected[i] = i;
        auto const pairs = by_hand(views, {});
        for (bool changed = true; changed;) {
            changed = false;
            for (auto const& p : pairs) if (auto const least = std::min(expected[p.first], expected[p.second]); expected[p.first] != expected[p.second]) { expected[p.first] = expected[p.second] = least; changed = true; }
        }
        CHECK(clusters == expected);
        std::vector<std::size_t> order(views.size());
        for (std::size_t i = 0; i != order.size(); ++i) order[i] = (i * 7) % order.size();      // 7 does not divide 300: a permutation
        std::vector<std::string_view> turned;
        for (auto i : order) turned.push_back(views[i]);
        auto const again = ps::near_clusters(turned);
        for (std::size_t i = 0; i != order.size(); ++i) for (std::size_t j = 0; j != i; ++j)
            if ((again[i] == again[j]) != (clusters[order[i]] == clusters[order[j]])) FAIL_CHECK("texts " << order[i] << " and " << order[j]);
    }
}
TEST_CASE("near_index: finds what near_pairs finds, text after text; copies are one") {
    corpus const c(300, 21);
    ps::near_index index;
    std::vector<ps::near_pair> found;
    for (std::size_t i = 0; i != c.texts.size(); ++i) {
        auto const all = index.find_all(c.texts[i]);
        for (auto const& m : all) found.push_back({m.number, i, m.jaccard});
        auto const one = index.find(c.texts[i]);
        CHECK(one.has_value() == !all.empty());
        if (one) CHECK(std::ranges::any_of(all, [&](auto const& m) { return m.number == one->number && m.jaccard == one->jaccard; }));
        CHECK(index.add(c.texts[i]) == i);
    }
    CHECK(index.size() == 300);
    std::erase_if(found, [&](auto const& p) { return p.jaccard == 1 && c.texts[p.first] == c.texts[p.second]; });
    auto expected = by_hand(c.views(), {});
    auto const views = c.views();
    auto const first_of = [&](std::size_t i) { return static_cast<std::size_t>(std::ranges::find(views, views[i]) - views.begin()); };
    std::erase_if(expected, [&](auto const& p) { return views[p.first] == views[p.second] || first_of(p.first) != p.first; });
    std::ranges::sort(found, {}, [](auto const& p) { return std::pair(p.first, p.second); });
    CHECK(found == expected);
}
TEST_CASE("near-duplicates: empty and short texts, a hundred thousand copies, options that mean nothing") {
    std::vector<std::string_view> few{"", "a", "", "a", "ab", "b"};
    CHECK(ps::near_clusters(few) == std::vector<std::size_t>{0, 1, 0, 1, 4, 5});
    CHECK(ps::near_pairs(few) == std::vector<ps::near_pair>{{0, 2, 1}, {1, 3, 1}});
    CHECK(ps::near_clusters({}).empty());
    std::vector<std::string_view> const copies(100'000, "the same sentence a hundred thousand times over");
    CHECK(ps::near_clusters(copies) == std::vector<std::size_t>(copies.size(), 0));
    ps::near_index index;
    for (auto t : copies) index.add(t);
    CHECK(index.find_all(copies[0]).size() == 1);
    std::vector<std::string> numbered;
    for (int i = 0; i != 3000; ++i) numbered.push_back("a long sentence of which nearly all the rows of this set are only copies with another number " + std::to_string(i));
    auto const clusters = ps::near_clusters(std::vector<std::string_view>(numbered.begin(), numbered.end()));
    CHECK(std::ranges::count(clusters, 0u) == 3000);
    for (auto const o : {ps::near_options{.characters = 0}, {.threshold = 0}, {.threshold = 1.5}, {.threshold = std::nan("")}}) {
        CHECK_THROWS_AS(ps::near_index{o}, std::invalid_argument);
        CHECK_THROWS_AS(ps::near_clusters(few, o), std::invalid_argument);
    }
}
TEST_CASE("minhash: the same lanes on every machine and compiler") {
    auto const s = ps::minhash_of("penstock: the pipe that feeds a turbine");
    CHECK(s.least[0] == 0x00819433);
    CHECK(s.least[127] == 0x10a1d8ef);
    CHECK(ps::minhash_of("").least[5] == 0xFFFFFFFF);
}
