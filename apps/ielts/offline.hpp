/// The offline writer: evidence, errors and suggestions for one criterion of one essay, from the essay alone. It stands where a model will be asked:
/// the same question always gets the same answer, quotes are bytes of the essay, and every suggestion names something that was counted or found in it.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>
#include "criteria.hpp"
#include "errors.hpp"
#include "portrait.hpp"

namespace ielts {

/// One essay, read once for its four criteria. Neither copied nor moved: everything in it are views of its essay.
struct study {
    study(std::string_view prompt, std::string_view essay);     ///< the essay must hold a word
    study(study&&) = delete;

    std::string const prompt, essay;
    std::vector<found_error> const errors;
    portrait const drawn;
    std::array<std::vector<std::size_t>, criterion_count> const sentences;     ///< indexes of the sentences to quote; chosen together, so that no two criteria quote the same (lexical quotes clauses)
};

struct answer {
    std::vector<std::string_view> quotes;       ///< 1 to 3, views of the study's essay, at most quote_bytes each
    std::vector<found_error> errors;            ///< 0 to 10 of this criterion, different spans, in order of place
    std::vector<std::string> suggestions;       ///< 1 to 3, at most 400 characters each; the fewer the higher the band
};

inline constexpr std::size_t quote_bytes = 300;         ///< enough for a long sentence; the schema allows 1,000 characters
inline constexpr std::size_t most_errors = 10;          ///< the schema's limit
inline constexpr std::size_t most_of_a_rule = 3;        ///< an essay without spaces after its commas would otherwise show nothing else

answer write_offline(study const& essay, criterion about, double band);

} // namespace ielts
