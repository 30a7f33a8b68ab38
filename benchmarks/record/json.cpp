/// Chat rows, as in a fine-tuning file: decoded and encoded by hand with simdjson, and by penstock::json. 20,000 rows of about 2 KB, made from a seed;
/// texts have quotes, line ends and letters beyond ASCII at about the rate of English prose with quotations.
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>
#include <simdjson.h>
#include <penstock/record/json.hpp>
#include "measure.hpp"
namespace json = penstock::json;
namespace od = simdjson::ondemand;

namespace {
struct message { std::string role, content; };
struct chat { std::string id; double score; int turns; std::vector<message> messages; };

std::vector<std::string> rows(std::size_t n) {
    std::uint64_t seed = 42;
    auto const below = [&](std::uint64_t m) { seed = seed * 6364136223846793005u + 1442695040888963407u; return (seed >> 33) % m; };
    char const* const words[] = {"the", "essay", "argues", "that", "people", "\"quotation\"", "should", "however", "naïve", "because", "line\n", "of", "evidence", "—", "and", "government", "which", "considerable", "a", "to"};
    std::vector<std::string> out;
    for (std::size_t i = 0; i != n; ++i) {
        chat c{"row-" + std::to_string(i), static_cast<double>(below(19)) / 2, 3, {}};
        for (auto role : {"system", "user", "assistant"}) {
            message m{role, {}};
            for (auto w = 20 + below(200); w != 0; --w) { m.content += words[below(20)]; m.content += ' '; }
            c.messages.push_back(std::move(m));
        }
        out.push_back(json::encode(c).value());
    }
    return out;
}

/// What one would write without a framework: every key compared, every string copied out, the first mistake ends it.
bool decode_by_hand(od::parser& parser, char const* text, std::size_t size, chat& c) {
    od::document document;
    od::object row;
    if (parser.iterate(text, size, size + simdjson::SIMDJSON_PADDING).get(document) || document.get_object().get(row)) return false;
    for (auto f : row) {
        od::field field;
        if (std::move(f).get(field)) return false;
        auto const key = field.key();
        std::string_view s;
        if (key == "id") { if (field.value().get_string().get(s)) return false; c.id = s; }
        else if (key == "score") { if (field.value().get_double().get(c.score)) return false; }
        else if (key == "turns") { std::int64_t n; if (field.value().get_int64().get(n)) return false; c.turns = static_cast<int>(n); }
        else if (key == "messages") {
            od::array messages;
            if (field.value().get_array().get(messages)) return false;
            for (auto e : messages) {
                od::object object;
                if (e.get_object().get(object)) return false;
                auto& m = c.messages.emplace_back();
                for (auto g : object) {
                    od::field part;
                    if (std::move(g).get(part)) return false;
                    auto const name = part.key();
                    if (name == "role") { if (part.value().get_string().get(s)) return false; m.role = s; }
                    else if (name == "content") { if (part.value().get_string().get(s)) return false; m.content = s; }
                }
            }
        }
    }
    return true;
}
void quote(std::string& out, std::string_view s) {
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i != s.size(); ++i) {
        auto const c = static_cast<unsigned char>(s[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(s, from, i - from);
        from = i + 1;
        if (c == '"') out += "\\\""; else if (c == '\\') out += "\\\\"; else if (c == '\n') out += "\\n"; else if (c == '\r') out += "\\r"; else if (c == '\t') out += "\\t";
        else { char escape[8]; std::snprintf(escape, sizeof escape, "\\u%04x", c); out += escape; }
    }
    out.append(s, from);
    out += '"';
}
void encode_by_hand(std::string& out, chat const& c) {
    char number[32];
    out += "{\"id\":"; quote(out, c.id);
    out += ",\"score\":"; out.append(number, static_cast<std::size_t>(std::snprintf(number, sizeof number, "%.17g", c.score)));
    out += ",\"turns\":"; out += std::to_string(c.turns);
    out += ",\"messages\":[";
    bool first = true;
    for (auto const& m : c.messages) {
        out += first ? "{\"role\":" : ",{\"role\":"; first = false;
        quote(out, m.role); out += ",\"content\":"; quote(out, m.content); out += '}';
    }
    out += "]}";
}
}

int main(int argc, char** argv) {
    auto const texts = rows(20'000);
    std::string all;
    std::vector<std::pair<std::size_t, std::size_t>> lines;
    for (auto const& t : texts) { lines.emplace_back(all.size(), t.size()); all += t; all += '\n'; }
    std::size_t const bytes = all.size();
    all.append(simdjson::SIMDJSON_PADDING, '\0');
    std::vector<chat> records;
    for (auto const& t : texts) records.push_back(json::decode<chat>(t).value());
    auto const fail = [] { std::puts("a row was refused"); std::exit(1); };
    unsigned const rounds = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 11;
    std::printf("%zu rows, %.1f MB\n", texts.size(), static_cast<double>(bytes) / 1e6);
    bench::measure const rate{.per = static_cast<double>(bytes), .unit = "MB/s", .rate = true, .scale = 1e6};

    od::parser parser;
    std::string out;
    std::vector<bench::contender> decoding{
        {"simdjson by hand", [&] { for (auto [at, n] : lines) { chat c; if (!decode_by_hand(parser, all.data() + at, n, c)) fail(); bench::keep(c); } }},
        {"json::decode_padded", [&] { for (auto [at, n] : lines) { auto c = json::decode_padded<chat>(all.data() + at, n); if (!c) fail(); bench::keep(*c); } }},
        {"json::decode_padded, strict", [&] { for (auto [at, n] : lines) { auto c = json::decode_padded<chat, json::strict>(all.data() + at, n); if (!c) fail(); bench::keep(*c); } }},
        {"json::decode (copies the text first)", [&] { for (auto [at, n] : lines) { auto c = json::decode<chat>({all.data() + at, n}); if (!c) fail(); bench::keep(*c); } }},
    };
    bench::race(decoding, rounds);
    bench::table("Decode chat rows", decoding, rate);

    std::vector<bench::contender> encoding{
        {"by hand", [&] { out.clear(); for (auto const& c : records) { encode_by_hand(out, c); out += '\n'; } bench::keep(out); }},
        {"json::encode_to (UTF-8 checked)", [&] { out.clear(); for (auto const& c : records) { if (!json::encode_to(out, c)) fail(); out += '\n'; } bench::keep(out); }},
    };
    bench::race(encoding, rounds);
    bench::table("Encode chat rows", encoding, rate);

    std::vector<bench::contender> both{
        {"by hand", [&] { out.clear(); for (auto [at, n] : lines) { chat c; if (!decode_by_hand(parser, all.data() + at, n, c)) fail(); encode_by_hand(out, c); out += '\n'; } bench::keep(out); }},
        {"penstock::json", [&] { out.clear(); for (auto [at, n] : lines) { auto c = json::decode_padded<chat>(all.data() + at, n); if (!c || !json::encode_to(out, *c)) fail(); out += '\n'; } bench::keep(out); }},
    };
    bench::race(both, rounds);
    bench::table("Decode and encode chat rows", both, rate);
}
