/// The assistant's turn: what a model trained on these files will answer. One declaration is the decoder's check, the encoder and the schema;
/// it says what the original's score_response.v1.json says.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>
#include <penstock/record/constrained.hpp>

namespace ielts {

using half_band = penstock::number<0.0, 9.0, 0.5>;
using short_text = penstock::text<1, 1000>;
using token_count = penstock::number<std::int64_t{0}, std::numeric_limits<std::int64_t>::max()>;

struct error_note {
    short_text span;
    penstock::one_of<"grammar", "lexical", "coherence", "task", "other"> type;
    short_text fix;
};

struct criterion_note {
    std::string name;
    half_band band;
    penstock::list<short_text, 0, 3> evidence_quotes;
    penstock::list<error_note, 0, 10> errors;
    penstock::list<short_text, 0, 5> suggestions;
};

struct usage {
    token_count input_tokens, output_tokens;
};

struct reply_meta {
    std::string prompt_hash, model;
    penstock::one_of<"v1"> schema_version;
    std::string rubric_version;
    usage token_usage;
};

struct reply {
    penstock::list<criterion_note, 1> per_criterion;
    half_band overall;
    penstock::list<half_band, 1, 3> votes;
    penstock::number<0.0, 9.0> dispersion;
    penstock::one_of<"high", "low"> confidence;
    reply_meta meta;
};

/// --response compact: what the original came to write later.
struct compact_reply {
    penstock::list<criterion_note, 1> per_criterion;
    half_band overall;
};

} // namespace ielts
