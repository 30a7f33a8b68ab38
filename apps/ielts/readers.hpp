/// The readers of the three formats: each takes long to compile, so each has a unit of its own behind essays::reader.
#pragma once
#include <memory>
#include <optional>
#include <utility>
#include <penstock/io/feed.hpp>
#include <penstock/io/reading.hpp>
#include <penstock/record/json_policy.hpp>
#include "essays.hpp"

namespace ielts {

using essay_reader = std::unique_ptr<essays::reader>;
essay_reader csv_essays(penstock::io::feed in, penstock::io::reading how);
essay_reader jsonl_essays(penstock::io::feed in, penstock::io::reading how);
essay_reader json_array_essays(penstock::io::feed in, penstock::io::reading how);

/// A band may be a number in JSON ("band": 7.0, as the seed shows it).
inline constexpr penstock::json::policy as_text{.mistyped = penstock::json::mistyped::coerce};

template <class Rows> struct reader_of final : essays::reader {
    Rows rows;
    std::optional<std::ranges::iterator_t<Rows>> at = {};
    explicit reader_of(Rows r) : rows(std::move(r)) {}
    std::optional<penstock::result<essay_row>> next() override {
        if (at) ++*at;
        else at.emplace(rows.begin());
        if (*at == rows.end()) return {};
        return **at;
    }
};

} // namespace ielts
