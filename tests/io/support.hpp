/// What the tests of files share: text as an input that is handed out in small pieces, a folder that goes away, and rows as short strings to compare.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>
#include <doctest/doctest.h>
#include <penstock/core/fatal.hpp>
#include <penstock/io/input.hpp>

namespace test {
namespace ps = penstock;
namespace io = penstock::io;

inline io::input text(std::string_view bytes, std::size_t largest_read = std::size_t(-1)) { return io::input::of_memory(bytes, "memory", largest_read); }

struct folder {
    std::string path;
    folder() {
        char name[] = "/tmp/penstock-io-XXXXXX";
        path = ::mkdtemp(name);
    }
    folder(folder&&) = delete;
    ~folder() { if (std::system(("rm -rf " + path).c_str()) != 0) std::puts("a temporary folder stays"); }
    std::string operator/(std::string_view name) const { return path + '/' + std::string(name); }
    std::string write(std::string_view name, std::string_view bytes) const {
        auto const at = *this / name;
        auto* f = std::fopen(at.c_str(), "wb");
        REQUIRE(f);
        REQUIRE(std::fwrite(bytes.data(), 1, bytes.size(), f) == bytes.size());
        std::fclose(f);
        return at;
    }
};
inline bool exists(std::string const& path) {
    auto* f = std::fopen(path.c_str(), "rb");
    if (f) std::fclose(f);
    return f != nullptr;
}
inline std::string slurp(std::string const& path) {
    std::string all;
    auto* f = std::fopen(path.c_str(), "rb");
    REQUIRE_MESSAGE(f, path);
    char piece[4096];
    while (auto const n = std::fread(piece, 1, sizeof piece, f)) all.append(piece, n);
    std::fclose(f);
    return all;
}

/// The fatal's line; "" when nothing was thrown. Code is checked.
template <class F> std::string fatal_line(ps::exit_code code, F f) {
    try { f(); } catch (ps::fatal const& e) {
        CHECK(e.code() == code);
        CHECK(std::string_view(e.what()).find('\n') == std::string_view::npos);
        return e.what();
    }
    return {};
}
/// Every row as show(value), a failure as "! place | what | raw".
template <class Range, class Show> std::vector<std::string> all(Range rows, Show show) {
    std::vector<std::string> out;
    for (auto&& row : rows) out.push_back(row ? show(*row) : "! " + row.error().place() + " | " + row.error().what() + " | " + row.error().raw());
    return out;
}
inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
using strings = std::vector<std::string>;

} // namespace test

namespace doctest {
template <> struct StringMaker<std::vector<std::string>> {
    static String convert(std::vector<std::string> const& all) {
        std::string out = "[";
        for (auto const& s : all) out += "\n    «" + s + "»";
        return String((out + "]").c_str());
    }
};
}
