#include <cmath>
#include <limits>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <penstock/core/env.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include <penstock/io/jsonl.hpp>
#include <penstock/io/lines.hpp>
#include <penstock/io/spool.hpp>
#include <penstock/io/write_jsonl.hpp>
#include "io/support.hpp"
using namespace test;

TEST_CASE("atomic_file: .partial until commit, then the name; the old file stays until then") {
    folder const f;
    f.write("out.txt", "old");
    {
        io::atomic_file out(f / "out.txt");
        out.write("new\n");
        CHECK(out.size() == 4);
        CHECK(slurp(f / "out.txt") == "old");
        CHECK(exists(f / "out.txt.partial"));
        out.commit();
        CHECK(slurp(f / "out.txt") == "new\n");
        CHECK_FALSE(exists(f / "out.txt.partial"));
    }
    CHECK(slurp(f / "out.txt") == "new\n");
}
TEST_CASE("atomic_file: without commit the .partial stays, with all that was written") {
    folder const f;
    { io::atomic_file(f / "out.txt").write("so far\n"); }
    CHECK(slurp(f / "out.txt.partial") == "so far\n");
    CHECK_FALSE(exists(f / "out.txt"));
}
TEST_CASE("atomic_file: sealed it is whole in the .partial, committed it has its name") {
    folder const f;
    f.write("out.txt", "old");
    io::atomic_file out(f / "out.txt");
    CHECK(out.partial() == f / "out.txt.partial");
    out.write("new\n");
    out.seal();
    CHECK(slurp(out.partial()) == "new\n");
    CHECK(slurp(f / "out.txt") == "old");
    out.commit();
    CHECK(slurp(f / "out.txt") == "new\n");
    CHECK(io::atomic_file("/dev/null").partial() == "/dev/null");
}
TEST_CASE("atomic_file: more than a buffer arrives whole; a link is followed") {
    folder const f;
    f.write("real.txt", "old");
    REQUIRE(::symlink("real.txt", (f / "link.txt").c_str()) == 0);
    io::atomic_file out(f / "link.txt");
    std::string all;
    for (int i = 0; i != 100000; ++i) {
        auto const line = std::to_string(i) + '\n';
        out.write(line);
        all += line;
    }
    out.commit();
    CHECK(slurp(f / "real.txt") == all);
    struct stat about;
    REQUIRE(::lstat((f / "link.txt").c_str(), &about) == 0);
    CHECK(S_ISLNK(about.st_mode));
}
TEST_CASE("atomic_file: a missing directory, a directory, a file as directory: one line with path and reason") {
    folder const f;
    auto const why = [](std::string path) { return fatal_line(ps::exit_code::output, [&] { io::atomic_file out(path); }); };
    CHECK(why(f / "no/out.txt") == f / "no/out.txt: cannot be written: No such file or directory");
    CHECK(why(f.path) == f.path + ": cannot be written: Is a directory");
    f.write("file", "");
    CHECK(why(f / "file/out.txt") == f / "file/out.txt: cannot be written: Not a directory");
}
TEST_CASE("atomic_file: a full disk ends the run with one line, the .partial stays") {
    auto const fill = [](std::string const& path) {
        return fatal_line(ps::exit_code::output, [&] {
            io::atomic_file out(path);
            for (int i = 0; i != 100; ++i) out.write(std::string(20000, 'x'));
            out.commit();
        });
    };
    CHECK(fill("/dev/full") == "/dev/full: cannot be written: No space left on device");
    folder const f;
    auto const small = f / "small";
    REQUIRE(::mkdir(small.c_str(), 0700) == 0);
    if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=64k") != 0) {
        std::puts("a small file system cannot be mounted here: the test of a full one has /dev/full alone");
        return;
    }
    CHECK(fill(small + "/out.txt") == small + "/out.txt: cannot be written: No space left on device");
    CHECK(exists(small + "/out.txt.partial"));
    CHECK_FALSE(exists(small + "/out.txt"));
    {   // the rows fit into the buffer: the error is found by commit
        auto const late = fatal_line(ps::exit_code::output, [&] {
            io::atomic_file out(small + "/late.txt");
            out.write(std::string(100000, 'x'));
            out.commit();
        });
        CHECK(late == small + "/late.txt: cannot be written: No space left on device");
    }
    CHECK(::umount2(small.c_str(), MNT_DETACH) == 0);
}
TEST_CASE("atomic_file: a directory that vanishes while it is written ends the run with one line") {
    folder const f;
    auto const gone = f / "gone";
    for (std::size_t bytes : {10u, 1000000u}) {
        REQUIRE(::mkdir(gone.c_str(), 0700) == 0);
        auto const line = fatal_line(ps::exit_code::output, [&] {
            io::atomic_file out(gone + "/out.txt");
            REQUIRE(std::system(("rm -rf " + gone).c_str()) == 0);
            out.write(std::string(bytes, 'x'));
            out.commit();
        });
        CHECK(line == gone + "/out.txt: its directory or the .partial file was removed while it was written: No such file or directory");
    }
}

namespace {
struct row { int id; double x; };
struct rejected { std::string source; int row; std::string position, stage, code, reason, raw; };
strings rejects_of(std::string const& path) {
    return all(io::jsonl<rejected, ps::json::strict>(path), [](rejected const& r) {
        return r.source + "/" + std::to_string(r.row) + "/" + r.position + "/" + r.stage + "/" + r.code + "/" + r.reason + "/" + r.raw;
    });
}
}
TEST_CASE("write_jsonl: records to the output, failures of every stage to rejects, in source order; the sums hold") {
    folder const f;
    auto const path = f.write("in.jsonl", "{\"id\":1,\"x\":1}\n{\"id\":\xff}\n{\"id\":3,\"x\":0}\n{\"id\":4,\"x\":-1}\n{\"id\":5,\"x\":2.5}\n");
    ps::bare_env env;
    io::atomic_file out(f / "out.jsonl");
    io::rejects_file rejects(f / "rejects.jsonl", {"in.jsonl"});
    io::written done;
    {
        constexpr auto check = [](row r) -> ps::result<row> {
            if (r.x < 0) return std::unexpected(ps::failure(ps::errc::rejected, "x is \"negative\"\n"));
            if (r.x == 0) r.x = std::numeric_limits<double>::quiet_NaN();
            return r;
        };
        done = io::write_jsonl(io::jsonl<row>(path) | (ps::map("check", check) | ps::in_source_order(4)) | ps::with(env), out, rejects, &env.books);
    }
    out.commit();
    rejects.commit();
    CHECK(done.rows == 2);
    CHECK(done.rejected == 3);
    CHECK(done.unencodable == 1);
    CHECK(rejects.count() == 3);
    CHECK(slurp(f / "out.jsonl") == "{\"id\":1,\"x\":1}\n{\"id\":5,\"x\":2.5}\n");
    auto const all = rejects_of(f / "rejects.jsonl");
    REQUIRE(all.size() == 3);
    CHECK(all[0].starts_with("in.jsonl/2/0:1/jsonl/parse/" + path + ": row 2, byte 15: "));
    CHECK(all[0].ends_with("/{\"id\":\xef\xbf\xbd}"));
    CHECK(all[1].starts_with("in.jsonl/3/0:2/write_jsonl/"));
    CHECK(all[2] == "in.jsonl/4/0:3/check/rejected/x is \"negative\"\n/");
    CHECK(env.books.imbalance() == "");
    CHECK(env.books.accounts().back().name == "write_jsonl");
    CHECK(env.books.accounts().back().out == 2);
}
TEST_CASE("write_jsonl: plain records and results of any range") {
    folder const f;
    io::atomic_file out(f / "out.jsonl");
    io::rejects_file rejects(f / "rejects.jsonl");
    CHECK(io::write_jsonl(std::vector<row>{{1, 1}, {2, 2}}, out, rejects).rows == 2);
    CHECK(io::write_jsonl(io::lines(text("a\n\xff\nb\n")), out, rejects).rejected == 1);
    out.commit();
    rejects.commit();
    CHECK(slurp(f / "out.jsonl") == "{\"id\":1,\"x\":1}\n{\"id\":2,\"x\":2}\n\"a\"\n\"b\"\n");
    CHECK(rejects_of(f / "rejects.jsonl") == strings{"memory/2/0:1/lines/parse/memory: row 2, byte 2: the line is not UTF-8/\xef\xbf\xbd"});
}
TEST_CASE("write_jsonl: records out of source order are a mistake of the recipe, not bytes that depend on timing") {
    folder const f;
    io::atomic_file out(f / "out.jsonl");
    io::rejects_file rejects(f / "rejects.jsonl");
    std::vector<ps::item<int>> items;
    items.push_back({ps::origin{1}, 1});
    items.push_back({ps::origin{0}, 0});
    CHECK(has(fatal_line(ps::exit_code::internal, [&] { io::write_jsonl(items, out, rejects); }), "must end with in_source_order()"));
}
TEST_CASE("rejects_file: bytes that are no UTF-8 become U+FFFD one by one, the rest stays") {
    folder const f;
    io::rejects_file rejects(f / "rejects.jsonl");
    rejects.add(ps::origin{0}, ps::failure(ps::errc::parse, "bad", "stage").of("a\xff\xc3\xbc\xe2\x82z\x01\"\\\xf0\x9f\x98\x80"));
    rejects.commit();
    auto const all = rejects_of(f / "rejects.jsonl");
    REQUIRE(all.size() == 1);
    CHECK(all[0] == "/1/0:0/stage/parse/bad/a\xef\xbf\xbdü\xef\xbf\xbd\xef\xbf\xbdz\x01\"\\😀");
}
TEST_CASE("spool: rows come back in any order, also those not yet written") {
    folder const f;
    io::spool rows(f.path);
    std::vector<io::spool::extent> where;
    for (int i = 0; i != 50000; ++i) where.push_back(rows.append("row number " + std::to_string(i)));
    std::string out;
    for (int i = 49999; i >= 0; i -= 7) {
        out.clear();
        rows.read(where[std::size_t(i)], out);
        REQUIRE(out == "row number " + std::to_string(i));
    }
    CHECK(fatal_line(ps::exit_code::output, [&] { io::spool s(f / "no"); }) == f / "no: no temporary file can be made: No such file or directory");
}
