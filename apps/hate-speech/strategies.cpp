#include "strategies.hpp"
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>
#include <vector>
#include <penstock/core/fatal.hpp>
#include <penstock/io/input.hpp>
#include <penstock/record/json_decode.hpp>
#include <penstock/record/json_raw.hpp>
#include "prompts/built_in.hpp"

namespace hate {

using penstock::exit_code;
using penstock::fatal;

namespace {
struct strategy_in_file { std::string system_prompt, user_template; };
struct template_file { std::map<std::string, penstock::json::raw> strategies; };

/// A word of a prompt, and the targets' word for it. Where a prompt already uses the targets' word for something else ("not 'not_hate'"), the two change places.
struct synonym { std::string_view theirs, ours; };
constexpr synonym labels[] = {{"hate", "hate_speech"}, {"hateful", "hate_speech"}, {"hatespeech", "hate_speech"}, {"normal", "not_hate"}, {"non-hate", "not_hate"}, {"benign", "not_hate"}};
constexpr synonym keys[] = {{"label", "classification"}, {"class", "classification"}, {"rationale", "reasoning"}, {"reason", "reasoning"}, {"explanation", "reasoning"}, {"target_group", "protected_group"}, {"target", "protected_group"}};
constexpr std::string_view our_keys[] = {"classification", "confidence", "reasoning", "protected_group"};
/// What a prompt says of each.
constexpr std::pair<std::string_view, std::string_view> our_members[] = {
    {"classification", "\"hate_speech\" or \"not_hate\""}, {"confidence", "\"high\", \"medium\" or \"low\""}, {"reasoning", "a text or null"}, {"protected_group", "the group that is attacked or null"}};

bool in_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// A word in a prompt that is a name: what it is taken for decides by what stands around it.
struct named { std::size_t at = 0, size = 0; bool key = false; bool value = false; };
/// Calls each(word) for every word in quotes, in a list such as [hate/normal], or at the head of a line ("- hate (", "HATE:").
template <class Each> void each_name(std::string_view text, Each each) {
    bool value = false;                                 // behind "classification": up to the next key
    for (std::size_t at = 0; at < text.size();) {
        if (!in_word(text[at])) { ++at; continue; }
        auto end = at;
        while (end != text.size() && in_word(text[end])) ++end;
        auto const word = text.substr(at, end - at);
        auto const before = at == 0 ? '\n' : text[at - 1], after = end == text.size() ? '\n' : text[end];
        auto const next = text.find_first_not_of(' ', end + 1);
        bool const quoted = (before == '"' && after == '"') || (before == '\'' && after == '\'');
        bool const key = quoted && before == '"' && next != text.npos && text[next] == ':';
        bool const listed = (before == '[' || before == '/' || before == '|') && (after == ']' || after == '/' || after == '|');
        auto line = text.substr(0, at);
        if (auto const start = line.rfind('\n'); start != line.npos) line.remove_prefix(start + 1);
        bool const head = line.find_first_not_of(" -*") == line.npos && (after == ':' || text.substr(end).starts_with(" ("));
        if (key) value = word == "classification" || std::ranges::any_of(keys, [&](auto const& k) { return k.theirs == word && k.ours == "classification"; });
        if (quoted || listed || head) each(named{at, word.size(), key, value && !key && (quoted || listed)});
        at = end;
    }
}
std::string_view ours_for(std::string_view word, bool key) {
    std::string small(word);
    std::ranges::transform(small, small.begin(), lower);
    if (key) { for (auto const& s : keys) if (s.theirs == small) return s.ours; }
    else for (auto const& s : labels) if (s.theirs == small) return s.ours;
    return {};
}
bool is_label(std::string_view word) { return word == "hate_speech" || word == "not_hate"; }

struct spoken { std::set<std::string, std::less<>> labels, keys; };
void listen(std::string_view text, spoken& to) {
    each_name(text, [&](named n) {
        auto const word = text.substr(n.at, n.size);
        if (n.key) to.keys.emplace(word);
        else if (n.value && (is_label(word) || !ours_for(word, false).empty())) to.labels.emplace(word);
    });
}
std::string list(auto const& words, std::string_view between) {
    std::string out;
    for (auto const& w : words) out.append(out.empty() ? std::string_view{} : between).append(w);
    return out;
}
/// theirs: what the prompt calls the two labels; other words of that kind ('hateful', as an example of what is not allowed) stay.
std::string replaced(std::string_view text, std::set<std::string, std::less<>> const& theirs) {
    std::string out;
    std::size_t done = 0;
    each_name(text, [&](named n) {
        auto const word = text.substr(n.at, n.size);
        std::string other;
        if (n.key) other = ours_for(word, true);
        else for (auto const& t : theirs) {
            if (std::ranges::equal(word, t, {}, lower)) other = ours_for(t, false);
            if (is_label(word) && ours_for(t, false) == word) other = t;
        }
        if (other.empty()) return;
        out.append(text, done, n.at - done).append(other);
        done = n.at + n.size;
    });
    return out.append(text, done);
}
/// The word for a key as prose has it ("a brief rationale"), where the prompt has a key of that name.
std::string in_prose(std::string_view text, std::set<std::string, std::less<>> const& keys) {
    if (!keys.contains("rationale")) return std::string(text);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        while (end != text.size() && in_word(text[end])) ++end;
        auto const word = text.substr(at, end - at);
        if (word.empty()) { out += text[at++]; continue; }
        out += word == "rationale" ? "reasoning" : word == "Rationale" ? "Reasoning" : word;
        at = end;
    }
    return out;
}
/// Every example of an answer gets the keys that it lacks, so that a prompt shows one form.
std::string completed(std::string_view text) {
    std::vector<named> names;
    each_name(text, [&](named n) { if (n.key) names.push_back(n); });
    std::vector<bool> taken(names.size());
    std::vector<std::size_t> open;
    std::string out;
    std::size_t done = 0;
    for (std::size_t at = 0; at != text.size(); ++at) {
        if (text[at] == '{') open.push_back(at);
        if (text[at] != '}' || open.empty()) continue;
        auto const from = open.back();
        open.pop_back();
        auto const has = [&](std::string_view key) { for (std::size_t i = 0; i != names.size(); ++i) if (!taken[i] && names[i].at > from && names[i].at < at && text.substr(names[i].at, names[i].size) == key) return true; return false; };
        if (!has("classification")) continue;
        std::string missing;
        for (auto const& [key, value] : our_members) if (!has(key)) missing += ", \"" + std::string(key) + "\": " + std::string(value);
        for (std::size_t i = 0; i != names.size(); ++i) if (names[i].at > from && names[i].at < at) taken[i] = true;     // an outer brace holds the same keys
        auto const end = text.find_last_not_of(" \n", at - 1) + 1;
        out.append(text, done, end - done).append(missing);
        done = end;
    }
    return out.append(text, done);
}
std::string read_file(std::string const& path) {
    std::string text;
    penstock::io::input in(path);
    char piece[4096];
    for (auto n = in.read(piece, sizeof piece); n != 0; n = in.read(piece, sizeof piece)) text.append(piece, n);
    return text;
}
} // namespace

strategies strategies::load(std::string const& path) {
    strategies out;
    std::error_code unknown;
    std::string const there = "prompt_engineering/prompt_templates/" + path;
    auto const found = std::filesystem::exists(path, unknown) ? path : !path.starts_with('/') && std::filesystem::exists(there, unknown) ? there : std::string();
    if (found.empty()) {
        if (path != prompts::built_in_name) throw fatal(exit_code::usage, path + ": there is no such template, neither here nor in prompt_engineering/prompt_templates; built in is " + std::string(prompts::built_in_name));
        out.source_ = "built in";
        for (auto const& s : prompts::built_in) out.all_.push_back({{std::string(s.name), std::string(s.system_prompt), std::string(s.user_template), "built-in strategy " + std::string(s.name)}});
        return out;
    }
    out.source_ = found;
    auto file = penstock::json::decode<template_file>(read_file(found));
    if (!file) throw fatal(exit_code::usage, found + ": is no template file: " + file.error().what());
    for (auto const& [name, text] : file->strategies) {
        auto& e = out.all_.emplace_back(entry{{.name = name, .system_prompt = {}, .user_template = {}, .from = found + ", strategy " + name}});
        if (auto s = penstock::json::decode<strategy_in_file>(text.text())) {
            e.of.system_prompt = std::move(s->system_prompt);
            e.of.user_template = std::move(s->user_template);
        } else e.wrong = s.error().what();
    }
    return out;
}
strategy const* strategies::find(std::string_view name) const {
    auto const at = std::ranges::find_if(all_, [&](entry const& e) { return e.of.name == name; });
    if (at == all_.end()) return nullptr;
    if (!at->wrong.empty()) throw fatal(exit_code::usage, at->of.from + ": " + at->wrong);
    return &at->of;
}
std::string strategies::names() const {
    std::vector<std::string_view> all;
    for (auto const& e : all_) all.push_back(e.of.name);
    return list(all, ", ");
}

prompting::prompting(strategy const& s) : system_(s.system_prompt), user_(penstock::prompt_template::parse(s.user_template, s.from + ", user_template").check<post_turn>()) {
    if (user_({.text = "a", .target_group = {}, .persona = {}}) == user_({.text = "b", .target_group = {}, .persona = {}}))
        throw fatal(exit_code::usage, s.from + ", user_template: {text} is nowhere in it, so every post would get the same prompt");
}

std::string disagreement(strategy const& s) {
    spoken says;
    listen(s.system_prompt, says);
    listen(s.user_template, says);
    bool const labels_agree = std::ranges::all_of(says.labels, is_label) && says.labels.size() == 2;
    bool const keys_agree = std::ranges::all_of(our_keys, [&](auto k) { return says.keys.contains(k); }) && std::ranges::all_of(says.keys, [](auto const& k) { return std::ranges::find(our_keys, k) != std::end(our_keys); });
    if (labels_agree && keys_agree) return {};
    return s.from + " asks for the labels " + (says.labels.empty() ? "(none that is known)" : list(says.labels, ", ")) + " and the keys " + (says.keys.empty() ? "(none)" : list(says.keys, ", "))
         + "; the targets say hate_speech, not_hate and " + list(our_keys, ", ");
}
strategy aligned(strategy s) {
    spoken says;
    listen(s.system_prompt, says);
    listen(s.user_template, says);
    for (auto* const text : {&s.system_prompt, &s.user_template}) *text = completed(in_prose(replaced(*text, says.labels), says.keys));
    if (disagreement(s).empty()) return s;
    s.system_prompt += "\n\nThe form of every answer, with these keys and labels: {";
    for (auto const& [key, value] : our_members) s.system_prompt += (key == our_keys[0] ? "\"" : ", \"") + std::string(key) + "\": " + std::string(value);
    s.system_prompt += '}';
    return s;
}

} // namespace hate
