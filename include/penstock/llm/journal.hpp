/// Every paid reply, kept: a folder of SQLite files, one a process, each written by its owner alone. A reply reaches the pipeline only once it is in the journal,
/// so that whatever happens to the process, the same command pays for nothing twice. Replies that come within one commit share it (and its fsync).
#pragma once
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>   // std::move_only_function
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <penstock/core/position.hpp>
#include <penstock/llm/question.hpp>
#include <penstock/llm/usage.hpp>

namespace penstock::llm {

enum class sync : std::uint8_t {
    grouped,    ///< a reply counts as kept once it is fsynced: survives power loss
    off,        ///< once it is with the operating system: survives the death of the process only
};

struct journal_options {
    llm::sync sync = sync::grouped;
    bool replay = false;            ///< nothing is written, locked or sent; a question without a reply ends the run
    bool retry_rejected = false;    ///< as if rows that were judged wrong for good had never been asked
    bool adopt = false;             ///< takes over files that a run on another host left open: only once that run is known to be gone
    std::string host = {};          ///< empty: this machine's name
};

/// What came back, as it came: a better reader of replies needs no new call.
struct reply {
    std::string raw;                ///< the response's body
    usage tokens = {};
    std::uint32_t attempts = 1;     ///< requests sent for it
    std::uint32_t milliseconds = 0; ///< from the first send to the last byte
    friend bool operator==(reply const&, reply const&) = default;
};

/// What stood in the folder when it was opened.
struct journal_state {
    std::size_t files = 0, replies = 0, rejected = 0;   ///< files that are read; questions with a reply; questions judged wrong or refused for good
    std::uint64_t lost_now = 0;                         ///< requests that a dead process had under way: found by this opening
    std::uint64_t lost = 0;                             ///< by all openings so far, and on the wire
    std::vector<std::string> notes = {};                ///< one line each: files taken over, files that cannot be read yet
};

/// A journal that keeps nothing: every question is sent and paid, each time. For an embedder who keeps replies elsewhere, and to measure what keeping costs.
struct without_journal_t { explicit without_journal_t() = default; };
inline constexpr without_journal_t without_journal{};

/// For one thread, the consumer's; only the commits run on another.
class journal {
    struct body;
    std::shared_ptr<body> body_;
public:
    using work = std::move_only_function<void()>;
    using post = std::move_only_function<void(work)>;                   ///< to the consumer's loop; called by the writing thread
    using done = std::move_only_function<void(std::exception_ptr)>;     ///< null: it is kept; else why the run cannot go on (a fatal)

    /// Makes the folder if need be. fatal(output) where it cannot be written or is locked by another program, fatal(input) where a file is damaged or newer
    /// than this program: one line, and no file is touched.
    journal(std::string folder, journal_options options, post to_loop);
    journal(without_journal_t, post to_loop);
    /// Waits until everything is written; calls to done that are still with the loop come after.
    ~journal();
    journal(journal&&) = delete;

    journal_state const& opened() const;
    /// Seconds since 1970: SOURCE_DATE_EPOCH, else when the first run on this folder started. For an output that must hold a time of day and be the same bytes when the same command goes on.
    std::int64_t first_start() const;

    /// The reply to this very question, if it is in the journal: from this process, an earlier one, or another one on this host at most 10 ms ago.
    /// With replay a miss is fatal(input), unless the question was refused for good: verdict() says why.
    std::optional<reply> find(question const& asked);
    /// Why the row that asked this was judged wrong for good, or the question itself refused, if it was; never of an earlier run with retry_rejected.
    std::optional<std::string> verdict(key const& asked) const;

    /// Before the first byte is sent. False: the same question is under way already; wait for it instead. fatal(output) when it cannot be noted down.
    bool intend(key const& asked);
    /// done once the question that is under way has its reply in the journal, or was abandoned: find() knows which.
    void wait(key const& asked, done then);
    /// The reply to a question that was intended. done is called exactly once, on the loop.
    void record(question asked, reply came, done then);
    /// So many copies of the request were sent whole and their replies can no longer come (net::error::unanswered) or be read: each may have been billed. The question
    /// stays under way, but no request for it is: before one goes out again it is noted down by sending().
    void lost(key const& asked, unsigned copies = 1, std::string how = "the connection broke");
    /// The question waits to be sent again after an answer that is not paid (429, 503): if the process dies meanwhile, nothing of it is lost. Stays under way.
    void resting(key const& asked);
    /// Before the first byte is sent again. fatal(output) when it cannot be noted down.
    void sending(key const& asked);
    /// The question is given up: nothing is under way any more, and nothing that was billed is unaccounted for.
    void abandon(key const& asked);
    /// Judged wrong for good, so that no run asks again: the row's question has its reply already, or the provider refused it and none will come. Outages and spent retries are no such verdict.
    void judge(key const& asked, std::string why, done then = {});

    /// What the record at `where` asked, for `penstock journal why`: a question that has its reply, or one that was left without. Nobody waits for it: it is written
    /// with the next reply, or when the journal closes.
    void asked(position const& where, key const& question);
    void unanswered(position const& where, question asked);

    /// "possibly paid twice: n": requests whose reply was lost, of all processes that are dead, and of this one.
    std::uint64_t possibly_paid_twice() const;
};

} // namespace penstock::llm
