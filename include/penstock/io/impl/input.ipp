#pragma once
#include <penstock/io/input.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <penstock/core/fatal.hpp>

namespace penstock::io {

namespace detail {
/// Where a waiting read hears of the stop: poll() takes descriptors, not tokens.
class stop_bell {
    struct descriptor {
        int fd = ::eventfd(0, EFD_CLOEXEC);
        descriptor() = default;
        descriptor(descriptor&&) = delete;
        ~descriptor() { if (fd >= 0) ::close(fd); }
    };
    struct ring {
        int fd;
        void operator()() const noexcept {
            std::uint64_t const one = 1;
            [[maybe_unused]] auto const written = ::write(fd, &one, sizeof one);
        }
    };
    descriptor bell_ = {};
    std::stop_callback<ring> callback_;     // last: gone before the descriptor is closed
public:
    explicit stop_bell(std::stop_token stop) : callback_(std::move(stop), ring{bell_.fd}) {}
    int fd() const { return bell_.fd; }
};
}

struct input::body {
    enum class coding : unsigned char { unknown, plain, gzip, zstd };

    std::string name = {};
    int fd = -1;
    bool waits = false;                         // a pipe, a terminal: a read may wait for ever
    std::optional<detail::stop_bell> bell = {};
    std::string_view memory = {};               // when there is no descriptor
    std::size_t largest_read = std::size_t(-1);
    coding how = coding::unknown;
    std::vector<char> raw = {};                 // bytes of the file, not yet decoded
    std::size_t at = 0, filled = 0;
    std::uint64_t before = 0;                   // bytes of the file before raw[0]
    bool in_frame = false;                      // inside a gzip member or a zstd frame
    std::string broken = {};                    // what the next call throws: decoded bytes go out first
    std::optional<z_stream> inflater = {};
    ZSTD_DCtx* unzstd = nullptr;

    body() = default;
    body(body&&) = delete;
    ~body() {
        if (inflater) inflateEnd(&*inflater);
        ZSTD_freeDCtx(unzstd);
        if (fd > 0) ::close(fd);
    }

    [[noreturn]] void fail(std::string const& what) const { throw fatal(exit_code::input, name + ": " + what); }
    std::uint64_t byte() const { return before + at; }

    [[noreturn]] void cannot_read() const { fail("cannot be read at byte " + std::to_string(before + filled) + ": " + std::strerror(errno)); }
    /// Until there is something to read, or a stop.
    void wait() const {
        pollfd ready[2] = {{.fd = fd, .events = POLLIN, .revents = 0}, {.fd = bell ? bell->fd() : -1, .events = POLLIN, .revents = 0}};     // poll passes over -1
        while (::poll(ready, 2, -1) < 0) if (errno != EINTR) cannot_read();
        if (ready[1].revents != 0) throw fatal(exit_code::incomplete, name + ": the run was stopped while it was read");
    }
    /// Bytes as they lie in the file.
    std::size_t fetch(char* to, std::size_t n) {
        n = std::min(n, largest_read);
        if (fd < 0) {
            n = std::min(n, memory.size());
            if (n != 0) std::memcpy(to, memory.data(), n);
            memory.remove_prefix(n);
            return n;
        }
        for (;;) {
            if (waits) wait();
            auto const got = ::read(fd, to, std::min(n, std::size_t{1} << 30));
            if (got >= 0) return std::size_t(got);
            if (errno != EINTR && errno != EAGAIN) cannot_read();      // EAGAIN: stdin that its owner made non-blocking
        }
    }
    bool refill() {
        if (at != filled) return true;
        before += std::exchange(filled, 0);
        at = 0;
        filled = fetch(raw.data(), raw.size());
        return filled != 0;
    }
    /// The first four bytes say how the rest is coded; a pipe may hand them out one by one.
    void sniff() {
        raw.resize(4);
        while (filled < 4) {
            auto const got = fetch(raw.data() + filled, raw.size() - filled);
            if (got == 0) break;
            filled += got;
        }
        auto const starts = [&](std::string_view magic) { return filled >= magic.size() && std::memcmp(raw.data(), magic.data(), magic.size()) == 0; };
        if (starts("\x1f\x8b")) {
            how = coding::gzip;
            inflater.emplace();
            if (inflateInit2(&*inflater, 15 + 16) != Z_OK) fail("zlib does not start");
        } else if (starts("\x28\xb5\x2f\xfd")) {
            how = coding::zstd;
            if (!(unzstd = ZSTD_createDCtx())) fail("zstd does not start");
        } else how = coding::plain;
        if (how != coding::plain) raw.resize(std::size_t{256} << 10);
    }
    std::size_t inflate_some(char* to, std::size_t n) {
        auto& z = *inflater;
        z.next_out = reinterpret_cast<Bytef*>(to);
        z.avail_out = uInt(std::min(n, std::size_t{1} << 30));
        auto const wanted = z.avail_out;
        while (z.avail_out == wanted) {
            if (!refill()) {
                if (in_frame) broken = "the gzip data stops at byte " + std::to_string(byte()) + " before its end: the file is truncated";
                break;
            }
            if (!in_frame && before + at != 0) {    // after a member: another one, or the zeros that tapes and some tools pad with
                if (raw[at] == '\0') { ++at; continue; }
                if (inflateReset(&z) != Z_OK) fail("zlib does not start");
            }
            in_frame = true;
            z.next_in = reinterpret_cast<Bytef*>(raw.data() + at);
            z.avail_in = uInt(filled - at);
            auto const r = ::inflate(&z, Z_NO_FLUSH);
            at = filled - z.avail_in;
            if (r == Z_STREAM_END) in_frame = false;
            else if (r != Z_OK && r != Z_BUF_ERROR) {
                broken = "the gzip data is damaged near byte " + std::to_string(byte()) + (z.msg ? std::string(": ") + z.msg : std::string());
                break;
            }
        }
        return wanted - z.avail_out;
    }
    std::size_t unzstd_some(char* to, std::size_t n) {
        ZSTD_outBuffer out{to, n, 0};
        while (out.pos == 0) {
            // a frame may hold back output that no longer needs input, so at the end it is asked once more
            bool const fed = refill();
            if (!fed && !in_frame) break;
            ZSTD_inBuffer in{raw.data() + at, filled - at, 0};
            auto const r = ZSTD_decompressStream(unzstd, &out, &in);
            at += in.pos;
            if (ZSTD_isError(r)) {
                broken = "the zstd data is damaged near byte " + std::to_string(byte()) + ": " + ZSTD_getErrorName(r);
                break;
            }
            in_frame = r != 0;
            if (!fed && in_frame && out.pos == 0) {
                broken = "the zstd data stops at byte " + std::to_string(byte()) + " before its end: the file is truncated";
                break;
            }
        }
        return out.pos;
    }
    std::size_t read(char* to, std::size_t n) {
        if (how == coding::unknown) sniff();
        if (how == coding::plain) {
            if (at == filled) {
                before += std::exchange(filled, 0);
                at = 0;
                auto const got = fetch(to, n);
                before += got;
                return got;
            }
            n = std::min({n, filled - at, largest_read});
            std::memcpy(to, raw.data() + at, n);
            at += n;
            return n;
        }
        if (!broken.empty()) fail(broken);
        auto const got = how == coding::gzip ? inflate_some(to, std::min(n, largest_read)) : unzstd_some(to, std::min(n, largest_read));
        if (got == 0 && !broken.empty()) fail(broken);
        return got;
    }
};

input::input(std::unique_ptr<body> b) : body_(std::move(b)) {}
input::input(input&&) noexcept = default;
input& input::operator=(input&&) noexcept = default;
input::~input() = default;
input::input(char const* path, std::stop_token stop) : input(std::string(path), std::move(stop)) {}

input::input(std::string path, std::stop_token stop) : body_(std::make_unique<body>()) {
    bool const standard = path == "-";
    body_->name = standard ? "stdin" : std::move(path);
    body_->fd = standard ? 0 : ::open(body_->name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);      // a named pipe without a writer is waited for by read, where a stop is heard
    if (body_->fd < 0) body_->fail(std::strerror(errno));
    struct stat about;
    if (::fstat(body_->fd, &about) != 0) body_->fail(std::strerror(errno));
    if (S_ISDIR(about.st_mode)) body_->fail("is a directory, not a file");
    if (!standard) ::fcntl(body_->fd, F_SETFL, ::fcntl(body_->fd, F_GETFL) & ~O_NONBLOCK);
    body_->waits = !S_ISREG(about.st_mode);
    if (body_->waits && stop.stop_possible()) body_->bell.emplace(std::move(stop));
    ::posix_fadvise(body_->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}
input input::of_memory(std::string_view bytes, std::string name, std::size_t largest_read) {
    auto b = std::make_unique<body>();
    b->name = std::move(name);
    b->memory = bytes;
    b->largest_read = largest_read;
    return input(std::move(b));
}
std::size_t input::read(char* to, std::size_t n) { return body_->read(to, n); }
std::string const& input::name() const { return body_->name; }

} // namespace penstock::io
