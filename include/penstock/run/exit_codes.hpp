/// What every exit code means, in the words of --help and docs/exit-codes.md: a script that runs one of our programs knows them all.
#pragma once
#include <string_view>
#include <penstock/core/fatal.hpp>

namespace penstock::run {

struct exit_code_meaning { exit_code code; std::string_view meaning; };

inline constexpr exit_code_meaning exit_codes[] = {
    {exit_code::complete,    "complete; rejected rows are listed, which is no error"},
    {exit_code::internal,    "a defect of the program, or sums that do not hold"},
    {exit_code::usage,       "flags or configuration"},
    {exit_code::input,       "input is unreadable or empty, lacks a column, or no row of it survives"},
    {exit_code::output,      "output cannot be written"},
    {exit_code::access,      "key, authorisation or model"},
    {exit_code::endpoint,    "the endpoint is dead"},
    {exit_code::incomplete,  "incomplete (SIGTERM, or rows left over); the same command goes on"},
    {exit_code::interrupted, "stopped by SIGINT; the same command goes on"},
};

} // namespace penstock::run
