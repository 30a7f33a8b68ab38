// Header-only stays true: this program links no library of ours. It reads a CSV, reads JSON, writes a file, and parses flags: a body of every room.
#include <cstdio>
#include <fstream>
#include <string>
#include <penstock/io/csv.hpp>
#include <penstock/io/write_jsonl.hpp>
#include <penstock/dataset/fold.hpp>

struct essay { std::string title; int words; };

int main() {
    std::ofstream("embed.csv") << "words,title\n250,Bees\nmany,Rain\n";
    penstock::io::atomic_file out("embed.jsonl");
    penstock::io::rejects_file rejects("embed.rejects.jsonl");
    auto const done = penstock::io::write_jsonl(penstock::io::csv<essay>(std::string("embed.csv")), out, rejects);
    out.commit(), rejects.commit();
    return done.rows == 1 && done.rejected == 1 && penstock::dataset::fold("BEES") == "bees" ? 0 : 1;
}
