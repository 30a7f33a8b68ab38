// A training configuration in YAML, as the seed's users have it: {filter: {path}, model: {name, max_length}, training: {epochs, batch_size, …}}.
#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/run/toml.hpp>

namespace distill {

/// Its keys as flags: filter.path is --filter, model.name --model-name, model.max_length --max-length, and what stands under "training" has the flag's name.
/// filter.name and filter.version say what the filter's own file says, and are passed over. Every other key is a flag's, or an error with its line.
std::expected<std::vector<penstock::run::toml_entry>, std::string> training_configuration(std::string_view yaml_text);

} // namespace distill
