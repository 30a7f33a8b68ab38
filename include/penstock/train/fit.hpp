/// How a training uses the memory there is: the budget of a packed batch, and what its backward computes again. By the plans of trainer.hpp, so that what is chosen fits.
#pragma once
#include <cstdint>
#include <optional>
#include <penstock/train/config.hpp>
#include <penstock/train/trainer.hpp>
#include <span>

namespace penstock::train {

struct fit_question {
    std::span<std::int64_t const> lengths = {};         ///< tokens of the samples, as steps take them
    std::int64_t a_step = 8;                            ///< samples that may share a batch: those of one step, of this rank
    std::uint64_t memory = 0;                           ///< bytes
    std::optional<std::int64_t> tokens = {};            ///< where it is not to be chosen
    std::optional<train::recompute> recompute = {};     ///< the same
};

/// The options with the `tokens` and `recompute` that take the least time; nothing where nothing fits. Time is counted in tokens: those of the batches (all of a batch's where shapes are static), a fiftieth more where rows are
/// computed again and a third more where blocks are, and some 200 a batch for its launches and for adding up its gradients. Budgets go up to 32,768 where shapes are static, else to 4,096: there more gains nothing.
std::optional<trainer_options> fit(qwen2_config const&, trainer_options, fit_question const&);

} // namespace penstock::train
