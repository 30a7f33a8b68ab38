// The GPU that is not there: memory is the host's, work is done when it is queued. Products follow the description that cuBLASLt would get, element by element. Work that is recorded is played as a graph would be: with the
// addresses and values of its recording, whatever the caller's have become.
#include "../cuda.hpp"
#include "../launch.hpp"
#include "../profile.hpp"
#include "../transfers.hpp"
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <penstock/core/fatal.hpp>
#include <vector>

namespace penstock::train {
namespace cuda {

using record = std::vector<std::function<void()>>;
struct stream::body {
    int device = 0;
    std::map<std::size_t, buffer> scratch;      // a piece a size, ending where it ends, so that an address sanitizer sees who goes beyond
    std::size_t largest = 0;
    bool wants_graphs = graphs_are_wanted();
    record* recording = nullptr;
    recordings<record> records;

    void outside_graphs(char const* what) const {
        if (recording) throw fatal(exit_code::internal, std::string(what) + " inside work that is recorded as a graph");
    }
};
stream::stream(int device) : body_(std::make_unique<body>()) { body_->device = device; }
std::string device_of(stream& s) { return "emulated " + std::to_string((*s).device); }
stream::~stream() = default;
std::byte* stream::scratch(std::size_t bytes) {
    auto& b = *body_;
    if (bytes > b.largest) {
        b.outside_graphs("scratch memory that grows");
        b.records.forget();
        b.largest = bytes;
    }
    auto& piece = b.scratch[bytes];
    if (void* p = nullptr; !piece) {
        if (::posix_memalign(&p, 256, std::max<std::size_t>(bytes, 1)) != 0) throw std::bad_alloc();
        piece.reset(static_cast<std::byte*>(p));
    }
    emulated::queue(*this, [p = piece.get(), bytes] { if (bytes) std::memset(p, 0xff, bytes); });       // NaN, also where an earlier operation left numbers
    return piece.get();
}
int stream::processors() const { return 3; }
void free_memory::operator()(std::byte* p) const { std::free(p); }

namespace {
float element(void const* data, format f, std::int64_t i) { return f == format::bf16 ? widen(static_cast<bf16 const*>(data)[i]) : static_cast<float const*>(data)[i]; }
void put(void* data, format f, std::int64_t i, float x) {
    if (f == format::bf16) static_cast<bf16*>(data)[i] = narrow(x);
    else static_cast<float*>(data)[i] = x;
}
void multiply(product const& p) {
    for (std::int64_t j = 0; j != p.n; ++j)
        for (std::int64_t i = 0; i != p.m; ++i) {
            float sum = 0;
            for (std::int64_t l = 0; l != p.k; ++l)
                sum += element(p.a, p.in, p.transpose_a ? l + i * p.a_ld : i + l * p.a_ld) * element(p.b, p.in, p.transpose_b ? j + l * p.b_ld : l + j * p.b_ld);
            auto const at = i + j * p.d_ld;
            float y = p.alpha * sum;
            if (p.beta != 0) y += p.beta * element(p.d, p.out, at);
            if (p.bias) y += element(p.bias, p.in, i);
            put(p.d, p.out, at, y);
        }
}
}

void run(product const& p, stream& s) {
    timed const clock(s, p.m, p.n, p.k);
    emulated::queue(s, [p] { multiply(p); });
}

void emulated::queue(stream& s, std::function<void()> work) {
    work();
    if ((*s).recording) (*s).recording->push_back(std::move(work));
}

// It runs while it is recorded, and what it gave is what its first play is.
void captured(shape_key const& key, stream& s, std::function<void()> const& work) {
    auto& b = *s;
    if (!b.wants_graphs || profile::on) return work();
    bool fresh = false;
    auto const capture = [&](std::function<void()> const& f) -> std::optional<record> {
        record all;
        b.recording = &all, fresh = true;
        try {
            f();
        } catch (...) {
            b.recording = nullptr;
            throw;
        }
        b.recording = nullptr;
        return all;
    };
    b.records.run(key, work, capture, [&](record const& all) {
        ++graphs_played;
        if (!fresh)
            for (auto const& piece : all) piece();
    });
}

} // namespace cuda

template<class S> typename Cuda<S>::buffer Cuda<S>::allocate(std::size_t bytes) {
    auto const rounded = (bytes + 255) / 256 * 256 + 256;
    auto* const p = static_cast<std::byte*>(std::aligned_alloc(256, rounded));
    if (!p) throw std::bad_alloc();
    std::memset(p, 0, rounded);
    return buffer(p);
}
template<class S> void Cuda<S>::clear(std::byte* p, std::size_t bytes, stream& s) {
    cuda::timed const clock(s, "memory", nullptr);
    if (bytes) cuda::emulated::queue(s, [=] { std::memset(p, 0, bytes); });
}
template<class S> void Cuda<S>::upload(std::byte* to, std::byte const* from, std::size_t bytes, stream& s) {
    (*s).outside_graphs("an upload");
    if (bytes) std::memcpy(to, from, bytes);
}
template<class S> void Cuda<S>::download(std::byte* to, std::byte const* from, std::size_t bytes, stream& s) {
    (*s).outside_graphs("a download");
    if (bytes) std::memcpy(to, from, bytes);
}
template<class S> void Cuda<S>::copy(std::byte* to, std::byte const* from, std::size_t bytes, stream& s) { if (bytes) cuda::emulated::queue(s, [=] { std::memmove(to, from, bytes); }); }

template struct Cuda<bf16>;     // what is defined here; the operations are instantiated in their own files
template struct Cuda<float>;

} // namespace penstock::train
