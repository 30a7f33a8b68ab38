// What the tests of the recipe share: one data set of the default size, made once, and the program in a folder of its own.
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "program.hpp"
#include "real_data.hpp"
#include "generate.hpp"

namespace test {

/// 10 x 1,000 and 2,000, seed 42.
std::vector<intents::example> const& whole_set();
intents::grammar const& the_grammar();

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
inline outcome run(folder const& in, std::string const& arguments, std::string const& before = "") { return run(INTENTS_PROGRAM, in, arguments, before); }

} // namespace test
