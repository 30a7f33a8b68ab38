#include "split.hpp"
#include "vocabulary.hpp"
#include <algorithm>
#include <penstock/core/fatal.hpp>
#include <queue>
#include <string>
#include <unordered_map>

namespace penstock::train {

using namespace detail;

struct tokenizer_training::state {
    std::unordered_map<std::string, std::uint64_t> words = {};
    splitter split = {};
    std::string scratch = {}, word = {};
};
tokenizer_training::tokenizer_training() : state_(std::make_unique<state>()) {}
tokenizer_training::tokenizer_training(tokenizer_training&&) noexcept = default;
tokenizer_training::~tokenizer_training() = default;

void tokenizer_training::add(std::string_view text) {
    auto& s = *state_;
    text = composed(text, s.scratch);
    auto const* p = text.data();
    auto const* const end = p + text.size();
    while (p != end) {
        auto const* const q = s.split.word(p, end);
        s.word.assign(p, q);
        ++s.words[s.word];
        p = q;
    }
}

namespace {

/// A pair and how often it stands in all words. The most frequent comes first; of equals the one of the smaller ids, so that the order of texts is of no influence.
struct candidate {
    std::uint64_t count, pair;
    bool operator<(candidate const& c) const { return count != c.count ? count < c.count : pair > c.pair; }
};
struct place { std::int64_t count = 0; std::vector<std::uint32_t> words = {}; };       // words may name one twice, or one that has lost the pair

} // namespace

tokenizer tokenizer_training::finish(training_options o) const {
    auto const& counted = state_->words;
    if (o.vocabulary < 256 + o.added.size()) throw fatal(exit_code::usage, "a vocabulary of " + std::to_string(o.vocabulary) + " tokens is too small: 256 bytes and " + std::to_string(o.added.size()) + " added tokens are in every one");
    // Bytes in the order of the letters that stand for them, as Hugging Face's trainer lays them.
    tokenizer_parts parts;
    std::vector<std::pair<std::string, char>> alphabet;
    for (unsigned b = 0; b != 256; ++b) alphabet.emplace_back(letters_of_bytes(std::string(1, static_cast<char>(b))), static_cast<char>(b));
    std::ranges::sort(alphabet);
    std::array<token, 256> of_byte{};
    for (token t = 0; t != 256; ++t) {
        of_byte[static_cast<unsigned char>(alphabet[t].second)] = t;
        parts.tokens.emplace_back(1, alphabet[t].second);
    }
    // Words in the order of their bytes: a hash map's order must not be seen.
    std::vector<std::pair<std::string_view, std::uint64_t>> sorted(counted.begin(), counted.end());
    std::ranges::sort(sorted);
    std::vector<std::vector<token>> words;
    std::unordered_map<std::uint64_t, place> pairs;
    auto const key = [](token a, token b) { return std::uint64_t{a} << 32 | b; };
    for (auto const& [word, count] : sorted) {
        auto& w = words.emplace_back();
        for (char c : word) w.push_back(of_byte[static_cast<unsigned char>(c)]);
        for (std::size_t i = 1; i < w.size(); ++i) {
            auto& p = pairs[key(w[i - 1], w[i])];
            p.count += static_cast<std::int64_t>(count);
            if (p.words.empty() || p.words.back() != words.size() - 1) p.words.push_back(static_cast<std::uint32_t>(words.size() - 1));
        }
    }
    std::priority_queue<candidate> queue;
    for (auto const& [pair, p] : pairs) queue.push({static_cast<std::uint64_t>(p.count), pair});

    std::vector<std::uint64_t> changed;
    std::unordered_map<std::string, token> made;        // two merges may make the same bytes; they are one token
    while (parts.tokens.size() + o.added.size() < o.vocabulary && !queue.empty()) {
        auto const top = queue.top();
        queue.pop();
        auto const now = static_cast<std::uint64_t>(std::max<std::int64_t>(0, pairs[top.pair].count));
        if (now != top.count) {                          // it was less frequent when it was counted again
            if (now != 0 && now < top.count) queue.push({now, top.pair});
            continue;
        }
        if (top.count < std::max<std::uint64_t>(1, o.at_least)) break;
        auto const left = static_cast<token>(top.pair >> 32), right = static_cast<token>(top.pair);
        auto const whole = static_cast<token>(parts.tokens.size());
        auto const [at, fresh] = made.try_emplace(parts.tokens[left] + parts.tokens[right], whole);
        auto const id = at->second;
        if (fresh) parts.tokens.push_back(at->first);
        parts.merges.emplace_back(left, right);
        auto const where = std::move(pairs[top.pair].words);
        pairs.erase(top.pair);
        changed.clear();
        for (auto const n : where) {
            auto& w = words[n];
            auto const count = static_cast<std::int64_t>(sorted[n].second);
            auto const shift = [&](token a, token b, std::int64_t by) {
                auto& p = pairs[key(a, b)];
                p.count += by;
                if (by > 0) {
                    if (p.words.empty() || p.words.back() != n) p.words.push_back(n);
                    changed.push_back(key(a, b));
                }
            };
            std::size_t to = 0;
            for (std::size_t i = 0; i != w.size();) {
                if (i + 1 == w.size() || w[i] != left || w[i + 1] != right) { w[to++] = w[i++]; continue; }
                if (to != 0) { shift(w[to - 1], left, -count); shift(w[to - 1], id, count); }
                if (i + 2 != w.size()) { shift(right, w[i + 2], -count); shift(id, w[i + 2], count); }
                w[to++] = id;
                i += 2;
            }
            w.resize(to);
        }
        pairs.erase(top.pair);                          // runs of one letter count it down below nothing
        std::ranges::sort(changed);
        changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
        for (auto pair : changed) if (auto const p = pairs.find(pair); p != pairs.end() && p->second.count > 0) queue.push({static_cast<std::uint64_t>(p->second.count), pair});
    }
    for (auto& text : o.added) parts.added.push_back({std::move(text), static_cast<token>(parts.tokens.size() + parts.added.size()), true});
    return tokenizer::of(std::move(parts), "a trained tokenizer");
}

} // namespace penstock::train
