/// How rows are read and written.
#pragma once
#include <cstdint>
#include <string>
#include "bands.hpp"

namespace ielts {

/// The assistant's turn: the whole of score_response.v1.json, or per_criterion and overall alone.
enum class response : std::uint8_t { full, compact };

struct manner {
    low_band rule = low_band::three_and_a_half;
    response form = response::full;
    std::string model = {};         ///< its name in the answer, where it wrote all four notes
    bool explain = false;           ///< what a rejected row was asked stands before its last reply, for --preview
};

} // namespace ielts
