/// What is known of the three files before the first row is written: which rows each of them keeps, and which texts come twice. 40 bytes a row.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include <penstock/core/ledger.hpp>
#include <penstock/dataset/fingerprint.hpp>
#include "posts.hpp"

namespace hate {

/// In the order in which they are written; a later one is for judging, so its texts stay there when they are in an earlier one too.
struct part { std::string_view split, file, output; };
inline constexpr part parts[] = {{"train", "unified_train.json", "train"}, {"val", "unified_val.json", "validation"}, {"test", "unified_test.json", "test"}};
inline constexpr std::size_t part_count = std::size(parts);

class survey {
public:
    struct row { penstock::dataset::fingerprint text; std::string split; bool hate = false; std::uint64_t number = 0; };
    struct file {
        bool read = false;                          ///< it is there
        bool whole = false;                         ///< no row has its split: all are taken but those that another part keeps
        std::uint64_t rows = 0, kept = 0, kept_elsewhere = 0;
        penstock::tally by_split = {};              ///< of all rows
    };
    struct text {
        bool hate = false, normal = false;          ///< labels among the kept rows
        std::array<std::uint32_t, part_count> rows{};
        std::array<std::uint64_t, part_count> first{};     ///< of each part, from 1
        bool conflicting() const { return hate && normal; }
    };
    /// Reads every file that is there. fatal(input) where train or val, or with include_test test, cannot be read, or one of them ends in a broken row.
    survey(std::string const& folder, bool include_test);

    file const& of(std::size_t part) const { return files_[part]; }
    text const& about(penstock::dataset::fingerprint of) const { return texts_.at(of); }
    /// Why a row is not of the part ("its split is test"); empty: it is.
    std::string left_out(std::size_t part, unified_row const& row) const;
    /// Texts that come more than once within a part, between parts, and with both labels; of the parts that are written.
    struct repeats { std::uint64_t within = 0, between = 0, conflicting = 0; std::vector<std::string> shown = {}; };
    repeats const& repeated() const { return repeated_; }

private:
    std::array<file, part_count> files_ = {};
    std::unordered_map<penstock::dataset::fingerprint, text> texts_ = {};                       // kept rows of the parts that are written
    std::array<std::unordered_map<penstock::dataset::fingerprint, bool>, part_count> keeps_ = {};
    repeats repeated_ = {};
};

} // namespace hate
