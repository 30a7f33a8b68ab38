// A filter: what articles are scored for, and the tier that their scores put them in. Read from the config.yaml of its folder, in each of the ways such files are written.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distill {

struct dimension { std::string name; double weight = 0; };

/// A dimension below its threshold caps the overall score: "gatekeeper: true" of a dimension, or an entry of "gatekeeper_rules".
struct gatekeeper {
    struct exception { std::size_t dimension = 0; double threshold = 0, at_least = 0; };     // lifted where that dimension reaches its threshold, and the gatekeeper itself at_least
    std::size_t dimension = 0;
    double threshold = 0, cap = 0;
    std::optional<exception> unless = {};
};

/// A kind of content caps the overall score, under a condition on a dimension or always.
struct content_cap {
    struct comparison { std::size_t dimension = 0; std::string sign; double number = 0; };
    std::string content;
    double cap = 0;
    std::optional<comparison> only_if = {};
};

struct tier { std::string name; double threshold = 0; };

struct filter {
    std::string name, version;
    std::vector<dimension> dimensions;              // in the order of the file: that of all labels
    std::vector<gatekeeper> gatekeepers = {};
    std::vector<content_cap> caps = {};
    std::vector<tier> tiers = {};                   // highest threshold first; without any in the file: bins of two points
    bool bins = false;

    /// The weighted mean of the labels, no cap.
    double overall(std::span<double const> labels) const;
    /// With gatekeepers, and the caps of what an article is said to be: its content type, or a flag that was raised ("vaporware" caps "vaporware" and "vaporware_risk").
    double capped(std::span<double const> labels, std::span<std::string const> said_to_be) const;
    std::string const& tier_of(double score) const;
    std::optional<std::size_t> find(std::string_view dimension) const;
};

/// path: a filter's folder, or its config.yaml. fatal(usage) with the file and the line.
filter read_filter(std::string const& path);
filter parse_filter(std::string_view text, std::string const& shown);

} // namespace distill
