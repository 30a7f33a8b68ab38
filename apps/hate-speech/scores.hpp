/// How well answers fit labels. hate_speech is the positive class; a post without a usable answer is a wrong one: it counts against accuracy, and a hateful one against recall.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace hate {

struct scores {
    std::uint64_t true_positives = 0, false_positives = 0, true_negatives = 0, false_negatives = 0;
    std::uint64_t unparsable_hate = 0, unparsable_normal = 0;      ///< no usable answer, by label
    struct group { std::uint64_t not_hate = 0, false_positives = 0, hate_speech = 0, missed = 0; };
    std::map<std::string, group> groups = {};                       ///< by target group; "" as "(none)"

    /// said: what was answered, nothing where no answer could be used.
    void add(bool hate, std::optional<bool> said, std::string const& of_group);
    std::uint64_t rows() const { return true_positives + false_positives + true_negatives + false_negatives + unparsable(); }
    std::uint64_t unparsable() const { return unparsable_hate + unparsable_normal; }
    double accuracy() const, precision() const, recall() const, f1() const;     ///< 0 where nothing can be divided
    /// The confusion matrix and the false positives by group, for people.
    std::string text() const;
};

} // namespace hate
