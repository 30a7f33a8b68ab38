/// A row of the data set, member for member as the file has it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include "labels.hpp"

namespace intents {

struct example_facts {
    std::string generation_method;                          ///< template, model or edge_case_generator
    intents::style style = style::neutral;
    std::uint32_t technical_level = 0;                      ///< 0 to 10: two for each technical term (evidence.hpp)
    std::uint32_t length = 0;                               ///< words
    bool has_multiple_parts = false;                        ///< asks for more than one thing
    std::vector<std::string> frames = {};                   ///< the sentence patterns it is made from: a split keeps them on one side
    std::optional<intents::edge_case> edge_case = {};       ///< absent from ordinary rows
    std::optional<intent> second_intent = {};               ///< of a mixed one: what it also asks for
    std::optional<std::string> language = {};               ///< ISO 639-1, where it is not English
    std::optional<std::string> model_used = {};
};

struct example {
    std::string text;
    intents::intent intent = intent::question_answering;
    intents::audience audience = audience::general;
    intents::complexity complexity = complexity::simple;
    double confidence = 0;
    example_facts metadata;
    std::string generated_at;
};

} // namespace intents
