// CSV against Python's csv module, on real essays and on generated text: every field the same bytes.
#include <zlib.h>
#include <penstock/io/csv.hpp>
#include "io/support.hpp"
using namespace test;

namespace {
std::string crc(std::string_view s) { return std::to_string(s.size()) + ':' + std::to_string(::crc32(0, reinterpret_cast<Bytef const*>(s.data()), uInt(s.size()))); }

/// A line a row ("length:crc32 length:crc32 …"), blank lines left out; "failed" where a row is no row.
std::string ours(io::input in) {
    std::string out;
    io::csv_splitter rows(std::move(in), {});
    while (auto const* row = rows.next()) {
        if (!row->fault.empty()) return "failed\n";
        if (rows.blank()) continue;
        for (std::size_t i = 0; i != rows.size(); ++i) out += (i == 0 ? "" : " ") + crc(rows.cells()[i].text());
        out += '\n';
    }
    return out;
}
constexpr char script[] = R"(
import csv, sys, zlib
csv.field_size_limit(1 << 30)
for path in open(sys.argv[1]).read().split():
    lines = []
    try:
        with open(path, newline='', encoding='utf-8') as f:
            for row in csv.reader(f, strict=True):
                if row:
                    fields = [field.encode() for field in row]
                    lines.append(' '.join(f'{len(b)}:{zlib.crc32(b)}' for b in fields))
    except csv.Error:
        lines = ['failed']
    print('\n'.join(lines + ['end']))
)";
/// One answer a file, or nothing without python3.
strings theirs(folder const& f, strings const& paths) {
    if (std::system("python3 -c 'import csv, zlib' 2>/dev/null") != 0) {
        std::puts("python3 is not here: the comparison of CSV with Python's csv module is skipped");
        return {};
    }
    auto const program = f.write("read.py", script);
    std::string list;
    for (auto const& p : paths) list += p + '\n';
    auto const names = f.write("names", list);
    REQUIRE(std::system(("python3 " + program + ' ' + names + " >" + (f / "answers")).c_str()) == 0);
    auto const text = slurp(f / "answers");
    strings answers;
    for (std::size_t at = 0, end; (end = text.find("end\n", at)) != text.npos; at = end + 4) answers.push_back(text.substr(at, end - at));
    REQUIRE(answers.size() == paths.size());
    return answers;
}
struct chance {
    std::uint64_t seed;
    unsigned operator()(unsigned n) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        return unsigned(seed >> 33) % n;
    }
};
/// Even seeds: rows as a careful program writes them; odd ones: the same pieces in any order.
std::string generated(unsigned seed) {
    chance roll{seed};
    for (int i = 0; i != 8; ++i) roll(2);
    constexpr std::string_view pieces[] = {"a", "word", " ", "é", ",", "\n", "\"", "\r\n", "6.5", "'"};
    std::string out;
    if (seed % 2 == 1) {
        for (auto n = roll(40); n-- != 0;) out += pieces[roll(10)];
        return out;
    }
    auto const columns = 1 + roll(4);
    for (auto rows = roll(8); rows-- != 0;) {
        for (unsigned c = 0; c != columns; ++c) {
            if (c != 0) out += ',';
            bool const quoted = roll(2) == 0;
            if (quoted) out += '"';
            for (auto n = roll(5); n-- != 0;) {
                auto const piece = roll(11);
                if (quoted) out += piece == 10 ? "\r" : piece == 6 ? "\"\"" : pieces[piece];
                else out += pieces[piece % 4];
            }
            if (quoted) out += '"';
        }
        out += roll(2) ? "\n" : "\r\n";
    }
    return out;
}
}

TEST_CASE("csv: 2,000 generated files have the fields that Python's csv module sees, where both read them") {
    folder const f;
    strings bytes, paths;
    for (unsigned i = 0; i != 2000; ++i) {
        bytes.push_back(generated(i));
        paths.push_back(f.write(std::to_string(i), bytes.back()));
    }
    auto const answers = theirs(f, paths);
    unsigned both = 0, refused = 0;
    for (std::size_t i = 0; i != answers.size(); ++i) {
        auto const mine = ours(paths[i]);
        CHECK_MESSAGE((mine == "failed\n") == (answers[i] == "failed\n"), bytes[i]);     // strict=True has our idea of a broken file
        if (mine == "failed\n" || answers[i] == "failed\n") { ++refused; continue; }
        ++both;
        CHECK_MESSAGE(mine == answers[i], bytes[i]);
    }
    if (!answers.empty()) {
        CHECK(both > 1200);
        CHECK(refused > 100);
    }
}

namespace { struct essay { std::string prompt, essay, evaluation, band; }; }
TEST_CASE("csv: the real essays: 491 rows, every field the bytes that Python reads") {
    char const* const data = std::getenv("PENSTOCK_DATA");
    if (!data) {
        std::puts("PENSTOCK_DATA is not set: the test on real essays is skipped");
        return;
    }
    auto const path = std::string(data) + "/ielts/chillies_test_491.csv";
    if (!exists(path)) {
        char const* const required = std::getenv("PENSTOCK_DATA_REQUIRED");
        CHECK_MESSAGE(!(required && std::string_view(required) == "1"), path, " is missing");
        std::puts("PENSTOCK_DATA has no ielts/chillies_test_491.csv: the test on real essays is skipped");
        return;
    }
    unsigned rows = 0;
    std::string fields = crc("prompt") + ' ' + crc("essay") + ' ' + crc("evaluation") + ' ' + crc("band") + '\n';
    for (std::size_t block : {std::size_t{1} << 18, std::size_t{100}}) {
        rows = 0;
        fields.resize(fields.find('\n') + 1);
        for (auto&& r : io::csv<essay>(path, {.block = block})) {
            REQUIRE_MESSAGE(r, r.error().place(), r.error().what());
            ++rows;
            fields += crc(r->prompt) + ' ' + crc(r->essay) + ' ' + crc(r->evaluation) + ' ' + crc(r->band) + '\n';
        }
        CHECK(rows == 491);
    }
    folder const f;
    auto const answers = theirs(f, {path});
    if (!answers.empty()) CHECK(answers[0] == fields);
    CHECK(ours(path) == fields);
}
