/// The cost of training on a file, before it is uploaded: examples, tokens (an estimate, and called one), US dollars for one epoch.
#pragma once
#include <penstock/dataset/prices.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::dataset {

struct cost_estimate {
    std::uint64_t examples = 0;
    std::uint64_t tokens = 0;               ///< estimated
    double usd = 0;                         ///< tokens x price: one epoch
    std::string model;
    double usd_per_million = 0;
    std::string as_of, source;              ///< of the price
    bool known = true;                      ///< false: the model is in no table, and the fallback price was taken

    std::uint64_t tokens_per_example() const { return examples == 0 ? 0 : (tokens + examples / 2) / examples; }
    /// The original's three lines, and one that says where the price comes from.
    std::string text() const;
};

/// The built-in table, or a file's list. A file that cannot be read, is no such list or has a price below 0: fatal(usage).
class price_table {
    price_list list_;
    bool built_in_ = true;
public:
    price_table() = default;
    static price_table from_file(std::string const& path);
    cost_estimate estimate(std::string_view model, std::uint64_t examples, std::uint64_t tokens) const;
};

} // namespace penstock::dataset
