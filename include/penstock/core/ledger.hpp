/// What happened to every record, stage by stage. A stage counts what it gives out and what it keeps, never what it takes in: that is what
/// the stage before gave out. So the sums check two counters against each other, for one increment per record and stage.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace penstock {

using tally = std::map<std::string, std::uint64_t, std::less<>>;
[[gnu::noinline]] inline std::uint64_t& count(tally& t, std::string_view reason) {
    auto at = t.find(reason);
    return at == t.end() ? t.emplace(std::string(reason), 0).first->second : at->second;
}
inline std::uint64_t sum(tally const& t) {
    std::uint64_t n = 0;
    for (auto const& [reason, times] : t) n += times;
    return n;
}

/// What a synchronous stage counts for each record: a value of its own, so that it lives in registers until the pull ends (in memory every record would
/// wait for the counters of the one before).
struct counts {
    std::uint64_t out = 0, failed_out = 0, dropped = 0;
};

/// One stage's books. Two sums must hold, one for values and one for failures on their way to the sink.
struct account {
    std::string name;
    unsigned depth_in = 0, depth_out = 0;   ///< fan-outs open before and after: what is counted inside a family is not a row
    account const* before = nullptr;

    std::uint64_t out = 0;          ///< given to the next stage
    std::uint64_t merged = 0;       ///< went into another record: children into their parent, a parent into its children
    std::uint64_t left = 0;         ///< still inside when the run ended early
    std::uint64_t dropped = 0;      ///< filtered by a predicate that gives no reason; totals call it "no"
    tally filtered = {}, rejected = {};     ///< by reason

    std::uint64_t made = 0;         ///< came to be here: rows read, children born, parents given back (stands apart from `out`: clang counts neighbours in one vector, 10 cycles a record)
    std::uint64_t failed_made = 0;  ///< failures that never were a value: children whose making failed
    std::uint64_t failed_out = 0;   ///< failures passed on, own ones included
    std::uint64_t failed_left = 0;  ///< failures still inside when the run ended early
    std::uint64_t absorbed = 0;     ///< failures of children handed to a join: they reach no rejects file by themselves

    void add(counts const& c) {
        out += c.out;
        failed_out += c.failed_out;
        dropped += c.dropped;
    }
    std::uint64_t all_filtered() const { return dropped + sum(filtered); }
    std::uint64_t in() const { return before ? before->out : 0; }
    std::uint64_t failed_in() const { return before ? before->failed_out : 0; }
    bool balanced() const {
        return in() + made == out + merged + all_filtered() + sum(rejected) + left
            && failed_in() + failed_made + sum(rejected) == failed_out + absorbed + failed_left;
    }
};

/// The accounts of all runs over one env, in the order of the stages. Complete once the ranges over it are destroyed.
class ledger {
    std::deque<account> accounts_;      // addresses stay: pullers count straight into them
    std::size_t first_ = 0;             // of the newest run
public:
    void begin_run() { first_ = accounts_.size(); }
    [[gnu::noinline]] account& open(std::string_view name, unsigned depth_in, unsigned depth_out) {
        auto const* before = accounts_.size() == first_ ? nullptr : &accounts_.back();
        auto& a = accounts_.emplace_back();
        a.name = name, a.depth_in = depth_in, a.depth_out = depth_out, a.before = before;
        return a;
    }
    std::deque<account> const& accounts() const { return accounts_; }

    /// A run in rows of its source: read + made == written + merged + filtered + rejected + left. Where each row becomes one row, made and merged
    /// are 0; chunk and through regroup rows, and flat_map's rows are merged into children that are not rows themselves.
    struct rows {
        std::uint64_t read = 0;
        std::uint64_t written = 0;              ///< values that left the last stage; not rows when the recipe ends inside a flat_map
        std::uint64_t left = 0;
        std::uint64_t made = 0, merged = 0;     ///< fan_out's parents are in neither: gather gives each back
        tally filtered = {}, rejected = {};     ///< by "stage/reason" and "stage/code"; what was given up inside a family is not a row
    };
    /// Of the newest run. Stages of one name are counted together.
    rows totals() const {
        rows r;
        std::uint64_t given_back = 0;
        for (auto i = first_; i < accounts_.size(); ++i) {
            auto const& a = accounts_[i];
            auto const row = accounts_[first_].depth_out;   // how deep the source's own rows are
            auto const add = [&a](tally& to, tally const& from) { for (auto const& [reason, n] : from) if (n) count(to, a.name + '/' + reason) += n; };
            if (i == first_) r.read = a.made;
            else if (a.depth_out == row) (a.depth_in == row ? r.made : given_back) += a.made;
            if (a.depth_in == row) { add(r.filtered, a.filtered); if (a.dropped) count(r.filtered, a.name + "/no") += a.dropped; r.left += a.left; r.merged += a.merged; }
            if (a.depth_in == row || a.depth_out == row) add(r.rejected, a.rejected);
            r.written = a.out;
        }
        r.merged -= given_back;
        return r;
    }
    /// Empty when every sum holds, else the first stage whose sums do not, with its numbers.
    std::string imbalance() const {
        auto const n = [](std::uint64_t x) { return std::to_string(x); };
        for (auto const& a : accounts_) if (!a.balanced())
            return a.name + ": in " + n(a.in()) + " + made " + n(a.made) + " != out " + n(a.out) + " + merged " + n(a.merged) + " + filtered " + n(a.all_filtered())
                 + " + rejected " + n(sum(a.rejected)) + " + left " + n(a.left) + "; failures in " + n(a.failed_in()) + ", made " + n(a.failed_made)
                 + ", out " + n(a.failed_out) + ", absorbed " + n(a.absorbed) + ", left " + n(a.failed_left);
        if (first_ >= accounts_.size()) return {};
        auto const r = totals();
        auto const written = accounts_.back().depth_out == accounts_[first_].depth_out ? r.written : 0;
        if (r.read + r.made != written + r.merged + sum(r.filtered) + sum(r.rejected) + r.left)
            return "rows: read " + n(r.read) + " + made " + n(r.made) + " != written " + n(written) + " + merged " + n(r.merged) + " + filtered " + n(sum(r.filtered))
                 + " + rejected " + n(sum(r.rejected)) + " + left " + n(r.left);
        return {};
    }
};

} // namespace penstock
