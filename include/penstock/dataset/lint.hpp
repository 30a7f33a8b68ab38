/// Checks every line of chat fine-tuning files before a provider does, or before a trainer learns from what no provider checks. Format checks carry the names of
/// OpenAI's cookbook; of a row only 16 bytes are kept, so files may be larger than memory. A target is a form of chat_format.hpp: its rows are read as chats, and
/// then the same checks look at the messages.
#pragma once
#include <penstock/dataset/chat_format.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/dataset/tokens.hpp>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::dataset {

using lint_target = chat_format;
enum class severity : unsigned char { error, warning };

/// One check: what it is called, how bad a hit is, what it means.
struct lint_check { std::string_view name; severity grade; std::string_view meaning; };
inline constexpr lint_check lint_checks[] = {
    // OpenAI's cookbook, "Data preparation and analysis for chat model fine-tuning"
    {"data_type",                         severity::error,   "the row is not a JSON object"},
    {"missing_messages_list",             severity::error,   "no \"messages\", or it is not a list, or empty"},
    {"message_missing_key",               severity::error,   "a message without \"role\" or \"content\""},
    {"message_unrecognized_key",          severity::error,   "a message with a key the provider does not know"},
    {"unrecognized_role",                 severity::error,   "a role other than system, developer, user, assistant, tool, function"},
    {"missing_content",                   severity::error,   "content that is no text, or empty, where the message calls no function"},
    {"example_missing_assistant_message", severity::error,   "a row the model can learn nothing from"},
    {"missing_system_message",            severity::warning, "a row without a system message"},
    {"missing_user_message",              severity::warning, "a row without a user message"},
    {"too_many_tokens",                   severity::warning, "a row over the limit, which the provider cuts off; tokens are estimated unless a tokenizer is given"},
    // ours
    {"invalid_utf8",                      severity::error,   "bytes that are not UTF-8"},
    {"invalid_json",                      severity::error,   "a line that is not JSON, or an empty line"},
    {"line_too_long",                     severity::error,   "a line over 64 MiB; it was not looked at"},
    {"row_unrecognized_key",              severity::warning, "a key beside messages, tools, functions, parallel_tool_calls, metadata"},
    {"duplicate_key",                     severity::error,   "a key twice in one object: readers disagree which one counts"},
    {"role_order",                        severity::error,   "system not first, or an assistant before any user, or the last message not the assistant's"},
    {"invalid_weight",                    severity::error,   "a weight other than 0 or 1, or on a message that is not the assistant's"},
    {"assistant_not_json",                severity::error,   "an assistant's content that is not a JSON object (only when asked for)"},
    {"not_of_the_format",                 severity::error,   "a row that is not what the target reads"},
    {"too_few_examples",                  severity::error,   "fewer than 10 rows: OpenAI and Azure refuse the file; not of validation files, and of no other target"},
    {"duplicate_row",                     severity::warning, "the same messages twice in one file"},
    {"duplicate_across_files",            severity::error,   "the same messages in two files: a validation score that means nothing"},
    {"byte_order_mark",                   severity::warning, "Azure's documentation asks for one, OpenAI's readers trip over it"},
    {"file_too_large",                    severity::error,   "over 512 MB, which OpenAI and Azure refuse"},
};

struct lint_options {
    lint_target target = lint_target::openai;
    std::uint64_t max_tokens = 65536;       ///< of one row, as `tokens` counts; 0: no limit. 65,536 is gpt-4o-mini's
    bool assistant_json = false;            ///< every assistant message is a JSON object
    std::uint64_t min_examples = 10;
    unsigned shown = 5;                     ///< findings kept for each check and file; counts are whole
    token_counter tokens = {};              ///< the estimate, or a tokenizer
    std::stop_token stop = {};              ///< asked for: fatal(incomplete), also while a pipe has nothing to say
};

struct finding {
    severity grade;
    std::string_view check;
    std::string file;
    std::uint64_t line = 0;                 ///< from 1, in a JSON array the element; 0: of the file
    std::string message;
};

struct linted_file {
    std::string path;
    std::uint64_t rows = 0, bytes = 0;
    summary tokens = {};                    ///< of a row
    bool validation = false;                ///< its name begins with "val", "test", "eval" or "dev": few rows are no error
};

struct lint_report {
    bool tokens_estimated = true;           ///< else a tokenizer counted them
    std::vector<linted_file> files;
    std::vector<finding> findings;          ///< by file and line; at most `shown` a check and file
    std::uint64_t counts[std::size(lint_checks)] = {};      ///< hits of each check, in the order of lint_checks

    std::uint64_t count(std::string_view check) const;
    std::uint64_t errors() const;
    std::uint64_t warnings() const;
    bool clean() const { return errors() == 0; }
    std::string text() const;               ///< for people; input in it is escaped
    std::string json() const;
};

/// Reads every file ("-" is stdin; .gz and .zst by content). A file that cannot be read is fatal(input).
lint_report lint(std::span<std::string const> paths, lint_options = {});
/// Files that will have another name: the report speaks of that one.
struct lint_file { std::string path, name; };
lint_report lint(std::span<lint_file const> files, lint_options = {});

} // namespace penstock::dataset
