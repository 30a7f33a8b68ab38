#include "portrait.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ielts {
namespace {
using std::string_view;

constexpr auto usual = [] {
    auto list = std::to_array<string_view>({
        "about", "above", "according", "after", "again", "against", "agree", "agreement", "almost", "along", "already", "also", "although", "always", "among", "another", "answer", "around", "aspect", "aspects", "because", "become", "becoming", "been", "before", "being", "believe", "belief", "best", "better", "between", "both", "could", "consider", "disagree", "discuss",
        "does", "doing", "done", "down", "each", "either", "else", "essay", "even", "ever", "every", "examples", "example", "experience", "extent", "fact", "feel", "from", "further", "generally", "getting", "give", "given", "gives", "good", "great", "have", "having", "hence", "here", "however", "include", "including", "into", "instance", "instead", "interested", "itself", "just", "keep", "knowledge", "know", "large",
        "least", "less", "like", "likely", "make", "makes", "making", "many", "means", "might", "more", "moreover", "most", "much", "must", "necessary", "need", "needs", "never", "nowadays", "often", "once", "only", "opinion", "other", "others", "over", "outweigh", "own", "people", "person", "place", "point", "positive", "negative", "development", "question", "quite", "rather", "reason", "reasons", "really", "relevant", "same", "several", "shall", "should", "since", "some", "someone",
        "something", "statement", "still", "such", "take", "takes", "than", "that", "their", "them", "themselves", "then", "there", "therefore", "these", "they", "thing", "things", "think", "this", "those", "though", "through", "thus", "time", "today", "topic", "towards", "under", "until", "upon", "used", "using", "very", "view", "views", "want", "ways", "well", "were", "what", "when", "where", "whether", "which", "while", "whole", "whom",
        "whose", "will", "with", "within", "without", "words", "world", "would", "write", "advantages", "disadvantages", "advantage", "disadvantage", "problem", "problems", "solution", "solutions", "your", "yours", "you", "task", "minutes", "support", "following", "least", "spend",
    });
    std::ranges::sort(list);
    return list;
}();

/// Opening words and phrases, the longer before the shorter that begins it.
constexpr auto linkers = std::to_array<string_view>({
    "on the other hand", "on the one hand", "on one hand", "in the other hand", "on the contrary", "in contrast", "in conclusion", "to conclude", "to sum up", "to summarise", "to summarize", "in summary", "in short", "in brief", "in a nutshell", "in essence", "on balance", "to recapitulate", "to wrap up", "as a conclusion", "overall", "all in all", "as a result", "as a consequence", "consequently", "in addition to", "in addition", "additionally", "furthermore", "moreover", "besides", "what is more",
    "first of all", "firstly", "first", "secondly", "second", "thirdly", "finally", "lastly", "last but not least", "to begin with", "to start with", "for example", "for instance", "in other words", "in fact", "indeed", "however", "nevertheless", "nonetheless", "although", "even though", "despite", "in spite of", "while", "whereas", "therefore", "thus", "hence", "because of this", "for this reason",
    "due to", "similarly", "likewise", "meanwhile", "otherwise", "instead", "another reason", "another", "also", "so", "but", "and", "then", "after that", "in this way", "as for", "regarding", "with regard to", "from my perspective", "in my opinion", "in my view", "nowadays", "these days", "recently",
});

constexpr auto subordinators = std::to_array<string_view>({"which", "who", "whom", "whose", "because", "although", "though", "if", "unless", "while", "whereas", "since", "when", "where", "until", "before", "after", "that", "whether", "so that", "even though"});
constexpr auto positions = std::to_array<string_view>({
    "i agree", "i disagree", "i strongly", "i totally", "i completely", "i firmly", "i partly", "i partially", "i believe", "i think", "i would argue", "i am convinced", "i am of the opinion", "in my opinion", "in my view", "from my perspective", "from my point of view", "in my point of view", "to my mind", "my own opinion", "i support", "i am in favour", "i personally", "personally", "i would say", "i reckon",
    "i suppose", "i hold", "i contend", "this essay will argue", "this essay argues", "this essay agrees", "this essay disagrees", "outweigh", "i am going to argue", "i feel",
});
constexpr auto exemplary = std::to_array<string_view>({"for example", "for instance", "such as", "e.g", "an example", "in my country", "to illustrate", "namely", "a case in point"});

bool any_word(string_view text, auto const& list) { return std::ranges::any_of(list, [&](string_view w) { return find_word(text, w) != text.npos; }); }
} // namespace

bool carries_meaning(string_view word) { return word.size() >= 4 && !std::ranges::binary_search(usual, lower(word)); }

string_view opening_linker(string_view sentence) {
    std::size_t skip = 0;
    while (skip < sentence.size() && !is_letter(sentence[skip]) && static_cast<unsigned char>(sentence[skip]) < 0x80) ++skip;
    auto const text = sentence.substr(skip);
    for (auto const linker : linkers)
        if (text.size() > linker.size() && same(text.substr(0, linker.size()), linker) && !is_letter(text[linker.size()]) && text[linker.size()] != '-' && text[linker.size()] != '\'') return text.substr(0, linker.size());
    return {};
}

portrait::portrait(string_view prompt, string_view essay_text, std::vector<found_error> const& errors) : essay(essay_text) {
    auto const a = take_apart(essay);
    paragraphs = a.paragraphs;
    words = static_cast<int>(a.words.size());
    for (auto const paragraph : paragraphs) paragraph_words.push_back(static_cast<int>(ielts::words(paragraph).size()));

    std::vector<std::string> all;
    for (auto const w : a.words) all.push_back(lower(w));
    std::ranges::sort(all);
    for (auto& w : all)
        if (!counts.empty() && counts.back().first == w) ++counts.back().second;
        else counts.emplace_back(std::move(w), 1);

    auto const related = [&](string_view word) {        // "countries" is taken up by "country": all but the last three letters count
        auto const stem = word.substr(0, std::max<std::size_t>(4, word.size() - std::min<std::size_t>(3, word.size())));
        int sum = 0;
        for (auto const& [w, times] : counts) if (w.starts_with(stem)) sum += times;
        return sum;
    };
    for (auto const w : ielts::words(prompt)) {
        auto const word = lower(w);
        if (carries_meaning(word) && std::ranges::find(prompt_words, word, &std::pair<std::string, int>::first) == prompt_words.end()) prompt_words.emplace_back(word, related(word));
    }
    for (auto const& s : a.sentences) {
        sentence_facts f{s};
        auto const ws = ielts::words(s.text);
        f.words = static_cast<int>(ws.size());
        for (auto const& sub : subordinators) f.subordinators += find_word(s.text, sub, 1) != s.text.npos;
        for (auto const& e : errors)
            f.grammar_errors += e.where == criterion::grammar && e.type == error_type::grammar && e.span.data() >= s.text.data() && e.span.data() + e.span.size() <= s.text.data() + s.text.size();
        for (auto const& [word, times] : prompt_words) f.prompt_words += times > 0 && std::ranges::any_of(ws, [&](string_view w) { return same(w, word); });
        f.states_position = any_word(s.text, positions);
        f.gives_example = any_word(s.text, exemplary);
        f.linker = opening_linker(s.text);
        sentences.push_back(f);
    }
}

int portrait::count(string_view word) const {
    auto const w = lower(word);
    auto const found = std::ranges::lower_bound(counts, w, {}, &std::pair<std::string, int>::first);
    return found != counts.end() && found->first == w ? found->second : 0;
}

} // namespace ielts
