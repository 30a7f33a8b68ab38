/// A model's answer about one criterion, as its schema asks for it.
#pragma once
#include <penstock/record/constrained.hpp>
#include "reply.hpp"

namespace ielts {

/// What a model is asked for. The type of an error is any text: models invent types, which are mapped and counted.
struct told_error {
    short_text span;
    penstock::text<0, 100> type;
    short_text fix;
};
struct told {
    penstock::list<short_text, 1, 3> evidence_quotes;
    penstock::list<told_error, 0, 10> errors;
    penstock::list<penstock::text<1, 400>, 1, 3> suggestions;
};

} // namespace ielts
