/// That the names of a new journal survive a power failure, too: which folders are fsynced.
#include "support.hpp"
#include <dlfcn.h>
#include <mutex>
#include <set>
#include <unistd.h>

using namespace support;

namespace {
std::mutex guard;
std::set<std::string>* synced = nullptr;        // null: nobody asks
}

/// Found before the system's.
extern "C" int fsync(int file) {
    using function = int(int);
    static auto* const system = reinterpret_cast<function*>(dlsym(RTLD_NEXT, "fsync"));
    {
        std::lock_guard lock(guard);
        std::error_code error;
        if (synced) synced->insert(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file), error).string());
    }
    return system(file);
}

TEST_CASE("every folder that a journal makes has its parent fsynced, and its own once first-start is in it") {
    folder const there;
    std::set<std::string> seen;
    { std::lock_guard lock(guard); synced = &seen; }
    { desk d(there / "runs/first/journal", {.host = "alpha"}); }
    { std::lock_guard lock(guard); synced = nullptr; }
    auto const real = std::filesystem::canonical(there.path).string();
    for (auto const* made : {"", "/runs", "/runs/first", "/runs/first/journal"}) { CAPTURE(made); CHECK(seen.contains(real + made)); }
}
