/// A data set as a file: {"metadata": {…}, "examples": [a row a line]}. Files of others are read as far as they can be: what they lack, or call otherwise, is said once.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "example.hpp"

namespace intents {

/// What a row of a file says; what it does not say is empty.
struct file_row {
    std::string text, intent, audience, complexity;
    std::optional<double> confidence = {};
    std::optional<std::string> edge_case = {};
    std::vector<std::string> frames = {};
    std::string json;               ///< the row as it stands
    std::string fault = {};         ///< why it could not be read at all
    std::string mistyped = {};      ///< what has another type than the layout's, and was read all the same ("0.9" as a text)
};
struct data_file {
    std::string path;
    std::vector<file_row> rows;
    std::string config = {};                    ///< metadata.config as it stands; empty: there is none
    std::vector<std::string> lacking = {};      ///< members that "metadata" lacks
    std::optional<std::uint64_t> counted = {};  ///< metadata.total_examples
    std::vector<std::string> layout = {};       ///< how it differs from the layout above, a line each; empty: not at all
};
/// fatal(input) where there is no such file, it is no JSON or has no rows. Gzip and Zstandard too.
data_file read_data(std::string const& path);
/// The same of bytes that are not (yet) in the file of this name.
data_file data_of(std::string const& path, std::string const& bytes);

struct file_config {
    std::uint64_t examples_per_intent = 0, edge_cases = 0;
    bool use_openai = false;
    double temperature = 0;
    std::uint64_t seed = 0;
};
/// The bytes of a file: nothing in them depends on a path, a duration or the time of day.
std::string data_text(std::span<example const> rows, file_config const& config, std::string const& generated_at);
/// The same around rows that were read, each as_example(); config: JSON, left out where it is empty.
std::string data_text(std::span<file_row const* const> rows, std::string const& config, std::string const& generated_at);

/// A file at once, whole or not at all.
void write_whole(std::string const& path, std::string const& text);
/// When rows of a seed were made, as far as their bytes may say: SOURCE_DATE_EPOCH, else the day of the grammar, which with the seed decides every text.
std::string generation_date();

} // namespace intents
