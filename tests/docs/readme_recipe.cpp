// [recipe]
#include <penstock/core/env.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>
#include <penstock/io/csv.hpp>
#include <penstock/io/write_jsonl.hpp>
#include <string>
namespace ps = penstock;

struct essay { std::string title, text; double band; };     // the columns, in any order
struct row { std::string prompt, completion; };             // the keys of every line

constexpr auto recipe = ps::filter("too short", [](essay const& e) { return e.text.size() >= 20; })
                      | ps::map("question", [](essay e) { return row{e.title + "\n\n" + e.text, e.band >= 6.5 ? "good" : "not yet"}; });

void convert(std::string const& csv, std::string const& jsonl) {
    ps::bare_env env;
    ps::io::atomic_file out(jsonl);
    ps::io::rejects_file rejects(jsonl + ".rejects");
    ps::io::write_jsonl(ps::io::csv<essay>(csv) | recipe | ps::with(env), out, rejects, &env.ledger());
    out.commit();
    rejects.commit();
}
// [/recipe]

#include <fstream>
#include <iterator>

int main() {
    std::ofstream("readme.csv") << "band,title,text\n7,Bees,\"Bees carry pollen,\nand much depends on it.\"\n9,Too short,Yes\nseven,Dirt,This band is no number.\n5.5,Rain,It rains here every day in May.\n";
    convert("readme.csv", "readme.jsonl");
    auto const text = [](char const* path) { std::ifstream f(path); return std::string(std::istreambuf_iterator<char>(f), {}); };
    return text("readme.jsonl") == "{\"prompt\":\"Bees\\n\\nBees carry pollen,\\nand much depends on it.\",\"completion\":\"good\"}\n"
                                   "{\"prompt\":\"Rain\\n\\nIt rains here every day in May.\",\"completion\":\"not yet\"}\n"
        && text("readme.jsonl.rejects").find("seven") != std::string::npos ? 0 : 1;
}
