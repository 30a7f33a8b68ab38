// The GPU that is not there: memory is the host's, work is done when it is queued. Products follow the description that cuBLASLt would get, element by element.
#include "../cuda.hpp"
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace penstock::train {
namespace cuda {

struct stream::body {
    std::vector<std::byte> scratch;
};
stream::stream(int) : body_(std::make_unique<body>()) {}
stream::~stream() = default;
std::byte* stream::scratch(std::size_t bytes) {
    body_->scratch.assign(bytes + 256, std::byte{0xff});       // NaN, also where an earlier operation left numbers
    auto const at = reinterpret_cast<std::uintptr_t>(body_->scratch.data());
    return body_->scratch.data() + (256 - at % 256);
}
int stream::processors() const { return 3; }
void free_memory::operator()(std::byte* p) const { std::free(p); }

namespace {
float element(void const* data, format f, std::int64_t i) { return f == format::bf16 ? widen(static_cast<bf16 const*>(data)[i]) : static_cast<float const*>(data)[i]; }
void put(void* data, format f, std::int64_t i, float x) {
    if (f == format::bf16) static_cast<bf16*>(data)[i] = narrow(x);
    else static_cast<float*>(data)[i] = x;
}
}

void run(product const& p, stream&) {
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

} // namespace cuda

template<class S> typename Cuda<S>::buffer Cuda<S>::allocate(std::size_t bytes) {
    auto const rounded = (bytes + 255) / 256 * 256 + 256;
    auto* const p = static_cast<std::byte*>(std::aligned_alloc(256, rounded));
    if (!p) throw std::bad_alloc();
    std::memset(p, 0, rounded);
    return buffer(p);
}
template<class S> void Cuda<S>::clear(std::byte* p, std::size_t bytes, stream&) { if (bytes) std::memset(p, 0, bytes); }
template<class S> void Cuda<S>::upload(std::byte* to, std::byte const* from, std::size_t bytes, stream&) { if (bytes) std::memcpy(to, from, bytes); }
template<class S> void Cuda<S>::download(std::byte* to, std::byte const* from, std::size_t bytes, stream&) { if (bytes) std::memcpy(to, from, bytes); }
template<class S> void Cuda<S>::copy(std::byte* to, std::byte const* from, std::size_t bytes, stream&) { if (bytes) std::memmove(to, from, bytes); }

template struct Cuda<bf16>;     // what is defined here; the operations are instantiated in their own files
template struct Cuda<float>;

} // namespace penstock::train
