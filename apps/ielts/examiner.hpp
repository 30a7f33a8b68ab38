/// Who answers a question: a model, or the offline writer in its place. What a model says is held to the essay before it is believed: quotes and spans must stand in it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <penstock/core/result.hpp>
#include <penstock/llm/ask_stage.hpp>
#include "question.hpp"
#include "told.hpp"

namespace ielts {

/// One of the five types for what a model calls an error: its own words, common synonyms, else "other".
std::string_view error_type(std::string_view told);

penstock::llm::chat_request prompt_of(question const& q);
/// Its messages for people: "system:", the text, "user:", the text.
std::string shown(penstock::llm::chat_request const& request);
/// A failure says what is wrong with the reply, in words for the model.
penstock::result<marked> check(question const& q, told reply, penstock::llm::writer by);
/// The offline writer's answer in the model's form.
told write_told(question const& q);

/// The stage between fan_out and gather.
inline constexpr auto examiner = penstock::llm::ask<told, penstock::window{.in_flight = 10}>("examiner", prompt_of, check).offline(write_told);

} // namespace ielts

/// Compiled in read_told.cpp, with the decoder.
extern template penstock::result<ielts::told> penstock::llm::read_reply<ielts::told>(std::string const&);
