/// A power failure, simulated below SQLite: what was not fsynced is gone, or there in part. Nothing that was said to be kept may be gone.
#include "support.hpp"
#include <cstddef>
#include <map>
#include <mutex>
#include <random>
#include <sqlite3.h>
#include <vector>

using namespace penstock;
using namespace support;

namespace {
/// SQLite's own VFS with an eye on it: for each file what is safe, and the writes since its last fsync.
class disk {
    struct change { std::size_t at; std::string bytes; bool cut; };
    struct contents { std::string safe; std::vector<change> pending; };
    inline static std::mutex guard;
    inline static std::map<std::string, contents> files;
    inline static std::map<sqlite3_file*, std::string> open;
    inline static std::map<sqlite3_io_methods const*, sqlite3_io_methods> watched;     // by SQLite's own
    inline static std::map<sqlite3_io_methods const*, sqlite3_io_methods const*> own;   // back again
    inline static sqlite3_vfs* below = nullptr;
    inline static sqlite3_vfs vfs{};

    static sqlite3_io_methods const* original(sqlite3_file* f) { std::lock_guard lock(guard); return own.at(f->pMethods); }
    static void apply(std::string& to, change const& c) {
        if (c.cut) { to.resize(c.at); return; }
        if (to.size() < c.at + c.bytes.size()) to.resize(c.at + c.bytes.size());
        to.replace(c.at, c.bytes.size(), c.bytes);
    }
    static int write(sqlite3_file* f, void const* data, int n, sqlite3_int64 at) {
        auto const* const o = original(f);
        { std::lock_guard lock(guard); files[open.at(f)].pending.push_back({static_cast<std::size_t>(at), {static_cast<char const*>(data), static_cast<std::size_t>(n)}, false}); }
        return o->xWrite(f, data, n, at);
    }
    static int truncate(sqlite3_file* f, sqlite3_int64 size) {
        auto const* const o = original(f);
        { std::lock_guard lock(guard); files[open.at(f)].pending.push_back({static_cast<std::size_t>(size), {}, true}); }
        return o->xTruncate(f, size);
    }
    static int sync(sqlite3_file* f, int flags) {
        auto const* const o = original(f);
        std::string name;
        std::size_t n = 0;
        { std::lock_guard lock(guard); name = open.at(f); n = files[name].pending.size(); }
        int const code = o->xSync(f, flags);
        std::lock_guard lock(guard);
        auto& c = files[name];
        for (std::size_t i = 0; i != n; ++i) apply(c.safe, c.pending[i]);
        c.pending.erase(c.pending.begin(), c.pending.begin() + static_cast<std::ptrdiff_t>(n));
        return code;
    }
    static int close(sqlite3_file* f) {
        auto const* const o = original(f);
        { std::lock_guard lock(guard); open.erase(f); }
        return o->xClose(f);
    }
    static int remove(sqlite3_vfs*, char const* name, int sync_folder) {
        { std::lock_guard lock(guard); files.erase(name); }
        return below->xDelete(below, name, sync_folder);
    }
    static int open_file(sqlite3_vfs*, char const* name, sqlite3_file* f, int flags, int* out) {
        int const code = below->xOpen(below, name, f, flags, out);
        if (code != SQLITE_OK || !name || !f->pMethods) return code;
        std::lock_guard lock(guard);
        open[f] = name;
        auto const [at, fresh] = watched.try_emplace(f->pMethods, *f->pMethods);
        if (fresh) {
            at->second.xWrite = write, at->second.xTruncate = truncate, at->second.xSync = sync, at->second.xClose = close;
            own[&at->second] = f->pMethods;
        }
        f->pMethods = &at->second;
        return code;
    }
public:
    disk() {
        below = sqlite3_vfs_find(nullptr);
        vfs = *below;
        vfs.zName = "watched";
        vfs.xOpen = open_file;
        vfs.xDelete = remove;
        sqlite3_vfs_register(&vfs, 1);
        files.clear();
    }
    ~disk() { sqlite3_vfs_register(below, 1); sqlite3_vfs_unregister(&vfs); }
    disk(disk const&) = delete;

    /// The power fails now: what each file then holds, in another folder. Of the writes that were not fsynced each is there with the chance `luck`.
    static void fail(std::string const& from, std::string const& to, double luck, std::mt19937& random) {
        std::lock_guard lock(guard);
        for (auto const& [name, c] : files) {
            if (!name.starts_with(from)) continue;
            auto bytes = c.safe;
            std::uniform_real_distribution<double> chance;
            for (auto const& change : c.pending) if (chance(random) < luck) apply(bytes, change);
            if (!bytes.empty()) write_bytes(to + name.substr(from.size()), bytes);
        }
    }
};

/// So many power failures of one running journal; how many replies that were said to be kept were gone.
unsigned gone_after(llm::sync s, unsigned failures, double luck, unsigned seed) {
    std::mt19937 random(seed);
    folder const there;
    disk const watched;
    desk d(there.path, {.sync = s, .host = "alpha"});
    std::vector<unsigned> kept;
    unsigned next = 0, in_flight = 0, gone = 0;
    for (unsigned failure = 0; failure != failures; ++failure) {
        auto const enough = kept.size() + 1 + random() % 150;
        while (kept.size() < enough) {
            while (in_flight < 24) {
                unsigned const i = next++;
                REQUIRE(d->intend(question(i).key()));
                ++in_flight;
                d->record(question(i), answer(i), [&, i](std::exception_ptr broken) { REQUIRE(!broken); --in_flight; kept.push_back(i); });
            }
            d.loop.run_one();
        }
        folder const after;
        disk::fail(there.path, after.path, luck, random);
        desk e(after.path, {.host = "alpha"});
        for (unsigned i : kept) { auto const r = e->find(question(i)); if (!r) ++gone; else REQUIRE(*r == answer(i)); }
    }
    while (in_flight != 0) d.loop.run_one();
    return gone;
}
}

TEST_CASE("a power failure loses nothing that was kept, whichever unsynced writes reached the disk") {
    for (double luck : {0.0, 0.5, 0.9}) { CAPTURE(luck); CHECK(gone_after(llm::sync::grouped, 15, luck, 3) == 0); }
}

TEST_CASE("without fsync a power failure does lose replies: the simulation can tell") { CHECK(gone_after(llm::sync::off, 3, 0.0, 4) > 0); }
