// Any bytes: they are encoded, what comes back is their composed form, which is encoded to itself; a cache that has seen other words changes nothing. And any bytes as a
// tokenizer.json: one line, or a tokenizer.
#include <penstock/core/fatal.hpp>
#include <penstock/train/tokenizer.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
namespace tr = penstock::train;

namespace {
void require(bool law, char const* what) {
    if (law) return;
    std::fprintf(stderr, "broken law: %s\n", what);
    std::abort();
}
tr::tokenizer learned() {
    tr::tokenizer_training t;
    t.add("the turbine turns, the pipe's valve doesn't; Wasser f\xC3\xA4llt \xE6\xB0\xB4\xE5\x8A\x9B e\xCC\x81 \xE0\xA4\xB9\xE0\xA4\xBF\n\n  the turbine turns, the pipe's valve doesn't; Wasser f\xC3\xA4llt \xE6\xB0\xB4\xE5\x8A\x9B\n");
    return t.finish({.vocabulary = 320});
}
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static auto const t = learned();
    static tr::encoder old(t);
    std::string const text(reinterpret_cast<char const*>(data), size);
    auto const ids = old.encode(text);
    tr::encoder fresh(t);
    require(fresh.encode(text) == ids, "the cache changes no id");
    auto const back = t.decode(ids);
    require(old.encode(back) == ids, "what was decoded is encoded to the same ids");
    require(t.decode(old.encode(back)) == back, "composing twice is composing once");

    if (size != 0 && data[0] == '{') {
        auto const path = (std::filesystem::temp_directory_path() / ("penstock-fuzz-tokenizer-" + std::to_string(::getpid()) + ".json")).string();
        std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(size));
        try { require(tr::tokenizer::open(path).size() >= 256, "a tokenizer has all bytes"); } catch (penstock::fatal const& e) { require(*e.what() != 0, "an error says something"); }
        std::filesystem::remove(path);
    }
    return 0;
}
