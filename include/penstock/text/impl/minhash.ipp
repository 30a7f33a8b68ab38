#pragma once
#include <penstock/core/union_find.hpp>
#include <penstock/text/minhash.hpp>
#include <penstock/text/ngrams.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <xxhash.h>

namespace penstock {

namespace detail::near {

constexpr std::uint64_t splitmix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

// x -> a x + b modulo 2^32 with an odd a is a permutation; the hashes that go in are mixed already, so that this much is enough (tests/text/minhash.cpp measures the error).
struct permutations { std::array<std::uint32_t, minhash::lanes> a, b; };
alignas(32) inline constexpr permutations permuted = [] {
    permutations p{};
    for (std::uint64_t i = 0; i != minhash::lanes; ++i) {
        p.a[i] = static_cast<std::uint32_t>(splitmix(2 * i + 1) >> 32) | 1;
        p.b[i] = static_cast<std::uint32_t>(splitmix(2 * i + 2) >> 32);
    }
    return p;
}();

// Eight lanes at once, 32 a pass. Written out, because g++ at -O2 keeps an array of vectors in memory: 72 ns a k-gram instead of 10.
using eight [[gnu::vector_size(32)]] = std::uint32_t;
struct lane_group {
    eight a, b, m;
    [[gnu::always_inline]] explicit lane_group(std::size_t from) {
        __builtin_memcpy(&a, &permuted.a[from], sizeof a);
        __builtin_memcpy(&b, &permuted.b[from], sizeof b);
        m = eight{} - 1;
    }
    [[gnu::always_inline]] void take(std::uint32_t hash) {
        eight const x = a * hash + b;
        m = x < m ? x : m;
    }
    [[gnu::always_inline]] void give(std::uint32_t* to) const { __builtin_memcpy(to, &m, sizeof m); }
};
[[gnu::always_inline]] inline void least_of(std::uint32_t const* hashes, std::size_t count, std::uint32_t* least) {
    for (std::size_t from = 0; from != minhash::lanes; from += 32) {
        lane_group w(from), x(from + 8), y(from + 16), z(from + 24);
        for (std::size_t i = 0; i != count; ++i) { w.take(hashes[i]); x.take(hashes[i]); y.take(hashes[i]); z.take(hashes[i]); }
        w.give(least + from); x.give(least + from + 8); y.give(least + from + 16); z.give(least + from + 24);
    }
}
inline void least_plain(std::uint32_t const* hashes, std::size_t count, std::uint32_t* least) { least_of(hashes, count, least); }
#if defined(__x86_64__)
[[gnu::target("avx2")]] inline void least_avx2(std::uint32_t const* hashes, std::size_t count, std::uint32_t* least) { least_of(hashes, count, least); }
#endif

inline minhash signature(std::vector<std::uint64_t> const& grams) {
    std::vector<std::uint32_t> hashes(grams.size());
    for (std::size_t i = 0; i != grams.size(); ++i) hashes[i] = static_cast<std::uint32_t>(grams[i] >> 32);
    minhash s;
#if defined(__x86_64__)
    static bool const avx2 = __builtin_cpu_supports("avx2");
    if (avx2) { least_avx2(hashes.data(), hashes.size(), s.least.data()); return s; }
#endif
    least_plain(hashes.data(), hashes.size(), s.least.data());
    return s;
}

/// Distinct k-grams, sorted.
inline std::vector<std::uint64_t> distinct(std::vector<std::uint64_t> grams) {
    std::ranges::sort(grams);
    grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
    return grams;
}
inline double jaccard(std::vector<std::uint64_t> const& a, std::vector<std::uint64_t> const& b) {
    if (a.empty() && b.empty()) return 1;
    std::size_t both = 0;
    for (std::size_t i = 0, j = 0; i != a.size() && j != b.size();)
        if (a[i] < b[j]) ++i; else if (b[j] < a[i]) ++j; else { ++both; ++i; ++j; }
    return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

inline void check(near_options o) {
    if (o.characters == 0 || !(o.threshold > 0 && o.threshold <= 1)) throw std::invalid_argument("near-duplicates: k-grams have at least one character, and the threshold is above 0 and at most 1");
}
/// Lanes of a band: as many as keep the chance to miss a pair at the threshold, (1 - t^rows)^bands, at or below one in a million. A threshold below 0.1 misses more.
inline std::size_t rows_of_band(double threshold) {
    auto const missed = [&](std::size_t rows) {
        auto const bands = minhash::lanes / rows;
        return std::pow(1 - std::pow(threshold, static_cast<double>(rows)), static_cast<double>(bands));
    };
    std::size_t rows = 1;
    while (rows != 16 && missed(rows + 1) <= 1e-6) ++rows;
    return rows;
}
inline std::uint32_t band_key(minhash const& s, std::size_t band, std::size_t rows) {
    return static_cast<std::uint32_t>(XXH3_64bits_withSeed(&s.least[band * rows], rows * sizeof(std::uint32_t), band) >> 32);
}
/// What is kept of a signature to turn candidates away before they are compared: half of each lane.
using sketch = std::array<std::uint16_t, minhash::lanes>;
inline sketch sketch_of(minhash const& s) {
    sketch k;
    for (std::size_t i = 0; i != minhash::lanes; ++i) k[i] = static_cast<std::uint16_t>(s.least[i]);
    return k;
}
inline unsigned equal_lanes(sketch const& a, sketch const& b) {
    unsigned n = 0;
    for (std::size_t i = 0; i != minhash::lanes; ++i) n += a[i] == b[i];
    return n;
}
/// Fewer equal lanes than this come of a pair at the threshold with a probability below 1e-9: six standard errors.
inline unsigned worth_comparing(double t) {
    constexpr auto n = static_cast<double>(minhash::lanes);
    return static_cast<unsigned>(std::max(0.0, n * t - 6 * std::sqrt(n * t * (1 - t))));
}
} // namespace detail::near

minhash minhash_of(std::string_view text, std::size_t characters) { return detail::near::signature(character_ngrams(text, characters)); }
double estimated_jaccard(minhash const& a, minhash const& b) {
    std::size_t equal = 0;
    for (std::size_t i = 0; i != minhash::lanes; ++i) equal += a.least[i] == b.least[i];
    return static_cast<double>(equal) / static_cast<double>(minhash::lanes);
}
double jaccard(std::string_view a, std::string_view b, std::size_t characters) {
    return detail::near::jaccard(detail::near::distinct(character_ngrams(a, characters)), detail::near::distinct(character_ngrams(b, characters)));
}

// For each band one hash table of chains: heads_ by key, and of each text and band its key and the text before it in the chain.
struct near_index::body {
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    struct link { std::uint32_t key, before; };

    near_options options;
    std::size_t rows, bands;
    unsigned worth;
    std::size_t count = 0;
    // An entry is a text that differs from all before it: a set that is mostly copies would else be compared with itself.
    std::vector<std::size_t> numbers = {}, ends = {};       // of each entry: its text's number, where it ends in `texts`
    std::string texts = {};
    std::vector<detail::near::sketch> sketches = {};
    std::vector<link> links = {};               // `bands` to an entry
    std::vector<std::uint32_t> heads = {};      // `slots` to a band, one table behind the other
    std::size_t slots = 0;                      // a power of two

    explicit body(near_options o) : options(o), rows(detail::near::rows_of_band(o.threshold)), bands(minhash::lanes / rows), worth(detail::near::worth_comparing(o.threshold)) {}

    std::string_view text(std::size_t entry) const { auto const begin = entry == 0 ? 0 : ends[entry - 1]; return std::string_view(texts).substr(begin, ends[entry] - begin); }
    void put(std::uint32_t entry) {
        for (std::size_t band = 0; band != bands; ++band) {
            auto& l = links[entry * bands + band];
            auto& head = heads[band * slots + (l.key & (slots - 1))];
            l.before = std::exchange(head, entry);
        }
    }
    void grow() {
        slots = std::max<std::size_t>(64, slots * 2);
        heads.assign(bands * slots, none);
        for (std::uint32_t e = 0; e != numbers.size(); ++e) put(e);
    }
    /// Calls each(entry) for those that share a band, in the first band that they share, until it says true.
    template <class Each> void candidates(minhash const& s, Each each) const {
        if (slots == 0) return;
        std::array<std::uint32_t, minhash::lanes> keys;
        for (std::size_t band = 0; band != bands; ++band) {
            keys[band] = detail::near::band_key(s, band, rows);
            for (auto e = heads[band * slots + (keys[band] & (slots - 1))]; e != none; e = links[e * bands + band].before) {
                auto const* const of = &links[e * bands];
                if (of[band].key != keys[band]) continue;
                bool earlier = false;
                for (std::size_t b = 0; b != band; ++b) earlier |= of[b].key == keys[b];
                if (!earlier && each(e)) return;
            }
        }
    }
    /// Calls each(number, jaccard) for those at the threshold or above, until it says true.
    template <class Each> void near(std::string_view t, Each each) const {
        auto grams = character_ngrams(t, options.characters);
        auto const s = detail::near::signature(grams);
        auto const k = detail::near::sketch_of(s);
        bool sorted = false;
        candidates(s, [&](std::uint32_t e) {
            if (detail::near::equal_lanes(k, sketches[e]) < worth) return false;
            if (!sorted) { grams = detail::near::distinct(std::move(grams)); sorted = true; }
            auto const other = text(e);
            auto const j = other == t ? 1 : detail::near::jaccard(grams, detail::near::distinct(character_ngrams(other, options.characters)));
            return j >= options.threshold && each(numbers[e], j);
        });
    }
};

near_index::near_index(near_options options) {
    detail::near::check(options);
    body_ = std::make_unique<body>(options);
}
near_index::near_index(near_index&&) noexcept = default;
near_index& near_index::operator=(near_index&&) noexcept = default;
near_index::~near_index() = default;

std::size_t near_index::size() const { return body_->count; }

std::size_t near_index::add(std::string_view text) {
    auto& b = *body_;
    if (b.numbers.size() == body::none) throw std::length_error("near-duplicates: more than 4,294,967,295 different texts");
    auto const s = minhash_of(text, b.options.characters);
    bool copy = false;
    b.candidates(s, [&](std::uint32_t e) { return copy = b.text(e) == text; });
    if (copy) return b.count++;
    auto const entry = static_cast<std::uint32_t>(b.numbers.size());
    if (entry == b.slots) b.grow();
    b.numbers.push_back(b.count);
    b.texts.append(text);
    b.ends.push_back(b.texts.size());
    b.sketches.push_back(detail::near::sketch_of(s));
    for (std::size_t band = 0; band != b.bands; ++band) b.links.push_back({detail::near::band_key(s, band, b.rows), body::none});
    b.put(entry);
    return b.count++;
}
std::optional<near_index::match> near_index::find(std::string_view text) const {
    std::optional<match> found;
    body_->near(text, [&](std::size_t number, double j) { found = match{number, j}; return true; });
    return found;
}
std::vector<near_index::match> near_index::find_all(std::string_view text) const {
    std::vector<match> found;
    body_->near(text, [&](std::size_t number, double j) { found.push_back({number, j}); return false; });
    std::ranges::sort(found, {}, &match::number);
    return found;
}

std::vector<near_pair> near_pairs(std::span<std::string_view const> texts, near_options options) {
    near_index index(options);
    std::vector<near_pair> pairs;
    std::vector<std::vector<std::size_t>> copies(texts.size());       // of a text that differs from all before it: itself and those that equal it
    for (std::size_t i = 0; i != texts.size(); ++i) {
        auto const near = index.find_all(texts[i]);
        auto const same = std::ranges::find_if(near, [&](auto const& m) { return texts[m.number] == texts[i]; });
        for (auto const& m : near) for (auto const other : copies[m.number]) pairs.push_back({other, i, m.jaccard});
        copies[same == near.end() ? i : same->number].push_back(i);
        index.add(texts[i]);
    }
    std::ranges::sort(pairs, {}, [](near_pair const& p) { return std::pair(p.first, p.second); });
    return pairs;
}

std::vector<std::size_t> near_clusters(std::span<std::string_view const> texts, near_options options) {
    namespace near = detail::near;
    near::check(options);
    std::vector<std::size_t> order(texts.size()), different;         // the first of each group of equal texts
    for (std::size_t i = 0; i != order.size(); ++i) order[i] = i;
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return std::pair(texts[a], a) < std::pair(texts[b], b); });
    union_find sets(texts.size());
    for (std::size_t i = 0; i != order.size(); ++i)
        if (i != 0 && texts[order[i]] == texts[order[i - 1]]) sets.join(order[i - 1], order[i]); else different.push_back(order[i]);
    std::ranges::sort(different);

    std::vector<minhash> signatures;
    std::vector<near::sketch> sketches;
    signatures.reserve(different.size());
    sketches.reserve(different.size());
    for (auto const i : different) { signatures.push_back(minhash_of(texts[i], options.characters)); sketches.push_back(near::sketch_of(signatures.back())); }

    auto const worth = near::worth_comparing(options.threshold);
    auto const rows = near::rows_of_band(options.threshold), bands = minhash::lanes / rows;
    std::unordered_set<std::uint64_t> apart;        // pairs that were compared in an earlier band
    std::vector<std::uint64_t> grams;               // of the text grams_of
    std::size_t grams_of = different.size();
    auto const alike = [&](std::size_t a, std::size_t b) {          // indexes into different
        if (near::equal_lanes(sketches[a], sketches[b]) < worth) return false;
        auto const pair = static_cast<std::uint64_t>(std::min(a, b)) << 32 | std::max(a, b);
        if (apart.contains(pair)) return false;
        if (grams_of != a) { grams = near::distinct(character_ngrams(texts[different[a]], options.characters)); grams_of = a; }
        if (near::jaccard(grams, near::distinct(character_ngrams(texts[different[b]], options.characters))) >= options.threshold) return true;
        apart.insert(pair);
        return false;
    };
    std::vector<std::pair<std::uint32_t, std::uint32_t>> keys(different.size());
    std::vector<std::vector<std::size_t>> groups;   // of the texts of one key: those that were in one cluster when they came
    for (std::size_t band = 0; band != bands; ++band) {
        for (std::size_t i = 0; i != different.size(); ++i) keys[i] = {near::band_key(signatures[i], band, rows), static_cast<std::uint32_t>(i)};
        std::ranges::sort(keys);
        for (std::size_t at = 0, end = 0; at != keys.size(); at = end) {
            groups.clear();
            for (end = at; end != keys.size() && keys[end].first == keys[at].first; ++end) {
                std::size_t const i = keys[end].second;
                std::vector<std::size_t>* own = nullptr;
                for (auto& group : groups) {        // a text is compared with a cluster's others only until one is like it
                    if (sets.root(different[group.front()]) != sets.root(different[i])) {
                        auto const other = std::ranges::find_if(group, [&](std::size_t o) { return alike(i, o); });
                        if (other == group.end()) continue;
                        sets.join(different[i], different[*other]);
                    }
                    own = &group;
                }
                if (own) own->push_back(i); else groups.push_back({i});
            }
        }
    }
    std::vector<std::size_t> clusters(texts.size());
    for (std::size_t i = 0; i != texts.size(); ++i) clusters[i] = sets.root(i);
    return clusters;
}

} // namespace penstock
