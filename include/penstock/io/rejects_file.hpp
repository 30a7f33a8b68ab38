/// rejects.jsonl: what became of the rows that are in no output. Always written; an empty one says that nothing was rejected.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/core/position.hpp>
#include <penstock/core/result.hpp>
#include <penstock/io/atomic_file.hpp>

namespace penstock::io {

/// One line each: {"source", "row", "position", "stage", "code", "reason", "raw"}. source: the name of the file; row: counted from 1, with the byte where the
/// source said so ("essays.csv: row 3, byte 812" is row 3); position: "source:row.child", as the ledger and merges know it, counted from 0; raw: the row's or reply's
/// bytes, made valid UTF-8 (U+FFFD for each byte that was not), empty where no stage kept them.
class rejects_file {
    atomic_file file_;
    std::vector<std::string> sources_;
    std::uint64_t count_ = 0;
public:
    /// sources: the names by source number of the positions; without them, what the failure's place says.
    explicit rejects_file(std::string path, std::vector<std::string> sources = {}) : file_(std::move(path)), sources_(std::move(sources)) {}
    void add(position const& where, failure const& f);
    std::uint64_t count() const { return count_; }
    std::string const& path() const { return file_.path(); }
    std::string const& partial() const { return file_.partial(); }
    void seal() { file_.seal(); }
    void commit() { file_.commit(); }
};

} // namespace penstock::io
