#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>
// [convert]
#include <penstock/dataset/chat_file.hpp>
#include <penstock/io/atomic_file.hpp>

namespace ds = penstock::dataset;

/// Any of the forms in, sharegpt out; the rows that it cannot say are given back.
std::vector<std::string> to_sharegpt(std::string const& from, std::string const& to) {
    std::vector<std::string> refused;
    penstock::io::atomic_file out(to);
    ds::each_chat(from, {}, [&](std::uint64_t row, penstock::result<ds::chat> chat) {       // {}: the form is told by the first row's keys
        auto const written = chat ? ds::write_chat(*chat, ds::chat_format::sharegpt) : penstock::result<std::string>(std::unexpected(chat.error()));
        if (written) out.write(*written + '\n');
        else refused.push_back("row " + std::to_string(row) + ": " + written.error().what());
    });
    out.commit();
    return refused;
}
// [/convert]

// [leakage]
#include <penstock/dataset/leakage.hpp>

bool clean(std::vector<std::string> const& train, std::vector<std::string> const& validation) {
    ds::leakage leaks({.near = {.threshold = 0.8}});
    leaks.begin("train");
    for (auto const& text : train) leaks.add(text);
    leaks.begin("validation");
    for (auto const& text : validation) leaks.add(text);
    std::fputs(leaks.text().c_str(), stdout);                       // which row says what which row says
    return leaks.total() == 0;
}
// [/leakage]

// [three]
#include <penstock/dataset/split.hpp>

std::vector<ds::side> three_parts(std::vector<std::string> const& texts, std::vector<std::string> const& labels, std::vector<std::size_t> const& clusters) {
    std::vector<ds::split_row> rows;
    for (std::size_t i = 0; i != texts.size(); ++i)
        rows.push_back({.position = i, .stratum = labels[i], .keys = {ds::folded_fingerprint_of(texts[i]), ds::fingerprint_of(texts[clusters[i]], 1)}});
    return ds::split_in_three(rows, {.validation = 0.1, .test = 0.1}).sides;        // a cluster of near-duplicates (text/minhash.hpp) is on one side
}
// [/three]

int main() {
    auto name = (std::filesystem::temp_directory_path() / "penstock-docs-XXXXXX").string();
    if (!::mkdtemp(name.data())) return 1;
    {
        penstock::io::atomic_file in(name + "/alpaca.jsonl");
        in.write("{\"instruction\":\"Add\",\"input\":\"1 and 2\",\"output\":\"3\"}\n{\"instruction\":\"Subtract\"}\n");
        in.commit();
    }
    bool const refused = to_sharegpt(name + "/alpaca.jsonl", name + "/sharegpt.jsonl").size() == 1;
    std::filesystem::remove_all(name);
    bool const leaks = !clean({"Is it better to live in a village?"}, {"is it better to live in a village"});
    std::vector<std::string> texts, labels;
    std::vector<std::size_t> clusters;
    for (std::size_t i = 0; i != 100; ++i) { texts.push_back("text " + std::to_string(i)); labels.push_back(i % 2 ? "a" : "b"); clusters.push_back(i / 4 * 4); }
    auto const sides = three_parts(texts, labels, clusters);
    for (std::size_t i = 0; i != 100; ++i) if (sides[i] != sides[i / 4 * 4]) return 1;
    return refused && leaks ? 0 : 1;
}
