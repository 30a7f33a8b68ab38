/// One SQLite file of a journal: its tables, its checksums, and reading it. Entries are only ever added, numbered without gaps, and carry checksums,
/// because SQLite does not notice a flipped byte inside a value and a silently missing reply would be paid for again.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <penstock/llm/impl/database.hpp>
#include <penstock/llm/journal.hpp>
#include <xxhash.h>

namespace penstock::llm::detail {

inline constexpr std::int64_t application = 0x50534A4C;     // "PSJL"
inline constexpr std::int64_t format = 1;
inline constexpr auto schema = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE runs(id INTEGER PRIMARY KEY, host TEXT, pid INTEGER, started INTEGER);
CREATE TABLE entries(id INTEGER PRIMARY KEY, key BLOB NOT NULL, kind INTEGER NOT NULL, round INTEGER NOT NULL, at INTEGER NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE replies(id INTEGER PRIMARY KEY, provider TEXT, model TEXT, schema_version TEXT, draw INTEGER, request TEXT, raw TEXT,
  input INTEGER, cached INTEGER, output INTEGER, reasoning INTEGER, attempts INTEGER, milliseconds INTEGER, checksum INTEGER NOT NULL);
CREATE TABLE verdicts(id INTEGER PRIMARY KEY, why TEXT, checksum INTEGER NOT NULL);
CREATE TABLE lost(id INTEGER PRIMARY KEY, key BLOB NOT NULL, round INTEGER NOT NULL, at INTEGER NOT NULL, how TEXT, copies INTEGER NOT NULL, UNIQUE(key, round, at, how));
PRAGMA application_id=1347635788;
PRAGMA user_version=1;
COMMIT;
)sql";
static_assert(application == 1347635788 && format == 1);
/// Who asked: for `penstock journal why` alone, so that a file without it is a whole journal too.
inline constexpr auto asked_table = R"sql(CREATE TABLE IF NOT EXISTS asked(source INTEGER, row INTEGER, path TEXT, key BLOB, run INTEGER NOT NULL,
  provider TEXT, model TEXT, schema_version TEXT, draw INTEGER, request TEXT, PRIMARY KEY(source, row, path, key)) WITHOUT ROWID)sql";

enum class entry_kind : std::uint8_t { reply = 1, verdict = 2 };

struct entry {
    std::int64_t id = 0;
    llm::key key;
    entry_kind kind = entry_kind::reply;
    std::uint32_t round = 0;            // how often the question was asked anew after a verdict
    std::int64_t at = 0;                // milliseconds since 1970
    std::int64_t checksum() const {
        std::uint64_t two[2];
        std::memcpy(two, key.bytes.data(), sizeof two);
        return summed(two, sizeof two, {static_cast<std::uint64_t>(id), std::uint64_t(kind), round, static_cast<std::uint64_t>(at)});
    }
    /// XXH3-64 over numbers (little-endian) and then bytes.
    static std::int64_t summed(void const* bytes, std::size_t size, std::initializer_list<std::uint64_t> numbers) {
        char text[64];
        std::size_t n = 0;
        for (auto number : numbers) for (int shift = 0; shift != 64; shift += 8) text[n++] = static_cast<char>(number >> shift & 0xFF);
        return static_cast<std::int64_t>(XXH3_64bits_withSeed(bytes, size, XXH3_64bits(text, n)));
    }
};
inline std::int64_t checksum(std::string_view text, std::int64_t before = 0) { return entry::summed(text.data(), text.size(), {static_cast<std::uint64_t>(before)}); }
inline std::int64_t checksum(question const& q, reply const& r) {
    auto sum = entry::summed(q.request.data(), q.request.size(), {q.draw, r.tokens.input, r.tokens.cached, r.tokens.output, r.tokens.reasoning, r.attempts, r.milliseconds});
    for (std::string const* part : {&q.provider, &q.model, &q.schema_version, &r.raw}) sum = checksum(*part, sum);
    return sum;
}

/// Empty, as a process that died while making it left it.
inline bool unmade(database& on) { return on.number("SELECT count(*) FROM sqlite_master") == 0 && on.number("PRAGMA user_version") == 0; }
/// fatal(input) where the file is no journal, or a newer one.
inline void check_format(database& on) {
    if (on.number("PRAGMA application_id") != application) damaged(on.path(), "it is not a journal");
    if (auto const version = on.number("PRAGMA user_version"); version > format)
        throw fatal(exit_code::input, "journal " + shown(on.path()) + " has format " + std::to_string(version) + ", written by a newer version; this one reads format "
                                          + std::to_string(format) + ". Use the newer one, or another journal folder");
}

/// A file as it is read: through statements that are prepared once.
class journal_reader {
    database on_;
    statement entries_, reply_, verdict_, version_;
    std::int64_t last_ = 0, last_version_ = -1, last_reply_ = 0;
public:
    explicit journal_reader(database on) : on_(std::move(on)) {
        check_format(on_);
        entries_ = {on_, "SELECT id, key, kind, round, at, checksum FROM entries WHERE id > ?1 ORDER BY id"};
        reply_ = {on_, "SELECT provider, model, schema_version, draw, request, raw, input, cached, output, reasoning, attempts, milliseconds, checksum FROM replies WHERE id = ?1"};
        verdict_ = {on_, "SELECT why, checksum FROM verdicts WHERE id = ?1"};
        version_ = {on_, "PRAGMA data_version"};
    }
    journal_reader(journal_reader&&) = delete;

    database& on() { return on_; }
    std::int64_t last() const { return last_; }
    void passed(std::int64_t id) { last_ = id; }

    /// Whether another connection has committed since the last call.
    bool changed() {
        version_.step();
        auto const version = version_.number(0);
        version_.reset();
        return std::exchange(last_version_, version) != version;
    }
    /// Entries after the last one seen, in order.
    template <class F> void each_new(F f) {
        entries_ << last_;
        try {
            while (entries_.step()) {
                entry e;
                e.id = entries_.number(0);
                auto const bytes = entries_.text(1);
                if (bytes.size() == e.key.bytes.size()) std::memcpy(e.key.bytes.data(), bytes.data(), bytes.size());
                e.kind = static_cast<entry_kind>(entries_.number(2));
                e.round = static_cast<std::uint32_t>(entries_.number(3));
                e.at = entries_.number(4);
                if (e.id != last_ + 1) damaged(on_.path(), "entries " + std::to_string(last_ + 1) + " to " + std::to_string(e.id - 1) + " are missing");
                if (e.checksum() != entries_.number(5)) damaged(on_.path(), "the checksum of entry " + std::to_string(e.id) + " is wrong");
                last_ = e.id;
                if (e.kind == entry_kind::reply) last_reply_ = e.id;
                f(e);
            }
        } catch (...) { entries_.reset(); throw; }
        entries_.reset();
    }
    /// The same on a file that nobody is known to write: a tail of entries that was cut off shows in the other table. Both are read as they are at one moment, for somebody may open it just now.
    template <class F> void each_new_to_the_end(F f) {
        on_.run("BEGIN");
        try {
            each_new(std::move(f));
            if (on_.number("SELECT max(id) FROM replies") != last_reply_) damaged(on_.path(), "entries and replies do not match");
        } catch (...) { on_.try_run("ROLLBACK"); throw; }
        on_.run("COMMIT");
    }

    struct stored { question asked; llm::reply reply; };
    stored reply(std::int64_t id) {
        stored s;
        reply_ << id;
        try {
            if (!reply_.step()) damaged(on_.path(), "reply " + std::to_string(id) + " is missing");
            auto const text = [&](int column) { return std::string(reply_.text(column)); };
            auto const count = [&](int column) { return static_cast<std::uint64_t>(reply_.number(column)); };
            s.asked = {text(0), text(1), text(2), static_cast<std::uint32_t>(count(3)), text(4)};
            s.reply = {text(5), {count(6), count(7), count(8), count(9)}, static_cast<std::uint32_t>(count(10)), static_cast<std::uint32_t>(count(11))};
            if (checksum(s.asked, s.reply) != reply_.number(12)) damaged(on_.path(), "the checksum of reply " + std::to_string(id) + " is wrong");
        } catch (...) { reply_.reset(); throw; }
        reply_.reset();
        return s;
    }
    std::string verdict(std::int64_t id) {
        verdict_ << id;
        std::string why;
        try {
            if (!verdict_.step()) damaged(on_.path(), "verdict " + std::to_string(id) + " is missing");
            why = verdict_.text(0);
            if (checksum(why) != verdict_.number(1)) damaged(on_.path(), "the checksum of verdict " + std::to_string(id) + " is wrong");
        } catch (...) { verdict_.reset(); throw; }
        verdict_.reset();
        return why;
    }
};

} // namespace penstock::llm::detail
