#include <utility>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include "recipe.hpp"

ielts::part<ielts::family_of_answers, ielts::example> ielts::make_examples(manner const& how) {
    return penstock::gather("example", [how](graded row, penstock::children<marked> answers) { return make_example(std::move(row), std::move(answers), how); }) | penstock::in_source_order();
}
