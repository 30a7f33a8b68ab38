/// The chats of a file in any of the forms of chat_format.hpp, as JSON lines or as one JSON array, compressed or not; a row at a time is in memory.
#pragma once
#include <penstock/core/result.hpp>
#include <penstock/dataset/chat_format.hpp>
#include <cstdint>
#include <functional>   // std::function
#include <optional>
#include <stop_token>
#include <string>

namespace penstock::dataset {

/// Calls each(row, chat) for every row, from 1; a failure carries the row's place and bytes. from: the form; nothing: what the first row's keys say. "-" is stdin.
/// A file that cannot be read is fatal(input), and so is one whose first row is of no form. stop, asked for: fatal(incomplete), also while a pipe has nothing to say.
void each_chat(std::string const& path, std::optional<chat_format> from, std::function<void(std::uint64_t, result<chat>)> const& each, std::stop_token stop = {});

} // namespace penstock::dataset
