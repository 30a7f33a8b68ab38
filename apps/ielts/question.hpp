/// What is asked about an essay, one criterion at a time, and what comes back.
#pragma once
#include <memory>
#include <penstock/llm/ask_stage.hpp>
#include "criteria.hpp"
#include "offline.hpp"
#include "reply.hpp"
#include "told.hpp"

namespace ielts {

struct question {
    std::shared_ptr<study const> essay;
    criterion about = {};
    double band = 0;
};

struct marked {
    criterion_note note;
    penstock::llm::writer by = penstock::llm::writer::model;
    unsigned mapped_types = 0;          ///< errors whose type was none of the five
    unsigned repeated_quotes = 0;       ///< dropped
    told said = {};                     ///< the accepted reply, which the note was made of
};

} // namespace ielts
