/// write_jsonl(range, out, rejects): records to one file, failures to the other. It does not sort: a recipe that finishes out of order ends with
/// in_source_order(), and a range that does not keep source order is an error here rather than bytes that depend on timing.
#pragma once
#include <cstdint>
#include <ranges>
#include <type_traits>
#include <utility>
#include <penstock/core/fatal.hpp>
#include <penstock/core/ledger.hpp>
#include <penstock/core/position.hpp>
#include <penstock/core/result.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/io/rejects_file.hpp>
#include <penstock/record/json.hpp>

namespace penstock::io {

struct written {
    std::uint64_t rows = 0;         ///< lines in the output
    std::uint64_t rejected = 0;     ///< lines in the rejects, whatever stage they failed in
    std::uint64_t unencodable = 0;  ///< of these: records that JSON cannot hold (NaN)
};

namespace detail {
template <class I> concept placed_item = requires(I i) { position(i.where); i.value.error(); };
[[noreturn]] void not_in_source_order(std::string const& path, position const& before, position const& after);
}

/// Takes items of a running recipe, or results and plain records of any input range (numbered from 0). Encodes into the file's own buffer. A record that cannot be
/// encoded is a reject of the stage "write_jsonl"; give the env's ledger and it is counted there, else only in the answer. Commits neither file.
template <std::ranges::input_range R> written write_jsonl(R&& records, atomic_file& out, rejects_file& rejects, ledger* books = nullptr) {
    written done;
    account* const book = books ? &books->open("write_jsonl", 0, 0) : nullptr;
    position last = {};
    origin next = {};
    auto const reject = [&](position const& where, failure const& f) {
        rejects.add(where, f);
        ++done.rejected;
        if (book) ++book->failed_out;
    };
    auto const put = [&](position const& where, auto const& record) {
        auto& bytes = out.pending();
        auto const before = bytes.size();
        auto encoded = json::encode_to(bytes, record);
        if (encoded) [[likely]] {
            bytes += '\n';
            out.settle();
            ++done.rows;
            if (book) ++book->out;
            return;
        }
        bytes.resize(before);
        encoded.error().made_by("write_jsonl");
        ++done.unencodable;
        if (book) ++count(book->rejected, name(encoded.error().code()));
        reject(where, encoded.error());
    };
    auto const give = [&](position const& where, auto const& r) {
        if constexpr (is_result<std::remove_cvref_t<decltype(r)>>) {
            if (r) [[likely]] put(where, *r);
            else reject(where, r.error());
        } else put(where, r);
    };
    auto const take = [&](auto const& one) {
        if constexpr (detail::placed_item<decltype(one)>) {
            position const where(one.where);
            if (where < last) detail::not_in_source_order(out.path(), last, where);
            last = where;
            give(where, one.value);
        } else {
            give(next, one);
            ++next.word;
        }
    };
    if constexpr (requires { records.each(take); }) records.each(take);     // a recipe: its stages and this sink become one loop
    else for (auto&& one : records) take(one);
    return done;
}

} // namespace penstock::io
