/// What the trainer learns from.
#pragma once
#include <cstdint>
#include <vector>

namespace penstock::train {

/// Its tokens, and either labels (regression; weights empty or one a label) or a target a token (language model: the token that should come next, -1: not asked).
struct sample {
    std::vector<std::int32_t> tokens = {};
    std::vector<float> labels = {}, weights = {};
    std::vector<std::int32_t> targets = {};
    friend bool operator==(sample const&, sample const&) = default;
};

} // namespace penstock::train
