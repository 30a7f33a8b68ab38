/// Packed sequences as the model takes them: all tokens one after another, no padding; and the host's side of what the operations need to know about them.
#pragma once
#include <cstdint>
#include <penstock/train/sample.hpp>
#include <span>
#include <vector>

namespace penstock::train {

struct batch {
    std::vector<std::int32_t> tokens, positions;        ///< as many as tokens
    std::vector<std::int32_t> bounds{0};                ///< sequences + 1; a last sequence may be filling
    std::vector<std::int32_t> pooled, pooled_positions, pooled_bounds{0};       ///< last token of each sequence, its position, 0 1 2 …; the filling's has no query
    std::vector<float> labels, weights;                 ///< sequences x dimensions
    std::vector<std::int32_t> asked, targets;           ///< the tokens with a target, and those
    std::vector<std::int32_t> order, first, distinct;   ///< token_groups
    std::int32_t longest = 0;

    std::int64_t sequences() const { return static_cast<std::int64_t>(pooled.size()); }
};

/// Sequences in the order given. Rounded up to a multiple of `multiple` tokens by one more sequence that nothing is asked of, so that sizes of products repeat. The `padding` token, if any, is left out of
/// the embedding's gradient, as torch's padding_idx does.
batch pack(std::span<sample const* const> samples, std::int64_t multiple, std::int32_t padding);

} // namespace penstock::train
