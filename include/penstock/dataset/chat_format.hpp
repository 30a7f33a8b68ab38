/// A chat in the forms that trainers read. What a form cannot say is a failure, never dropped: a conversion that gives a row gives all of it, and reading that row
/// in the same form gives the chat again.
#pragma once
#include <penstock/core/result.hpp>
#include <penstock/dataset/chat.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::dataset {

enum class chat_format : std::uint8_t {
    openai,         ///< {"messages": [{"role", "content", "weight"}]}; weight, 0 or 1, of the assistant's turns alone
    azure,          ///< the same rows; the file begins with a byte order mark
    alpaca,         ///< {"instruction", "input", "output", "system", "history": [[user, assistant], …]}; input joins the instruction on a line of its own
    sharegpt,       ///< {"conversations": [{"from": "human", "value"}, …], "system"}
    chatml,         ///< {"text": "<|im_start|>user\n…<|im_end|>\n…"}
    trl,            ///< prompt-completion: {"prompt": [messages], "completion": [message]}; texts in place of lists are read too
    llamafactory,   ///< its v1 layout: {"messages": [{"role", "content": [{"type": "text", "value"}], "loss_weight"}]}
};

/// A row's JSON as a chat. errc::parse where it is no JSON, errc::schema where it is not of the form or holds what a chat does not: tools, images, other keys.
result<chat> read_chat(std::string_view row, chat_format from);
/// The row, without a line break. errc::schema where the form cannot say it: a chat that does not end with the assistant in alpaca, marks of ChatML in a text, ….
result<std::string> write_chat(chat const& c, chat_format to);

/// The form that a row's keys are of (openai for azure's, whose rows are the same); nothing where they are of none.
std::optional<chat_format> format_of_row(std::string_view row);
/// What a file of that form begins with.
constexpr std::string_view file_opening(chat_format f) { return f == chat_format::azure ? byte_order_mark : std::string_view{}; }

} // namespace penstock::dataset
