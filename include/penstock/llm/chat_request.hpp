/// A question to a chat model, in no provider's words. Its canonical form is what the journal's key is made of: our member order, no white space, numbers as
/// short as they read back the same, absent members left out. The members of the schema keep their order, because models answer in that order.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/core/result.hpp>
#include <penstock/llm/question.hpp>

namespace penstock::llm {

enum class role : std::uint8_t { system, user, assistant };
struct message { llm::role role = llm::role::user; std::string content; };

struct chat_request {
    std::string model = {};                                 ///< Azure: the deployment
    std::vector<message> messages = {};
    std::optional<double> temperature = {};                 ///< nothing: the provider's default
    std::optional<std::uint32_t> max_output_tokens = {};
    std::string schema = {};                                ///< JSON Schema of the reply, strict; empty: free text
    std::string schema_name = "reply";                      ///< 1 to 64 of A-Z a-z 0-9 _ -
    std::string schema_version = {};                        ///< part of the key and of nothing that is sent: change it to have everything asked again
    std::uint32_t draw = 0;                                 ///< part of the key and of nothing that is sent
};

/// Without model, schema_version and draw, which are parts of the question of their own. errc::schema where a text is not UTF-8 or the schema is no JSON.
result<std::string> canonical(chat_request const&);

/// What the journal is asked.
result<question> question_of(std::string_view provider, chat_request const&);

} // namespace penstock::llm
