#include <cstdio>
#include <cstdlib>
#include <string>
#include <penstock/core/env.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/core/filter.hpp>
// [filter]
#include <penstock/io/rows.hpp>
#include <penstock/io/write_jsonl.hpp>

namespace ps = penstock;
struct essay { std::string prompt, text; std::optional<double> band; };

void keep_long_essays(std::string const& in, std::string const& folder) {
    ps::bare_env env;
    ps::io::atomic_file kept(folder + "/long.jsonl");               // written as long.jsonl.partial
    ps::io::rejects_file rejects(folder + "/rejects.jsonl", {in});
    auto const is_long = ps::filter("long enough", [](essay const& e) { return e.text.size() > 20; });
    auto const done = ps::io::write_jsonl(ps::io::rows<essay>(in) | is_long | ps::with(env), kept, rejects, &env.books);
    kept.commit();                                                  // on the disk, then under its name
    rejects.commit();
    std::printf("%d written, %d rejected\n", int(done.rows), int(done.rejected));
}
// [/filter]

int main() {
    char folder[] = "/tmp/penstock-docs-XXXXXX";
    if (!::mkdtemp(folder)) return 1;
    std::string const in = std::string(folder) + "/essays.csv";
    auto* const f = std::fopen(in.c_str(), "w");
    std::fputs("band,text,prompt\n6.5,\"Some people think, and I agree\",Do you agree?\n7,short,Why?\nseven,Some other people think otherwise,Why not?\n", f);
    std::fclose(f);
    keep_long_essays(in, folder);
    bool const there = std::system((std::string("grep -q 'I agree' ") + folder + "/long.jsonl && grep -q 'row 3' " + folder + "/rejects.jsonl").c_str()) == 0;
    return std::system((std::string("rm -r ") + folder).c_str()) == 0 && there ? 0 : 1;
}
