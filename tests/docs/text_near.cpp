#include <cstdio>
#include <string>
// [index]
#include <penstock/dataset/fold.hpp>
#include <penstock/text/minhash.hpp>

/// The texts without those that are like an earlier one that was kept.
std::vector<std::string> different(std::vector<std::string> const& texts) {
    penstock::near_index kept({.characters = 5, .threshold = 0.8});
    std::vector<std::string> out;
    for (auto const& text : texts) {
        auto const folded = penstock::dataset::fold(text);          // case and spaces do not count
        if (kept.find(folded)) continue;                            // {number, jaccard} of one that is like it
        kept.add(folded);
        out.push_back(text);
    }
    return out;
}
// [/index]

// [ngrams]
#include <penstock/text/ngrams.hpp>

double distinct_trigrams(std::vector<std::string> const& texts) {
    penstock::distinct_ngrams counted(3);
    for (auto const& text : texts) counted.add(text);               // words as \w+ finds them, case-folded; never across texts
    return counted.ratio();
}
// [/ngrams]

int main() {
    std::vector<std::string> const texts{"Could you translate this letter into Spanish for me, please?", "could you  translate this letter into Spanish for me please?", "What does the word serendipity mean?"};
    auto const kept = different(texts);
    std::printf("%zu of %zu, distinct trigrams %.2f\n", kept.size(), texts.size(), distinct_trigrams(texts));
    return kept.size() == 2 && distinct_trigrams(texts) < 0.7 ? 0 : 1;
}
