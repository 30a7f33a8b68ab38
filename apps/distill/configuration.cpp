#include "configuration.hpp"
#include <penstock/core/fatal.hpp>
#include "yaml.hpp"

namespace distill {

using penstock::run::toml_entry;

std::expected<std::vector<toml_entry>, std::string> training_configuration(std::string_view text) {
    yaml root;
    try {
        root = parse_yaml(text, "");
    } catch (penstock::fatal const& e) {
        return std::unexpected(std::string(e.what()).substr(1));       // ":3: …" without its colon: the caller names the file
    }
    std::vector<toml_entry> entries;
    std::string wrong;
    auto const no = [&](yaml const& at, std::string const& why) { if (wrong.empty()) wrong = std::to_string(at.line) + ": " + why; };
    auto const put = [&](std::string const& key, yaml const& value) {
        toml_entry e{.section = {}, .key = key, .values = {}, .list = value.what == yaml::kind::list, .line = value.line};
        if (value.what == yaml::kind::none) return;                    // "resume: null" is resume left out
        if (value.what == yaml::kind::map) return no(value, key + " is a group of keys where a value should be");
        if (value.what == yaml::kind::text) e.values = {value.text};
        for (auto const& item : value.items) {
            if (item.what != yaml::kind::text) return no(item, key + " is a list of something else than values");
            e.values.push_back(item.text);
        }
        for (auto const& other : entries) if (other.key == key) return no(value, key + " is said twice, here and in line " + std::to_string(other.line));
        entries.push_back(std::move(e));
    };
    if (root.what != yaml::kind::map && root.what != yaml::kind::none) return std::unexpected("1: is no map of keys and values");
    for (auto const& [name, value] : root.members) {
        if (value.what != yaml::kind::map) { put(name, value); continue; }
        for (auto const& [key, inner] : value.members) {
            if (name == "filter" && key == "path") put("filter", inner);
            else if (name == "filter" && (key == "name" || key == "version")) continue;
            else if (name == "model" && key == "name") put("model_name", inner);
            else if (name == "model" && key == "max_length") put("max_length", inner);
            else if (name == "training") put(key, inner);
            else no(inner, "no such key: " + name + '.' + key);
        }
        if (name != "filter" && name != "model" && name != "training") no(value, "no such section: " + name + "; there are filter, model and training");
    }
    if (!wrong.empty()) return std::unexpected(wrong);
    return entries;
}

} // namespace distill
