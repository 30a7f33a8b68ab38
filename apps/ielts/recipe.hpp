/// The pipeline: a row of the data set becomes a training example. Four questions go out for each essay, one a criterion, and come back in any order; who
/// answers them, a model or the offline writer, is decided when it runs (examiner.hpp).
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <penstock/core/any_stage.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/result.hpp>
#include "bands.hpp"
#include "criteria.hpp"
#include "evaluation.hpp"
#include "examiner.hpp"
#include "manner.hpp"

namespace ielts {

/// What the data set has: a column or key for each. A band in JSON may be a number.
struct essay_row {
    std::string prompt, essay, evaluation, band;
};

/// A row whose bands have been read.
struct graded {
    std::string prompt;
    std::shared_ptr<study const> essay;
    band_reading overall;
    criterion_bands bands;
};

struct example {
    std::string line;               ///< {"messages": [system, user, assistant]}, without a line break
    std::string prompt, essay;      ///< as they came: the split keeps equal ones together
    band_reading overall;
    criterion_bands bands;
    penstock::list<criterion_note, 1> notes;    ///< what the line's answer says
    std::array<penstock::llm::writer, criterion_count> by = {};     ///< who wrote each of them
    std::array<told, criterion_count> said = {};                    ///< and in which reply
    unsigned mapped_types = 0, repeated_quotes = 0;                 ///< of all four
};

/// Failures: an empty prompt or essay, an essay without a word, bands as read_band and complete say.
penstock::result<graded> read_row(essay_row row, low_band rule);
std::vector<question> questions(graded const& row);
/// The row of an essay and its four notes; the first failure among them is the row's, with the criterion's name.
penstock::result<example> make_example(graded row, penstock::children<marked> notes, manner const& how);

/// An example for people: the question, the essay's beginning, and the answer criterion by criterion.
std::string shown(example const& e);

/// A part of the recipe, compiled once, in a unit of its own: whoever runs the recipe compiles none of its stages.
template <class In, class Out> using part = penstock::any_stage<In, Out, penstock::llm::asking_env>;
using family_of_questions = penstock::stream<question, graded>;
using family_of_answers = penstock::stream<marked, graded>;

part<essay_row, family_of_questions> read_rows(manner const& how);      ///< map "bands", fan_out "criteria"
part<family_of_questions, family_of_answers> ask_examiner();            ///< ask "examiner", in any order
part<family_of_answers, example> make_examples(manner const& how);      ///< gather "example", in source order

/// with: the stage that answers, as the tests replace it.
template <class Examiner = part<family_of_questions, family_of_answers>> auto recipe(manner const& how, Examiner with = ask_examiner()) {
    return read_rows(how) | std::move(with) | make_examples(how);
}

} // namespace ielts
