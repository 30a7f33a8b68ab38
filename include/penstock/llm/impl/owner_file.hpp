/// Beside each SQLite file of a journal: who owns it (flock, dropped by the kernel when the process dies) and which requests it has under way, one slot of 64
/// bytes each, written in place before the first byte is sent. Not in SQLite, because that would put a commit between a record and its request: a slot costs
/// 0.6 us and no thread, and the file is never longer than the most that were ever in flight. Its head also says how many entries have been committed: SQLite takes
/// a write-ahead log that is damaged or gone for a shorter one, without a word.
#pragma once
#include <cerrno>
#include <cstdint>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>
#include <penstock/llm/impl/database.hpp>
#include <penstock/llm/key.hpp>

namespace penstock::llm::detail {

class owner_file {
    static constexpr std::size_t head = 256, kept_at = 192, slot_size = 64;
    std::string path_;
    int file_ = -1;
    std::uint32_t slots_ = 0;
    bool ours_ = false, locked_ = true, fresh_ = false;
    std::vector<std::uint32_t> free_;

    owner_file(std::string path, int file, bool locked, bool fresh) : path_(std::move(path)), file_(file), locked_(locked), fresh_(fresh) {}
    static bool same_file(int file, std::string const& path) {
        struct stat held{}, named{};
        return ::fstat(file, &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_dev == named.st_dev && held.st_ino == named.st_ino;
    }
    void write(std::string_view text, std::size_t at) {
        for (std::size_t done = 0; done != text.size();) {
            auto const n = ::pwrite(file_, text.data() + done, text.size() - done, static_cast<off_t>(at + done));
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) cannot_write(path_, n < 0 && errno != ENOSPC ? std::strerror(errno) : "the disk is full");
            done += static_cast<std::size_t>(n);
        }
    }
public:
    struct sent { llm::key key; std::uint32_t round = 0; std::int64_t at = 0; };    // at: milliseconds since 1970

    owner_file(owner_file&& o) noexcept : path_(std::move(o.path_)), file_(std::exchange(o.file_, -1)), slots_(o.slots_), ours_(o.ours_), locked_(o.locked_), fresh_(o.fresh_), free_(std::move(o.free_)) {}
    owner_file& operator=(owner_file&&) = delete;
    ~owner_file() {
        if (file_ < 0) return;
        if (struct stat about{}; locked_ && ::fstat(file_, &about) == 0 && about.st_size == 0) remove();       // locked, and then not owned
        ::close(file_);
    }

    /// Nothing: a living process has it.
    static std::optional<owner_file> lock(std::string path) {
        for (int attempt = 0; attempt != 100; ++attempt) {
            int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
            bool const fresh = file < 0 && errno == ENOENT;
            if (fresh) file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (fresh && file < 0 && errno == EEXIST) continue;
            if (file < 0) cannot_write(path, std::strerror(errno));
            if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
                int const number = errno;
                ::close(file);
                if (number == EWOULDBLOCK) return {};
                cannot_write(path, std::string("it cannot be locked: ") + std::strerror(number));
            }
            if (same_file(file, path)) return owner_file(std::move(path), file, true, fresh);
            ::close(file);              // its last owner took the name away between our open and our lock
        }
        cannot_write(path, "its lock file changes all the time");
    }
    /// To read it only, whoever has it; nothing: it is not there.
    static std::optional<owner_file> look(std::string path) {
        int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        return file < 0 ? std::nullopt : std::optional(owner_file(std::move(path), file, false, false));
    }
    /// It was not there: nobody has died while making the database beside it.
    bool fresh() const { return fresh_; }
    /// The first line: "owner HOST PID SECONDS"; of a dead owner until own() is called.
    std::string owner() const {
        char text[head] = {};
        auto const n = ::pread(file_, text, sizeof text, 0);
        std::string_view line(text, n > 0 ? static_cast<std::size_t>(n) : 0);
        line = line.substr(0, line.find('\n'));
        while (line.ends_with(' ')) line.remove_suffix(1);
        return shown(line.starts_with("owner ") ? line.substr(6) : std::string_view());
    }
    /// What the last owner had noted down; a slot whose reply came is among them.
    std::vector<sent> under_way() const {
        std::vector<sent> out;
        char text[slot_size + 1] = {};
        for (std::size_t at = head; ::pread(file_, text, slot_size, static_cast<off_t>(at)) == slot_size; at += slot_size) {
            char digits[33] = {};
            long long when = 0;
            unsigned round = 0;
            if (std::sscanf(text, "sent %32s %x %lld", digits, &round, &when) != 3) continue;
            auto const key = llm::key::parse(digits);
            if (!key) continue;
            out.push_back({*key, round, when});
        }
        return out;
    }
    /// Whether the process of the first line lives here; where it cannot be known, it does.
    bool alive(std::string_view this_host) const {
        auto const who = owner();
        auto const space = who.find(' ');
        long const process = space == who.npos ? 0 : std::strtol(who.c_str() + space, nullptr, 10);
        return process <= 0 || std::string_view(who).substr(0, space) != this_host || ::kill(static_cast<pid_t>(process), 0) == 0 || errno != ESRCH;
    }
    /// The last entry that the last owner had committed; 0: unknown.
    std::int64_t kept() const {
        char text[slot_size + 1] = {};
        long long last = 0;
        return ::pread(file_, text, slot_size, kept_at) == slot_size && std::sscanf(text, "kept %lld", &last) == 1 ? last : 0;
    }
    /// After a commit. From the writing thread: it touches no member.
    void keep(std::int64_t last) const {
        char text[slot_size + 1];
        std::snprintf(text, sizeof text, "kept %20lld%*s\n", static_cast<long long>(last), int(slot_size) - 26, "");
        if (::pwrite(file_, text, slot_size, kept_at) != slot_size) {}      // then less is noticed
    }
    /// Makes it ours, with no slots. What the last owner had under way must be in its database by now.
    void own(std::string const& host, std::int64_t now) {
        if (::ftruncate(file_, 0) != 0) cannot_write(path_, std::strerror(errno));
        auto line = "owner " + host + ' ' + std::to_string(::getpid()) + ' ' + std::to_string(now);
        line.resize(kept_at - 1, ' ');
        line += '\n';
        line.resize(head - 1, ' ');
        write(line + '\n', 0);
        slots_ = 0;
        free_.clear();
        ours_ = true;
    }
    bool ours() const { return ours_; }
    std::uint32_t note(sent const& s) {
        char text[slot_size + 1];
        std::snprintf(text, sizeof text, "sent %s %08x %13lld   \n", s.key.text().c_str(), s.round, static_cast<long long>(s.at));
        auto const slot = free_.empty() ? slots_ : free_.back();
        write({text, slot_size}, head + slot * slot_size);
        if (slot == slots_) ++slots_; else free_.pop_back();
        return slot;
    }
    /// The reply is in the database: the slot may be used again, and need not be wiped.
    void free(std::uint32_t slot) { free_.push_back(slot); }
    void wipe(std::uint32_t slot) {
        std::string text(slot_size - 1, ' ');
        write(text + '\n', head + slot * slot_size);
        free(slot);
    }
    /// Nothing is under way and the database is closed: nobody needs this file. Under the lock, so that a waiting process sees that the name is gone.
    void remove() { if (file_ >= 0 && same_file(file_, path_)) ::unlink(path_.c_str()); }
};

} // namespace penstock::llm::detail
