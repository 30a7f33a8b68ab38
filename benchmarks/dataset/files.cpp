// A chat file of 100 MB: lint and conversion beside the same in Python with orjson. Then a split of a million rows, and leakage between two files.
#include <penstock/dataset/chat_file.hpp>
#include <penstock/dataset/leakage.hpp>
#include <penstock/dataset/lint.hpp>
#include <penstock/dataset/split.hpp>
#include <penstock/io/atomic_file.hpp>
#include "../io/peer.hpp"

namespace {
namespace ds = penstock::dataset;

std::uint64_t seed = 5;
unsigned roll(unsigned n) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return unsigned(seed >> 33) % n;
}
std::string prose(unsigned words) {
    constexpr char const* all[] = {"people", "believe", "the", "cities,", "of", "a", "\"government\"", "should", "invest", "in", "public", "transport", "because", "traffic", "is", "worse.\n", "however,", "others", "argue", "that"};
    std::string out = std::to_string(roll(1u << 30));
    for (; words != 0; --words) {
        (out += ' ') += all[roll(20)];
        if (words % 2 == 0) { out += ' '; for (unsigned w = roll(20'000), i = 0; i != 6; ++i, w /= 3) out += static_cast<char>('a' + w % 26); }       // else all texts are near
    }
    return out;
}
}

int main(int argc, char** argv) {
    unsigned const rounds = argc > 1 ? unsigned(std::atoi(argv[1])) : 5;
    bench::folder const f;
    auto const in = f / "train.jsonl";
    std::size_t bytes = 0;
    {
        penstock::io::atomic_file out(in);
        while (out.size() < 100'000'000) out.write(*ds::write_chat(ds::three_turns("You answer.", prose(60), prose(120)), ds::chat_format::openai) + '\n');
        bytes = out.size();
        out.commit();
    }
    bool const peers = bench::peer::available("orjson");
    std::uint64_t errors = 0, refused = 0;
    std::vector<bench::contender> lint, convert, rest;
    lint.push_back({"lint: all checks", [&] { errors = ds::lint(std::vector{in}).errors(); }});
    convert.push_back({"each_chat, write_chat", [&] {
        penstock::io::atomic_file out(f / "sharegpt");
        ds::each_chat(in, {}, [&](std::uint64_t, penstock::result<ds::chat> c) {
            auto const row = ds::write_chat(*c, ds::chat_format::sharegpt);
            if (row) out.write(*row + '\n'); else ++refused;
        });
    }});
    if (peers) {
        auto const linter = std::make_shared<bench::peer>("lint", in, ""), converter = std::make_shared<bench::peer>("convert", in, f / "python");
        lint.push_back({"Python, orjson: the cookbook's seven and duplicates", [linter] { linter->run(); }});
        convert.push_back({"Python, orjson", [converter] { converter->run(); }});
    }
    bench::race(lint, rounds);
    if (errors != 0) { std::puts("the file does not pass lint"); return 1; }
    bench::table("lint of chat JSONL (100 MB)", lint, {double(bytes), "MB/s", true, 1e6});
    bench::race(convert, rounds);
    if (refused != 0) { std::puts("rows were refused"); return 1; }
    bench::table("openai to sharegpt (100 MB)", convert, {double(bytes), "MB/s", true, 1e6});

    std::vector<ds::split_row> rows;
    for (std::uint64_t i = 0; i != 1'000'000; ++i) rows.push_back({.position = i, .stratum = std::to_string(roll(10)), .keys = {ds::fingerprint_of(std::to_string(i)), ds::fingerprint_of(std::to_string(roll(600'000)), 1)}});
    std::vector<bench::contender> split{{"split: ten strata, groups of shared keys", [&] { bench::keep(ds::split(rows)); }}, {"split_in_three", [&] { bench::keep(ds::split_in_three(rows)); }}};
    bench::race(split, rounds < 3 ? rounds : 3);
    bench::table("split of 1,000,000 rows", split, {1e6, "rows/s", true});

    std::vector<std::string> train, validation;
    for (int i = 0; i != 10'000; ++i) train.push_back(prose(40));
    for (int i = 0; i != 2'000; ++i) validation.push_back(i % 10 ? prose(40) : train[roll(10'000)]);
    auto const leaks = [&](bool near) {
        ds::leakage l({.near_duplicates = near});
        l.begin("train");
        for (auto const& t : train) l.add(t);
        l.begin("validation");
        for (auto const& t : validation) l.add(t);
        if (l.total() < 200) std::abort();
    };
    std::vector<bench::contender> leakage{{"equal and near", [&] { leaks(true); }}, {"equal alone", [&] { leaks(false); }}};
    bench::race(leakage, rounds < 3 ? rounds : 3);
    bench::table("leakage: 10,000 and 2,000 texts of 250 characters", leakage, {12'000, "rows/s", true});
}
