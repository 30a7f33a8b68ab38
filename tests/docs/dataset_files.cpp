#include <penstock/dataset/chat.hpp>
#include <penstock/dataset/cost.hpp>
#include <penstock/dataset/lint.hpp>
#include <penstock/dataset/tokens.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/record/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
namespace ds = penstock::dataset;

// [chat]
void write_examples(std::string const& path, int rows) {
    penstock::io::atomic_file out(path);
    for (int i = 0; i != rows; ++i) {
        auto const example = ds::three_turns("You grade essays.", "Essay number " + std::to_string(i), R"({"band":6.5})");
        if (auto encoded = penstock::json::encode_to(out.pending(), example); !encoded) throw penstock::fatal(penstock::exit_code::internal, encoded.error().what());
        out.write("\n");
    }
    out.commit();
}
// [/chat]

// [lint]
bool check(std::vector<std::string> const& files) {
    auto const report = ds::lint(files, {.target = ds::lint_target::openai, .assistant_json = true});
    std::fputs(report.text().c_str(), stdout);                      // or report.json()

    std::uint64_t tokens = 0, examples = 0;
    for (auto const& f : report.files) if (!f.validation) { tokens += f.tokens.total; examples += f.rows; }
    std::fputs(ds::price_table().estimate("gpt-4o-mini-2024-07-18", examples, tokens).text().c_str(), stdout);
    return report.clean();
}
// [/lint]

int main() {
    auto name = (std::filesystem::temp_directory_path() / "penstock-docs-XXXXXX").string();
    if (!::mkdtemp(name.data())) return 1;
    write_examples(name + "/train.jsonl", 12);
    bool const good = check({name + "/train.jsonl"});
    std::filesystem::remove_all(name);
    return good ? 0 : 1;
}
