#include "yaml.hpp"
#include <cstddef>
#include <fstream>
#include <iterator>
#include <set>
#include <yaml-cpp/yaml.h>
#include <penstock/core/fatal.hpp>

namespace distill {

namespace {
[[noreturn]] void wrong(std::string const& shown, int line, std::string const& why) {
    throw penstock::fatal(penstock::exit_code::usage, shown + (line >= 0 ? ':' + std::to_string(line + 1) : "") + ": " + why);
}
struct conversion {
    std::string const& shown;
    std::size_t values = 0;

    yaml of(YAML::Node const& n) {
        auto const line = n.Mark().line;
        if (++values > 1'000'000) wrong(shown, line, "has more than a million values");
        yaml y;
        y.line = static_cast<unsigned>(line + 1);
        if (n.IsScalar()) {
            y.text = n.Scalar();
            bool const plain = n.Tag() != "!";
            if (!plain || (y.text != "null" && y.text != "~" && !y.text.empty())) y.what = yaml::kind::text;
        } else if (n.IsSequence()) {
            y.what = yaml::kind::list;
            for (auto const& item : n) y.items.push_back(of(item));
        } else if (n.IsMap()) {
            y.what = yaml::kind::map;
            std::set<std::string> seen;
            for (auto const& member : n) {
                if (!member.first.IsScalar()) wrong(shown, line, "has a key that is no text");
                auto const& key = member.first.Scalar();
                if (!seen.insert(key).second) wrong(shown, member.first.Mark().line, "has the key \"" + key + "\" twice");
                y.members.emplace_back(key, of(member.second));
            }
        }
        return y;
    }
};
}

yaml parse_yaml(std::string_view text, std::string const& shown) {
    try {
        return conversion{shown}.of(YAML::Load(std::string(text)));
    } catch (YAML::Exception const& e) {
        wrong(shown, e.mark.line, "is not YAML: " + e.msg);
    }
}

yaml read_yaml(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    if (!file.good() && !file.eof()) throw penstock::fatal(penstock::exit_code::usage, path + ": cannot be read");
    return parse_yaml(text, path);
}

} // namespace distill
