#include "grammar.hpp"
#include <algorithm>
#include <span>
#include <penstock/core/fatal.hpp>
#include <penstock/record/enums.hpp>
#include "grammar/code_generation.hpp"
#include "grammar/conversation.hpp"
#include "grammar/creative_writing.hpp"
#include "grammar/data_analysis.hpp"
#include "grammar/edges.hpp"
#include "grammar/languages.hpp"
#include "grammar/problem_solving.hpp"
#include "grammar/question_answering.hpp"
#include "grammar/reasoning.hpp"
#include "grammar/shared.hpp"
#include "grammar/summarization.hpp"
#include "grammar/task_planning.hpp"
#include "grammar/translation.hpp"

namespace intents {

using penstock::enum_name;
using penstock::enum_value;

namespace {

/// By the order of the intents.
constexpr std::string_view texts[intent_count] = {
    grammar_text::question_answering, grammar_text::creative_writing, grammar_text::code_generation, grammar_text::data_analysis, grammar_text::reasoning,
    grammar_text::summarization, grammar_text::translation, grammar_text::conversation, grammar_text::task_planning, grammar_text::problem_solving,
};

std::string_view trimmed(std::string_view s) {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    return s;
}
/// The parts between bars, those inside braces left alone.
std::vector<std::string_view> parts_of(std::string_view line) {
    std::vector<std::string_view> out;
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= line.size(); ++i) {
        if (i == line.size() || (line[i] == '|' && depth == 0)) { out.push_back(line.substr(from, i - from)); from = i + 1; }
        else if (line[i] == '{') ++depth;
        else if (line[i] == '}') --depth;
    }
    return out;
}
/// The brace that closes the one at `open`; npos where none does.
std::size_t closing(std::string_view s, std::size_t open) {
    int depth = 0;
    for (auto i = open; i != s.size(); ++i) {
        if (s[i] == '{') ++depth;
        else if (s[i] == '}' && --depth == 0) return i;
    }
    return s.npos;
}
bool ends_sentence(char c) { return c == '.' || c == '?' || c == '!'; }
/// One sentence that asks for something to know: only such a one is put in other ways.
bool is_one_question(std::string_view s) {
    constexpr std::string_view beginnings[] = {"what", "why", "how", "who", "when", "where", "which", "is ", "are ", "do ", "does ", "did ", "should ", "would "};
    return s.ends_with('?') && std::ranges::none_of(s.substr(0, s.size() - 1), ends_sentence) && std::ranges::any_of(beginnings, [&](auto b) { return s.starts_with(b); });
}
/// "an" before this: by the first letter, of an abbreviation by the name of its first letter.
bool begins_with_vowel(std::string_view s) {
    for (std::string_view const as_a_word : {"MIDI", "NEON", "NUMA", "RACI", "REST", "RISC", "SIMD"}) if (s.starts_with(as_a_word)) return false;
    if (s.size() > 1 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z') return std::string_view("AEFHILMNORSX").find(s[0]) != std::string_view::npos;
    for (std::string_view const as_you : {"uni", "use", "usa", "usu", "one", "eu", "UNI", "URL", "Uni"}) if (s.starts_with(as_you)) return false;
    return !s.empty() && std::string_view("aeiouAEIOU").find(s[0]) != std::string_view::npos;
}

/// A wish or question put as `how` says; * is where it goes. "do X?" keeps its mark, and no stop comes behind it.
std::string put(std::string_view how, std::string_view what) {
    auto const star = how.find('*');
    std::string out(how.substr(0, star));
    out += what;
    auto rest = how.substr(star + 1);
    if (!what.empty() && ends_sentence(what.back()) && !rest.empty() && ends_sentence(rest.front())) rest.remove_prefix(1);
    if (rest.starts_with(',') && !what.empty() && ends_sentence(what.back())) out.pop_back();       // "do X, please"
    out += rest;
    return out;
}

constexpr style request_styles[] = {style::neutral, style::neutral, style::neutral, style::neutral, style::casual, style::casual, style::polite, style::polite, style::formal, style::terse, style::terse, style::urgent};
constexpr style child_styles[] = {style::neutral, style::neutral, style::neutral, style::casual, style::polite};
constexpr style question_styles[] = {style::neutral, style::neutral, style::neutral, style::neutral, style::neutral, style::casual, style::casual, style::polite, style::formal, style::urgent, style::terse, style::terse};

style draw_style(frame::kind how, audience a, random& dice) {
    std::span<style const> const from = a == audience::child ? std::span<style const>(child_styles) : how == frame::kind::request ? std::span<style const>(request_styles) : question_styles;
    return from[dice.below(from.size())];
}

} // namespace

style shown_style(std::string_view text, style meant) {
    if (meant != style::neutral) return meant;
    for (std::string_view const courteous : {"please", "Please", "thank you", "Thank you", "thanks", "Thanks"}) if (text.find(courteous) != text.npos) return style::polite;
    return meant;
}

std::string with_capitals(std::string text) {
    bool due = true;
    for (std::size_t i = 0; i != text.size(); ++i) {
        auto const c = text[i];
        if (due && c >= 'a' && c <= 'z') text[i] = static_cast<char>(c - 'a' + 'A');
        if (c != ' ' && c != '"' && c != '\n') due = ends_sentence(c) && i + 1 != text.size() && text[i + 1] == ' ' && !(i >= 2 && text[i - 1] == '.');
        if (due && i >= 1 && text[i] == '.' && i >= 2 && text[i - 2] == ' ' && text[i - 1] >= 'A' && text[i - 1] <= 'Z') due = false;       // an initial: "T. rex"
    }
    return text;
}

grammar::grammar() {
    read(grammar_text::shared, {});
    read(grammar_text::edges, {});
    read(grammar_text::languages, {});
    for (std::size_t i = 0; i != intent_count; ++i) read(texts[i], static_cast<intent>(i));

    auto const all = [&](lists const& of, std::optional<intent> scope) { for (auto const& [name, items] : of) for (auto const& item : items) check(item, scope, name); };
    all(shared_, {});
    for (std::size_t i = 0; i != intent_count; ++i) {
        all(own_[i], static_cast<intent>(i));
        auto const frames = [&](std::vector<frame> const& some) {
            for (auto const& f : some) { check(f.pattern, f.intent, f.name); check(f.tail, f.intent, f.name); }
        };
        for (auto const& by_audience : cells_[i]) for (auto const& some : by_audience) frames(some);
        frames(vague_[i]);
        frames(shorts_[i]);
        frames(foreign_[i]);
    }
}

void grammar::read(std::string_view text, std::optional<intent> of) {
    std::vector<frame>* frames = nullptr;
    std::vector<std::string_view>* items = nullptr;
    std::string heading;
    std::string_view language;
    auto about = of.value_or(intent::question_answering);
    auto const wrong = [&](std::string_view line) -> penstock::fatal { return {penstock::exit_code::internal, "grammar: what is \"" + std::string(line) + "\" under \"" + heading + "\"?"}; };
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (trimmed(line).empty()) continue;
        if (line.starts_with("= ")) {
            heading = trimmed(line.substr(2));
            items = &(of ? own_[index(*of)] : shared_)[heading];
            frames = nullptr;
        } else if (line.starts_with("@ ")) {
            auto const words = trimmed(line.substr(2));
            auto const blank = words.find(' ');
            auto const first = words.substr(0, blank), second = blank == words.npos ? std::string_view() : words.substr(blank + 1);
            items = nullptr;
            language = {};
            if (!of) {
                auto const named = enum_value<intent>(second);
                if (!named) throw wrong(line);
                about = *named;
                frames = &foreign_[index(about)];
                language = first;
                heading = "multiple_languages/" + std::string(first) + '/' + std::string(second);
                continue;
            }
            heading = std::string(enum_name(about)) + '/' + std::string(first) + (second.empty() ? "" : "/" + std::string(second));
            if (words == "vague") frames = &vague_[index(about)];
            else if (words == "short") frames = &shorts_[index(about)];
            else {
                auto const a = enum_value<audience>(first);
                auto const c = enum_value<complexity>(second);
                if (!a || !c) throw wrong(line);
                frames = &cells_[index(about)][index(*a)][index(*c)];
            }
        } else if (items) {
            for (auto const item : parts_of(line)) if (!trimmed(item).empty()) items->push_back(trimmed(item));
        } else if (frames) {
            for (auto const part : parts_of(line)) {
                auto pattern = trimmed(part);
                frame f{.name = heading + '/' + std::to_string(frames->size() + 1), .pattern = {}, .tail = {}, .how = frame::kind::sentence, .intent = about, .language = language};
                if (pattern.starts_with('!')) f.how = frame::kind::request;
                if (pattern.starts_with('~')) f.how = frame::kind::as_is;
                if (f.how != frame::kind::sentence) pattern.remove_prefix(1);
                if (auto const cut = pattern.find(" // "); cut != pattern.npos) { f.tail = trimmed(pattern.substr(cut + 4)); pattern = trimmed(pattern.substr(0, cut)); }
                f.pattern = pattern;
                frames->push_back(std::move(f));
            }
        } else throw wrong(line);
    }
}

std::vector<std::string_view> const* grammar::find(std::string_view name, std::optional<intent> scope, std::optional<audience> a) const {
    auto const in = [&](lists const& of) -> std::vector<std::string_view> const* {
        if (a) if (auto const at = of.find(std::string(name) + '.' + std::string(enum_name(*a))); at != of.end()) return &at->second;
        auto const at = of.find(name);
        return at == of.end() ? nullptr : &at->second;
    };
    if (scope) if (auto const* own = in(own_[index(*scope)])) return own;
    return in(shared_);
}
std::vector<std::string_view> const& grammar::list(std::string_view name) const {
    auto const* const found = find(name, {}, {});
    if (!found) throw penstock::fatal(penstock::exit_code::internal, "grammar: there is no list " + std::string(name));
    return *found;
}

void grammar::check(std::string_view pattern, std::optional<intent> scope, std::string_view where) const {
    for (auto open = pattern.find('{'); open != pattern.npos; open = pattern.find('{', open + 1)) {
        auto const close = closing(pattern, open);
        auto const inside = pattern.substr(open + 1, close - open - 1);
        bool const choice = close != pattern.npos && parts_of(inside).size() > 1;
        if (choice || (inside.size() == 1 && (inside == "a" || inside == "b"))) continue;     // what is inside a choice is looked at next
        if (close == pattern.npos || !find(inside, scope, {}))
            throw penstock::fatal(penstock::exit_code::internal, "grammar: nothing fills {" + std::string(inside) + "} in " + std::string(where) + ": " + std::string(pattern));
    }
}

/// One message being filled: a list does not give the same item twice in it.
struct grammar::filling {
    grammar const& of;
    std::optional<intent> scope;
    audience who;
    random& dice;
    words bound = {};
    std::vector<std::string_view const*> used = {};

    void append(std::string& out, std::string_view pattern) {
        for (std::size_t at = 0; at < pattern.size();) {
            auto const open = pattern.find('{', at);
            out += pattern.substr(at, open - at);
            if (open == pattern.npos) return;
            auto const close = closing(pattern, open);
            auto const before = out.size();
            slot(out, pattern.substr(open + 1, close - open - 1));
            if (before >= 2 && out[before - 1] == ' ' && (out[before - 2] == 'a' || out[before - 2] == 'A') && (before == 2 || out[before - 3] == ' ') && scope && begins_with_vowel(std::string_view(out).substr(before))) out.insert(before - 1, "n");
            at = close + 1;
        }
    }
    void slot(std::string& out, std::string_view inside) {
        if (auto const choices = parts_of(inside); choices.size() > 1) return append(out, choices[dice.below(choices.size())]);
        for (auto const& [name, text] : bound) if (name == inside) { out += text; return; }
        auto const& items = *of.find(inside, scope, who);
        auto const* item = &items[dice.below(items.size())];
        for (int again = 0; again != 8 && std::ranges::find(used, item) != used.end(); ++again) item = &items[dice.below(items.size())];
        used.push_back(item);
        append(out, *item);
    }
};

std::string grammar::fill(std::string_view pattern, audience a, random& dice, words bound) const {
    filling f{.of = *this, .scope = {}, .who = a, .dice = dice, .bound = std::move(bound)};
    std::string out;
    f.append(out, pattern);
    return out;
}
std::string grammar::part(frame const& f, audience a, random& dice) const {
    filling how{.of = *this, .scope = f.intent, .who = a, .dice = dice};
    std::string out;
    how.append(out, f.pattern);
    return out;
}
phrasing grammar::say(frame const& f, audience a, random& dice) const {
    filling how{.of = *this, .scope = f.intent, .who = a, .dice = dice};
    phrasing out;
    how.append(out.text, f.pattern);
    out.style = draw_style(f.how, a, dice);
    std::string_view const kind = f.how == frame::kind::request ? "ask." : "around.";
    if (f.how == frame::kind::as_is || (f.how == frame::kind::sentence && !is_one_question(out.text)) || !f.language.empty())
        out.style = !f.language.empty() || out.style != style::casual ? style::neutral : style::casual;
    else {
        auto const& ways = *find(std::string(kind) + std::string(enum_name(out.style)), {}, a);
        std::string way;
        how.append(way, ways[dice.below(ways.size())]);
        out.text = put(way, out.text);
    }
    if (!f.tail.empty()) {
        if (!ends_sentence(out.text.back())) out.text += '.';
        out.text += ' ';
        how.append(out.text, f.tail);
    }
    if (out.style == style::terse) { if (out.text.ends_with('.') || (out.text.ends_with('?') && dice.chance(50))) out.text.pop_back(); }
    else if (out.style == style::casual && dice.chance(60)) { if (out.text.ends_with('.')) out.text.pop_back(); }
    else out.text = with_capitals(std::move(out.text));
    return out;
}

} // namespace intents
