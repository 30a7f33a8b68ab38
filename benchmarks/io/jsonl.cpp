// 200 MB of chat rows: read, keep those that pass a check, write them. The hand-written loop has no records: it looks at simdjson's string_views and writes
// from them; the second one, cheaper still, copies the lines it keeps as they came.
#include <cstring>
#include <fcntl.h>
#include <simdjson.h>
#include <penstock/core/env.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/io/jsonl.hpp>
#include <penstock/io/write_jsonl.hpp>
#include "peer.hpp"

namespace {
namespace ps = penstock;
struct message { std::string role, content; };
struct chat { std::vector<message> messages; };

bool keep(std::string_view r0, std::string_view r1, std::string_view r2, std::string_view answer) { return r0 == "system" && r1 == "user" && r2 == "assistant" && answer.size() > 300; }

std::size_t generate(std::string const& path, std::size_t bytes) {
    constexpr std::string_view words[] = {"people", "believe", "the", "cities", "of", "a", "\\\"government\\\"", "should", "invest", "in", "public", "transport", "because", "naïve", "traffic", "is", "worse.\\n\\n", "however,", "others", "argue"};
    std::uint64_t seed = 42;
    auto const roll = [&](unsigned n) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        return unsigned(seed >> 33) % n;
    };
    auto const prose = [&](std::string& out, unsigned n) { while (n-- != 0) { out += words[roll(20)]; out += ' '; } };
    auto* const file = std::fopen(path.c_str(), "wb");
    std::size_t total = 0;
    for (std::string line; total < bytes; total += line.size()) {
        line = R"({"messages":[{"role":"system","content":"You are an examiner. Answer in JSON."},{"role":"user","content":")";
        prose(line, 60 + roll(200));
        line += R"("},{"role":"assistant","content":"{\"overall\":6.5,\"feedback\":\")";
        prose(line, 10 + roll(80));
        line += "\\\"}\"}]}\n";
        std::fwrite(line.data(), 1, line.size(), file);
    }
    std::fclose(file);
    return total;
}

/// What a careful person writes in an afternoon: one buffer for reading, one for writing.
struct by_hand {
    simdjson::ondemand::parser parser;
    std::vector<char> buffer = std::vector<char>((1 << 20) + simdjson::SIMDJSON_PADDING);
    std::string out;

    static void quote(std::string& out, std::string_view s) {
        static constexpr char digits[] = "0123456789abcdef";
        out += '"';
        std::size_t from = 0;
        for (std::size_t i = 0; i != s.size(); ++i) {
            auto const c = static_cast<unsigned char>(s[i]);
            if (c >= 0x20 && c != '"' && c != '\\') continue;
            out.append(s, from, i - from);
            from = i + 1;
            if (c == '\n') out += "\\n";
            else if (c == '"' || c == '\\') { out += '\\'; out += s[i]; }
            else { out += "\\u00"; out += digits[c >> 4]; out += digits[c & 15]; }
        }
        out.append(s, from);
        out += '"';
    }
    bool row(char* line, std::size_t size, bool copy) {
        simdjson::ondemand::document d;
        if (parser.iterate(line, size, size + simdjson::SIMDJSON_PADDING).get(d)) return false;
        simdjson::ondemand::array messages;
        if (d["messages"].get_array().get(messages)) return false;
        std::string_view role[3], content[3];
        std::size_t n = 0;
        for (auto m : messages) {
            if (n == 3 || m["role"].get_string().get(role[n]) || m["content"].get_string().get(content[n])) return false;
            ++n;
        }
        if (n != 3 || !keep(role[0], role[1], role[2], content[2])) return false;
        if (copy) { out.append(line, size); out += '\n'; return true; }
        out += "{\"messages\":[";
        for (unsigned i = 0; i != 3; ++i) {
            out += i == 0 ? "{\"role\":" : ",{\"role\":";
            quote(out, role[i]);
            out += ",\"content\":";
            quote(out, content[i]);
            out += '}';
        }
        out += "]}\n";
        return true;
    }
    std::size_t run(std::string const& in, std::string const& target, bool copy) {
        int const from = ::open(in.c_str(), O_RDONLY), to = ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
        std::size_t held = 0, rows = 0;
        for (ssize_t got; (got = ::read(from, buffer.data() + held, (1 << 20) - held)) > 0;) {
            held += std::size_t(got);
            char *line = buffer.data(), *end = line + held;
            while (auto* const newline = static_cast<char*>(std::memchr(line, '\n', std::size_t(end - line)))) {
                rows += row(line, std::size_t(newline - line), copy);
                line = newline + 1;
                if (out.size() > (1 << 18)) {
                    if (::write(to, out.data(), out.size()) < 0) std::abort();
                    out.clear();
                }
            }
            held = std::size_t(end - line);
            std::memmove(buffer.data(), line, held);
        }
        if (::write(to, out.data(), out.size()) < 0) std::abort();
        out.clear();
        ::close(from);
        ::close(to);
        return rows;
    }
};
std::string slurp(std::string const& path) {
    std::string all;
    auto* f = std::fopen(path.c_str(), "rb");
    char piece[65536];
    while (auto const n = std::fread(piece, 1, sizeof piece, f)) all.append(piece, n);
    std::fclose(f);
    return all;
}
}

int main(int argc, char** argv) {
    unsigned const rounds = argc > 1 ? unsigned(std::atoi(argv[1])) : 7;
    bench::folder const f;
    auto const in = f / "chat.jsonl";
    auto const bytes = generate(in, 200'000'000);
    by_hand hand;
    std::uint64_t rows = 0;
    std::vector<bench::contender> all;
    all.push_back({"by hand: simdjson On-Demand a line, no records", [&] { hand.run(in, f / "hand", false); }});
    all.push_back({"by hand: kept lines copied as they came", [&] { hand.run(in, f / "copied", true); }});
    all.push_back({"jsonl<chat> \\| filter \\| with(env) \\| write_jsonl", [&] {
        ps::bare_env env;
        ps::io::atomic_file out(f / "penstock");
        ps::io::rejects_file rejects(f / "rejects");
        constexpr auto good = [](chat const& c) { return c.messages.size() == 3 && keep(c.messages[0].role, c.messages[1].role, c.messages[2].role, c.messages[2].content); };
        rows = ps::io::write_jsonl(ps::io::jsonl<chat>(in) | ps::filter(good) | ps::with(env), out, rejects, &env.books).rows;
    }});     // no commit: a fsync would measure the disk
    if (bench::peer::available()) {
        auto const python = std::make_shared<bench::peer>("json", in, f / "json"), orjson = std::make_shared<bench::peer>("orjson", in, f / "orjson");
        all.push_back({"Python orjson", [orjson] { orjson->run(); }});
        all.push_back({"Python json", [python] { python->run(); }});
    }
    bench::race(all, rounds);
    auto const expected = slurp(f / "hand");
    for (auto const* name : {"copied", "penstock.partial"}) if (slurp(f / name) != expected) { std::printf("%s is not what the loop wrote by hand\n", name); return 1; }
    std::printf("\n%zu rows kept of %.0f MB; all outputs of C++ are the same bytes.\n", std::size_t(rows), double(bytes) / 1e6);
    bench::table("read, filter and write chat JSONL", all, {double(bytes), "MB/s", true, 1e6});
}
