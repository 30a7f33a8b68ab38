// What the peers' scripts ask. Texts on stdin are a 32-bit length and the bytes, ids on stdout a 32-bit count and the ids.
//   train-peer copy IN OUT             a safetensors file read and written again
//   train-peer values IN               each tensor's elements as doubles
//   train-peer tiktoken RANKS FOLDER   Qwen's ranks as a tokenizer.json
//   train-peer learn SIZE FOLDER       a vocabulary learned from the texts on stdin
//   train-peer encode TOKENIZER        the ids of each text
//   train-peer time TOKENIZER          reads all texts, encodes them five times, prints the fastest in seconds
#include <penstock/core/fatal.hpp>
#include <penstock/train/safetensors.hpp>
#include <penstock/train/tokenizer.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include "../tiktoken.hpp"
namespace tr = penstock::train;

namespace {
void copy(char const* from, char const* to) {
    auto const in = tr::safetensors::open(from);
    std::vector<tr::tensor_out> out;
    for (auto const& t : in.tensors()) out.push_back({.name = t.name, .type = t.type, .shape = t.shape, .bytes = t.bytes});
    tr::write_safetensors(to, std::move(out), in.metadata());
}
void values(char const* from) {
    auto const in = tr::safetensors::open(from);
    for (auto const& t : in.tensors()) {
        std::vector<double> x(tr::elements(t.shape));
        tr::read(t, 0, std::span<double>(x));
        std::printf("%s", t.name.c_str());
        for (double v : x) std::printf(" %a", v);
        std::printf("\n");
    }
}
bool next(std::string& text) {
    std::uint32_t n = 0;
    if (std::fread(&n, sizeof n, 1, stdin) != 1) return false;
    text.resize(n);
    return std::fread(text.data(), 1, n, stdin) == n;
}
void save(tr::tokenizer const& t, char const* folder) {
    std::filesystem::create_directories(folder);
    t.save(folder);
}
void learn(char const* size, char const* folder) {
    tr::tokenizer_training learner;
    for (std::string text; next(text);) learner.add(text);
    save(learner.finish({.vocabulary = std::strtoul(size, nullptr, 10)}), folder);
}
void encode(char const* path) {
    tr::encoder e(tr::tokenizer::open(path));
    for (std::string text; next(text);) {
        auto const ids = e.encode(text);
        auto const n = static_cast<std::uint32_t>(ids.size());
        std::fwrite(&n, sizeof n, 1, stdout);
        std::fwrite(ids.data(), sizeof ids[0], n, stdout);
    }
}
void time(char const* path) {
    using clock = std::chrono::steady_clock;
    auto const begun = clock::now();
    auto const of = tr::tokenizer::open(path);
    std::chrono::duration<double> const opened = clock::now() - begun;
    std::vector<std::string> texts;
    for (std::string text; next(text);) texts.push_back(text);
    std::vector<double> seconds;
    std::size_t tokens = 0;
    for (int round = 0; round != 5; ++round) {
        tr::encoder e(of);
        std::vector<tr::token> ids;
        auto const start = clock::now();
        for (auto const& t : texts) { ids.clear(); e.encode(t, ids); tokens += ids.size(); }
        seconds.push_back(std::chrono::duration<double>(clock::now() - start).count());
    }
    std::printf("%.6f %zu %.6f\n", *std::ranges::min_element(seconds), tokens / 5, opened.count());
}
}

int main(int argc, char** argv) try {
    std::string_view const what = argc > 1 ? argv[1] : "";
    if (what == "copy" && argc == 4) copy(argv[2], argv[3]);
    else if (what == "values" && argc == 3) values(argv[2]);
    else if (what == "tiktoken" && argc == 4) save(tr::tokenizer::of(test::from_tiktoken(argv[2]), argv[2]), argv[3]);
    else if (what == "learn" && argc == 4) learn(argv[2], argv[3]);
    else if (what == "encode" && argc == 3) encode(argv[2]);
    else if (what == "time" && argc == 3) time(argv[2]);
    else return 2;
    return 0;
} catch (penstock::fatal const& e) {
    std::fprintf(stderr, "train-peer: %s\n", e.what());
    return static_cast<int>(e.code());
}
