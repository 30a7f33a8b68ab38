/// One output directory, one process: an advisory lock (flock on .penstock.lock) held while this object lives. The kernel drops it when a process dies,
/// so a killed run leaves nothing to clean up.
#pragma once
#include <string>
#include <string_view>
#include <utility>

namespace penstock::run {

class output_directory {
    std::string path_;
    int lock_ = -1;
public:
    /// Makes the directory, and those above it, if it is not there. fatal(output), one line, when it cannot be made or locked, or another run holds it.
    explicit output_directory(std::string path);
    ~output_directory();
    output_directory(output_directory&& o) noexcept;
    output_directory& operator=(output_directory const&) = delete;

    std::string const& path() const { return path_; }
    /// A file in it.
    std::string operator/(std::string_view name) const { return path_ + '/' + std::string(name); }
};

} // namespace penstock::run
