// CSV in two shapes: essays (long quoted cells with newlines and doubled quotes) and a table of short cells. Everyone reads the same file and adds up the
// bytes of all cells; Arrow and csv<T> also keep them as strings, a column or a row at a time.
#include <cstring>
#include <fcntl.h>
#include <penstock/io/csv.hpp>
#include "peer.hpp"

namespace {
namespace io = penstock::io;
struct essay { std::string prompt, essay, evaluation, band; };
struct row { std::string id, name, city, amount, score, flag, day, note; };

std::uint64_t seed = 7;
unsigned roll(unsigned n) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return unsigned(seed >> 33) % n;
}
std::size_t essays(std::string const& path, std::size_t bytes) {
    constexpr char const* words[] = {"people", "believe", "the", "cities,", "of", "a", "\"\"government\"\"", "should", "invest", "in", "public", "transport", "because", "traffic", "is", "worse.\n\n", "however,", "others", "argue", "that"};
    auto const prose = [&](std::string& out, unsigned n) {
        out += '"';
        while (n-- != 0) { out += words[roll(20)]; out += ' '; }
        out += "\",";
    };
    auto* const f = std::fopen(path.c_str(), "wb");
    std::string line = "prompt,essay,evaluation,band\n";
    std::size_t total = 0;
    for (; total < bytes; total += line.size(), line.clear()) {
        if (total != 0) { prose(line, 30); prose(line, 150 + roll(200)); prose(line, 100 + roll(200)); line += roll(2) ? "6.5\n" : "7\n"; }
        std::fwrite(line.data(), 1, line.size(), f);
    }
    std::fclose(f);
    return total;
}
std::size_t table(std::string const& path, std::size_t bytes) {
    constexpr char const* cities[] = {"Oslo", "Lima", "\"Paris, TX\"", "Kyoto", "Accra"};
    auto* const f = std::fopen(path.c_str(), "wb");
    std::string line = "id,name,city,amount,score,flag,day,note\n";
    std::size_t total = 0;
    for (unsigned i = 0; total < bytes; total += line.size(), line.clear(), ++i) {
        if (total != 0) line = std::to_string(i) + ",user" + std::to_string(roll(100000)) + ',' + cities[roll(5)] + ',' + std::to_string(roll(1000000)) + '.' + std::to_string(roll(100)) + ",0." + std::to_string(roll(10000)) + (roll(2) ? ",true," : ",false,") + "2024-0" + std::to_string(1 + roll(9)) + "-1" + std::to_string(roll(10)) + ",\n";
        std::fwrite(line.data(), 1, line.size(), f);
    }
    std::fclose(f);
    return total;
}

/// A byte at a time, as one writes it: no header, no checks, cells only counted.
std::uint64_t by_hand(std::string const& path) {
    static std::vector<char> buffer(1 << 18);
    int const from = ::open(path.c_str(), O_RDONLY);
    enum { start, plain, quoted, closing } state = start;
    std::uint64_t total = 0;
    bool header = true;
    for (ssize_t got; (got = ::read(from, buffer.data(), buffer.size())) > 0;) {
        for (auto const *p = buffer.data(), *end = p + got; p != end; ++p) {
            char const c = *p;
            switch (state) {
            case quoted: if (c == '"') state = closing; else ++total; break;
            case closing: if (c == '"') { ++total; state = quoted; break; } [[fallthrough]];
            case start: if (c == '"') { state = quoted; break; } [[fallthrough]];
            case plain:
                if (c == ',' || c == '\n') { state = start; if (c == '\n' && header) { header = false; total = 0; } }
                else { ++total; state = plain; }
            }
        }
    }
    ::close(from);
    return total;
}
std::uint64_t cells(std::string const& path) {
    io::csv_splitter rows(path, {});
    std::uint64_t total = 0;
    rows.next();
    while (rows.next()) for (std::size_t i = 0; i != rows.size(); ++i) {
        auto const& c = rows.cells()[i];
        total += c.size;
        if (c.doubled) for (auto const *p = c.data, *end = p + c.size; (p = static_cast<char const*>(std::memchr(p, '"', std::size_t(end - p)))); p += 2) --total;
    }
    return total;
}
template <class T> std::uint64_t records(std::string const& path) {
    std::uint64_t total = 0;
    for (auto&& r : io::csv<T>(path)) std::apply([&](auto const&... cell) { total += (cell.size() + ...); }, penstock::fields(*r));
    return total;
}

template <class T> bool compare(char const* title, std::string const& path, std::size_t bytes, bool peers, unsigned rounds) {
    std::vector<std::uint64_t> sums(3);
    std::vector<std::string> answers(3);
    std::vector<bench::contender> all;
    all.push_back({"by hand: a byte at a time, cells only counted", [&] { sums[0] = by_hand(path); }});
    all.push_back({"csv_splitter: cells as views", [&] { sums[1] = cells(path); }});
    all.push_back({"csv<T>: records of strings", [&] { sums[2] = records<T>(path); }});
    if (peers) for (auto [job, name, at] : {std::tuple{"arrow1", "Arrow C++ (pyarrow), one thread", 0u}, {"arrow", "Arrow C++ (pyarrow), all cores", 1u}, {"csv", "Python csv", 2u}}) {
        auto const p = std::make_shared<bench::peer>(job, path, "");
        all.push_back({name, [p, &answer = answers[at]] { answer = p->run(); }});
    }
    bench::race(all, rounds);
    for (auto s : sums) if (s != sums[0]) { std::printf("%s: the contenders of C++ do not agree\n", title); return false; }
    if (peers) for (auto const& a : answers) if (a != std::to_string(sums[0])) { std::printf("%s: a peer saw '%s' bytes in cells, not %llu\n", title, a.c_str(), static_cast<unsigned long long>(sums[0])); return false; }
    bench::table(title, all, {double(bytes), "MB/s", true, 1e6});
    return true;
}
}

int main(int argc, char** argv) {
    unsigned const rounds = argc > 1 ? unsigned(std::atoi(argv[1])) : 7;
    bench::folder const f;
    auto const long_cells = f / "essays.csv", short_cells = f / "table.csv";
    auto const a = essays(long_cells, 100'000'000), b = table(short_cells, 100'000'000);
    bool const peers = bench::peer::available();
    return compare<essay>("CSV of essays (100 MB)", long_cells, a, peers, rounds) && compare<row>("CSV of short cells (100 MB)", short_cells, b, peers, rounds) ? 0 : 1;
}
