#include "offline.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "bands.hpp"
#include "portrait.hpp"
#include "suggestions.hpp"

namespace ielts {
namespace {
using std::string_view;
using choice = std::vector<std::size_t>;        // indexes of sentences, best first

/// Indexes of the sentences with a score, the best first; of two equals the earlier.
template <class Score> choice ranked(portrait const& p, Score const& score) {
    std::vector<std::pair<int, std::size_t>> scored;
    for (std::size_t i = 0; i != p.sentences.size(); ++i)
        if (auto const s = score(p.sentences[i], i); s > 0) scored.emplace_back(-s, i);
    std::ranges::sort(scored);
    choice out;
    for (auto const& [s, i] : scored) out.push_back(i);
    return out;
}

/// Sentences for the three criteria that quote sentences. All three are chosen whatever is asked, a sentence for each in turn, so that they do not choose the same ones.
std::array<choice, criterion_count> choose(portrait const& p) {
    auto const last = p.sentences.empty() ? 0 : p.sentences.back().of.paragraph;
    using facts = portrait::sentence_facts;
    auto const linked = ranked(p, [](facts const& s, std::size_t) { return s.linker.empty() ? 0 : s.of.opens_paragraph ? 2 : 1; });
    auto const opening = ranked(p, [](facts const& s, std::size_t i) { return s.of.opens_paragraph && i > 0 ? 1 : 0; });
    auto const complex = ranked(p, [](facts const& s, std::size_t) { return s.subordinators * 10 + (s.words > 40 ? -5 : 0); });
    auto const wrong = ranked(p, [](facts const& s, std::size_t) { return s.grammar_errors; });
    choice const rounds[3][criterion_count] = {
        {ranked(p, [&](facts const& s, std::size_t) { return s.states_position ? 10 + (s.of.paragraph == 0 ? 3 : s.of.paragraph == last ? 2 : 0) : 0; }),
         linked.empty() ? opening : linked, {}, wrong.empty() ? complex : wrong},
        {ranked(p, [](facts const& s, std::size_t i) { return i == 0 || s.words == 0 ? 0 : s.prompt_words * 100 / (s.words + 12); }),     // the first sentence is often the prompt again; + 12 keeps short ones from winning
         linked, {}, complex},
        {ranked(p, [](facts const& s, std::size_t) { return s.gives_example ? 1 : 0; }), linked, {}, complex},
    };
    std::array<choice, criterion_count> out;
    std::vector<bool> taken(p.sentences.size(), false);
    std::vector<std::size_t> linked_paragraphs;
    auto const take = [&](criterion c, choice const& from) {
        for (auto const i : from) {
            auto const paragraph = p.sentences[i].of.paragraph;
            if (taken[i] || (c == criterion::coherence && std::ranges::find(linked_paragraphs, paragraph) != linked_paragraphs.end())) continue;     // one link for each paragraph
            if (c == criterion::coherence) linked_paragraphs.push_back(paragraph);
            taken[i] = true;
            out[index(c)].push_back(i);
            return;
        }
    };
    for (auto const& round : rounds)
        for (auto const c : {criterion::task, criterion::coherence, criterion::grammar}) take(c, round[index(c)]);

    auto const longest = ranked(p, [](facts const& s, std::size_t) { return s.words; });
    for (auto const c : {criterion::task, criterion::coherence, criterion::grammar})        // a short essay has less than is asked for
        if (auto& own = out[index(c)]; own.empty() && !p.sentences.empty()) {
            if (c == criterion::coherence) linked_paragraphs.clear();
            take(c, longest);
            if (own.empty()) own.push_back(index(c) % p.sentences.size());
        }
    return out;
}

/// Clauses with the rarest long words, each from another sentence; for a low band one with a lexical error first.
std::vector<string_view> lexical_quotes(portrait const& p, std::vector<found_error> const& errors, double band) {
    struct scored { int score; string_view text; std::size_t sentence; };
    std::vector<scored> all;
    for (std::size_t i = 0; i != p.sentences.size(); ++i)
        for (auto const clause : clauses(p.sentences[i].of.text)) {
            auto const ws = words(clause);
            if (ws.size() < 3) continue;
            int score = 0;
            for (auto const w : ws) if (w.size() >= 7 && p.count(w) == 1) score += static_cast<int>(w.size());
            score = score * 10 / static_cast<int>(ws.size() + 4);
            if (band < 6)
                for (auto const& e : errors)
                    if (e.type == error_type::lexical && e.span.data() >= clause.data() && e.span.data() + e.span.size() <= clause.data() + clause.size()) { score += 1000; break; }
            if (score > 0) all.push_back({score, clause, i});
        }
    std::ranges::sort(all, [](scored const& a, scored const& b) { return a.score != b.score ? a.score > b.score : a.text.data() < b.text.data(); });     // of equals the earlier
    std::vector<string_view> out;
    std::vector<std::size_t> seen;
    for (auto const& s : all) {
        if (out.size() == 3) break;
        if (std::ranges::find(seen, s.sentence) != seen.end()) continue;
        seen.push_back(s.sentence);
        out.push_back(clip(s.text, 160));
    }
    return out;
}
} // namespace

study::study(string_view question, string_view text) : prompt(question), essay(text), errors(find_errors(essay)), drawn(prompt, essay, errors), sentences(choose(drawn)) {}

answer write_offline(study const& s, criterion about, double band) {
    answer out;
    auto& quotes = out.quotes;
    if (about == criterion::lexical) quotes = lexical_quotes(s.drawn, s.errors, band);
    else for (auto const i : s.sentences[index(about)]) quotes.push_back(clip(s.drawn.sentences[i].of.text, quote_bytes));
    if (quotes.empty()) {       // an essay of two words; from its first sentence on, because three hundred commas may stand before it
        auto const first = static_cast<std::size_t>(s.drawn.sentences.front().of.text.data() - s.essay.data());
        quotes.push_back(clip(trim(string_view(s.essay).substr(first)), quote_bytes));
    }
    for (auto q = quotes.begin(); q != quotes.end();) q = std::find(quotes.begin(), q, *q) == q ? q + 1 : quotes.erase(q);

    for (auto const& e : s.errors) {
        if (e.where != about || out.errors.size() == most_errors) continue;
        auto const of_rule = static_cast<std::size_t>(std::ranges::count(out.errors, e.rule, &found_error::rule));
        if (of_rule < most_of_a_rule && std::ranges::find(out.errors, e.span, &found_error::span) == out.errors.end()) out.errors.push_back(e);
    }
    out.suggestions = suggest(s.drawn, out.errors, about, band);
    return out;
}

} // namespace ielts
