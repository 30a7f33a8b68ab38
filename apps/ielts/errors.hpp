/// Errors in an essay that simple rules can see. A rule is kept only where at least nine in ten of its hits on real essays are right (README.md has the counts):
/// a training row that teaches a wrong correction is worse than one that misses an error.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include "criteria.hpp"
#include "text.hpp"

namespace ielts {

enum class error_type : std::uint8_t { grammar, lexical, coherence, task, other };
constexpr std::string_view name(error_type t) {
    constexpr std::string_view names[] = {"grammar", "lexical", "coherence", "task", "other"};
    return names[static_cast<std::size_t>(t)];
}

struct found_error {
    std::size_t at = 0;             ///< byte offset of span in the essay
    std::string_view span;          ///< bytes of the essay
    std::string fix;                ///< what to write instead; never equal to span
    error_type type = error_type::other;
    criterion where = criterion::grammar;   ///< the criterion that lists it
    std::string_view rule;          ///< static name of the rule
};

/// Names of the rules, in the order in which they run; where two hits overlap, the earlier rule's stays.
std::vector<std::string_view> error_rules();

/// A longer span or fix is no error of a writer but text without spaces (an address, a stuck key); the schema would take 1,000 characters.
inline constexpr std::size_t longest_error = 100;      // bytes

/// All hits in order of place, without overlaps.
std::vector<found_error> find_errors(std::string_view essay);

} // namespace ielts
