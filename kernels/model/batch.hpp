/// Packed sequences as the model takes them: all tokens one after another, no padding; and the host's side of what the operations need to know about them.
#pragma once
#include <cstdint>
#include <penstock/train/sample.hpp>
#include <span>
#include <vector>

namespace penstock::train {

struct batch {
    std::vector<std::int32_t> tokens, positions;        ///< as many as tokens
    std::vector<std::int32_t> bounds{0};                ///< sequences + 1; the last sequences may be filling
    std::vector<std::int32_t> pooled, pooled_positions, pooled_bounds{0};       ///< last token of each sequence, its position, 0 1 2 …; a filling has no query
    std::vector<float> labels, weights;                 ///< sequences x dimensions
    std::vector<std::int32_t> asked, targets;           ///< the tokens with a target, and those
    std::vector<std::int32_t> order, first, distinct;   ///< token_groups
    std::int32_t longest = 0;

    std::int64_t sequences() const { return static_cast<std::int64_t>(pooled.size()); }
};

/// Sizes that do not depend on what is in the batch: then only its number of sequences is left (and a language model's number of chunks of asked tokens).
struct static_sizes {
    std::int64_t tokens = 0;            ///< of every batch; 0: sizes are free
    std::int64_t longest = 0;           ///< tokens of a sequence; fillings too are no longer
    std::int64_t sequences = 0;         ///< fillings and those that are nothing counted in; at least what the samples are, and tokens / longest rounded up
    std::int64_t asked = 1;             ///< asked tokens come in multiples of this, or are all: those too many have the target -1
};

/// Sequences in the order given. Rounded up to a multiple of `multiple` tokens (or to the static size) by more sequences that nothing is asked of, so that sizes of products repeat. The `padding` token, if any, is left
/// out of the embedding's gradient, as torch's padding_idx does.
batch pack(std::span<sample const* const> samples, std::int64_t multiple, std::int32_t padding, static_sizes const& sizes = {});

} // namespace penstock::train
