/// Advice for one criterion, composed from what was counted and found in the essay; a canned sentence that fits every essay teaches nothing.
#pragma once
#include <cstddef>
#include <string>
#include <vector>
#include "criteria.hpp"
#include "errors.hpp"
#include "portrait.hpp"

namespace ielts {

inline constexpr std::size_t suggestion_bytes = 400;    ///< what the system prompt promises, in characters

/// One to three pieces of advice, at most suggestion_bytes each: three below band 6, two below 7.5, one from there on. errors: those of this criterion.
std::vector<std::string> suggest(portrait const& p, std::vector<found_error> const& errors, criterion about, double band);

} // namespace ielts
