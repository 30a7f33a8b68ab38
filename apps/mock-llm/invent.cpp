#include "invent.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace mock {
namespace {

constexpr std::size_t largest = 1 << 20;    // bytes of a value
constexpr unsigned deepest = 64;            // what json.hpp reads again

bool begins_character(char c) { return (c & 0xc0) != 0x80; }
std::size_t characters(std::string_view s) { return static_cast<std::size_t>(std::ranges::count_if(s, begins_character)); }
std::string_view first_characters(std::string_view s, std::size_t n) {
    std::size_t end = 0;
    while (end != s.size() && (!begins_character(s[end]) || n-- != 0)) ++end;
    return s.substr(0, end);
}
/// A schema's number that counts something; more than largest is all the same.
std::size_t count(json s, std::size_t otherwise) { return static_cast<std::size_t>(std::clamp(s.number(static_cast<double>(otherwise)), 0.0, double{largest + 1})); }

void put_number(std::string& out, double x) {
    char text[32];
    out.append(text, std::to_chars(text, text + sizeof text, x).ptr);
}

struct writer {
    std::string& out;
    json root;
    std::string_view source;
    random& dice;
    std::size_t begin = out.size();
    bool fits = true;           // once it is false nothing more is written: a schema may ask for 2^64 members

    json resolve(json s) const {
        for (unsigned hops = 0; hops != 8; ++hops) {
            auto const ref = s["$ref"];
            if (!ref) return s;
            auto path = ref.plain();
            s = root;
            for (std::string_view rest = path; rest.starts_with('#') || rest.starts_with('/');) {
                rest.remove_prefix(1);
                auto const step = rest.substr(0, rest.find('/'));
                if (!step.empty()) s = s[step];
                rest.remove_prefix(step.size());
            }
        }
        return {};
    }
    void string(json s) {
        auto const min = count(s["minLength"], 0), max = count(s["maxLength"], largest);
        std::string text(excerpt(source, dice));
        for (auto n = characters(text); n < min && text.size() < largest;) {
            auto const more = excerpt(source, dice);
            text.append(" ").append(more);
            n += 1 + characters(more);
        }
        put_string(out, first_characters(text, max));
    }
    void number(json s, bool whole) {
        double const wanted = s["multipleOf"].number(0), step = wanted > 0 ? wanted : whole ? 1 : 0.5;
        double low = s["minimum"].number(s["exclusiveMinimum"].number(0)), high = s["maximum"].number(s["exclusiveMaximum"].number(std::max(low + 9 * step, 9.0)));
        if (s["exclusiveMinimum"]) low = std::max(low, s["exclusiveMinimum"].number(low) + step);
        if (s["exclusiveMaximum"]) high = std::min(high, s["exclusiveMaximum"].number(high) - step);
        high = std::min(high, low + 1000 * step);           // of int64's whole range a small number will do
        if (!s["minimum"] || low < -1e9) low = std::max(low, std::min(0.0, high));
        auto const from = std::ceil(low / step), to = std::floor(high / step);
        put_number(out, (from + static_cast<double>(dice.below(static_cast<std::uint64_t>(std::clamp(to - from, 0.0, 1000.0)) + 1))) * step);
    }
    void value(json s, unsigned depth) {
        fits = fits && depth <= deepest && out.size() - begin <= largest;
        if (!fits) return;
        s = resolve(s);
        if (auto const fixed = s["const"]) { out += fixed.text(); return; }
        for (auto key : {"enum", "anyOf", "oneOf"}) if (auto const all = s[key]) {
            std::vector<json> choices;
            all.elements([&](json c) { choices.push_back(c); });
            if (choices.empty()) break;
            auto chosen = choices[depth > 6 ? choices.size() - 1 : dice.below(choices.size())];     // the last of anyOf is null by custom: recursion ends there
            if (std::string_view(key) == "enum") out += chosen.text(); else value(chosen, depth + 1);
            return;
        }
        auto kind = s["type"];
        if (kind.is_array()) {
            std::vector<json> kinds;
            kind.elements([&](json k) { kinds.push_back(k); });
            if (!kinds.empty()) kind = kinds[depth > 6 ? kinds.size() - 1 : dice.below(kinds.size())];
        }
        auto const type = kind.plain();
        if (type == "string") string(s);
        else if (type == "integer") number(s, true);
        else if (type == "number") number(s, false);
        else if (type == "boolean") out += dice.below(2) ? "true" : "false";
        else if (type == "array") {
            auto const min = count(s["minItems"], depth > 6 ? 0 : 1), max = std::max(min, count(s["maxItems"], min + 2));
            auto const n = depth > 6 ? min : min + dice.below(std::min<std::size_t>(max - min, 8) + 1);
            out += '[';
            for (std::size_t i = 0; fits && i != n; ++i) { if (i) out += ','; value(s["items"], depth + 1); }
            out += ']';
        }
        else if (type == "object" || s["properties"]) {
            out += '{';
            bool first = true;
            auto const required = s["required"];
            s["properties"].members([&](std::string_view name, json member) {
                bool needed = depth <= 6;
                if (!needed) required.elements([&](json r) { needed = needed || r.plain() == name; });
                if (!needed || !fits) return;
                if (!first) out += ',';
                first = false;
                out.append("\"").append(name).append("\":");
                value(member, depth + 1);
            });
            out += '}';
        }
        else out += "null";
    }
};

} // namespace

std::string_view excerpt(std::string_view text, random& dice) {
    auto const is_space = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
    if (text.size() > 8192) text = text.substr(0, 8192);
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i != text.size(); ++i) if (!is_space(text[i]) && (i == 0 || is_space(text[i - 1]))) starts.push_back(i);
    if (starts.empty()) return "ok";
    auto const words = std::min<std::size_t>(4 + dice.below(9), starts.size());
    auto const from = dice.below(starts.size() - words + 1);
    auto end = starts[from + words - 1];
    while (end != text.size() && !is_space(text[end])) ++end;
    return text.substr(starts[from], end - starts[from]);
}

std::string_view clip(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes != 0 && !begins_character(text[bytes])) --bytes;
    return text.substr(0, bytes);
}

bool invent(std::string& out, json schema, std::string_view source, random& dice) {
    writer w{out, schema, source, dice};
    w.value(schema, 0);
    return w.fits && out.size() - w.begin <= largest;
}

} // namespace mock
