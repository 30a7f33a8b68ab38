#include "errors.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>
#include "phrases.hpp"

namespace ielts {
namespace {
using std::string_view;

bool one_of(string_view word, auto const& list) { return std::ranges::any_of(list, [&](string_view w) { return same(word, w); }); }

/// Lower case, with the typographic apostrophe made plain.
std::string plain(string_view word) {
    std::string out;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (word.substr(i).starts_with("\xE2\x80\x99")) { out += '\''; i += 2; }
        else out += lower(word[i]);
    return out;
}

/// What every rule reads: the essay, its words, and those in plain lower case.
struct reading {
    string_view essay;
    std::vector<string_view> words;
    std::vector<std::string> plains;

    explicit reading(string_view e) : essay(e), words(ielts::words(e)) {
        plains.reserve(words.size());
        for (auto const w : words) plains.push_back(plain(w));
    }
    std::size_t size() const { return words.size(); }
    std::size_t at(std::size_t i) const { return static_cast<std::size_t>(words[i].data() - essay.data()); }
    std::size_t end(std::size_t i) const { return at(i) + words[i].size(); }
    string_view between(std::size_t i) const { return essay.substr(end(i), at(i + 1) - end(i)); }      ///< what stands between word i and the next
    bool joined(std::size_t i) const { return i + 1 < size() && between(i).find_first_not_of(' ') == string_view::npos && !between(i).empty(); }
    string_view span(std::size_t first, std::size_t last) const { return essay.substr(at(first), end(last) - at(first)); }
    string_view plain_at(std::size_t i) const { return i < size() ? string_view(plains[i]) : string_view(); }
    bool opens_sentence(std::size_t i) const {
        if (i == 0) return true;
        auto const gap = between(i - 1);
        return gap.find_first_of(".!?\r\n") != string_view::npos;
    }
};

using hits = std::vector<found_error>;
struct rule {
    string_view name;
    error_type type;
    criterion where;
    void (*run)(rule const& self, reading const& r, hits& out);

    void hit(reading const& r, hits& out, string_view span, std::string fix) const {
        if (span.empty() || span == fix || fix.empty() || std::max(span.size(), fix.size()) > longest_error) return;
        out.push_back({static_cast<std::size_t>(span.data() - r.essay.data()), span, std::move(fix), type, where, name});
    }
};

/// The fix begins with a capital where the span does.
std::string as_written(string_view span, string_view fix) {
    std::string out(fix);
    if (!span.empty() && is_upper(span[0]) && !out.empty()) out[0] = upper(out[0]);
    return out;
}

/// "the the". Some words are rightly said twice.
void repeated_word(rule const& self, reading const& r, hits& out) {
    constexpr std::array<string_view, 12> twice{"that", "had", "very", "so", "many", "is", "really", "more", "much", "day", "no", "far"};
    for (std::size_t i = 0; i + 1 < r.size(); ++i)
        if (r.joined(i) && is_letter(r.words[i][0]) && r.plains[i] == r.plains[i + 1] && !one_of(r.words[i], twice))
            self.hit(r, out, r.span(i, i + 1), std::string(r.words[i]));
}

/// Whether a word begins with a vowel's sound: "hour" does, "university" does not. -1 when it cannot be said (numbers, abbreviations, one letter, foreign marks).
int vowel_sound(string_view w) {
    if (w.size() < 2 || !is_letter(w[0]) || std::ranges::any_of(w.substr(1), is_upper)) return -1;
    auto const word = lower(w);
    auto const starts = [&](auto const& list) { return std::ranges::any_of(list, [&](string_view s) { return word.starts_with(s); }); };
    if (starts(std::array<string_view, 6>{"hour", "honest", "honor", "honour", "heir", "homage"})) return 1;
    if (starts(std::array<string_view, 6>{"unim", "unin", "unid", "unir", "unil", "unint"}) && !starts(std::array<string_view, 1>{"unila"})) return 1;
    if (starts(std::array<string_view, 18>{"uni", "use", "usa", "usu", "uti", "eu", "ubiq", "one", "once", "ewe", "uran", "uro", "ute", "uto", "herb", "hist", "hote", "unil"})) return starts(std::array<string_view, 3>{"herb", "hist", "hote"}) ? -1 : 0;
    return string_view("aeiou").find(word[0]) != string_view::npos;
}
void article(rule const& self, reading const& r, hits& out) {
    constexpr std::array<string_view, 33> no_noun{"a", "an", "and", "or", "is", "are", "am", "as", "in", "of", "on", "at", "if", "it", "its", "other", "others", "into", "i", "all", "any", "every",
                                                 "our", "us", "until", "upon", "under", "after", "about", "advice", "information", "evidence", "equipment"};
    for (std::size_t i = 0; i + 1 < r.size(); ++i) {
        auto const a = r.plain_at(i);
        if ((a != "a" && a != "an") || !r.joined(i) || one_of(r.words[i + 1], no_noun)) continue;
        if (r.words[i] == "A" && !r.opens_sentence(i)) continue;        // "vitamin A affects"
        auto const vowel = vowel_sound(r.words[i + 1]);
        if (vowel < 0 || (vowel == 1) == (a == "an")) continue;
        if (r.words[i + 1].ends_with('s') && !r.words[i + 1].ends_with("ss") && !r.words[i + 1].ends_with("us") && a == "a") continue;      // "a options": the article is not what is wrong
        if (a == "an" && lower(r.words[i + 1][0]) == 'd') continue;     // "an dattention" is a slip for "and attention"
        if (i > 0 && r.words[i + 1].ends_with("ed") && one_of(r.plain_at(i - 1), std::array<string_view, 4>{"be", "is", "are", "was"})) continue;     // "be a applied": the article is one too many
        if (a == "an" && (r.plain_at(i + 1) == "the" || r.plain_at(i + 1) == "to" || r.plain_at(i + 1) == "with")) continue;
        self.hit(r, out, r.span(i, i + 1), as_written(r.words[i], vowel ? "an" : "a") + std::string(r.between(i)) + std::string(r.words[i + 1]));
    }
}

/// A preposition among the four words before i in its clause: what follows it may not be the subject ("unemployment among young people is").
bool inside_phrase(reading const& r, std::size_t i) {
    constexpr std::array<string_view, 24> prepositions{"of", "to", "for", "in", "on", "at", "by", "with", "from", "among", "between", "about", "inside", "than", "as", "into", "like", "over", "under", "towards", "through", "and", "or", "against"};
    for (int n = 0; n != 4 && i > 0 && r.joined(i - 1); ++n) if (one_of(r.plain_at(--i), prepositions)) return true;
    return false;
}
enum class place { anywhere, subject, opening };
/// Hits of a table of phrases. subject: not inside a prepositional phrase. opening: only at the start of a clause.
template <auto& Table, place Where = place::anywhere> void table(rule const& self, reading const& r, hits& out) {
    for (std::size_t i = 0; i < r.size(); ++i) {
        if (Where == place::opening && i > 0 && r.joined(i - 1)) continue;
        for (auto const& p : Table.starting_with(r.plain_at(i))) {
            std::size_t n = 1;
            bool matches = true;
            for (auto const w : p.rest()) {
                matches = r.joined(i + n - 1) && r.plain_at(i + n) == w;
                if (!matches) break;
                ++n;
            }
            if (!matches || (p.not_before.size() && r.joined(i + n - 1) && p.keeps(r.plain_at(i + n)))) continue;
            if (p.not_after.size() && i > 0 && r.joined(i - 1) && p.stays_after(r.plain_at(i - 1))) continue;
            if (Where == place::subject && inside_phrase(r, i)) continue;
            auto const span = r.span(i, i + n - 1);
            if (span.size() > 1 && is_upper(span[0]) && is_upper(span[1])) continue;       // an essay in capitals
            auto const after = r.essay.substr(r.end(i + n - 1));
            if (after.starts_with('\'') || after.starts_with("\xE2\x80\x99")) continue;       // "kids' rooms": the fix would lose the possessive
            self.hit(r, out, span, as_written(span, p.right));
            break;
        }
    }
}

/// "can makes", "will helps": a modal takes the bare verb.
void verb_form(rule const& self, reading const& r, hits& out) {
    constexpr std::array<string_view, 11> modals{"can", "could", "will", "would", "should", "might", "must", "cannot", "can't", "won't", "shouldn't"};
    for (std::size_t i = 0; i + 1 < r.size(); ++i) {
        auto const auxiliary = r.plain_at(i);
        bool const modal = one_of(auxiliary, modals);
        bool const negated = (auxiliary == "doesn't" || auxiliary == "don't" || auxiliary == "didn't");
        bool const does_not = r.plain_at(i) == "not" && i > 0 && r.joined(i - 1) && one_of(r.plain_at(i - 1), std::array<string_view, 9>{"can", "could", "will", "would", "should", "must", "does", "do", "did"});
        if (!(modal || negated || does_not) || !r.joined(i)) continue;
        auto const base = bare_verb(r.plain_at(i + 1));
        if (base.empty()) continue;
        if (auxiliary == "will" && (base == "be" || base == "have")) continue;     // "their will is"
        self.hit(r, out, r.span(i, i + 1), std::string(r.words[i]) + std::string(r.between(i)) + std::string(base));
    }
}

/// "word,word", "word ,word", "word.Word".
void spacing(rule const& self, reading const& r, hits& out) {
    for (std::size_t i = 0; i + 1 < r.size(); ++i) {
        auto const gap = r.between(i);
        auto const left = r.words[i], right = r.words[i + 1];
        auto const first = right[0], last = left.back();
        if (!is_letter(last) || !is_letter(first) || left.size() < 2) continue;
        if (gap == "," || gap == ";") self.hit(r, out, r.span(i, i + 1), std::string(left) + std::string(gap) + ' ' + std::string(right));
        else if (gap == "." && is_lower(last) && is_upper(first) && right.size() > 1 && !is_upper(right[1])) self.hit(r, out, r.span(i, i + 1), std::string(left) + ". " + std::string(right));
        else if (gap == " , " || gap == " . " || gap == " ; ") self.hit(r, out, r.span(i, i + 1), std::string(left) + gap[1] + ' ' + std::string(right));
    }
}

/// "i think", and a sentence that begins in lower case.
void capital(rule const& self, reading const& r, hits& out) {
    for (std::size_t i = 0; i + 1 < r.size(); ++i) {
        if (r.words[i] == "i" && r.joined(i) && (i == 0 || r.joined(i - 1) || r.opens_sentence(i) || r.between(i - 1) == ", ") && is_letter(r.words[i + 1][0]))
            self.hit(r, out, r.span(i, i + 1), "I" + std::string(r.between(i)) + std::string(r.words[i + 1]));
        auto const gap = r.between(i);
        constexpr std::array<string_view, 12> abbreviations{"etc", "vs", "eg", "ie", "mr", "mrs", "dr", "no", "st", "approx", "they", "example"};
        constexpr std::array<string_view, 5> subordinate{"which", "who", "because", "whose", "as"};      // there the stop is wrong, not the letter
        if ((gap == ". " || gap == "! " || gap == "? ") && is_lower(r.words[i + 1][0]) && r.words[i].size() > 2 && is_lower(r.words[i].back()) && !one_of(r.words[i], abbreviations) && !one_of(r.words[i + 1], subordinate) && r.words[i + 1] != "i") {
            auto right = std::string(r.words[i + 1]);
            right[0] = upper(right[0]);
            self.hit(r, out, r.span(i, i + 1), std::string(r.words[i]) + std::string(gap) + right);
        }
    }
}

constexpr rule rules[] = {
    {"repeated_word", error_type::grammar, criterion::grammar, repeated_word},
    {"spelling", error_type::lexical, criterion::lexical, table<phrases::spelling>},
    {"agreement", error_type::grammar, criterion::grammar, table<phrases::agreement>},
    {"agreement", error_type::grammar, criterion::grammar, table<phrases::subject_verb, place::subject>},
    {"pattern", error_type::grammar, criterion::grammar, table<phrases::pattern>},
    {"linker", error_type::coherence, criterion::coherence, table<phrases::linker>},
    {"linker", error_type::coherence, criterion::coherence, table<phrases::opinion, place::opening>},
    {"verb_form", error_type::grammar, criterion::grammar, verb_form},
    {"article", error_type::grammar, criterion::grammar, article},
    {"informal", error_type::lexical, criterion::lexical, table<phrases::informal>},
    {"capital", error_type::other, criterion::grammar, capital},
    {"spacing", error_type::other, criterion::grammar, spacing},
};
} // namespace

std::vector<string_view> error_rules() {
    std::vector<string_view> out;
    for (auto const& r : rules) if (out.empty() || out.back() != r.name) out.push_back(r.name);
    return out;
}

std::vector<found_error> find_errors(string_view essay) {
    reading const r(essay);
    hits out;
    for (auto const& one : rules) {
        hits found;
        one.run(one, r, found);
        auto const kept = out.size();
        for (auto& h : found) {
            auto const overlaps = [&](found_error const& k) { return h.at < k.at + k.span.size() && k.at < h.at + h.span.size(); };
            if (std::none_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(kept), overlaps) && (out.size() == kept || !overlaps(out.back()))) out.push_back(std::move(h));
        }
    }
    std::ranges::sort(out, {}, &found_error::at);
    return out;
}

} // namespace ielts
