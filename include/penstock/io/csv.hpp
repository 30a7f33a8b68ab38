/// csv<T>(path): rows of a CSV file with a header, which may name the columns in any order. Cells are bound to members by name once, so that a row costs
/// its own cells and nothing for columns that the record does not have.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <penstock/io/csv_splitter.hpp>
#include <penstock/io/rows_view.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/record/fields.hpp>
#include <penstock/record/json.hpp>

namespace penstock::io {
namespace detail {
template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;

// Cells to values; false: the text is not one. Blanks around a number or a bool are not looked at.
bool read_number(cell const& c, double& out);
bool read_number(cell const& c, std::int64_t& out);
bool read_number(cell const& c, std::uint64_t& out);
bool read_bool(cell const& c, bool& out);

/// What is wrong with the cell, nothing when it was read.
template <class M> std::string read_cell(cell const& c, M& out) {
    auto const not_a = [&](char const* kind) { return in_quotes(c.text()) + " is not " + kind; };
    if constexpr (std::same_as<M, std::string>) c.text(out);
    else if constexpr (std::same_as<M, bool>) { if (!read_bool(c, out)) return not_a("true or false"); }
    else if constexpr (std::floating_point<M>) {
        double d;
        if (!read_number(c, d)) return not_a("a number");
        out = static_cast<M>(d);
    } else if constexpr (std::integral<M>) {
        std::conditional_t<std::signed_integral<M>, std::int64_t, std::uint64_t> i;
        if (!read_number(c, i)) return not_a(std::signed_integral<M> ? "a whole number" : "a whole number from 0");
        if (!std::in_range<M>(i)) return in_quotes(c.text()) + " is out of range";
        out = static_cast<M>(i);
    } else if constexpr (is_optional<M>) {
        if (c.size == 0) out.reset();
        else return read_cell(c, out.emplace());
    } else if constexpr (named_enum<M>) {
        auto const value = enum_value<M>(c.text());
        if (!value) return not_a("one of the values");
        out = *value;
    } else {    // lists, nested and constrained types: JSON in a cell, or text that only lacks the quotes of a JSON string
        auto const text = c.text();
        auto r = json::decode<M>(text);
        if (!r) {
            auto const quoted = json::encode(text);
            auto s = quoted ? json::decode<M>(*quoted) : result<M>(std::unexpected(quoted.error()));
            if (!s) return in_quotes(text) + ": " + r.error().what();
            r = std::move(s);
        }
        out = *std::move(r);
    }
    return {};
}

/// For each name the column that has it, npos where none does and it is not required. Throws fatal(exit_code::input) as csv() says.
void bind_columns(csv_splitter& rows, reading how, std::span<std::string_view const> names, std::span<bool const> required, std::size_t* columns);

template <class T> class csv_reader {
    static constexpr auto& names = field_names<T>;
    static constexpr std::size_t n = names.size();
    csv_splitter rows_;
    reading how_;
    std::size_t width_ = 0;     // columns of the header, 0: not read yet
    std::array<std::size_t, n> columns_ = {};

    template <std::size_t I> bool cell_into(auto const& members, std::string& wrong) {
        if (columns_[I] == csv_splitter::npos) return true;
        auto text = read_cell(rows_.cells()[columns_[I]], std::get<I>(members));
        if (text.empty()) [[likely]] return true;
        wrong = "column " + std::string(names[I]) + ": " + std::move(text);
        return false;
    }
    void start() {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            constexpr bool required[] = {!is_optional<std::remove_cvref_t<decltype(std::get<I>(fields(std::declval<T&>())))>>...};
            bind_columns(rows_, how_, names, required, columns_.data());
        }(std::make_index_sequence<n>{});
        width_ = rows_.size();
    }
public:
    using value = T;
    csv_reader(csv_splitter rows, reading how) : rows_(std::move(rows)), how_(how) {}
    void read(std::optional<result<T>>& out) {
        if (width_ == 0) start();
        raw_row const* row;
        while ((row = rows_.next()) && rows_.blank() && width_ > 1) rows_.forget();
        if (!row) return;
        auto const bad = [&](errc code, std::string what) { out.emplace(std::unexpected(rows_.placed({code, std::move(what)}))); };
        if (!row->fault.empty()) return bad(errc::parse, row->fault);
        if (rows_.size() != width_) return bad(errc::parse, "the row has " + std::to_string(rows_.size()) + " cells, the header has " + std::to_string(width_));
        if (!rows_.utf8()) return bad(errc::parse, "the row is not UTF-8");
        auto members = fields(out.emplace(std::in_place).value());
        std::string wrong;
        bool const whole = [&]<std::size_t... I>(std::index_sequence<I...>) { return (cell_into<I>(members, wrong) && ...); }(std::make_index_sequence<n>{});
        if (!whole) bad(errc::schema, std::move(wrong));
    }
};
}

/// Throws fatal(exit_code::input) at the first row when there is no header, when a column of the record is missing (an optional member may lack its column), when
/// two columns have one name, and by policy (reading::extra) when there are others. Failures: a row with more or fewer cells than the header, a cell that is not
/// what its member wants (an empty cell is an optional's nothing and a string's ""), text that is not UTF-8, and what csv_splitter.hpp lists.
template <class T> auto csv(feed in, reading how = {}) {
    static_assert(record<T>, "penstock::io::csv: the record must be an aggregate or have penstock::keys, so that columns can be matched with members by name");
    return rows_view(detail::csv_reader<T>{csv_splitter(std::move(in), how), how});
}
template <class T> auto csv(input in, reading how = {}) { return csv<T>(feed(std::move(in), how.block), how); }

} // namespace penstock::io
