/// The reply of the original's scorer as a record: what ielts/score_response.v1.json says, in types.
#pragma once
#include <cstdint>
#include <string>
#include <penstock/record/constrained.hpp>

namespace test {
namespace ps = penstock;

using band = ps::number<0.0, 9.0, 0.5>;
using words = ps::text<1, 1000>;

struct slip { words span; ps::one_of<"grammar", "lexical", "coherence", "task", "other"> type; words fix; };
struct criterion { std::string name; test::band band; ps::list<words, 0, 3> evidence_quotes; ps::list<slip, 0, 10> errors; ps::list<words, 0, 5> suggestions; };
struct tokens { std::uint64_t input_tokens, output_tokens; };
struct origin { std::string prompt_hash, model; ps::one_of<"v1"> schema_version; std::string rubric_version; tokens token_usage; };
struct score {
    ps::list<criterion, 1> per_criterion;
    band overall;
    ps::list<band, 1, 3> votes;
    ps::number<0.0, 9.0> dispersion;
    ps::one_of<"high", "low"> confidence;
    origin meta;
};
}
