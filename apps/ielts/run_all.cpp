#include "pipeline.hpp"
#include <utility>

namespace ielts {

void run_all(essays rows, manner const& how, penstock::llm::asking_env& env, receiver& to) {
    for (auto&& item : std::move(rows) | recipe(how) | penstock::with(env)) to.take(penstock::position(item.where), item.value);
}

} // namespace ielts
