#include "pipeline.hpp"
#include <cstddef>
#include <utility>
#include <penstock/core/sample.hpp>

namespace ielts {

void run_sampled(essays rows, std::uint64_t n, std::uint64_t seed, manner const& how, penstock::llm::asking_env& env, receiver& to) {
    for (auto&& item : std::move(rows) | penstock::sample(static_cast<std::size_t>(n), seed) | recipe(how) | penstock::with(env))
        to.take(penstock::position(item.where), item.value);
}

} // namespace ielts
