/// A journal's folder: names of its files, when its first run started, this machine's name.
#pragma once
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>
#include <penstock/llm/impl/database.hpp>

namespace penstock::llm::detail {

inline std::int64_t now_ms() { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

/// This machine's name, fit for a file name.
inline std::string host_name(std::string name) {
    if (name.empty()) {
        char buffer[256] = {};
        if (::gethostname(buffer, sizeof buffer - 1) == 0) name = buffer;
        if (name.empty()) name = "localhost";
    }
    if (name.size() > 64) name.resize(64);
    for (char& c : name) if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-')) c = '_';
    return name;
}

/// replies-HOST-NUMBER.sqlite, and its owner's file beside it.
struct file_name {
    static constexpr std::string_view before = "replies-", after = ".sqlite";
    std::string host;
    unsigned number = 0;
    std::string text() const { return std::string(before) + host + '-' + std::to_string(number) + std::string(after); }
    static std::optional<file_name> parse(std::string_view name) {
        if (!name.starts_with(before) || !name.ends_with(after) || name.size() < before.size() + after.size()) return {};
        name = name.substr(before.size(), name.size() - before.size() - after.size());
        auto const dash = name.rfind('-');
        if (dash == name.npos || dash + 1 == name.size() || name.size() - dash > 7) return {};
        file_name out{std::string(name.substr(0, dash)), 0};
        for (char c : name.substr(dash + 1)) { if (c < '0' || c > '9') return {}; out.number = out.number * 10 + static_cast<unsigned>(c - '0'); }
        return out.text() == std::string(before) + std::string(name) + std::string(after) ? std::optional(out) : std::nullopt;
    }
};
inline std::vector<file_name> files_in(std::string const& folder) {
    std::vector<file_name> out;
    std::error_code error;
    for (std::filesystem::directory_iterator i(folder, error), end; !error && i != end; i.increment(error))
        if (auto name = file_name::parse(i->path().filename().string())) out.push_back(std::move(*name));
    if (error) throw fatal(exit_code::input, "journal folder " + shown(folder) + " cannot be read: " + error.message());
    std::ranges::sort(out, {}, [](file_name const& n) { return std::pair(n.host, n.number); });
    return out;
}

/// That a name in it is there after a power failure. Where a file system cannot, there is nothing to be done.
inline void sync_folder(std::string const& folder) {
    int const file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    ::fsync(file);
    ::close(file);
}
inline void make_folder(std::string const& folder) {
    std::error_code error;
    std::vector<std::string> parents;           // of every folder that is made
    for (std::filesystem::path made = folder; !made.empty() && !std::filesystem::exists(made, error); made = made.parent_path()) parents.push_back(made.has_parent_path() ? made.parent_path().string() : ".");
    std::filesystem::create_directories(folder, error);
    if (error && !std::filesystem::is_directory(folder)) throw fatal(exit_code::output, "journal folder " + shown(folder) + " cannot be made: " + error.message());
    if (!std::filesystem::is_directory(folder, error)) throw fatal(exit_code::output, "journal folder " + shown(folder) + " is not a folder");
    for (auto const& parent : parents) sync_folder(parent);
}

/// The file first-start, made by the first process on the folder; 0 where there is none.
inline std::int64_t read_first_start(std::string const& folder) {
    char text[32] = {};
    int const file = ::open((folder + "/first-start").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    auto const n = ::read(file, text, sizeof text - 1);
    ::close(file);
    return n > 0 && text[n - 1] == '\n' ? std::strtoll(text, nullptr, 10) : 0;
}
inline std::int64_t make_first_start(std::string const& folder, std::int64_t seconds) {
    auto const path = folder + "/first-start", fresh = path + '.' + std::to_string(::getpid());
    if (auto const there = read_first_start(folder)) return there;
    int const file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    auto const text = std::to_string(seconds) + '\n';
    bool const written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    int const why = errno;
    if (file >= 0) ::close(file);
    if (!written) { ::unlink(fresh.c_str()); cannot_write(path, std::strerror(why)); }
    if (::link(fresh.c_str(), path.c_str()) != 0 && errno != EEXIST) ::rename(fresh.c_str(), path.c_str());     // a file system without links
    ::unlink(fresh.c_str());
    sync_folder(folder);
    auto const there = read_first_start(folder);
    return there ? there : seconds;
}
inline std::optional<std::int64_t> source_date_epoch() {
    char const* const text = std::getenv("SOURCE_DATE_EPOCH");
    if (!text || !*text) return {};
    char* end = nullptr;
    auto const seconds = std::strtoll(text, &end, 10);
    if (*end || seconds < 0) throw fatal(exit_code::usage, "SOURCE_DATE_EPOCH is not a number of seconds since 1970: " + shown(text));
    return seconds;
}

/// SQLite takes a file of no or a few bytes for a new one, and would write into it. Beside a write-ahead log the file may be half written: the log has the rest.
/// owned: a process has it, or died with it, perhaps before its first byte.
inline void check_size(std::string const& path, bool owned) {
    struct stat about{}, log{};
    if (::stat(path.c_str(), &about) != 0 || ::stat((path + "-wal").c_str(), &log) == 0) return;
    if (about.st_size % 512 != 0) damaged(path, "it is cut off");
    if (about.st_size == 0 && !owned) damaged(path, "it is empty");
}
inline bool owned(std::string const& path) { struct stat about{}; return ::stat((path + ".owner").c_str(), &about) == 0; }

} // namespace penstock::llm::detail
