/// One training example as OpenAI's and Azure's fine-tuning read it: {"messages": [{"role", "content"}, …]}. A record like any other: json::encode writes it,
/// json::decode reads it. chat_format.hpp has it in the forms of other trainers.
#pragma once
#include <penstock/record/fields.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::dataset {

struct message {
    std::string role;                       ///< system, user, assistant
    std::string content;
    std::optional<bool> weight = {};        ///< whether a trainer learns from it; nothing: the usual, from the assistant's turns alone. Only the forms of chat_format.hpp write it
    friend bool operator==(message const&, message const&) = default;
    using json = keys<key<"role", &message::role>, key<"content", &message::content>>;
};

struct chat {
    std::vector<message> messages;
    std::size_t input_at = 0;               ///< where in the last user turn alpaca's "input" begins; 0: it has none
    friend bool operator==(chat const&, chat const&) = default;
    using json = keys<key<"messages", &chat::messages>>;
};

/// The three turns of a supervised example.
inline chat three_turns(std::string system, std::string user, std::string assistant) {
    chat c;
    c.messages.reserve(3);
    c.messages.push_back({"system", std::move(system)});
    c.messages.push_back({"user", std::move(user)});
    c.messages.push_back({"assistant", std::move(assistant)});
    return c;
}

/// Azure's documentation asks for UTF-8 with this in front of the file; its service takes files without it too.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace penstock::dataset
