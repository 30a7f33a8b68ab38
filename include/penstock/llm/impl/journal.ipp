#pragma once
#include <penstock/llm/journal.hpp>
#include <penstock/llm/journal_entries.hpp>
#include <penstock/llm/impl/database.hpp>
#include <penstock/llm/impl/journal_file.hpp>
#include <penstock/llm/impl/journal_folder.hpp>
#include <penstock/llm/impl/owner_file.hpp>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace penstock::llm {
namespace detail {

/// Opens a file for writing, making its tables if it is new.
inline database open_to_write(std::string const& path) {
    database on(path, database::mode::write);
    on.run("PRAGMA page_size=8192");        // of a new file: with 4096 a reply of 2 KB leaves half of its page empty, and costs half as much CPU again
    if (!unmade(on)) check_format(on);
    {
        statement mode(on, "PRAGMA journal_mode=WAL");
        if (!mode.step() || mode.text(0) != "wal") cannot_write(path, "its file system has no shared memory (a network mount?)");
    }
    if (unmade(on)) { on.run("PRAGMA synchronous=FULL"); on.run(schema); }
    on.run(asked_table);
    return on;
}
/// What a dead owner had under way and has no reply in its own file goes to its table of lost requests, once; how many are new there.
inline std::uint64_t keep_lost(database& on, std::vector<owner_file::sent> const& under_way, std::string_view how) {
    if (under_way.empty()) return 0;
    statement answered(on, "SELECT key, round FROM entries WHERE kind = 1");
    std::unordered_map<llm::key, std::uint32_t> sent;
    for (auto const& s : under_way) { auto& round = sent[s.key]; round = std::max(round, s.round); }
    while (answered.step()) {
        llm::key k;
        auto const bytes = answered.text(0);
        if (bytes.size() != k.bytes.size()) continue;
        std::memcpy(k.bytes.data(), bytes.data(), bytes.size());
        if (auto const at = sent.find(k); at != sent.end() && static_cast<std::uint32_t>(answered.number(1)) >= at->second) sent.erase(at);
    }
    answered.reset();
    auto const before = on.number("SELECT total(copies) FROM lost");
    on.run("PRAGMA synchronous=FULL");
    on.run("BEGIN IMMEDIATE");
    // a slot whose loss was committed, and not yet wiped when the kill came, is there already
    statement insert(on, "INSERT OR IGNORE INTO lost(key, round, at, how, copies) SELECT ?1, ?2, ?3, ?4, 1 WHERE NOT EXISTS (SELECT 1 FROM lost WHERE key = ?1 AND round = ?2 AND at = ?3)");
    for (auto const& s : under_way) if (auto const at = sent.find(s.key); at != sent.end() && at->second == s.round)
        insert.blob(s.key.bytes.data(), s.key.bytes.size()) << s.round << s.at << how, insert.once();
    on.run("COMMIT");
    return static_cast<std::uint64_t>(on.number("SELECT total(copies) FROM lost") - before);
}
/// So that other hosts can read it: no write-ahead log beside it. Where a reader is there it stays open, and the next run on this host closes it.
inline void close_for_good(database& on) {
    on.patience(0);
    if (on.try_run("PRAGMA wal_checkpoint(TRUNCATE)")) on.try_run("PRAGMA journal_mode=DELETE");
}

struct job {
    enum class kind : std::uint8_t { reply, verdict, lost, asked } what = kind::reply;
    llm::key key = {};
    std::uint32_t round = 0, copies = 1;
    std::int64_t at = 0, id = 0;
    std::optional<std::uint32_t> slot = {};     // of a lost request: in the owner's file until this is committed
    question asked = {};
    llm::reply came = {};
    std::string why = {};
    journal::done done = {};
    position where = {};        // of who asked
};

/// The thread that commits: everything that has come while the last commit ran is the next transaction.
class journal_writer {
    static constexpr std::size_t most_unwaited = 1024;      // jobs that nobody waits for: so many make a transaction of their own
    database on_;
    bool const synced_;
    std::mutex guard_;
    std::condition_variable filled_;
    std::vector<job> queue_;
    bool due_ = false, stopping_ = false;
    std::move_only_function<void(std::vector<job>, std::exception_ptr)> finished_;
    statement entry_, reply_, verdict_, lost_, asked_, begin_, commit_;
    std::int64_t const run_;    // among the file's runs
    std::int64_t last_;
    std::move_only_function<void(std::int64_t)> kept_;      // told the last entry after each commit
    bool good_ = true;
    std::thread thread_;        // last: starts when everything is there

    void write(job& j) {
        if (j.what == job::kind::lost) {
            lost_.blob(j.key.bytes.data(), j.key.bytes.size()) << j.round << j.at << std::string_view(j.why) << j.copies;
            return lost_.once();
        }
        if (j.what == job::kind::asked) {
            auto const text = j.where.text();
            asked_ << static_cast<std::int64_t>(j.where.root.source()) << static_cast<std::int64_t>(j.where.root.row()) << std::string_view(text).substr(std::min(text.find('.'), text.size()));
            asked_.blob(j.key.bytes.data(), j.key.bytes.size()) << run_ << std::string_view(j.asked.provider) << std::string_view(j.asked.model) << std::string_view(j.asked.schema_version) << j.asked.draw
                                                                << std::string_view(j.asked.request);
            return asked_.once();
        }
        entry e{last_ + 1, j.key, j.what == job::kind::reply ? entry_kind::reply : entry_kind::verdict, j.round, j.at};
        entry_ << e.id;
        entry_.blob(e.key.bytes.data(), e.key.bytes.size()) << std::int64_t(e.kind) << e.round << e.at << e.checksum();
        entry_.once();
        if (j.what == job::kind::reply) {
            auto const& q = j.asked;
            auto const& r = j.came;
            reply_ << e.id << std::string_view(q.provider) << std::string_view(q.model) << std::string_view(q.schema_version) << q.draw << std::string_view(q.request) << std::string_view(r.raw)
                   << r.tokens.input << r.tokens.cached << r.tokens.output << r.tokens.reasoning << r.attempts << r.milliseconds << checksum(q, r);
            reply_.once();
        } else {
            verdict_ << e.id << std::string_view(j.why) << checksum(j.why);
            verdict_.once();
        }
        j.id = last_ = e.id;
    }
    void commit(std::vector<job>& batch) {
        auto const start = last_;
        begin_.once();
        try {
            for (auto& j : batch) write(j);
            commit_.once();
            kept_(last_);
        } catch (...) {
            for (auto* s : {&entry_, &reply_, &verdict_, &lost_, &asked_, &commit_}) s->reset();
            on_.try_run("ROLLBACK");
            last_ = start;
            throw;
        }
    }
    void run() {
        std::exception_ptr broken;
        for (;;) {
            std::vector<job> batch;
            {
                std::unique_lock lock(guard_);
                filled_.wait(lock, [this] { return stopping_ || due_; });
                if (queue_.empty()) return;
                batch.swap(queue_);
                due_ = false;
            }
            if (!broken) try { commit(batch); } catch (...) { broken = std::current_exception(); }
            if (broken) good_ = false;
            finished_(std::move(batch), broken);
        }
    }
public:
    journal_writer(database on, sync s, std::int64_t this_run, decltype(finished_) finished, decltype(kept_) kept)
        : on_(std::move(on)), synced_(s == sync::grouped), finished_(std::move(finished)), run_(this_run), last_(on_.number("SELECT max(id) FROM entries")), kept_(std::move(kept)) {
        kept_(last_);
        on_.run(synced_ ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
        on_.run("PRAGMA wal_autocheckpoint=4000");
        entry_ = {on_, "INSERT INTO entries VALUES(?1, ?2, ?3, ?4, ?5, ?6)"};
        reply_ = {on_, "INSERT INTO replies VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"};
        verdict_ = {on_, "INSERT INTO verdicts VALUES(?1, ?2, ?3)"};
        lost_ = {on_, "INSERT INTO lost(key, round, at, how, copies) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET copies = copies + excluded.copies"};
        asked_ = {on_, "INSERT INTO asked VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO UPDATE SET run = excluded.run, provider = excluded.provider, model = excluded.model, "
                       "schema_version = excluded.schema_version, draw = excluded.draw, request = excluded.request"};
        begin_ = {on_, "BEGIN IMMEDIATE"};
        commit_ = {on_, "COMMIT"};
        thread_ = std::thread([this] { run(); });
    }
    ~journal_writer() { close(); }
    /// Writes what has been added, then closes the file for good; whether everything could be written.
    bool close() {
        if (!thread_.joinable()) return good_;
        {
            std::lock_guard lock(guard_);
            stopping_ = true;
            filled_.notify_one();
        }
        thread_.join();
        for (auto* s : {&entry_, &reply_, &verdict_, &lost_, &asked_, &begin_, &commit_}) *s = {};
        close_for_good(on_);
        return good_;
    }
    void add(job j) {
        std::lock_guard lock(guard_);
        bool const waited_for = j.what != job::kind::asked;
        queue_.push_back(std::move(j));
        if ((waited_for || queue_.size() == most_unwaited) && !std::exchange(due_, true)) filled_.notify_one();
    }
};
} // namespace detail

struct journal::body : std::enable_shared_from_this<journal::body> {
    struct place { std::uint32_t file = 0, round = 0; std::int64_t id = 0; };
    struct verdict_place : place { bool of_this_run = false; };
    struct open_question { std::uint32_t slot = 0, round = 0; std::int64_t at = 0; bool noted = true, recorded = false; std::vector<done> waiting = {}; };
    enum class holder : std::uint8_t { own, living, closed, frozen };
    struct file {
        detail::file_name name;
        holder held;
        std::unique_ptr<detail::journal_reader> reader = {};
        std::int64_t last = 0;                  // entries read; kept while the reader is closed
        std::uint64_t used = 0;                 // when it was last read, in finds
    };
    static constexpr std::size_t most_readers = 32;     // three descriptors each; a thousand shards leave a thousand files

    std::string folder, host;
    journal_options options;
    post to_loop;
    journal_state state;
    std::int64_t start = 0;
    std::vector<file> files;
    std::unordered_map<llm::key, place> replies;
    std::unordered_map<llm::key, verdict_place> verdicts;
    std::unordered_map<llm::key, open_question> under_way;
    std::uint64_t lost_here = 0, finds = 0;
    std::int64_t last_lost = 0;                 // when the latest of them was sent
    std::chrono::steady_clock::time_point refreshed = {};
    std::filesystem::file_time_type listed = {};
    bool closing = false;
    std::optional<detail::owner_file> owner;    // released after the writer has closed the database
    std::unique_ptr<detail::journal_writer> writer;

    /// Never that of a request that was lost: a slot is told from those by its time.
    std::int64_t sent_at() const { return std::max(detail::now_ms(), last_lost + 1); }
    bool keeps() const { return !folder.empty(); }
    std::string path(detail::file_name const& n) const { return folder + '/' + n.text(); }

    detail::journal_reader& reader(file& f) {
        f.used = ++finds;
        if (f.reader) return *f.reader;
        if (static_cast<std::size_t>(std::ranges::count_if(files, [](file const& x) { return x.reader != nullptr; })) >= most_readers) {
            file* least = nullptr;
            for (auto& x : files) if (x.reader && &x != &f && (!least || x.used < least->used)) least = &x;
            least->reader.reset();
        }
        f.reader = std::make_unique<detail::journal_reader>(detail::database(path(f.name), f.held == holder::frozen ? detail::database::mode::frozen : detail::database::mode::read));
        f.reader->passed(f.last);
        return *f.reader;
    }

    /// The same reply wins in every process: the one of the latest round; of two that were asked at the same time, the earlier.
    void take(detail::entry const& e, std::uint32_t number, bool of_this_run = false) {
        place const p{number, e.round, e.id};
        if (e.kind == detail::entry_kind::verdict) {
            auto const [at, fresh] = verdicts.try_emplace(e.key, verdict_place{p, of_this_run});
            if (!fresh && e.round >= at->second.round) at->second = {p, of_this_run || at->second.of_this_run};
            return;
        }
        auto const [at, fresh] = replies.try_emplace(e.key, p);
        if (fresh) return;
        auto& there = at->second;
        if (e.round < there.round || (e.round == there.round && there.file == number)) return;
        if (e.round == there.round) {
            auto const time = recorded_at(there);
            if (std::tie(time, files[there.file].name.host, files[there.file].name.number) < std::tie(e.at, files[number].name.host, files[number].name.number)) return;
        }
        there = p;
    }
    std::int64_t recorded_at(place const& p) {
        detail::statement s(reader(files[p.file]).on(), "SELECT at FROM entries WHERE id = ?1");
        s << p.id;
        return s.step() ? s.number(0) : 0;
    }
    void read_new(std::uint32_t number) {
        auto& f = files[number];
        auto& r = reader(f);
        std::vector<detail::entry> fresh;           // take() may open another file, and so close this one
        auto const take_down = [&](detail::entry const& e) { fresh.push_back(e); };
        if (f.held == holder::living) r.each_new(take_down);
        else r.each_new_to_the_end(take_down);
        f.last = r.last();
        for (auto const& e : fresh) take(e, number);
    }
    /// False: it is not finished being made; later, perhaps.
    bool add_file(detail::file_name name, holder held) {
        detail::check_size(path(name), held != holder::closed && detail::owned(path(name)));
        {
            detail::database probe(path(name), held == holder::frozen ? detail::database::mode::frozen : detail::database::mode::read);
            if (held == holder::frozen && probe.write_ahead()) {
                note(name, "belongs to a run on " + name.host + " that has not ended: its replies are not used" + (options.replay ? "" : "; if that run is gone, adopt it"));
                return true;
            }
            if (detail::unmade(probe)) return false;
        }
        auto const number = static_cast<std::uint32_t>(files.size());
        files.push_back({std::move(name), held});
        read_new(number);
        state.lost += static_cast<std::uint64_t>(reader(files[number]).on().number("SELECT total(copies) FROM lost"));
        return true;
    }
    void note(detail::file_name const& n, std::string const& what) { state.notes.push_back("journal " + detail::shown(path(n)) + ' ' + what); }

    void open() {
        if (!options.replay) open_own();
        else if (!std::filesystem::is_directory(folder)) throw fatal(exit_code::input, "journal folder " + detail::shown(folder) + " is not there: nothing to replay");
        look_around(true);
        state.files = files.size();
        state.replies = replies.size();
        state.rejected = static_cast<std::size_t>(std::ranges::count_if(verdicts, [&](auto const& v) { return judged(v.first); }));
        if (auto const fixed = detail::source_date_epoch()) start = *fixed;
        else if (options.replay) start = detail::read_first_start(folder);
        else start = detail::make_first_start(folder, detail::now_ms() / 1000);
    }
    /// The lowest number of this host whose lock is to be had: a killed run's file, a closed one, or a new one. So a lone process always goes on with the same file.
    void open_own() {
        detail::make_folder(folder);
        for (unsigned number = 0; !owner; ++number) {
            detail::file_name const name{host, number};
            auto lock = detail::owner_file::lock(path(name) + ".owner");
            if (!lock) continue;
            owner.emplace(std::move(*lock));
            auto on = take_over(name, *owner);
            owner->own(host, detail::now_ms() / 1000);
            detail::statement run(on, "INSERT INTO runs(host, pid, started) VALUES(?1, ?2, ?3)");
            run << std::string_view(host) << std::int64_t{::getpid()} << detail::now_ms();
            run.once();
            run = {};
            auto const this_run = on.number("SELECT max(id) FROM runs");
            writer = std::make_unique<detail::journal_writer>(std::move(on), options.sync, this_run, [this](std::vector<detail::job> batch, std::exception_ptr broken) {
                to_loop([me = shared_from_this(), batch = std::move(batch), broken]() mutable { me->finished(std::move(batch), broken); });
            }, [this](std::int64_t last) { if (options.sync == sync::grouped) owner->keep(last); });      // without fsync a power failure may leave more there than in the database
            add_file(name, holder::own);
        }
    }
    /// Under its lock: SQLite recovers the file, and what its dead owner had under way is counted.
    detail::database take_over(detail::file_name const& name, detail::owner_file& lock) {
        check_kept(path(name), lock);
        auto on = detail::open_to_write(path(name));
        if (auto const who = lock.owner(); !who.empty()) {
            auto const lost = detail::keep_lost(on, lock.under_way(), "the process died");
            state.lost_now += lost;
            note(name, "was left open by a run that died (" + who + "): taken over, " + std::to_string(lost) + (lost == 1 ? " request was" : " requests were") + " under way");
        }
        return on;
    }
    /// Fewer entries than its dead owner had committed: the write-ahead log is damaged or gone. Looked for by a reader, because whoever opens it to write ends with a new log.
    void check_kept(std::string const& path, detail::owner_file const& lock) {
        detail::check_size(path, !lock.fresh());
        auto const kept = lock.kept();
        if (std::error_code error; kept == 0 || !std::filesystem::exists(path, error)) return;      // or it was moved away
        std::int64_t there = 0;
        {
            detail::database probe(path, detail::database::mode::read);
            if (!detail::unmade(probe)) { detail::check_format(probe); there = probe.number("SELECT max(id) FROM entries"); }
        }
        if (there < kept) detail::damaged(path, "of its " + std::to_string(kept) + " entries " + std::to_string(there) + " can be read: the write-ahead log beside it is damaged or gone");
    }
    /// Files that are new in the folder, and closed ones that somebody has opened.
    void look_around(bool first) {
        auto const there = [](std::string const& path) { std::error_code error; return std::filesystem::exists(path, error); };
        for (auto& name : detail::files_in(folder)) {
            auto const known = std::ranges::find_if(files, [&](file const& f) { return f.name.host == name.host && f.name.number == name.number; });
            bool const owned = there(path(name) + ".owner"), ours = name.host == host || options.adopt;
            if (known != files.end()) { if (owned && known->held == holder::closed) known->held = holder::living; continue; }
            if (!ours && !first) continue;
            auto held = !ours ? holder::frozen : options.replay ? holder::living : holder::closed;
            if (held == holder::closed && (owned || there(path(name) + "-wal"))) {
                if (auto lock = detail::owner_file::lock(path(name) + ".owner")) {
                    auto on = take_over(name, *lock);
                    detail::close_for_good(on);
                    lock->remove();
                } else held = holder::living;
            }
            if (!add_file(name, held)) listed = {};
        }
    }
    void refresh() {
        auto const now = std::chrono::steady_clock::now();
        if (now - refreshed < std::chrono::milliseconds(10)) return;
        refreshed = now;
        std::error_code error;
        auto const changed = std::filesystem::last_write_time(folder, error);
        if (!error && changed != std::exchange(listed, changed)) look_around(false);     // which forgets `listed` when it must come again
        for (std::uint32_t i = 0; i != files.size(); ++i) if (files[i].held == holder::living && reader(files[i]).changed()) read_new(i);
    }

    bool judged(llm::key const& k) const {
        auto const v = verdicts.find(k);
        if (v == verdicts.end() || (options.retry_rejected && !v->second.of_this_run)) return false;
        auto const r = replies.find(k);
        return r == replies.end() || v->second.round >= r->second.round;
    }
    /// Asked anew: the reply it had was judged wrong in an earlier run, and --retry-rejected was given.
    bool void_reply(llm::key const& k, place const& reply) const {
        if (!options.retry_rejected) return false;
        auto const v = verdicts.find(k);
        return v != verdicts.end() && !v->second.of_this_run && v->second.round >= reply.round;
    }
    std::uint32_t round_of(llm::key const& k) const {
        if (auto const r = replies.find(k); r != replies.end()) return r->second.round + (void_reply(k, r->second) ? 1 : 0);
        auto const v = verdicts.find(k);
        return v == verdicts.end() ? 0 : v->second.round + 1;       // it was refused, and is asked again: a reply is later than that verdict
    }

    /// What the question that comes nearest has in its stead: said once, before the run ends.
    std::string nearest(question const& asked) {
        std::optional<question> best;
        double most = -1;
        for (auto const& [key, at] : replies) {
            auto q = reader(files[at.file]).reply(at.id).asked;
            if (auto const alike = nearness(asked, q); alike > most || (alike == most && q.key() < best->key())) most = alike, best = std::move(q);
        }
        if (!best) return "it holds no reply at all";
        auto const parts = differences(asked, *best);
        std::string out = "the nearest question there is " + best->key().text() + ", which differs in ";
        for (std::size_t i = 0; i != std::min<std::size_t>(parts.size(), 3); ++i) out += (i ? "; " : "") + detail::shown(parts[i]);
        return out;
    }

    void finished(std::vector<detail::job> batch, std::exception_ptr broken) {
        for (auto& j : batch) {
            auto wrong = broken;
            std::vector<done> waiting;
            if (!closing) {
                if (!broken && (j.what == detail::job::kind::reply || j.what == detail::job::kind::verdict)) {
                    auto& own = files.front();
                    own.last = std::max(own.last, j.id);
                    try { take({j.id, j.key, j.what == detail::job::kind::reply ? detail::entry_kind::reply : detail::entry_kind::verdict, j.round, j.at}, 0, true); }
                    catch (...) { wrong = std::current_exception(); }       // it may open another file; nothing is thrown into the loop
                }
                if (j.what == detail::job::kind::reply) if (auto const at = under_way.find(j.key); at != under_way.end()) {
                    if (!broken && at->second.noted) owner->free(at->second.slot);
                    waiting = std::move(at->second.waiting);
                    under_way.erase(at);
                }
            }
            if (j.slot && !broken && !closing) try { owner->wipe(*j.slot); } catch (...) { wrong = std::current_exception(); }
            if (j.done) j.done(wrong);
            for (auto& w : waiting) w(wrong);
        }
    }
};

journal::journal(std::string folder, journal_options options, post to_loop) : body_(std::make_shared<body>()) {
    auto& b = *body_;
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    if (folder.empty()) throw fatal(exit_code::usage, "the journal folder has no name");
    b.folder = std::move(folder);
    b.host = detail::host_name(options.host);
    b.options = std::move(options);
    b.to_loop = std::move(to_loop);
    try { b.open(); }
    catch (...) {
        b.writer.reset();
        if (b.owner && b.owner->ours()) b.owner->remove();
        throw;
    }
}

journal::journal(without_journal_t, post to_loop) : body_(std::make_shared<body>()) {
    body_->to_loop = std::move(to_loop);
    body_->start = detail::source_date_epoch().value_or(detail::now_ms() / 1000);
}

journal::~journal() {
    auto& b = *body_;
    b.closing = true;
    for (auto& f : b.files) f.reader.reset();       // the writer closes the file for other hosts only where nobody reads it
    if (!b.writer) return;
    for (auto const& [k, q] : b.under_way) if (q.noted && !q.recorded) b.writer->add({.what = detail::job::kind::lost, .key = k, .round = q.round, .at = q.at, .why = "the run stopped"});
    if (b.writer->close()) b.owner->remove();       // else it still says what was under way
    b.writer.reset();
    b.owner.reset();
}

journal_state const& journal::opened() const { return body_->state; }
std::int64_t journal::first_start() const { return body_->start; }
std::uint64_t journal::possibly_paid_twice() const { return body_->state.lost + body_->lost_here; }

std::optional<reply> journal::find(question const& asked) {
    auto& b = *body_;
    if (!b.keeps()) return {};
    auto const k = asked.key();
    auto at = b.replies.find(k);
    if (at == b.replies.end() && !b.options.replay) { b.refresh(); at = b.replies.find(k); }
    if (at != b.replies.end() && !b.void_reply(k, at->second)) {
        auto& f = b.files[at->second.file];
        try {
            auto stored = b.reader(f).reply(at->second.id);
            if (stored.asked == asked) return std::move(stored.reply);
        } catch (fatal const&) {        // its own host has opened it again since: then it changes while we read, and is not damaged
            if (f.held != body::holder::frozen || !detail::database(b.path(f.name), detail::database::mode::frozen).write_ahead()) throw;
        }
    }
    if (b.options.replay && !b.judged(k))
        throw fatal(exit_code::input, "journal " + detail::shown(b.folder) + " holds no reply to question " + k.text() + " (" + detail::shown(asked.provider) + ", " + detail::shown(asked.model)
                                          + "), and a replay sends nothing; " + b.nearest(asked));
    return {};
}

std::optional<std::string> journal::verdict(key const& asked) const {
    auto& b = *body_;
    if (!b.judged(asked)) return {};
    auto const& v = b.verdicts.find(asked)->second;
    return b.reader(b.files[v.file]).verdict(v.id);
}

bool journal::intend(key const& asked) {
    auto& b = *body_;
    if (!b.keeps()) return true;
    if (b.under_way.contains(asked)) return false;
    if (!b.writer) throw fatal(exit_code::internal, "journal " + detail::shown(b.folder) + " is replayed: nothing may be sent");
    auto const at = b.sent_at();
    auto const round = b.round_of(asked);
    auto const slot = b.owner->note({asked, round, at});
    b.under_way.try_emplace(asked, body::open_question{slot, round, at});
    return true;
}

void journal::wait(key const& asked, done then) {
    auto const at = body_->under_way.find(asked);
    if (at != body_->under_way.end()) at->second.waiting.push_back(std::move(then));
    else body_->to_loop([then = std::move(then)]() mutable { then(nullptr); });
}

void journal::record(question asked, reply came, done then) {
    auto& b = *body_;
    if (!b.keeps()) return then(nullptr);
    auto const k = asked.key();
    auto const at = b.under_way.find(k);
    if (at == b.under_way.end()) throw fatal(exit_code::internal, "penstock::llm::journal: a reply was recorded to a question that was not intended");
    at->second.recorded = true;
    b.writer->add({.what = detail::job::kind::reply, .key = k, .round = at->second.round, .at = detail::now_ms(), .asked = std::move(asked), .came = std::move(came), .done = std::move(then)});
}

void journal::lost(key const& asked, unsigned copies, std::string how) {
    auto& b = *body_;
    b.lost_here += copies;
    if (copies == 0 || !b.writer) return;
    auto const at = b.under_way.find(asked);
    detail::job j{.what = detail::job::kind::lost, .key = asked, .copies = copies, .at = detail::now_ms(), .why = std::move(how)};
    if (at != b.under_way.end()) {
        j.round = at->second.round;
        if (std::exchange(at->second.noted, false)) j.slot = at->second.slot, j.at = at->second.at;     // a kill counts it by its slot until the row of the same time is committed
    }
    b.last_lost = std::max(b.last_lost, j.at);
    b.writer->add(std::move(j));
}

void journal::resting(key const& asked) {
    auto& b = *body_;
    auto const at = b.under_way.find(asked);
    if (at != b.under_way.end() && std::exchange(at->second.noted, false)) b.owner->wipe(at->second.slot);
}
void journal::sending(key const& asked) {
    auto& b = *body_;
    auto const at = b.under_way.find(asked);
    if (at == b.under_way.end() || at->second.noted) return;
    at->second.at = b.sent_at();
    at->second.slot = b.owner->note({asked, at->second.round, at->second.at});
    at->second.noted = true;
}

void journal::abandon(key const& asked) {
    auto& b = *body_;
    auto const at = b.under_way.find(asked);
    if (at == b.under_way.end()) return;
    auto const [slot, noted] = std::pair(at->second.slot, at->second.noted);
    auto waiting = std::move(at->second.waiting);
    b.under_way.erase(at);
    if (!waiting.empty()) b.to_loop([waiting = std::move(waiting)]() mutable { for (auto& w : waiting) w(nullptr); });
    if (noted) b.owner->wipe(slot);         // last: it may throw
}

void journal::asked(position const& where, key const& question) {
    if (auto& b = *body_; b.writer) b.writer->add({.what = detail::job::kind::asked, .key = question, .where = where});
}
void journal::unanswered(position const& where, question asked) {
    auto const k = asked.key();
    if (auto& b = *body_; b.writer) b.writer->add({.what = detail::job::kind::asked, .key = k, .asked = std::move(asked), .where = where});
}

void journal::judge(key const& asked, std::string why, done then) {
    auto& b = *body_;
    if (!b.writer) { if (then) b.to_loop([then = std::move(then)]() mutable { then(nullptr); }); return; }
    auto const r = b.replies.find(asked);
    b.writer->add({.what = detail::job::kind::verdict, .key = asked, .round = r == b.replies.end() ? 0 : r->second.round, .at = detail::now_ms(), .why = std::move(why), .done = std::move(then)});
}

} // namespace penstock::llm
