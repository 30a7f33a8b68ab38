/// rows<T>(path): the records of a file whatever its format (format.hpp says how it is told). All readers are compiled into the unit that calls it: a program that
/// wants to spread them looks into the feed itself, and gives it to csv, jsonl or json_array.
#pragma once
#include <optional>
#include <utility>
#include <variant>
#include <penstock/io/csv.hpp>
#include <penstock/io/format.hpp>
#include <penstock/io/json_array.hpp>
#include <penstock/io/jsonl.hpp>

namespace penstock::io {

namespace detail {
template <class T, json::policy P> class rows_reader {
    feed feed_;     // until the format is known
    reading how_;
    format format_ = format::unknown;
    std::variant<std::monostate, csv_reader<T>, jsonl_reader<T, P>, json_array_reader<T, P>> reader_ = {};

    void start() {
        format_ = format_of(feed_.name());
        if (format_ == format::unknown) format_ = format_of(feed_);
        switch (format_) {
        case format::tsv: how_.delimiter = '\t'; [[fallthrough]];
        case format::csv: reader_.template emplace<1>(csv_splitter(std::move(feed_), how_), how_); return;
        case format::json_array: reader_.template emplace<3>(element_splitter(std::move(feed_), how_.row_limit)); return;
        default: reader_.template emplace<2>(line_splitter(std::move(feed_), how_.row_limit));
        }
    }
public:
    using value = T;
    rows_reader(feed f, reading how) : feed_(std::move(f)), how_(how) {}
    /// Unknown until the first row was read, and of an empty file.
    format kind() const { return format_; }
    void read(std::optional<result<T>>& out) {
        if (reader_.index() == 0) start();
        if (auto* r = std::get_if<2>(&reader_)) r->read(out);
        else if (auto* c = std::get_if<1>(&reader_)) c->read(out);
        else std::get_if<3>(&reader_)->read(out);
    }
};
}

/// As csv, jsonl and json_array. An empty file whose name does not say CSV has no rows.
template <class T, json::policy P = json::policy{}> auto rows(input in, reading how = {}) {
    return rows_view(detail::rows_reader<T, P>(feed(std::move(in), how.block), how));
}

} // namespace penstock::io
