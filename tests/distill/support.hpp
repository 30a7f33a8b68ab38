// The program in a folder of its own, and what it wrote.
#pragma once
#include <sys/wait.h>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>
#include "train/support.hpp"

namespace test {

struct outcome { int code = -1; std::string out, err; };

/// distill ARGUMENTS, started in the folder.
inline outcome distill(folder const& in, std::string const& arguments) {
    auto const status = std::system(("cd '" + in.path.string() + "' && '" DISTILL_PROGRAM "' " + arguments + " >out.txt 2>err.txt </dev/null").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(in / "out.txt"), read(in / "err.txt")};
}
inline std::vector<std::string> lines(std::string const& text) {
    std::vector<std::string> all;
    for (std::size_t from = 0; from < text.size();) {
        auto const to = std::min(text.find('\n', from), text.size());
        all.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return all;
}

/// A filter of two dimensions, a and b, of the same weight; more is put under "scoring".
inline std::string two_dimensions(std::string const& more = "  tiers:\n    good: {threshold: 5}\n    poor: {threshold: 0}\n") {
    return "filter: {name: two, version: \"1\"}\nscoring:\n  dimensions:\n    a: {weight: 0.5}\n    b: {weight: 0.5}\n" + more;
}

} // namespace test
