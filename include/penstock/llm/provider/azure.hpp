/// Azure OpenAI: OpenAI's chat completions under a deployment's path, with a content filter of its own. A prompt that it blocks is an error 400, which rejects
/// the record with the filter's category.
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

namespace penstock::llm::azure {

inline constexpr std::string_view provider = "azure";

struct endpoint {
    std::string url;                                ///< AZURE_OPENAI_ENDPOINT: https://NAME.openai.azure.com
    std::string api_version = "2024-10-21";         ///< AZURE_OPENAI_API_VERSION
};

/// As openai::request; the model is the deployment.
result<net::request> request(chat_request const&, endpoint const&, std::string_view api_key);

/// As openai::reply.
std::expected<chat_reply, call_error> reply(net::response const&, std::string_view api_key, std::int64_t now);
std::expected<chat_reply, call_error> reply(std::string_view body);

} // namespace penstock::llm::azure
