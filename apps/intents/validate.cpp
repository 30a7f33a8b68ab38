#include "validate.hpp"
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <unordered_map>
#include <penstock/dataset/fold.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/record/constrained.hpp>      // code_points
#include <penstock/record/enums.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/text/minhash.hpp>
#include <penstock/text/ngrams.hpp>
#include "evidence.hpp"

namespace intents {

using penstock::dataset::with_commas;
using penstock::enum_value;

namespace {

constexpr std::size_t shown_rows = 3;

/// Words that may stand in a text as often as they like.
constexpr std::string_view common_words[] = {"the", "a", "an", "and", "of", "to", "in", "for", "is", "i", "it", "s", "t", "on", "with", "that", "by", "or", "my", "you", "are", "be", "as", "at"};
constexpr std::string_view question_words[] = {"what", "why", "how", "who", "when", "where", "which", "is", "are", "do", "does", "did"};

std::string excerpt(std::string_view text) { return '"' + penstock::printable(text, 80) + '"'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Names that stand between < and > in a page, and are no slots.
constexpr std::string_view html[] = {"a", "b", "i", "p", "u", "br", "hr", "li", "ol", "ul", "td", "th", "tr", "em", "h", "div", "img", "nav", "pre", "svg", "sub", "sup", "body", "code", "form", "head", "html", "link", "main", "meta", "span",
    "aside", "audio", "input", "label", "style", "table", "tbody", "thead", "title", "video", "button", "canvas", "footer", "header", "iframe", "option", "script", "select", "strong", "article", "section", "textarea"};
/// "{topic}", "{your topic}", "{topic1}", "[TOPIC]", "[your topic]", "<topic>": letters, digits, blanks and _ - between brackets, a letter first. Indices, notes such as [sic], template arguments
/// and tags of HTML are none.
bool has_slot(std::string_view text) {
    for (std::size_t open = 0; (open = text.find_first_of("{[<", open)) != text.npos; ++open) {
        char const close = text[open] == '{' ? '}' : text[open] == '[' ? ']' : '>';
        auto end = open + 1;
        while (end != text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '_' || text[end] == '-' || text[end] == ' ')) ++end;
        auto const name = text.substr(open + 1, end - open - 1);
        if (end == text.size() || text[end] != close || name.empty() || name.size() > 40 || !(is_letter(name[0]) || name[0] == '_') || name.back() == ' ') continue;
        if (close == '}') return true;
        if (open != 0 && (is_letter(text[open - 1]) || is_digit(text[open - 1]) || text[open - 1] == '_')) continue;        // a[i], vector<int>
        if (close == ']' && ((name.size() > 1 && std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; })) || name.starts_with("your ") || name.starts_with("insert "))) return true;
        if (close == '>') {
            std::string tag;
            for (char const c : name) if (!is_digit(c)) tag += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
            if (name.size() > 1 && std::ranges::find(html, tag.substr(0, tag.find(' '))) == std::end(html)) return true;
        }
    }
    return false;
}

/// The rules that look at a text alone: note(rule, what to add behind the text).
template <class Note> void text_rules(std::string_view text, std::optional<intent> i, Note note) {
    auto const length = penstock::code_points(text);
    if (length < 3) note("too-short", std::string());
    if (length > 1000) note("too-long", ": " + with_commas(length) + " characters");
    else if (length > 500) note("long", ": " + with_commas(length) + " characters");
    if (has_slot(text)) note("placeholder", std::string());
    evidence const shown(text);
    auto const& words = shown.words();
    if (words.size() < 2 && i != intent::conversation) note("one-word", std::string());
    std::map<std::string_view, unsigned> times;
    for (auto const& w : words) ++times[w];
    for (auto const& [w, n] : times) if (n > 10 && std::ranges::find(common_words, w) == std::end(common_words)) { note("repetition", ": \"" + std::string(w) + "\" " + std::to_string(n) + " times"); break; }
    if (words.size() >= 5 && times.size() * 10 < words.size() * 3) note("few-words", std::string());
    if (!i) return;
    auto const name = std::string(penstock::enum_name(*i));
    if (!shown.speaks_for(*i)) note("no-cue", " (" + name + ')');
    if (*i == intent::question_answering && !words.empty() && std::ranges::find(question_words, words.front()) != std::end(question_words) && text.find('?') == text.npos) note("question-mark", std::string());
    if (auto const other = shown.asks_for_another(*i)) note("another-intent", ": labelled " + name + ", asks for " + std::string(penstock::enum_name(*other)));
}

class judge {
    validation out_;
    std::map<std::pair<std::size_t, severity>, finding> found_;
    std::set<std::string, std::less<>> layout_;
    bool broken_ = false;       // the row that is looked at has an error

    void note(std::string_view name, bool edge, std::string what, std::uint64_t rows = 1) {
        auto const at = static_cast<std::size_t>(std::ranges::find(rules, name, &rule::name) - rules);
        auto const grade = edge ? rules[at].edge : rules[at].ordinary;
        if (grade == severity::off) return;
        auto& f = found_[{at, grade}];
        f.of = &rules[at];
        f.grade = grade;
        f.rows += rows;
        if (f.shown.size() < shown_rows || name == "layout") f.shown.push_back(std::move(what));
        broken_ = broken_ || grade == severity::error;
    }
    void labels(file_row const& row, bool edge, std::string const& here, bool odd_complexity) {
        std::string wrong;
        auto const look = [&](std::string_view name, std::string const& value, bool known, bool required) {
            if (known || (value.empty() && !required)) return;
            wrong += (wrong.empty() ? "" : ", ") + std::string(name) + (value.empty() ? " is missing" : " \"" + penstock::printable(value) + '"');
        };
        look("intent", row.intent, enum_value<intent>(row.intent).has_value(), required("intent"));
        look("audience", row.audience, enum_value<audience>(row.audience).has_value(), required("audience"));
        if (!odd_complexity) look("complexity", row.complexity, enum_value<complexity>(row.complexity).has_value(), required("complexity"));
        if (row.edge_case) look("edge_case", *row.edge_case, enum_value<intents::edge_case>(*row.edge_case).has_value(), true);
        if (!wrong.empty()) note("label", edge, here + ": " + wrong);
    }
    bool required(std::string_view member) const { return !std::ranges::any_of(layout_, [&](auto const& l) { return l.find('"' + std::string(member) + '"') != l.npos; }); }

public:
    validation run(data_file const& file) {
        out_.path = file.path;
        out_.rows = file.rows.size();
        for (auto const& l : file.layout) { layout_.insert(l); note("layout", false, l, 0); }
        std::string lacks;
        for (auto const& name : file.lacking) lacks += (lacks.empty() ? "" : ", ") + name;
        if (!lacks.empty()) note("metadata", false, lacks, 0);
        if (file.counted && *file.counted != file.rows.size()) note("count", false, "it says " + with_commas(*file.counted) + ", there are " + with_commas(file.rows.size()), 0);
        bool const odd_complexity = std::ranges::any_of(file.layout, [](auto const& l) { return l.starts_with("\"complexity\""); });

        penstock::near_index index;
        std::vector<std::size_t> row_of;        // by number in the index
        struct first_seen { std::size_t row; std::string intent; };
        std::unordered_map<std::string, first_seen> seen;
        penstock::distinct_ngrams trigrams(3);
        std::set<std::string, std::less<>> names;
        for (std::size_t n = 0; n != file.rows.size(); ++n) {
            auto const& row = file.rows[n];
            bool const edge = row.edge_case.has_value();
            out_.edge_cases += edge;
            broken_ = false;
            auto const here = "row " + std::to_string(n + 1) + ' ' + excerpt(row.text);
            if (!row.fault.empty()) note("unreadable", false, "row " + std::to_string(n + 1) + ": " + row.fault);
            else {
                for (auto const* name : {&row.intent, &row.audience, &row.complexity}) names.insert(*name);
                labels(row, edge, here, odd_complexity);
                if (!row.mistyped.empty() && !odd_complexity) note("type", edge, here + ": " + row.mistyped);
                text_rules(row.text, enum_value<intent>(row.intent), [&](std::string_view rule, std::string const& more) { note(rule, edge, here + more); });
                if (!row.confidence) { if (required("confidence")) note("confidence", edge, here + ": missing"); }
                else if (!(*row.confidence >= 0.3 && *row.confidence <= 0.99)) note("confidence", edge, here + ": " + std::to_string(*row.confidence));
                else if (*row.confidence < 0.4) note("low-confidence", edge, here);
                trigrams.add(row.text);
                auto const folded = penstock::dataset::fold(row.text);
                auto const [at, fresh] = seen.try_emplace(folded, n, row.intent);
                if (!fresh) {
                    note("duplicate", edge, here + " is row " + std::to_string(at->second.row + 1));
                    if (at->second.intent != row.intent) note("two-labels", edge, here + ": " + row.intent + " here, " + at->second.intent + " in row " + std::to_string(at->second.row + 1));
                } else {
                    if (auto const near = index.find(folded)) note("near-duplicate", edge, here + " is near row " + std::to_string(row_of[near->number] + 1) + ' ' + excerpt(file.rows[row_of[near->number]].text));
                    index.add(folded);
                    row_of.push_back(n);
                }
            }
            out_.faulty += broken_;
        }
        std::string absent;
        auto const look = [&](auto const& all, std::string_view member) { if (required(member)) for (auto const name : all) if (!names.contains(name)) absent += (absent.empty() ? "" : ", ") + std::string(name); };
        look(penstock::enum_names<intent>, "intent");
        look(penstock::enum_names<audience>, "audience");
        look(penstock::enum_names<complexity>, "complexity");
        if (!absent.empty()) note("missing-label", false, absent, 0);
        out_.distinct_trigrams = trigrams.ratio();
        if (out_.distinct_trigrams < 0.3) { char text[48]; std::snprintf(text, sizeof text, "%.3f are distinct", out_.distinct_trigrams); note("few-trigrams", false, text, 0); }
        for (auto const grade : {severity::error, severity::warning}) for (auto& [key, f] : found_) if (f.grade == grade) out_.findings.push_back(std::move(f));
        return std::move(out_);
    }
};

} // namespace

validation validate(data_file const& file) { return judge().run(file); }

std::string objection(std::string_view text, intent i) {
    std::string out;
    text_rules(text, i, [&](std::string_view name, std::string const& more) {
        auto const& r = *std::ranges::find(rules, name, &rule::name);
        if (out.empty() && r.ordinary == severity::error) out = std::string(r.says) + ": " + excerpt(text) + more;
    });
    return out;
}

std::uint64_t validation::count(severity grade) const { return static_cast<std::uint64_t>(std::ranges::count(findings, grade, &finding::grade)); }

std::string validation::text() const {
    char ratio[16];
    std::snprintf(ratio, sizeof ratio, "%.3f", distinct_trigrams);
    std::string out = penstock::printable(path) + ": " + (passed() ? "PASSED" : "FAILED") + ", " + with_commas(rows) + " rows (" + with_commas(edge_cases) + " edge cases), " + with_commas(faulty) + " with an error; "
                    + std::to_string(count(severity::error)) + (count(severity::error) == 1 ? " error, " : " errors, ") + std::to_string(count(severity::warning)) + (count(severity::warning) == 1 ? " warning" : " warnings")
                    + "; distinct word trigrams " + ratio + '\n';
    for (auto const& f : findings) {
        out += std::string(f.grade == severity::error ? "  ERROR    " : "  WARNING  ") + std::string(f.of->name) + ": " + std::string(f.of->says);
        if (f.rows != 0) out += ": " + with_commas(f.rows) + (f.rows == 1 ? " row" : " rows");
        out += '\n';
        for (auto const& s : f.shown) out += "             " + s + '\n';
        if (f.rows > f.shown.size()) out += "             and " + with_commas(f.rows - f.shown.size()) + " more\n";
    }
    return out;
}

} // namespace intents
