/// Where a GPU's time goes: while a profile is on, every launch, product and fill stands between two events of its stream, and their times are summed by the file that queued it (one file an operation) and the kernel.
/// Off, it costs a look at a flag. Graphs are not played meanwhile: what is timed must be queued.
#pragma once
#include "stream.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace penstock::train::cuda {

/// Of this process, all its streams; for one thread.
class profile {
public:
    struct line {
        std::string file, kernel;           ///< "swiglu", "forward"; a product's kernel is its sizes, "896 x 4096 x 4864"
        std::int64_t times = 0;
        double seconds = 0, flops = 0;      ///< flops: of products alone
    };
    static inline bool on = false;

    static void start();
    static std::vector<line> stop();        ///< waits for what is queued; the longest first
};

/// One of them: from here to the end of the block.
class timed {
public:
    timed(stream& s, char const* file, void const* kernel) {
        if (profile::on) begin(s, file, kernel, 0, 0, 0);
    }
    timed(stream& s, std::int64_t m, std::int64_t n, std::int64_t k) {      // a product
        if (profile::on) begin(s, "products", nullptr, m, n, k);
    }
    timed(timed const&) = delete;
    ~timed() {
        if (stream_) end();
    }

private:
    void begin(stream&, char const* file, void const* kernel, std::int64_t m, std::int64_t n, std::int64_t k);
    void end();
    stream* stream_ = nullptr;
    std::size_t at_ = 0;
};

/// Bytes of this thread's GPU: taken by whomever, and all. The emulated one has 64 GiB, and none are taken.
struct memory_state { std::size_t taken, all; };
memory_state device_memory();

} // namespace penstock::train::cuda
