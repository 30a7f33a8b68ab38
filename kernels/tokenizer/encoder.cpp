#include "split.hpp"
#include "vocabulary.hpp"
#include <algorithm>
#include <cstring>
#include <functional>

namespace penstock::train {

namespace {
using namespace detail;

constexpr std::size_t short_word = 30, short_ids = 8;

/// A cache line of 64 bytes: a word of at most 30 bytes and its ids, at most eight. A word that hashes to a taken line takes it over: no chains, no allocation.
struct alignas(64) cached {
    std::uint64_t key[4] = {};          // the word, zeros, and in the last two bytes its length and the number of its ids
    std::uint32_t ids[short_ids] = {};
};
constexpr unsigned cache_bits = 16;

} // namespace

struct encoder::state {
    tokenizer of;
    vocabulary const& v;
    splitter split = {};
    std::vector<cached> cache = std::vector<cached>(std::size_t{1} << cache_bits);
    std::string scratch = {};
    // The output while it grows: written through a pointer, cut to its length at the end.
    std::vector<token>* to = nullptr;
    std::size_t used = 0;
    // Merging.
    std::vector<token> ids = {};
    std::vector<std::uint32_t> ranks = {}, wholes = {}, next = {}, before = {};
    std::vector<std::uint64_t> heap = {};

    state(tokenizer t, vocabulary const& body) : of(std::move(t)), v(body) {}

    token* room(std::size_t n) {
        if (to->size() - used < n) to->resize(std::max(to->size() * 2, used + n + 256));
        return to->data() + used;
    }

    /// Few symbols: every step looks at all of them. Gives the number that is left in ids.
    std::size_t merge_short(std::size_t n) {
        ranks.resize(n), wholes.resize(n);
        auto const look = [&](std::size_t i) {
            auto const m = i + 1 < n ? v.table.find(ids[i], ids[i + 1]) : merge_table::merge{};
            ranks[i] = m.rank, wholes[i] = m.whole;
        };
        for (std::size_t i = 0; i != n; ++i) look(i);
        for (;;) {
            std::size_t best = 0;
            for (std::size_t i = 1; i < n; ++i) if (ranks[i] < ranks[best]) best = i;
            if (ranks[best] == merge_table::no_rank) return n;
            ids[best] = wholes[best];
            --n;
            for (auto i = best + 1; i != n; ++i) ids[i] = ids[i + 1], ranks[i] = ranks[i + 1], wholes[i] = wholes[i + 1];
            look(best);
            if (best != 0) look(best - 1);
        }
    }
    /// Many symbols: a heap of (rank, place), whose stale entries are known by their rank. n log n, where a line of base64 would cost n².
    std::size_t merge_long(std::size_t n) {
        constexpr auto end = ~std::uint32_t{0};
        next.resize(n), before.resize(n);
        heap.clear();
        auto const later = std::greater<>();
        auto const offer = [&](std::size_t i) {
            if (next[i] == end) return;
            if (auto const m = v.table.find(ids[i], ids[next[i]]); m.rank != merge_table::no_rank) {
                heap.push_back(std::uint64_t{m.rank} << 32 | i);
                std::push_heap(heap.begin(), heap.end(), later);
            }
        };
        for (std::size_t i = 0; i != n; ++i) {
            next[i] = i + 1 == n ? end : static_cast<std::uint32_t>(i + 1);
            before[i] = i == 0 ? end : static_cast<std::uint32_t>(i - 1);
        }
        constexpr token gone = ~token{0};
        for (std::size_t i = 0; i != n; ++i) offer(i);
        while (!heap.empty()) {
            std::pop_heap(heap.begin(), heap.end(), later);
            auto const rank = static_cast<std::uint32_t>(heap.back() >> 32);
            auto const i = static_cast<std::uint32_t>(heap.back());
            heap.pop_back();
            if (ids[i] == gone || next[i] == end) continue;
            auto const m = v.table.find(ids[i], ids[next[i]]);
            if (m.rank != rank) continue;
            auto const right = next[i];
            ids[i] = m.whole;
            ids[right] = gone;
            next[i] = next[right];
            if (next[i] != end) before[next[i]] = i;
            offer(i);
            if (before[i] != end) offer(before[i]);
        }
        std::size_t left = 0;
        for (std::uint32_t i = 0; i != end; i = next[i]) ids[left++] = ids[i];
        return left;
    }
    std::size_t merge(std::string_view word) {
        ids.resize(word.size());
        for (std::size_t i = 0; i != word.size(); ++i) ids[i] = v.of_byte[static_cast<unsigned char>(word[i])];
        return word.size() <= 48 ? merge_short(word.size()) : merge_long(word.size());
    }

    /// readable: bytes behind the word that may be read, whatever they are.
    void put(std::string_view word, std::size_t readable) {
        if (word.size() > short_word) {
            auto const n = merge(word);
            std::copy_n(ids.data(), n, room(n));
            used += n;
            return;
        }
        std::uint64_t key[4] = {};
        if (word.size() + readable >= sizeof key) {
            std::memcpy(key, word.data(), sizeof key);
            auto const whole = word.size() / 8, rest = word.size() % 8 * 8;
            key[whole] &= (std::uint64_t{1} << rest) - 1;
            for (auto i = whole + 1; i < 4; ++i) key[i] = 0;
        } else std::memcpy(key, word.data(), word.size());
        auto h = (key[0] ^ key[3] * 0x9E3779B97F4A7C15u) * 0xFF51AFD7ED558CCDu;
        h = (h ^ h >> 32 ^ key[1]) * 0xC4CEB9FE1A85EC53u;
        h = (h ^ h >> 32 ^ key[2]) * 0x9E3779B97F4A7C15u;
        auto& line = cache[static_cast<std::size_t>(h >> (64 - cache_bits))];
        auto const length = static_cast<std::uint64_t>(word.size()) << 48;
        constexpr auto count_bits = std::uint64_t{0xFF} << 56;
        if (line.key[0] == key[0] && line.key[1] == key[1] && line.key[2] == key[2] && (line.key[3] & ~count_bits) == (key[3] | length)) {
            auto* const out = room(short_ids);
            std::memcpy(out, line.ids, sizeof line.ids);
            used += static_cast<std::size_t>(line.key[3] >> 56);
            return;
        }
        auto const n = merge(word);
        std::copy_n(ids.data(), n, room(n));
        used += n;
        if (n > short_ids) return;
        line.key[0] = key[0], line.key[1] = key[1], line.key[2] = key[2], line.key[3] = key[3] | length | static_cast<std::uint64_t>(n) << 56;
        std::copy_n(ids.data(), n, line.ids);
    }

    /// Text that holds no added token.
    void plain(std::string_view text) {
        text = composed(text, scratch);
        auto const* p = text.data();
        auto const* const end = p + text.size();
        while (p != end) {
            auto const* const q = split.word(p, end);
            put({p, static_cast<std::size_t>(q - p)}, static_cast<std::size_t>(end - q));
            p = q;
        }
    }
    added_token const* added_at(std::string_view text) const {
        for (auto const& a : v.added) if (text.starts_with(a.text)) return &a;      // the longest comes first
        return nullptr;
    }
    void text(std::string_view text) {
        std::size_t from = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (!v.added_first[static_cast<unsigned char>(text[i])]) continue;
            auto const* const a = added_at(text.substr(i));
            if (!a) continue;
            plain(text.substr(from, i - from));
            *room(1) = a->id;
            ++used;
            from = i + a->text.size();
            i = from - 1;
        }
        plain(text.substr(from));
    }
};

encoder::encoder(tokenizer t) {
    auto const& body = *t.body_;
    state_ = std::make_unique<state>(std::move(t), body);
}
encoder::encoder(encoder&&) noexcept = default;
encoder& encoder::operator=(encoder&&) noexcept = default;
encoder::~encoder() = default;

void encoder::encode(std::string_view text, std::vector<token>& to) {
    state_->to = &to;
    state_->used = to.size();
    state_->text(text);
    to.resize(state_->used);
}
std::vector<token> encoder::encode(std::string_view text) {
    std::vector<token> ids;
    ids.reserve(text.size() / 3 + 16);
    encode(text, ids);
    return ids;
}
std::size_t encoder::count(std::string_view text) {
    static thread_local std::vector<token> ids;
    ids.clear();
    encode(text, ids);
    return ids.size();
}

} // namespace penstock::train
