// MinHash: signatures of documents, and all near-duplicates of a set. The peers get the same texts; each makes its own shingles of them.
#include <limits>
#include <penstock/dataset/fingerprint.hpp>
#include <penstock/text/json_text.hpp>
#include <penstock/text/minhash.hpp>
#include <penstock/text/ngrams.hpp>
#include "../io/peer.hpp"

namespace {
std::uint64_t seed = 11;
unsigned roll(unsigned n) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return unsigned(seed >> 33) % n;
}
/// Texts of about so many characters; one in ten is an earlier one with a few words changed.
std::vector<std::string> corpus(std::size_t count, unsigned characters) {
    std::vector<std::string> vocabulary, texts;
    for (int i = 0; i != 5000; ++i) {
        std::string w;
        for (auto n = 2 + roll(8); n != 0; --n) w += static_cast<char>('a' + roll(26));
        vocabulary.push_back(w);
    }
    while (texts.size() != count) {
        std::string t;
        if (texts.size() > 10 && roll(10) == 0) {
            t = texts[roll(unsigned(texts.size()))];
            for (int edits = 0; edits != 2; ++edits) t[roll(unsigned(t.size()))] = 'x';
        } else while (t.size() < characters) t += vocabulary[roll(5000)] + ' ';
        texts.push_back(std::move(t));
    }
    return texts;
}
/// As one writes it: every window hashed by the library of the day, a loop over 128 multipliers, one lane at a time.
struct by_hand {
    std::vector<std::uint64_t> a;
    by_hand() { for (int i = 0; i != 128; ++i) a.push_back((std::uint64_t{roll(1u << 30)} << 33) | (std::uint64_t{roll(1u << 30)} << 3) | 1); }
    std::vector<std::uint32_t> operator()(std::string_view text) const {
        std::vector<std::uint32_t> least(128, std::numeric_limits<std::uint32_t>::max());
        for (std::size_t i = 0; i + 5 <= text.size(); ++i) {
            auto const h = penstock::dataset::fingerprint_of(text.substr(i, 5)).low;
            for (std::size_t k = 0; k != 128; ++k) least[k] = std::min(least[k], static_cast<std::uint32_t>((a[k] * h) >> 32));
        }
        return least;
    }
};
std::string written(bench::folder const& f, std::string_view name, std::vector<std::string> const& texts) {
    auto const path = f / name;
    auto* const file = std::fopen(path.c_str(), "wb");
    for (auto const& t : texts) std::fprintf(file, "%s\n", penstock::json_text(t).c_str());
    std::fclose(file);
    return path;
}
}

int main(int argc, char** argv) {
    unsigned const rounds = argc > 1 ? unsigned(std::atoi(argv[1])) : 5;
    bench::folder const f;
    bool const peers = bench::peer::available("datasketch rensa datatrove[processing]");
    {
        auto const texts = corpus(500, 1500);
        auto const path = written(f, "documents", texts);
        by_hand const hand;
        std::vector<bench::contender> all;
        all.push_back({"by hand: XXH3 a window, 128 multipliers in a loop", [&] { for (auto const& t : texts) bench::keep(hand(t)); }});
        all.push_back({"character_ngrams alone", [&] { for (auto const& t : texts) bench::keep(penstock::character_ngrams(t, 5)); }});
        all.push_back({"minhash_of", [&] { for (auto const& t : texts) bench::keep(penstock::minhash_of(t)); }});
        if (peers) for (auto const& [job, name] : {std::pair{"rensa", "Rensa (Rust, from Python), 128"}, {"datasketch", "datasketch (NumPy), 128"}, {"datatrove", "datatrove (NumPy), 128"}}) {
            auto const p = std::make_shared<bench::peer>(job, path, "");
            all.push_back({name, [p] { p->run(); }});
        }
        bench::race(all, rounds);
        bench::table("MinHash signatures of 128 permutations, character 5-grams, documents of 1,500 characters", all, {double(texts.size()), "rows/s", true});
    }
    {
        auto const texts = corpus(20'000, 80);
        auto const path = written(f, "sentences", texts);
        std::vector<std::string_view> const views(texts.begin(), texts.end());
        std::size_t found = 0, clusters = 0;
        std::vector<bench::contender> all;
        all.push_back({"near_index: find, then add", [&] {
            penstock::near_index index;
            found = 0;
            for (auto const t : views) { found += index.find(t).has_value(); index.add(t); }
        }});
        all.push_back({"near_clusters", [&] {
            clusters = 0;
            auto const roots = penstock::near_clusters(views);
            for (std::size_t i = 0; i != roots.size(); ++i) clusters += roots[i] == i;
        }});
        if (peers) for (auto const& [job, name] : {std::pair{"rensa-near", "Rensa LSH (candidates, not verified)"}, {"datasketch-near", "datasketch LSH (candidates, not verified)"}}) {
            auto const p = std::make_shared<bench::peer>(job, path, "");
            all.push_back({name, [p] { p->run(); }});
        }
        bench::race(all, rounds < 3 ? rounds : 3);
        std::printf("\n%zu of %zu sentences have a near-duplicate before them; %zu clusters.\n", found, texts.size(), clusters);
        bench::table("near-duplicates among 20,000 sentences of 80 characters, Jaccard at least 0.8", all, {double(texts.size()), "rows/s", true});
    }
}
