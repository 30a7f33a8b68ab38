/// Rows of a file or of a list behind one type: the readers of three formats are compiled once, and the pipeline once for all of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>
#include <range/v3/range_fwd.hpp>   // only ranges::view_base
#include <penstock/core/result.hpp>
#include "recipe.hpp"

namespace ielts {

/// A single-pass range of result<essay_row>, as penstock::io's sources are.
class essays : public ranges::view_base, public std::ranges::view_base {
public:
    struct reader {
        virtual ~reader() = default;
        virtual std::optional<penstock::result<essay_row>> next() = 0;
    };
    /// CSV, JSONL or JSON; "-" is standard input. fatal(input) when it cannot be opened, and at the first row when a column is missing; fatal(incomplete) when it
    /// waits for a pipe and the stop is asked for.
    static essays of_file(std::string const& path, std::stop_token stop = {});
    static essays of_list(std::vector<essay_row> rows);
    /// Rows of the file, bad ones included. 0: unknown, because it is a pipe, which can be read only once, or so large that counting takes seconds.
    static std::uint64_t count(std::string const& path);

    struct iterator {
        using value_type = penstock::result<essay_row>;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;
        essays* of = nullptr;
        value_type&& operator*() const { of->look(); return std::move(*of->here_); }
        iterator& operator++() { of->look(); of->due_ = true; return *this; }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { of->look(); return !of->here_; }
    };
    explicit essays(std::unique_ptr<reader> r) : reader_(std::move(r)) {}
    iterator begin() { return {this}; }
    std::default_sentinel_t end() { return {}; }
private:
    std::unique_ptr<reader> reader_;
    std::optional<penstock::result<essay_row>> here_ = {};
    bool due_ = true;                   // the next row was asked for but not looked at: reading late costs a stopped run nothing
    void look();
};

} // namespace ielts
