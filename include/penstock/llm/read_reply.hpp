/// A model's reply as its type, held to everything that the type says: the decoder of ask.hpp, for the one unit of a program that compiles it
/// (`template penstock::result<Reply> penstock::llm::read_reply<Reply>(std::string const&);`).
#pragma once
#include <string>
#include <penstock/record/json_decode.hpp>

namespace penstock::llm {

template <class Reply> result<Reply> read_reply(std::string const& text) { return json::decode<Reply, json::strict>(text); }

} // namespace penstock::llm
