// What the tests of the recipe share: the program in a folder of its own, and lines of a written file.
#pragma once
#include <string>
#include <vector>
#include "program.hpp"
#include "real_data.hpp"

namespace test {

inline std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = text.find('\n', at);
        out.push_back(text.substr(at, end - at));
        if (end == text.npos) break;
        at = end + 1;
    }
    return out;
}

inline outcome run(folder const& in, std::string const& arguments, std::string const& before = "") { return run(IELTS_PROGRAM, in, arguments, before); }
inline outcome run_on(folder const& in, std::string const& input, std::string const& more = "") { return run(in, "--input '" + input + "' --disable-azure --output-dir out " + more); }

} // namespace test
