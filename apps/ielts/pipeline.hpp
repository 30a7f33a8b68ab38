/// The recipe running over essays: one function for each of its two forms.
#pragma once
#include <cstdint>
#include <penstock/core/position.hpp>
#include <penstock/core/result.hpp>
#include "essays.hpp"
#include "recipe.hpp"

namespace ielts {

/// Takes what the recipe gives, in source order.
struct receiver {
    virtual void take(penstock::position const& where, penstock::result<example> const& made) = 0;
protected:
    ~receiver() = default;
};

/// All essays. env: the model, the window of "examiner", the capacity of "criteria", the stop source; its ledger has the sums afterwards.
void run_all(essays rows, manner const& how, penstock::llm::asking_env& env, receiver& to);
/// A sample of n, drawn with the seed; the rest are filtered.
void run_sampled(essays rows, std::uint64_t n, std::uint64_t seed, manner const& how, penstock::llm::asking_env& env, receiver& to);

} // namespace ielts
