/// SQLite, as far as the journal needs it: a connection and a statement that throw a fatal with the file's name in one line.
#pragma once
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <sqlite3.h>
#include <unistd.h>
#include <penstock/core/fatal.hpp>
#include <penstock/text/printable.hpp>

namespace penstock::llm::detail {

/// A path or a name from outside, safe in a line on a terminal.
inline std::string shown(std::string_view text) { return printable(text, 300); }
[[noreturn]] inline void damaged(std::string const& path, std::string const& how) {
    throw fatal(exit_code::input, "journal " + shown(path) + " is damaged (" + how + "); it is left as it is: move it out of the folder to go on without its replies");
}
[[noreturn]] inline void cannot_write(std::string const& path, std::string const& why) {
    throw fatal(exit_code::output, "journal " + shown(path) + " cannot be written: " + why + "; what it holds is kept, and the same command goes on");
}
[[noreturn]] inline void database_error(std::string const& path, int code, sqlite3* handle, bool reading) {
    auto const why = handle ? std::string(sqlite3_errmsg(handle)) : std::string(sqlite3_errstr(code));
    switch (code & 0xFF) {
        case SQLITE_CORRUPT: case SQLITE_NOTADB: case SQLITE_FORMAT: damaged(path, why);
        case SQLITE_BUSY: case SQLITE_LOCKED: throw fatal(exit_code::output, "journal " + shown(path) + " is locked by another program; close it and run the same command again");
        case SQLITE_FULL: cannot_write(path, "the disk is full");
        case SQLITE_NOMEM: throw fatal(exit_code::internal, "journal " + shown(path) + ": out of memory");
        default:
            if (reading) throw fatal(exit_code::input, "journal " + shown(path) + " cannot be read: " + why);
            cannot_write(path, handle && sqlite3_system_errno(handle) == ENOSPC ? "the disk is full" : why);
    }
}

class database {
    sqlite3* handle_ = nullptr;
    std::string path_;
    bool reads_;
public:
    enum class mode : unsigned char {
        write,      // makes the file if need be
        read,       // one that others may be writing, or that died while it was closing it
        frozen,     // one that nobody writes, on whatever file system: no locks, no -shm
    };
    database(std::string path, mode m) : path_(std::move(path)), reads_(m != mode::write) {
        // Killed on the way into or out of its write-ahead log, a file has a rollback journal beside it: SQLite rolls back whatever the file is opened for, but only where it may write.
        bool const may_write = m == mode::write || (m == mode::read && ::access((path_ + "-journal").c_str(), F_OK) == 0);
        int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE | (may_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | (m == mode::write ? SQLITE_OPEN_CREATE : 0);
        std::string name = "file:";
        for (char c : path_) {
            constexpr auto digits = "0123456789ABCDEF";
            auto const byte = static_cast<unsigned char>(c);
            if (c == '%' || c == '?' || c == '#' || byte < 0x21 || byte == 0x7F) { name += '%'; name += digits[byte >> 4]; name += digits[byte & 15]; }
            else name += c;
        }
        if (m == mode::frozen) name += "?immutable=1";
        if (int const code = sqlite3_open_v2(name.c_str(), &handle_, flags, nullptr); code != SQLITE_OK) {
            sqlite3_close_v2(std::exchange(handle_, nullptr));
            database_error(path_, code, nullptr, reads_);
        }
        sqlite3_busy_timeout(handle_, 5000);
        try { run("PRAGMA cell_size_check=ON"); run("PRAGMA trusted_schema=OFF"); } catch (...) { sqlite3_close_v2(std::exchange(handle_, nullptr)); throw; }
    }
    database(database&& o) noexcept : handle_(std::exchange(o.handle_, nullptr)), path_(std::move(o.path_)), reads_(o.reads_) {}
    database& operator=(database&& o) noexcept { std::swap(handle_, o.handle_); std::swap(path_, o.path_); std::swap(reads_, o.reads_); return *this; }
    ~database() { sqlite3_close_v2(handle_); }

    sqlite3* handle() const { return handle_; }
    std::string const& path() const { return path_; }
    void run(char const* sql) { if (int const code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); code != SQLITE_OK) failed(code); }
    [[noreturn]] void failed(int code) const { database_error(path_, code, handle_, reads_); }
    /// For what may be refused (a reader is there): says so instead of throwing.
    bool try_run(char const* sql) noexcept { return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }
    void patience(int milliseconds) { sqlite3_busy_timeout(handle_, milliseconds); }
    std::int64_t number(char const* sql);
    /// The file's header says write-ahead log: not closed, or about to be written. Read through SQLite: a file descriptor of our own would drop its locks when closed.
    bool write_ahead() const {
        sqlite3_file* file = nullptr;
        unsigned char mark = 0;
        return sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file && file->pMethods && file->pMethods->xRead(file, &mark, 1, 18) == SQLITE_OK && mark == 2;
    }
};

class statement {
    sqlite3_stmt* handle_ = nullptr;
    database const* on_ = nullptr;
    int bound_ = 0;
public:
    statement() = default;
    statement(database const& on, char const* sql) : on_(&on) {
        if (int const code = sqlite3_prepare_v3(on.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr); code != SQLITE_OK) on.failed(code);
    }
    statement(statement&& o) noexcept : handle_(std::exchange(o.handle_, nullptr)), on_(o.on_), bound_(o.bound_) {}
    statement& operator=(statement&& o) noexcept { std::swap(handle_, o.handle_); std::swap(on_, o.on_); std::swap(bound_, o.bound_); return *this; }
    ~statement() { sqlite3_finalize(handle_); }

    /// Parameters in order; texts and blobs must stay until reset().
    statement& operator<<(std::int64_t v) { check(sqlite3_bind_int64(handle_, ++bound_, v)); return *this; }
    statement& operator<<(std::uint64_t v) { return *this << static_cast<std::int64_t>(v); }
    statement& operator<<(std::uint32_t v) { return *this << static_cast<std::int64_t>(v); }
    statement& operator<<(std::string_view v) { check(sqlite3_bind_text64(handle_, ++bound_, v.data() ? v.data() : "", v.size(), SQLITE_STATIC, SQLITE_UTF8)); return *this; }
    statement& blob(void const* data, std::size_t size) { check(sqlite3_bind_blob64(handle_, ++bound_, data, size, SQLITE_STATIC)); return *this; }

    /// Whether there is a row.
    bool step() {
        int const code = sqlite3_step(handle_);
        if (code == SQLITE_ROW) return true;
        if (code != SQLITE_DONE) { sqlite3_reset(handle_); bound_ = 0; on_->failed(code); }
        return false;
    }
    void reset() noexcept { sqlite3_reset(handle_); bound_ = 0; }
    void once() { step(); reset(); }

    std::int64_t number(int column) const { return sqlite3_column_int64(handle_, column); }
    std::string_view text(int column) const {
        auto const* const data = static_cast<char const*>(sqlite3_column_blob(handle_, column));
        return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
    }
private:
    void check(int code) { if (code != SQLITE_OK) on_->failed(code); }
};

inline std::int64_t database::number(char const* sql) {
    statement s(*this, sql);
    return s.step() ? s.number(0) : 0;
}

} // namespace penstock::llm::detail
