#include <chrono>
#include <cstring>
#include <stop_token>
#include <thread>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <penstock/io/lines.hpp>
#include <penstock/io/rows.hpp>
#include "io/support.hpp"
using namespace test;

namespace {
auto as_is = [](std::string const& s) { return s; };
strings lines_of(io::input in, io::reading how = {}) { return all(io::lines(std::move(in), how), as_is); }
std::string refusal(std::string_view bytes) { return fatal_line(ps::exit_code::input, [&] { lines_of(text(bytes, 100)); }); }

std::string gz(std::string_view bytes) {
    z_stream z{};
    REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&z, bytes.size()) + 64, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = uInt(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = uInt(out.size());
    REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}
std::string zst(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
    return out;
}
std::string numbered(int n) {
    std::string all;
    for (int i = 0; i != n; ++i) all += "line number " + std::to_string(i * 7919) + "\n";
    return all;
}
}

TEST_CASE("input: gzip and zstd by content, several members and frames, however few bytes come at a time") {
    auto const bytes = numbered(300);
    auto const plain = lines_of(text(bytes));
    REQUIRE(plain.size() == 300);
    auto const half = std::string_view(bytes).substr(0, 1000), rest = std::string_view(bytes).substr(1000);
    for (std::size_t piece : {1u, 3u, 100u, 1000000u}) {
        CHECK(lines_of(text(gz(bytes), piece)) == plain);
        CHECK(lines_of(text(zst(bytes), piece)) == plain);
        CHECK(lines_of(text(gz(half) + gz("") + gz(rest), piece)) == plain);
        CHECK(lines_of(text(zst(half) + zst("") + zst(rest), piece)) == plain);
        CHECK(lines_of(text(gz(bytes) + std::string(512, '\0'), piece)) == plain);     // padded as tapes are
        CHECK(lines_of(text(gz(""), piece)).empty());
        CHECK(lines_of(text(zst(""), piece)).empty());
    }
}
TEST_CASE("input: a file whose name says .gz but is not, and one that is without its name") {
    folder const f;
    CHECK(lines_of(f.write("plain.gz", "a\nb")) == strings{"a", "b"});
    CHECK(lines_of(f.write("packed", gz("a\nb"))) == strings{"a", "b"});
}
TEST_CASE("input: compressed data that stops early or is damaged: what came out whole is given out, then it is fatal with the byte") {
    auto const bytes = numbered(100000);
    for (auto const& packed : {gz(bytes), zst(bytes)}) {
        bool const gzip = packed[0] == '\x1f';
        std::size_t before = 0;
        auto const line = fatal_line(ps::exit_code::input, [&] { for (auto&& row : io::lines(text(std::string_view(packed).substr(0, packed.size() / 2), 1000))) before += row.has_value(); });
        CHECK(line == std::string("memory: the ") + (gzip ? "gzip" : "zstd") + " data stops at byte " + std::to_string(packed.size() / 2) + " before its end: the file is truncated");
        CHECK(before > 20000);
        CHECK(has(refusal(std::string_view(packed).substr(0, packed.size() - 1)), "the file is truncated"));
        CHECK(has(refusal(std::string_view(packed).substr(0, 5)), "the file is truncated"));
        auto damaged = packed;
        std::memset(damaged.data() + damaged.size() / 2, 'x', 200);
        CHECK(has(refusal(damaged), " data is damaged near byte "));
        CHECK(has(refusal(packed + "garbage"), " data is damaged near byte "));
    }
    auto flipped = gz("some text\n");
    flipped[flipped.size() - 6] ^= 1;      // of the checksum
    CHECK(has(refusal(flipped), "incorrect data check"));
}
TEST_CASE("input: a missing file, a directory and an unreadable file are fatal with the path") {
    folder const f;
    auto const why = [](std::string path) { return fatal_line(ps::exit_code::input, [&] { io::lines(path); }); };
    CHECK(why(f / "none.csv") == f / "none.csv: No such file or directory");
    CHECK(why(f.path) == f.path + ": is a directory, not a file");
    CHECK(why("") == ": No such file or directory");
    auto const closed = f.write("closed", "x");
    REQUIRE(::chmod(closed.c_str(), 0) == 0);
    if (::geteuid() != 0) CHECK(why(closed) == closed + ": Permission denied");
    CHECK(fatal_line(ps::exit_code::input, [] { lines_of("/proc/self/mem"); }) == "/proc/self/mem: cannot be read at byte 0: Input/output error");
}
TEST_CASE("input: '-' is stdin, a pipe that hands out a few bytes at a time") {
    int ends[2], answers[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::pipe(answers) == 0);
    auto const child = ::fork();
    if (child == 0) {
        ::dup2(ends[0], 0);
        ::fcntl(0, F_SETFL, O_NONBLOCK);        // as some shells and event loops leave it
        ::close(ends[1]);
        std::string out;
        try { for (auto&& row : io::lines("-")) out += row ? *row + ";" : row.error().place() + ";"; } catch (...) { out = "thrown"; }
        if (::write(answers[1], out.data(), out.size()) < 0) ::_exit(1);
        ::_exit(0);
    }
    ::close(ends[0]);
    ::close(answers[1]);
    for (std::string_view piece : {"on", "e\ntw", "o\n\xff", "\nlast"}) REQUIRE(::write(ends[1], piece.data(), piece.size()) == ssize_t(piece.size()));
    ::close(ends[1]);
    std::string got;
    char some[100];
    for (ssize_t n; (n = ::read(answers[0], some, sizeof some)) > 0;) got.append(some, std::size_t(n));
    ::close(answers[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(got == "one;two;stdin: row 3, byte 8;last;");
}

TEST_CASE("input: a stop ends a read that waits for a pipe, a named pipe without a writer, and the next one") {
    using namespace std::chrono_literals;
    folder const f;
    auto const named = f / "pipe";
    REQUIRE(::mkfifo(named.c_str(), 0600) == 0);
    for (bool const written : {true, false}) {
        int const writer = written ? ::open(named.c_str(), O_RDWR) : -1;
        std::stop_source stop;
        io::input in(named, stop.get_token());
        char some[100];
        if (written) {
            REQUIRE(::write(writer, "first\nsec", 9) == 9);
            CHECK(in.read(some, 4) == 4);       // looked at for a magic number
            CHECK(in.read(some, 100) == 5);
        }
        std::thread later([&] { std::this_thread::sleep_for(50ms); stop.request_stop(); });
        auto const line = fatal_line(ps::exit_code::incomplete, [&] { in.read(some, 100); });
        later.join();
        CHECK(line == named + ": the run was stopped while it was read");
        CHECK(fatal_line(ps::exit_code::incomplete, [&] { in.read(some, 100); }) == line);
        io::input after(named, stop.get_token());
        CHECK(fatal_line(ps::exit_code::incomplete, [&] { after.read(some, 100); }) == line);
        if (written) ::close(writer);
    }
    auto const whole = f.write("file", "a\nb\n");
    std::stop_source stopped;
    stopped.request_stop();
    CHECK(lines_of(io::input(whole, stopped.get_token())) == strings{"a", "b"});       // a file does not wait
}
TEST_CASE("input: a named pipe whose writer comes late") {
    using namespace std::chrono_literals;
    folder const f;
    auto const named = f / "pipe";
    REQUIRE(::mkfifo(named.c_str(), 0600) == 0);
    std::thread writer([&] {
        std::this_thread::sleep_for(50ms);
        int const to = ::open(named.c_str(), O_WRONLY);
        for (auto const* piece : {"on", "e\ntw", "o"}) { std::this_thread::sleep_for(10ms); CHECK(::write(to, piece, std::strlen(piece)) > 0); }
        ::close(to);
    });
    CHECK(lines_of(named) == strings{"one", "two"});
    writer.join();
}

namespace { struct row { int id; std::string text; }; }
TEST_CASE("rows: csv, tsv, jsonl and arrays by name, also compressed; else by content") {
    folder const f;
    auto const shown = [](row const& r) { return std::to_string(r.id) + r.text; };
    auto const read = [&](std::string_view name, std::string_view bytes) { return all(io::rows<row>(f.write(name, bytes)), shown); };
    strings const two{"1a", "2b"};
    std::string const csv = "id,text\n1,a\n2,b\n", tsv = "id\ttext\n1\ta\n2\tb\n", jsonl = "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\"}\n", array = "\n [{\"id\":1,\"text\":\"a\"},{\"id\":2,\"text\":\"b\"}]\n";
    CHECK(read("a.csv", csv) == two);
    CHECK(read("a.tsv", tsv) == two);
    CHECK(read("a.CSV.gz", gz(csv)) == two);
    CHECK(read("a.jsonl", jsonl) == two);
    CHECK(read("a.ndjson.zst", zst(jsonl)) == two);
    CHECK(read("a.json", array) == two);
    CHECK(read("a.json", jsonl) == two);
    CHECK(read("a.json.gz", gz("\xef\xbb\xbf" + array)) == two);
    for (auto const& bytes : {csv, jsonl, array, gz(csv), zst(array)}) CHECK(read("noname", bytes) == two);
    CHECK(read("empty", "").empty());
    CHECK(read("empty.jsonl", "").empty());
    CHECK(fatal_line(ps::exit_code::input, [&] { read("empty.csv", ""); }) == f / "empty.csv: is empty: a CSV file begins with a header");
}
