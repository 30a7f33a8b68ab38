/// OpenAI's chat completions, and every server that speaks them. Pure functions: a request becomes bytes, a response becomes a reply or an error.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <penstock/core/result.hpp>
#include <penstock/llm/call_error.hpp>
#include <penstock/llm/chat_reply.hpp>
#include <penstock/llm/chat_request.hpp>
#include <penstock/net/request.hpp>
#include <penstock/net/response.hpp>

namespace penstock::llm::openai {

inline constexpr std::string_view provider = "openai";

struct endpoint {
    std::string base_url = "https://api.openai.com/v1";     ///< with its /v1
    std::string organization = {}, project = {};            ///< sent where they are not empty
    bool max_tokens = false;                                ///< for old servers: max_tokens instead of max_completion_tokens
};

/// fatal(usage) where the base URL is none; a failure where the request cannot be written (text that is not UTF-8).
/// An empty key sends no Authorization: local servers want none.
result<net::request> request(chat_request const&, endpoint const&, std::string_view api_key);

/// A response as a reply, or as an error whose texts do not hold the key. now: seconds since 1970, for Retry-After.
std::expected<chat_reply, call_error> reply(net::response const&, std::string_view api_key, std::int64_t now);
/// The body of a reply, as the journal has it.
std::expected<chat_reply, call_error> reply(std::string_view body);

} // namespace penstock::llm::openai
