#include "suggestions.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "bands.hpp"

namespace ielts {
namespace {
using std::string_view;
using advice = std::vector<std::string>;

std::string number(auto n) { return std::to_string(n); }
std::string count(auto n, string_view one, string_view many) { return std::to_string(n) + ' ' + std::string(n == 1 ? one : many); }
/// As much of the essay as lets a reader find it again: a "word" of an essay may be a thousand letters long, advice about it may not.
std::string start_of(string_view text) {
    auto const start = clip(text, 48);
    return std::string(start) + (start.size() < text.size() ? "\u2026" : "");
}
std::string quoted(string_view text) { return "\u201C" + start_of(text) + "\u201D"; }
/// "To reach band 6.5, ": half a band up from here, a whole one below 5.
std::string goal(double band) { return band >= 9 ? "To stay at band 9, " : "To reach band " + band_text(band + (band < 5 ? 1 : 0.5)) + ", "; }

void task(portrait const& p, double band, advice& out) {
    if (p.words < 250) {
        auto const least = std::ranges::min_element(p.paragraph_words);
        auto const thin = static_cast<std::size_t>(least - p.paragraph_words.begin());
        out.push_back("The essay has " + count(p.words, "word", "words") + " of the 250 asked for. The thinnest paragraph (" + quoted(p.paragraphs[thin]) + ", " + count(*least, "word", "words") + ") is the place for a reason and an example.");
    }
    std::vector<std::string> absent;
    for (auto const& [word, times] : p.prompt_words) if (times == 0 && absent.size() < 3) absent.push_back(quoted(word));
    if (absent.size() == 1) out.push_back(goal(band) + "take up " + absent[0] + " too: the question speaks of it and the essay never does.");
    else if (!absent.empty()) {
        std::string list;
        for (auto const& w : absent) list += (list.empty() ? "" : ", ") + w;
        out.push_back("The question uses words that the essay never takes up: " + list + ". Say in your own words what each means for your answer.");
    }
    auto const stated = std::ranges::find_if(p.sentences, &portrait::sentence_facts::states_position);
    auto const n = p.sentences.size();
    auto const at = static_cast<std::size_t>(stated - p.sentences.begin());
    if (stated == p.sentences.end()) out.push_back(goal(band) + "say plainly what you think; the introduction, which begins " + quoted(p.paragraphs.front()) + ", gives no answer of your own.");
    else if (at * 2 > n) out.push_back("Your own view comes only in sentence " + number(at + 1) + " of " + number(n) + " (" + quoted(stated->of.text) + "): state it in the introduction.");
    else out.push_back("Your position is clear in sentence " + number(at + 1) + " (" + quoted(stated->of.text) + "); come back to it at the end of each of the " + count(p.paragraphs.size(), "paragraph", "paragraphs") + ".");
    auto const examples = std::ranges::count_if(p.sentences, &portrait::sentence_facts::gives_example);
    auto const bare = std::ranges::max_element(p.sentences, {}, [](auto const& s) { return s.gives_example || s.states_position ? 0 : s.words; });
    if (bare != p.sentences.end())
        out.push_back(goal(band) + "support your ideas: " + count(examples, "sentence gives", "sentences give") + " an example; add one (who, where, when) after " + quoted(bare->of.text) + ".");
}

void coherence(portrait const& p, std::vector<found_error> const& errors, double band, advice& out) {
    if (!errors.empty()) out.push_back("Write " + quoted(errors[0].fix) + " for " + quoted(errors[0].span) + (errors.size() > 1 ? ", and mind the other linking phrases marked (" + number(errors.size() - 1) + " more)." : ": linking phrases are fixed."));
    auto const n = p.paragraphs.size();
    if (n == 1) {
        auto const& middle = p.sentences[p.sentences.size() / 2].of;
        out.push_back("All " + number(p.words) + " words stand in one paragraph: begin new ones, for instance at " + quoted(middle.text) + ".");
    } else if (n == 2) {
        out.push_back("Two paragraphs of " + number(p.paragraph_words[0]) + " and " + number(p.paragraph_words[1]) + " words leave no room for introduction, body and conclusion: divide the longer one.");
    } else {
        auto const most = std::ranges::max_element(p.paragraph_words);
        auto const which = static_cast<std::size_t>(most - p.paragraph_words.begin());
        if (*most * 5 > p.words * 2) out.push_back("Paragraph " + number(which + 1) + " holds " + number(*most) + " of " + number(p.words) + " words; divide it into two ideas, each with its own first sentence, as " + quoted(p.paragraphs[which]) + " is for the first.");
    }
    std::vector<std::pair<int, std::string>> openers;
    int linked = 0;
    for (auto const& s : p.sentences)
        if (!s.linker.empty()) {
            ++linked;
            auto const word = lower(s.linker);
            auto const known = std::ranges::find(openers, word, &std::pair<int, std::string>::second);
            if (known != openers.end()) --known->first; else openers.emplace_back(-1, word);
        }
    std::ranges::sort(openers);
    auto const sentences = static_cast<int>(p.sentences.size());
    if (!openers.empty() && openers[0].first <= -3) out.push_back(quoted(openers[0].second) + " opens " + number(-openers[0].first) + " of " + number(sentences) + " sentences; let some begin with their subject, or with what the sentence before was about.");
    if (linked * 5 < sentences) {
        auto const loose = std::ranges::find_if(p.sentences, [](auto const& s) { return s.linker.empty() && !s.of.opens_paragraph; });
        if (loose != p.sentences.end()) out.push_back(goal(band) + "join the sentences: " + number(linked) + " of " + number(sentences) + " open with a linking word. Show how " + quoted(loose->of.text) + " follows from the one before it.");
    }
    auto const concludes = [](string_view linker) { return std::ranges::any_of(std::array<string_view, 16>{"in brief", "in a nutshell", "in essence", "on balance", "to recapitulate", "to wrap up", "as a conclusion", "in conclusion", "to conclude", "to sum up", "to summarise", "to summarize", "in summary", "in short", "overall", "all in all"}, [&](string_view c) { return same(linker, c); }); };
    if (n > 1 && std::ranges::none_of(p.sentences, [&](auto const& s) { return s.of.paragraph + 1 == n && concludes(s.linker); })) out.push_back("The last paragraph (" + quoted(p.paragraphs.back()) + ") does not show that it concludes: open it with a phrase that does, and answer the question once more.");
    auto const body = std::ranges::find_if(p.sentences, [&](auto const& s) { return s.of.opens_paragraph && s.of.paragraph > 0 && s.linker.empty(); });
    if (body != p.sentences.end()) out.push_back(goal(band) + "let each paragraph's first sentence name its idea and tie it to the last one; " + quoted(body->of.text) + " starts without such a tie.");
    else out.push_back(goal(band) + "use reference words (this, such, the former) as well as the " + count(linked, "sentence opening that links", "sentence openings that link") + "; " + quoted(p.sentences.back().of.text) + " could point back to paragraph " + number(n > 1 ? n - 1 : n) + ".");
}

void lexical(portrait const& p, std::vector<found_error> const& errors, double band, advice& out) {
    if (errors.size() == 1) out.push_back("Write " + quoted(errors[0].fix) + " instead of " + quoted(errors[0].span) + ", and read the " + number(p.words) + " words once more for slips of this kind.");
    else if (errors.size() > 1) out.push_back("Correct " + quoted(errors[0].span) + " (" + start_of(errors[0].fix) + "), " + quoted(errors[1].span) + " (" + start_of(errors[1].fix) + ")" + (errors.size() > 2 ? " and " + number(errors.size() - 2) + " more of this kind." : "."));
    std::pair<int, string_view> most{0, {}};
    std::vector<string_view> strong;
    std::pair<int, string_view> vague{0, {}};
    for (auto const& [word, times] : p.counts) {
        if (carries_meaning(word) && times > most.first) most = {times, word};
        if (times == 1 && word.size() >= 9 && word.size() <= 24 && std::ranges::none_of(errors, [&](auto const& e) { return same(e.span, word); })) strong.push_back(word);
        for (string_view const v : {"good", "bad", "big", "thing", "things", "very", "nice", "important", "many", "people", "get"}) if (word == v && times > vague.first) vague = {times, word};
    }
    std::ranges::sort(strong, [](string_view a, string_view b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
    auto const share = p.words ? static_cast<int>(p.counts.size()) * 100 / p.words : 0;
    if (most.first * 40 >= p.words && most.first > 2) out.push_back(quoted(most.second) + " comes " + number(most.first) + " times in " + number(p.words) + " words; put a pronoun, a synonym or a narrower word for some of them.");
    if (vague.first >= 4) out.push_back(goal(band) + "name what exactly is meant where you write " + quoted(vague.second) + " (" + number(vague.first) + " times).");
    if (strong.size() >= 2) out.push_back("Words such as " + quoted(strong[0]) + " and " + quoted(strong[1]) + " show range where they are spelt and used well; " + (band < 7 ? "look both up with their usual companions, and use more of this kind." : "keep to this level where " + (most.second.empty() ? std::string("plain words") : quoted(most.second)) + " carries the sentence."));
    out.push_back(goal(band) + "widen the range: " + number(p.counts.size()) + " different words in " + number(p.words) + " (" + number(share) + " in 100)" + (strong.empty() ? "." : ", few of them as exact as " + quoted(strong[0]) + "."));
}

void grammar(portrait const& p, std::vector<found_error> const& errors, double band, advice& out) {
    if (!errors.empty()) out.push_back("Check the " + count(errors.size(), "slip", "slips") + " marked, first " + quoted(errors[0].span) + ": write " + quoted(errors[0].fix) + ".");
    int complex_ones = 0;
    for (auto const& s : p.sentences) complex_ones += s.subordinators > 0;
    auto const n = static_cast<int>(p.sentences.size());
    auto const longest = std::ranges::max_element(p.sentences, {}, &portrait::sentence_facts::words);
    auto const shortest = std::ranges::min_element(p.sentences, {}, &portrait::sentence_facts::words);
    if (longest->words > 32) out.push_back("The sentence that begins " + quoted(longest->of.text) + " has " + number(longest->words) + " words: make two of it, each with its own subject and verb.");
    if (complex_ones * 3 < n * 2) {
        auto const plain = std::ranges::find_if(p.sentences, [](auto const& s) { return s.subordinators == 0 && s.words > 4; });
        if (plain != p.sentences.end()) out.push_back(goal(band) + "join simple sentences: " + number(complex_ones) + " of " + number(n) + " have a subordinate clause. Add why or under what condition to " + quoted(plain->of.text) + ".");
    }
    out.push_back(goal(band) + "vary the length of your sentences: they run from " + number(shortest->words) + " to " + number(longest->words) + " words, " + number(p.words / std::max(n, 1)) + " on average; reread " + quoted(longest->of.text) + " aloud for agreement and tense.");
    auto const commas = std::ranges::count(p.essay, ',');
    out.push_back("Look at the punctuation of the " + count(n, "sentence", "sentences") + " (" + count(commas, "comma", "commas") + " in all), above all where a clause opens with because, which or if, as near " + quoted(p.sentences[static_cast<std::size_t>(n / 2)].of.text) + ".");
}
} // namespace

std::vector<std::string> suggest(portrait const& p, std::vector<found_error> const& errors, criterion about, double band) {
    advice out;
    switch (about) {
    case criterion::task: task(p, band, out); break;
    case criterion::coherence: coherence(p, errors, band, out); break;
    case criterion::lexical: lexical(p, errors, band, out); break;
    case criterion::grammar: grammar(p, errors, band, out); break;
    }
    out.resize(std::min<std::size_t>(out.size(), band < 6 ? 3 : band < 7.5 ? 2 : 1));
    for (auto& text : out) text.resize(clip(text, suggestion_bytes).size());
    return out;
}

} // namespace ielts
