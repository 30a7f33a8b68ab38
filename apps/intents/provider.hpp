/// Rows that a model writes: in rounds, a few texts a request, one request for each cell of the labels in a round. A request shows what its cell has already and asks for
/// something else, so prompts depend on the rounds before. All replies of a round are taken, in the order of the requests, before the next begins: whatever the timing,
/// the same replies give the same prompts and the same file.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include <penstock/dataset/tokens.hpp>
#include <penstock/llm/ask_stage.hpp>
#include <penstock/record/constrained.hpp>
#include "generate.hpp"

namespace intents {

/// One request: so many texts of these labels, unlike those.
struct wish {
    intents::intent intent = intent::question_answering;
    intents::audience audience = audience::general;
    intents::complexity complexity = complexity::simple;
    std::uint64_t round = 0, wanted = 0;
    std::vector<std::string> manner;        ///< from the grammar: so speak people of this audience
    std::vector<std::string> seen;          ///< texts of the cell: not again
};
/// The reply.
struct told { penstock::list<penstock::text<3, 1000>, 1, 50> texts; };

penstock::llm::chat_request prompt(wish const& w);

/// What a run asks for if every reply is usable and brings nothing but news: at least this. Repeats and unusable replies are asked for again, up to twice as many requests; replies in the journal cost nothing again.
struct estimate { std::uint64_t requests = 0, input_tokens = 0, output_tokens = 0; };
estimate estimate_of(grammar const& g, generator_options const& o, std::uint64_t batch, penstock::dataset::token_counter const& tokens = {});

/// repeated: texts that were there already, asked for again; faulty: texts that the validator would call an error, left out; refused: requests without a usable reply.
struct written { std::uint64_t by_model = 0, repeated = 0, faulty = 0, refused = 0, rounds = 0, by_grammar = 0; bool dear = false; };

/// The intents' rows, by env's model. A cell whose requests give nothing new three rounds in a row is filled from the grammar, and counted. Once most_requests were sent no further reply
/// is waited for and nothing is filled: dear.
written model_rows(generator& to, grammar const& g, generator_options const& o, std::uint64_t batch, std::uint64_t most_requests, penstock::llm::asking_env& env);

} // namespace intents
