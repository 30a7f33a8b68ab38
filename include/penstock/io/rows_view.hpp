/// A reader as a range: single-pass, of result<T>, for std's and range-v3's algorithms. It reads only when a row is looked at, and its elements are rvalues:
/// whoever wants the row moves it out, a predicate that only looks leaves it whole.
#pragma once
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>
#include <penstock/core/result.hpp>
#include <range/v3/range_fwd.hpp>   // only ranges::view_base

namespace penstock::io {

/// Reader: `value` is the record, read(std::optional<result<value>>&) sets the next row or leaves nothing at the end. Copies share the reader, as copies of istream_view do.
template <class Reader> class rows_view : public ranges::view_base, public std::ranges::view_base {
    using row = result<typename Reader::value>;
    struct state {
        Reader reader;
        std::optional<row> here = {};
        bool due = true;        // the next row was asked for but not looked at
        void look() {
            if (!std::exchange(due, false)) return;
            here.reset();
            reader.read(here);
        }
    };
    std::shared_ptr<state> s_;
public:
    struct iterator {
        using value_type = row;
        using difference_type = std::ptrdiff_t;
        using reference = row&&;
        using pointer = row*;
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::input_iterator_tag;
        state* s = nullptr;
        reference operator*() const { s->look(); return std::move(*s->here); }
        pointer operator->() const { s->look(); return &*s->here; }
        iterator& operator++() { s->look(); s->due = true; return *this; }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { i.s->look(); return !i.s->here; }
    };
    rows_view() = default;
    explicit rows_view(Reader reader) : s_(std::make_shared<state>(std::move(reader))) {}
    iterator begin() const { return {s_.get()}; }
    std::default_sentinel_t end() const { return {}; }
};

} // namespace penstock::io
