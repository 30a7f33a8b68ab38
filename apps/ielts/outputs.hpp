/// The files of a run. Rows go to a spool until all are known, because the split looks at all of them; then all files are written as .partial, checked line by
/// line, and only then named: a folder never holds a new train.jsonl beside an old validation.jsonl because the second could not be written.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include <penstock/core/fatal.hpp>
#include <penstock/core/ledger.hpp>
#include <penstock/core/position.hpp>
#include <penstock/core/result.hpp>
#include <penstock/dataset/cost.hpp>
#include <penstock/dataset/split.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/io/rejects_file.hpp>
#include <penstock/io/spool.hpp>
#include <penstock/run/asked_model.hpp>
#include <penstock/run/metadata.hpp>
#include <penstock/run/output_directory.hpp>
#include "counting.hpp"
#include "prepare.hpp"
#include "tallies.hpp"

namespace penstock::run { struct job; }

namespace ielts {

class outputs {
    choices const& chosen_;
    penstock::run::job& job_;
    penstock::run::metadata about_ = {};                // first: it keeps the time of the start
    penstock::dataset::price_table prices_;
    tool::counting counting_;
    penstock::run::output_directory folder_;
    penstock::io::rejects_file rejects_;
    penstock::io::spool spool_;
    std::vector<penstock::io::spool::extent> lines_ = {};
    std::vector<penstock::dataset::split_row> rows_ = {};
    tallies tallies_ = {};
    std::string first_reject_ = {}, first_example_ = {};     // for the user's eyes

    /// Whole and on the disk, not yet under their names: train.jsonl, and validation.jsonl if there is to be one.
    struct data_files {
        penstock::dataset::split_result parts;
        std::vector<penstock::io::atomic_file> files;
    };
    data_files write();
    void leave_partial();
    void commit(std::vector<penstock::io::atomic_file>& data, penstock::io::atomic_file& metadata);
public:
    outputs(choices const& c, penstock::dataset::price_table prices, penstock::run::job& job);
    /// In source order.
    void add(penstock::position const& where, penstock::result<example> const& made);
    /// Files, lint, metadata, summary; incomplete where --finish-partial left rows out of them. fatal(input) when no row survived, fatal(incomplete) when none has its
    /// replies yet, incomplete when the run was stopped: then all that was there stays as it was, and what this run has is in .partial files.
    penstock::exit_code finish(penstock::ledger const& books, penstock::run::asked_model const& by);
    std::string const& folder() const { return folder_.path(); }
};

} // namespace ielts
